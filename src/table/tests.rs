use std::collections::BTreeMap;

use super::rows::{Period, Rows};
use super::spill::{BlockWriter, Record};
use super::*;
use crate::filter::years::{By, Years};
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

/// What a table has of an ngram: its count, its volumes and its years.
type Sums = BTreeMap<Vec<u8>, (u64, u64, Vec<Period>)>;

/// The sums of a table that may have spilled, part by part.
fn finished<D: Detail>(table: Table<D>) -> Sums {
    let spill = Arc::clone(table.spill());
    let all = std::sync::Mutex::new(Sums::new());
    table
        .finish(|part| {
            for entry in part.lists.iter().flatten() {
                let (ngram, detail) = (entry.key.ngram(&part.arena).to_vec(), entry.detail);
                let mut periods = Vec::new();
                detail.periods(&part.arena, &mut periods);
                let sums = (entry.count, detail.volumes(), periods);
                assert!(all.lock().unwrap().insert(ngram, sums).is_none(), "an ngram is in two parts");
            }
        })
        .unwrap();
    spill.check().unwrap();
    all.into_inner().unwrap()
}

/// The number of bytes that the tables of a test may take, and how many ngrams they count, of how many distinct ones.
fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
    let limit = prop_oneof![Just(1), 1_usize..100_000, 100_000_usize..4_000_000];
    (limit, 0_usize..12_000, prop_oneof![1_usize..500, 6000_usize..12_000])
}

/// Short ngrams and long ones.
fn ngram(number: usize) -> Vec<u8> {
    if number.is_multiple_of(3) { format!("a very long ngram, number {number}") } else { number.to_string() }.into()
}

/// A fifth of the cases, since each fills tables with thousands of ngrams.
fn few_cases() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.div_ceil(5), ..config }
}

proptest! {
    #![proptest_config(few_cases())]

    #[test]
    fn a_spilled_table_has_the_same_sums((limit, len, distinct) in sizes(), parts in 1_usize..4) {
        let spill = Spill::new(limit, parts, std::env::temp_dir(), Arc::default());
        let mut tables: Vec<Table<()>> = (0..parts).map(|_| Table::new(&spill)).collect();
        let mut expected = Sums::new();
        for number in 0..len {
            let ngram = ngram(number * 7919 % distinct);
            tables[number % parts].add(ngram[..].into(), number as u64, |_| ());
            expected.entry(ngram).or_insert((0, 0, Vec::new())).0 += number as u64;
        }
        let table = tables.into_iter().reduce(Table::merge).unwrap();
        prop_assert_eq!(table.is_spilled(), spill.written() > 0);
        prop_assert!(finished(table) == expected);
        prop_assert_eq!(spill.used.load(std::sync::atomic::Ordering::Relaxed), 0, "all memory is given back");
    }

    #[test]
    fn a_spilled_table_has_the_same_years((limit, len, distinct) in sizes()) {
        let spill = Spill::new(limit, 1, std::env::temp_dir(), Arc::default());
        let mut table = Table::<History>::new(&spill);
        let mut rows = Rows::new(Years::ALL, By::Year);
        let mut expected = BTreeMap::<Vec<u8>, BTreeMap<u64, u64>>::new();
        for number in 0..len / 4 {
            let (ngram, year) = (ngram(number * 7919 % distinct), number as u64 / 7 % 30);
            rows.clear();
            rows.extend([[year, 2, 1]]);
            rows.finish();
            table.add(ngram[..].into(), 2, |arena| History::of_rows(&rows, arena));
            *expected.entry(ngram).or_default().entry(year).or_default() += 1;
        }
        let expected: Sums = expected.into_iter().map(|(ngram, years)| {
            let periods: Vec<_> =
                years.into_iter().map(|(year, volumes)| Period { year, count: 2 * volumes, volumes }).collect();
            let volumes = periods.iter().map(|period| period.volumes).sum();
            (ngram, (2 * volumes, volumes, periods))
        }).collect();
        prop_assert!(finished(table) == expected);
    }
}

#[test]
fn a_sum_past_64_bits_is_found_in_what_was_spilled() {
    let spill = Spill::new(1, 1, std::env::temp_dir(), Arc::default());
    let mut table = Table::<()>::new(&spill);
    for number in 0..30_000 {
        table.add(ngram(number % 15_000)[..].into(), u64::MAX / 2 + 1, |_| ());
    }
    assert!(table.is_spilled());
    assert_eq!(table.finish(|_| ()).unwrap_err().ngram, b"1");
}

#[test]
fn without_its_folder_a_spill_fails() {
    let spill = Spill::new(1, 1, "/no/such/folder".into(), Arc::default());
    let mut table = Table::<()>::new(&spill);
    (0..100_000).for_each(|number| table.add(ngram(number)[..].into(), 1, |_| ()));
    assert!(spill.has_ended());
    assert_eq!(spill.check().unwrap_err().kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn nobody_finishes_the_table_of_a_cancelled_run() {
    let cancelled = Arc::<std::sync::atomic::AtomicBool>::default();
    let spill = Spill::new(1, 1, std::env::temp_dir(), Arc::clone(&cancelled));
    let mut table = Table::<()>::new(&spill);
    (0..30_000).for_each(|number| table.add(ngram(number)[..].into(), 1, |_| ()));
    assert!(table.is_spilled());
    cancelled.store(true, std::sync::atomic::Ordering::Relaxed);
    table.finish(|part| panic!("{} lists are finished", part.lists.len())).unwrap();
}

#[test]
fn blocks_are_compressed_while_the_disk_is_slow() {
    let spill = Spill::new(1, 1, std::env::temp_dir(), Arc::default());
    for is_slow in [true, false] {
        if is_slow {
            spill.has_written(1, std::time::Duration::from_secs(1 << 30));
        }
        let mut writer = BlockWriter::new(&spill);
        let mut arena = Arena::new(0);
        for number in 0..2000 {
            let key = arena.key_of(&ngram(number));
            writer.push(&Entry { key, count: 1, detail: () }, arena.bytes());
        }
        let len = writer.end_block("of a bucket") as u64;
        let [("of a bucket", block)] = writer.finish()[..] else { panic!("one block was written") };
        assert_eq!(spill.written() < len / 2, is_slow);
        let (mut bytes, mut read) = (Vec::new(), Arena::new(0));
        assert_eq!(block.read(&spill, &mut bytes).unwrap(), 2000);
        let mut records = &bytes[..];
        for number in 0..2000 {
            let entry = Record::read_entry::<()>(&mut records, &mut read).unwrap();
            assert_eq!(entry.key.ngram(read.bytes()), ngram(number));
        }
        spill.has_written(u64::MAX / 32, std::time::Duration::ZERO);
    }
}
