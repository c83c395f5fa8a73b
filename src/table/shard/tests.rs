use std::collections::BTreeMap;

use proptest::prelude::*;

use super::compact::{FIRST_CHECK, MAX_PER_DISTINCT, MIN_DETAIL_BYTES, MIN_NGRAM_BYTES};
use super::*;
use crate::filter::years::{By, Years};
use crate::table::History;
use crate::table::key::hash_long;
use crate::table::rows::{Period, Rows};
use crate::table::split;

/// Short ngrams and long ones.
fn ngram(number: usize) -> Vec<u8> {
    if number.is_multiple_of(3) {
        format!("a very long ngram, number {number}").into()
    } else {
        number.to_string().into()
    }
}

fn add(shard: &mut Shard<()>, number: usize) {
    add_detail(shard, &ngram(number), 1, |_| ());
}

fn add_detail<D: Detail>(shard: &mut Shard<D>, ngram: &[u8], count: u64, detail: impl FnOnce(&mut Arena) -> D) {
    match Key::short(ngram) {
        Some(key) => shard.add(split(key.hash_short()).1, key, count, detail),
        None => shard.add_long(split(hash_long(ngram)).1, ngram, count, detail),
    }
}

fn periods_of(entry: &Entry<History>, arena: &[u8]) -> Vec<Period> {
    let mut periods = Vec::new();
    entry.detail.periods(arena, &mut periods);
    periods
}

/// The sums of a shard, compacted or not.
fn contents(shard: Shard<()>) -> BTreeMap<Vec<u8>, u64> {
    let (lists, arena) = shard.into_entries();
    let mut counts = BTreeMap::new();
    for entry in lists.iter().flatten() {
        *counts.entry(entry.key.ngram(&arena).to_vec()).or_default() += entry.count;
    }
    counts
}

fn expected(numbers: impl Iterator<Item = usize>) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    numbers.for_each(|number| *counts.entry(ngram(number)).or_default() += 1);
    counts
}

#[test]
fn without_an_index_memory_grows_with_the_distinct_ngrams_alone() {
    let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
    for number in 0..80_000 {
        add(&mut shard, number % 5000);
        if number == 5000 {
            assert!(shard.index.is_none(), "5,000 distinct ngrams are not looked up");
        }
        let distinct = (number + 1).min(5000);
        // A quarter more, since the number of distinct ngrams is estimated; and the first run.
        assert!(
            shard.len() <= (MAX_PER_DISTINCT + 1) * distinct + 1024,
            "{} entries for {distinct} ngrams",
            shard.len()
        );
    }
    shard.compact(&mut Index::default());
    assert_eq!(shard.len(), 5000);
    assert_eq!(contents(shard), expected((0..5000).cycle().take(80_000)));
}

#[test]
fn few_distinct_ngrams_get_an_index() {
    let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
    (0..1000).for_each(|number| add(&mut shard, number % 50));
    assert!(shard.index.is_some());
    assert_eq!(shard.len(), 50);
    assert_eq!(contents(shard), expected((0..50).cycle().take(1000)));
}

#[test]
fn keeps_its_index_while_most_is_known() {
    let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
    for number in 0..5000 {
        add(&mut shard, number);
        (2..7).for_each(|part| add(&mut shard, number / part));
    }
    assert!(shard.index.is_some());
    assert_eq!(shard.len(), 5000);
}

proptest! {
    /// A few ngrams or many, each with rows of some years.
    #[test]
    fn counts_and_rows_are_those_of_a_map(
        most in prop_oneof![Just(1_usize), Just(30), Just(150), Just(1000)],
        numbers in prop::collection::vec((any::<prop::sample::Index>(), 0_u64..5), 0..3000),
        cut in any::<prop::sample::Index>(),
    ) {
        let numbers: Vec<_> = numbers.into_iter().map(|(number, year)| (number.index(most), year)).collect();
        let (first, second) = numbers.split_at(cut.index(numbers.len() + 1));
        let [mut shard, other] = [first, second].map(|numbers| {
            let mut shard = Shard::<History>::new(7, 0, &Spill::unbounded());
            for &(number, year) in numbers {
                let mut rows = Rows::new(Years::ALL, By::Year);
                rows.extend([[year, 1, 2]]);
                rows.finish();
                add_detail(&mut shard, &ngram(number), 1, |arena| History::of_rows(&rows, arena));
            }
            shard
        });
        shard.merge(other);
        shard.compact(&mut Index::default());

        let mut expected = BTreeMap::<_, BTreeMap<u64, u64>>::new();
        for (number, year) in numbers {
            *expected.entry(ngram(number)).or_default().entry(year).or_default() += 1;
        }
        prop_assert_eq!(shard.len(), expected.len());
        let (lists, arena) = shard.into_entries();
        for entry in lists.iter().flatten() {
            let years = &expected[entry.key.ngram(&arena)];
            let periods = years.iter().map(|(&year, &count)| Period { year, count, volumes: 2 * count });
            prop_assert_eq!(entry.count, years.values().sum::<u64>());
            prop_assert_eq!(entry.detail.volumes(), 2 * entry.count);
            prop_assert_eq!(periods_of(entry, &arena), periods.collect::<Vec<_>>());
        }
    }
}

