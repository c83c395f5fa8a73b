use std::collections::BTreeMap;

use super::*;
use proptest::prelude::*;

fn table(ngrams: &[Vec<u8>]) -> Table {
    let mut table = Table::<()>::new(&Spill::unbounded());
    for ngram in ngrams {
        table.add(ngram[..].into(), 1, |_| ());
    }
    table
}

fn contents(table: Table) -> BTreeMap<Vec<u8>, u64> {
    let (shards, arenas) = table.compacted().unwrap().into_entries();
    let ngram = |entry: &Entry| {
        let arena: &[u8] = if entry.key.is_long() { &arenas[usize::from(entry.key.arena())] } else { &[] };
        entry.key.ngram(arena).to_vec()
    };
    let pairs: Vec<_> = shards.iter().flatten().map(|entry| (ngram(entry), entry.count)).collect();
    let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "an ngram has two entries");
    map
}

fn naive(ngrams: &[Vec<u8>]) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for ngram in ngrams {
        *counts.entry(ngram.clone()).or_default() += 1;
    }
    counts
}

/// Ngrams of few letters, so that they repeat, short and long.
fn ngrams() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let ngram = prop_oneof![
        4 => prop::collection::vec(0_u8..4, 0..6),
        1 => prop::collection::vec(0_u8..2, 22..27),
    ];
    prop::collection::vec(ngram, 0..400)
}

proptest! {
    #[test]
    fn counts_as_a_map_does(a in ngrams(), b in ngrams()) {
        prop_assert_eq!(contents(table(&a)), naive(&a));
        let both = [a.clone(), b.clone()].concat();
        prop_assert_eq!(contents(table(&a).merge(table(&b))), naive(&both));
        prop_assert_eq!(contents(Table::new(&Spill::unbounded()).merge(table(&b))), naive(&b));
    }
}

#[test]
fn grows_past_many_entries() {
    let ngrams: Vec<_> = (0..100_000_u32).map(|n| n.to_string().into_bytes()).collect();
    assert_eq!(contents(table(&ngrams)), naive(&ngrams));
}

#[test]
fn of_several_sums_past_64_bits_the_first_by_its_bytes_is_named() {
    let ngrams = [&b"b"[..], b"c", &[b'a'; 40], &[b'b'; 40]];
    for parts in 1..4 {
        let mut tables: Vec<_> = (0..parts).map(|_| Table::<()>::new(&Spill::unbounded())).collect();
        for number in 0..8 {
            let ngram = ngrams[number % 4];
            tables[number % parts].add(ngram[..].into(), u64::MAX / 2 + 1, |_| ());
        }
        let table = tables.into_iter().reduce(Table::merge).unwrap();
        let error = table.compacted().unwrap_err();
        assert_eq!(error.ngram, [b'a'; 40]);
    }
}

#[test]
fn a_sum_past_64_bits_names_its_ngram() {
    for ngram in [&b"the"[..], &[b'x'; 40]] {
        let mut table = Table::<()>::new(&Spill::unbounded());
        table.add(ngram[..].into(), u64::MAX, |_| ());
        table.add(ngram[..].into(), 1, |_| ());
        assert_eq!(table.compacted().unwrap_err().ngram, ngram);
    }
}
