//! The parser: lines to ngrams and counts, without a table.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ngram_count::Format;
use ngram_count::stages::{self, Parsed};

use crate::inputs;

/// Each kind of line with its own path through the parser.
pub(crate) fn parse(criterion: &mut Criterion) {
    let typical = inputs::typical();
    let distinct = inputs::distinct();
    let cases = [
        ("v2 typical", &typical, typical.clone(), Format::V2),
        ("v2 long runs", &inputs::few_words(), inputs::few_words(), Format::V2),
        ("v2 all distinct", &distinct, distinct.clone(), Format::V2),
        ("v2 shuffled", &inputs::shuffled(), inputs::shuffled(), Format::V2),
        ("v2 CR LF", &typical, inputs::with_cr(&typical), Format::V2),
        ("v1 typical", &typical, inputs::as_v1(&typical), Format::V1),
        ("v3 typical", &typical, inputs::as_v3(&typical), Format::V3),
        ("counts all distinct", &distinct, inputs::as_counts(&distinct), Format::Counts),
    ];
    let mut group = criterion.benchmark_group("parse");
    for (name, v2, text, format) in cases {
        let parse = || stages::parse(black_box(&text), format);
        check(name, &parse(), v2, &text);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(parse));
    }
    let text = inputs::prose();
    let parse = || stages::parse(black_box(&text), Format::Text);
    let words = inputs::words(&text).count() as u64;
    assert_eq!(parse(), Parsed { rows: words, runs: words, sum: words }, "text");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("text", |bencher| bencher.iter(parse));
    group.finish();
}

/// The search for a few words, and for many.
pub(crate) fn search(criterion: &mut Criterion) {
    let text = inputs::typical();
    let naive = inputs::naive(&text);
    let mut group = criterion.benchmark_group("search");
    group.throughput(Throughput::Bytes(text.len() as u64));
    let some: Vec<Vec<u8>> = naive.keys().step_by(naive.len() / 1000).cloned().collect();
    for (name, words) in [("one word", vec![b"Aardvark".to_vec()]), ("a thousand words", some)] {
        let search = || stages::search(black_box(&text), Format::V2, &words).expect("a line can hold these words");
        let sum: u64 = words.iter().map(|word| naive[word]).sum();
        assert_eq!(search().sum, sum, "{name}");
        group.bench_function(name, |bencher| bencher.iter(search));
    }
    group.finish();
}

/// Checks that the parser has found all rows of `v2`, which `text` has in another form, and the right counts.
fn check(name: &str, parsed: &Parsed, v2: &[u8], text: &[u8]) {
    let rows = text.split_inclusive(|&byte| byte == b'\n').count() as u64;
    let sum: u64 = inputs::rows(v2).map(|(_, count)| count).sum();
    assert_eq!((parsed.rows, parsed.sum), (rows, sum), "{name}");
    assert!((1..=rows).contains(&parsed.runs), "{name}: {} runs", parsed.runs);
}
