//! What the benchmarks read: samples of a few megabytes, made in memory, and a naive count of them to compare with.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::{Compression, write::GzEncoder};
use ngram_sample::{Layout, Order, Sample, Size};
use rayon::{ThreadPool, ThreadPoolBuilder};
use tempfile::TempDir;

/// How many rows a sample has: some 4 MB, more than the nearer caches hold.
pub(crate) const ROWS: u64 = 200_000;

/// About as large as the default, so that what is paid for each chunk shows as it does in earnest.
pub(crate) const CHUNK: usize = 512 << 10;

/// Rows as in Google's files: some sixty of each word together.
pub(crate) fn typical() -> Vec<u8> {
    of(&Sample { size: Size::Rows(ROWS), ..Sample::default() })
}

/// As few words as can have so many rows.
pub(crate) fn few_words() -> Vec<u8> {
    of(&Sample { size: Size::Rows(ROWS), words: Some(ROWS / 100), ..Sample::default() })
}

/// Each row another word.
pub(crate) fn distinct() -> Vec<u8> {
    distinct_of_seed(1)
}

/// Each row another word; those of two seeds have hardly any in common.
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

/// The lines as counts made before: the ngram and its match_count.
pub(crate) fn as_counts(text: &[u8]) -> Vec<u8> {
    let line = |(ngram, count): (&[u8], u64)| [ngram, format!("\t{count}\n").as_bytes()].concat();
    rows(text).flat_map(line).collect()
}

/// The lines in the layout of version 20090715: with a page_count, here that of volumes.
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

/// The ngram and the match_count of each line, the slow and simple way.
pub(crate) fn rows(text: &[u8]) -> impl Iterator<Item = (&[u8], u64)> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(|line| {
        let mut fields = line.split(|&byte| byte == b'\t');
        let ngram = fields.next().expect("a line has a field");
        let count = str::from_utf8(fields.nth(1).expect("a v2 line has four fields")).expect("digits");
        (ngram, count.parse().expect("digits"))
    })
}

/// The words of a text, each counted once, the slow and simple way.
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

/// The same of counts that have been read.
pub(crate) fn sums<'a>(rows: impl Iterator<Item = (&'a [u8], u64)>) -> BTreeMap<Vec<u8>, u64> {
    let mut counts = BTreeMap::new();
    for (ngram, count) in rows {
        *counts.entry(ngram.to_vec()).or_default() += count;
    }
    counts
}

/// A file with `text`, plain or compressed. It goes with its folder.
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
