//! The writer: a result to text.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use ngram_count::stages::{Additions, Table};
use ngram_count::write::{self, OutputFormat, OutputOptions};
use ngram_count::{Counts, Format, Sort};

use crate::inputs;

/// Writes each format into allocated memory. The writer sorts the buckets of a sorted result meanwhile.
pub(crate) fn write(criterion: &mut Criterion) {
    let (sorted, unsorted) = (counts(Sort::Count), counts(Sort::None));
    let mut text = Vec::new();
    let mut group = criterion.benchmark_group("write");
    for (name, counts, format, header, separator, end) in [
        ("tsv unsorted", &unsorted, OutputFormat::Tsv, 0, '\t', "\n"),
        ("tsv", &sorted, OutputFormat::Tsv, 0, '\t', "\n"),
        ("csv", &sorted, OutputFormat::Csv, 1, ',', "\r\n"),
        ("json", &sorted, OutputFormat::Json, 1, ':', "\n]\n"),
        ("jsonl", &sorted, OutputFormat::Jsonl, 0, ':', "}\n"),
    ] {
        render(counts, format, &mut text);
        check(name, &text, counts, header, separator, end);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| render(black_box(counts), format, &mut text));
        });
    }
    group.finish();
}

fn counts(sort: Sort) -> Counts {
    let additions = Additions::of(&inputs::distinct(), Format::V2);
    additions
        .table()
        .and_then(Table::compacted)
        .and_then(|table| table.sorted(sort, inputs::pool()))
        .expect("the sums are small")
}

fn render(counts: &Counts, format: OutputFormat, text: &mut Vec<u8>) {
    text.clear();
    let options = OutputOptions::new(format);
    inputs::pool().install(|| write::write(counts, &options, text)).expect("memory takes what is written");
}

/// Checks that the text has a line for each ngram, with its count as the last number.
fn check(name: &str, text: &[u8], counts: &Counts, header: usize, separator: char, end: &str) {
    let text = str::from_utf8(text).expect("a sample is UTF-8");
    assert!(text.ends_with(end), "{name}");
    let mut lines = text.lines().skip(header);
    for (ngram, count) in counts {
        let line = lines.next().unwrap_or_default();
        let (_, last) = line.rsplit_once(separator).unwrap_or_default();
        assert_eq!(last.trim_end_matches(['}', ',']).parse(), Ok(count), "{name}: {line} for {ngram:?}");
    }
}
