//! The reader: files to chunks, by position, mapped, decompressed, and cut at line ends.

use std::hint::black_box;
use std::path::Path;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};
use ngram_count::{mmap, stages};
use tempfile::TempDir;

use crate::inputs::{self, CHUNK};

/// Reads all bytes of a file, each once, on rayon's default threads.
pub(crate) fn read(criterion: &mut Criterion) {
    let text = inputs::typical();
    let folder = TempDir::new().expect("there is a folder for temporary files");
    let plain = inputs::file(&folder, "plain.tsv", &text, false);
    let gzip = inputs::file(&folder, "text.tsv.gz", &text, true);
    let mut group = criterion.benchmark_group("read");
    group.throughput(Throughput::Bytes(text.len() as u64));
    read_file(&mut group, "by position", &plain, &text);
    // From here on, this process maps files.
    mmap::enable().expect("the handler of SIGBUS can be set");
    read_file(&mut group, "mapped", &plain, &text);
    read_file(&mut group, "gzip", &gzip, &text);
    group.finish();
}

fn read_file(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, file: &Path, text: &[u8]) {
    let files = [file.to_owned()];
    let checksum = || stages::read(black_box(&files), CHUNK, sum_of_bytes).expect("the file is there");
    assert_eq!(checksum(), sum_of_bytes(text), "{name}");
    group.bench_function(name, |bencher| bencher.iter(checksum));
}

/// Reads every byte, as the parser does, at hardly any cost.
fn sum_of_bytes(text: &[u8]) -> u64 {
    text.iter().map(|&byte| u64::from(byte)).sum()
}

/// A stream in memory, cut into chunks of whole lines.
pub(crate) fn split(criterion: &mut Criterion) {
    let text = inputs::typical();
    let mut group = criterion.benchmark_group("split");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for (name, size) in [("4 KiB", 4 << 10), ("64 KiB", 64 << 10), ("512 KiB", CHUNK)] {
        let split = || stages::split(black_box(&text), size).expect("memory can be read");
        let (chunks, bytes) = split();
        assert_eq!(bytes, text.len() as u64, "{name}");
        assert!(chunks >= (text.len() / size) as u64, "{name}: {chunks} chunks");
        group.bench_function(name, |bencher| bencher.iter(split));
    }
    group.finish();
}