#[test]
fn memory_grows_with_words_and_years_and_not_with_rows() {
    for words in [2, 1000] {
        let mut shard = Shard::<History>::new(7, 0, &Spill::unbounded());
        let mut rows = Rows::new(Years::ALL, By::Year);
        for number in 0..400_000_usize {
            rows.clear();
            rows.extend([[1800 + (number * 7919 % 200) as u64, 1, 1]]);
            rows.finish();
            let ngram = ngram(number * 31 % words);
            add_detail(&mut shard, &ngram, 1, |arena| History::of_rows(&rows, arena));
            // A period takes 5 bytes; those of a word are added one by one, each with a link, before they are
            // compacted.
            let least = words * (200 * 5 + 40);
            assert!(shard.arena.len() <= 4 * least + 2 * MIN_DETAIL_BYTES, "{number}: {} bytes", shard.arena.len());
            assert!(shard.len() <= 4 * words + 4 * least / size_of::<Entry<History>>() + 1024);
        }
        shard.compact(&mut Index::default());
        let (lists, arena) = shard.into_entries();
        let counts = lists.iter().flatten().flat_map(|entry| periods_of(entry, &arena)).map(|period| period.count);
        assert_eq!(counts.sum::<u64>(), 400_000);
    }
}

#[test]
fn long_ngrams_that_are_alike_take_no_more_memory() {
    let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
    let long = vec![b'x'; 1 << 20];
    for number in 0..100 {
        add_detail(&mut shard, &long, 1, |_| ());
        add(&mut shard, number);
        assert!(
            shard.arena.len() <= (MAX_PER_DISTINCT + 1) * long.len() + MIN_NGRAM_BYTES,
            "{number}: {} bytes",
            shard.arena.len()
        );
    }
    shard.compact(&mut Index::default());
    assert_eq!(shard.len(), 101);
}

/// Whether the sum of an ngram is too large.
fn overflows(shard: &mut Shard<()>, ngram: &[u8]) -> bool {
    shard.take_overflow().0.as_deref() == Some(ngram)
}

#[test]
fn a_sum_that_is_too_large_is_noticed_wherever_it_is_made() {
    for ngram in [&b"the"[..], &[b'x'; 40]] {
        let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
        (0..2 * (FIRST_CHECK + 1)).for_each(|_| add_detail(&mut shard, ngram, u64::MAX / 100, |_| ()));
        assert!(overflows(&mut shard, ngram), "put together");

        let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
        (0..2 * (FIRST_CHECK + 1)).for_each(|_| add_detail(&mut shard, ngram, 1, |_| ()));
        assert!(shard.index.is_some());
        assert!(shard.take_overflow().0.is_none());
        add_detail(&mut shard, ngram, u64::MAX, |_| ());
        assert!(overflows(&mut shard, ngram), "looked up");
    }
}

#[test]
fn shards_with_and_without_an_index_merge() {
    let lengths = [0, 1, 100, 3000, 40_000];
    for (first, second) in lengths.into_iter().flat_map(|first| lengths.map(|second| (first, second))) {
        let [mut a, mut b] = [Shard::<()>::new(7, 0, &Spill::unbounded()), Shard::new(7, 0, &Spill::unbounded())];
        (0..first).for_each(|number| add(&mut a, number));
        (first / 2..first / 2 + second).for_each(|number| add(&mut b, number));
        a.merge(b);
        a.compact(&mut Index::default());
        assert_eq!(a.len(), first.max(if second > 0 { first / 2 + second } else { 0 }));
        assert_eq!(contents(a), expected((0..first).chain(first / 2..first / 2 + second)), "{first} {second}");
    }
}

#[test]
fn a_sum_that_is_too_large_is_noticed_when_shards_are_merged() {
    for ngram in [&b"the"[..], &[b'x'; 40]] {
        let full = || {
            let mut shard = Shard::<()>::new(7, 0, &Spill::unbounded());
            add_detail(&mut shard, ngram, u64::MAX, |_| ());
            shard
        };
        let mut both = full();
        both.merge(full());
        both.compact(&mut Index::default());
        assert!(overflows(&mut both, ngram));
    }
}
