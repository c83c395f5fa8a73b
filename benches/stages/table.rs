//! The tables: filling, merging and ordering.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use ngram_count::stages::{Additions, Table};
use ngram_count::{Counts, Format, Sort};

use crate::inputs;

fn additions(text: &[u8]) -> Additions {
    Additions::of(text, Format::V2)
}

fn table_of(additions: &Additions) -> Table {
    additions.table().expect("the sums are small")
}

fn compacted(table: Table) -> Table {
    table.compacted().expect("the sums are small")
}

/// The table of a run with one worker.
fn whole(additions: &Additions) -> Table {
    compacted(table_of(additions))
}

fn sorted(table: Table, sort: Sort) -> Counts {
    table.sorted(sort, inputs::pool()).expect("the sums are small")
}

fn merged(a: Table, b: Table) -> Table {
    compacted(a.merge(b))
}

/// Checks a table against the expected counts.
fn check(name: &str, table: Table, expected: &BTreeMap<Vec<u8>, u64>) {
    assert_eq!(table.words(), expected.len(), "{name}");
    check_order(name, &sorted(table, Sort::Word), expected.iter().map(|(ngram, &count)| (&ngram[..], count)));
}

fn check_order<'a>(name: &str, counts: &'a Counts, expected: impl Iterator<Item = (&'a [u8], u64)>) {
    assert!(counts.iter().eq(expected), "{name}: not what a naive count gives");
}

/// The map of one worker, without the parsing.
pub(crate) fn table(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("table");
    for (name, text, format) in [
        ("few words", inputs::few_words(), Format::V2),
        ("distinct words", inputs::distinct(), Format::V2),
        ("random order", inputs::shuffled(), Format::V2),
        ("text", inputs::prose(), Format::Text),
    ] {
        let expected = if format == Format::Text { inputs::sums(inputs::words(&text)) } else { inputs::naive(&text) };
        let additions = Additions::of(&text, format);
        check(name, whole(&additions), &expected);
        group.throughput(Throughput::Elements(additions.count() as u64));
        // The memory of a table is freed outside the measurement.
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| (), |()| whole(black_box(&additions)), BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// The reduce: merges and compacts the tables of two workers with the same words, and of two workers with different
/// words.
pub(crate) fn reduce(criterion: &mut Criterion) {
    let (first, second) = (inputs::distinct_of_seed(1), inputs::distinct_of_seed(2));
    let mut group = criterion.benchmark_group("reduce");
    for (name, a, b) in [("equal", &first, &first), ("disjoint", &first, &second)] {
        let expected = inputs::naive(&[&a[..], b].concat());
        let (a, b) = (additions(a), additions(b));
        check(name, merged(table_of(&a), table_of(&b)), &expected);
        group.throughput(Throughput::Elements((a.count() + b.count()) as u64));
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| (table_of(&a), table_of(&b)), |(a, b)| merged(a, b), BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// Each order of a result: the partitioning on all threads, and then the sorting of one bucket after another.
pub(crate) fn sort(criterion: &mut Criterion) {
    let text = inputs::distinct();
    let expected = inputs::naive(&text);
    let mut by_count: Vec<_> = expected.iter().map(|(ngram, &count)| (&ngram[..], count)).collect();
    by_count.sort_by_key(|&(ngram, count)| (std::cmp::Reverse(count), ngram));
    let additions = additions(&text);
    check_order("by count", &sorted(whole(&additions), Sort::Count), by_count.into_iter());
    check("by word", whole(&additions), &expected);
    let mut group = criterion.benchmark_group("sort");
    group.throughput(Throughput::Elements(expected.len() as u64));
    for (name, sort) in [("by count", Sort::Count), ("by word", Sort::Word), ("not at all", Sort::None)] {
        group.bench_function(name, |bencher| {
            let order = |table| {
                let counts = sorted(table, sort);
                (counts.iter().count(), counts)
            };
            bencher.iter_batched(|| whole(&additions), order, BatchSize::LargeInput);
        });
    }
    group.finish();
}
