//! Inputs of the benchmarks: samples of a few megabytes, made in memory, and naive counts to compare with.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::{Compression, write::GzEncoder};
use ngram_sample::{Layout, Order, Sample, Size};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tempfile::TempDir;

/// The number of rows of a sample: some 4 MB, more than the first and second caches hold.
pub(crate) const ROWS: u64 = 200_000;

/// The chunk size in bytes, near the default, so that the cost of each chunk is realistic.
pub(crate) const CHUNK: usize = 512 << 10;

/// Rows as in Google's files: some sixty rows of each word together.
pub(crate) fn typical() -> Vec<u8> {
    of(&Sample { size: Size::Rows(ROWS), ..Sample::default() })
}

/// Rows of as few words as possible.
pub(crate) fn few_words() -> Vec<u8> {
    of(&Sample { size: Size::Rows(ROWS), words: Some(ROWS / 100), ..Sample::default() })
}

/// Rows of distinct words.
pub(crate) fn distinct() -> Vec<u8> {
    distinct_of_seed(1)
}

/// Rows of distinct words. Samples of two seeds have hardly any word in common.
pub(crate) fn distinct_of_seed(seed: u64) -> Vec<u8> {
    of(&Sample { seed, size: Size::Rows(ROWS), words: Some(ROWS), ..Sample::default() })
}

/// The typical rows, shuffled.
pub(crate) fn shuffled() -> Vec<u8> {
    of(&Sample { size: Size::Rows(ROWS), order: Order::Random, ..Sample::default() })
}

/// Running text.
pub(crate) fn prose() -> Vec<u8> {
    of(&Sample { layout: Layout::Text, size: Size::Bytes(4 << 20), ..Sample::default() })
}

fn of(sample: &Sample) -> Vec<u8> {
    let mut text = Vec::new();
    sample.write(&mut text).expect("memory takes what is written");
    text
}

/// The same lines, each with CR before its LF.
pub(crate) fn with_cr(text: &[u8]) -> Vec<u8> {
    text.split_inclusive(|&byte| byte == b'\n')
        .flat_map(|line| [line.strip_suffix(b"\n").unwrap_or(line), b"\r\n"].concat())
        .collect()
}

/// The lines in the format counts: the ngram and its match_count.
pub(crate) fn as_counts(text: &[u8]) -> Vec<u8> {
    let line = |(ngram, count): (&[u8], u64)| [ngram, format!("\t{count}\n").as_bytes()].concat();
    rows(text).flat_map(line).collect()
}

/// The lines in the layout of version 20090715: with a page_count, here equal to the volume_count.
pub(crate) fn as_v1(text: &[u8]) -> Vec<u8> {
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    let volumes = |line: &[u8]| line.rsplit(|&byte| byte == b'\t').next().unwrap_or_default().to_vec();
    lines.flat_map(|line| [line, b"\t", &volumes(line), b"\n"].concat()).collect()
}

/// The lines in the layout of version 20200217: one for each run of lines of one ngram, with all its years.
pub(crate) fn as_v3(text: &[u8]) -> Vec<u8> {
    let (mut v3, mut ngram) = (Vec::new(), None);
    for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        let mut fields = line.split(|&byte| byte == b'\t');
        let next = fields.next();
        if ngram != next {
            v3.extend_from_slice(if ngram.is_some() { b"\n" } else { b"" });
            v3.extend_from_slice(next.unwrap_or_default());
            ngram = next;
        }
        v3.push(b'\t');
        v3.extend_from_slice(&fields.collect::<Vec<_>>().join(&b','));
    }
    v3.push(b'\n');
    v3
}

/// The ngram and the match_count of each line, by a slow and simple algorithm.
pub(crate) fn rows(text: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(|line| {
        let mut fields = line.split(|&byte| byte == b'\t');
        let ngram = fields.next().expect("a line has a field");
        let count = str::from_utf8(fields.nth(1).expect("a v2 line has four fields")).expect("digits");
        (ngram, count.parse().expect("digits"))
    })
}

/// The words of a text, each with the count 1, by a slow and simple algorithm.
pub(crate) fn words(text: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(|word| (word, 1))
}

/// The threads that sort and write.
pub(crate) fn pool() -> &'static ThreadPool {
    static POOL: LazyLock<ThreadPool> =
        LazyLock::new(|| ThreadPoolBuilder::new().build().expect("the system has a few threads to spare"));
    &POOL
}

/// The count of each ngram, in the order of their bytes.
pub(crate) fn naive(text: &[u8]) -> BTreeMap<Vec<u8>, u64> {
    sums(rows(text))
}

/// The sum of the counts of each ngram.
pub(crate) fn sums<'a>(rows: impl Iterator<Item = (&'a [u8], u64)>) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for (ngram, count) in rows {
        *counts.entry(ngram.to_vec()).or_default() += count;
    }
    counts
}

/// Makes a file with `text`, plain or compressed. Dropping the folder removes the file.
pub(crate) fn file(folder: &TempDir, name: &str, text: &[u8], compressed: bool) -> PathBuf {
    let path = folder.path().join(name);
    let bytes = if compressed { gzip(text) } else { text.to_vec() };
    std::fs::write(&path, bytes).expect("the folder for temporary files takes a few megabytes");
    path
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory takes what is written")
}
