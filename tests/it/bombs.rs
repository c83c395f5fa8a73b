//! Files that are made to do harm: small ones that unpack to much, and archives with names that lead elsewhere.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::common::{Scratch, bzip2, counted, sample, zip_of};

const ROW: &[u8] = b"Aardvark\t1999\t7\t1\n";
/// Rows of 128 MiB in all.
const ROWS: u64 = (128 << 20) / ROW.len() as u64;

/// What gives so much, in each compression.
fn bombs(is_rows: bool) -> [(&'static str, Vec<u8>); 5] {
    let part = if is_rows { ROW.repeat(1 << 12) } else { vec![0; ROW.len() << 12] };
    let write = |to: &mut dyn Write| (0..ROWS >> 12).for_each(|_| to.write_all(&part).expect("memory takes all"));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    write(&mut gzip);
    let mut zstd = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    write(&mut zstd);
    let mut zip = ZipWriter::new(io::Cursor::new(Vec::new()));
    let mut xz = liblzma::write::XzEncoder::new(Vec::new(), 0);
    write(&mut xz);
    let options = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated).compression_level(Some(1));
    zip.start_file("rows.csv", options).expect("memory takes all");
    write(&mut zip);
    [
        ("gzip", gzip.finish().expect("memory takes all")),
        ("zstd", zstd.finish().expect("memory takes all")),
        ("zip", zip.finish().expect("memory takes all").into_inner()),
        // In streams, because one would take long to make.
        ("bzip2", bzip2(&part).repeat((ROWS >> 12) as usize)),
        ("xz", xz.finish().expect("memory takes all")),
    ]
}

#[test]
fn what_unpacks_to_much_needs_little_memory() {
    for (name, bomb) in bombs(true) {
        assert!(bomb.len() < 8 << 20, "{name}: {} bytes", bomb.len());
        let scratch = Scratch::with([("bomb", &bomb[..])]);
        let ran = scratch.run(["bomb", "-q", "--stats=json", "-j2"]);
        ran.exits(0).writes(format!("Aardvark\t{}\n", (ROWS >> 12 << 12) * 7));
        let stats: Value = serde_json::from_str(&ran.stderr()).unwrap();
        let peak = stats["peak_memory_bytes"].as_u64().unwrap();
        assert!(peak < 96 << 20, "{name}: {peak} bytes");
    }
}

/// A line without an end can't be counted in little memory. It ends in order, and the old file stays.
#[test]
fn a_line_without_an_end_is_an_error() {
    for (name, bomb) in bombs(false) {
        let scratch = Scratch::with([("bomb", &bomb[..]), ("out", b"old\n")]);
        let ran = scratch.run(["bomb", "-o", "out"]);
        assert!(ran.exits(2).writes("").stderr().starts_with("ngram-count: bomb: holds a NUL byte"), "{name}: {ran}");
        let ran = scratch.shell("ulimit -v 200000; exec \"$0\" bomb -i v2 -j1 -o out");
        assert!(ran.exits(2).writes("").stderr().contains("out of memory"), "{name}: {ran}");
        assert_eq!((scratch.read("out"), scratch.names()), (b"old\n".to_vec(), vec!["bomb".into(), "out".into()]));
    }
}

/// The members are read, and nothing is written.
#[test]
fn names_in_an_archive_lead_nowhere() {
    let rows = sample(20);
    for name in
        ["../climbed", "../../../../climbed", "/tmp/climbed", "folder/../../climbed", "C:\\climbed", "~/climbed", ""]
    {
        let scratch = Scratch::new();
        std::fs::create_dir_all(scratch.path("deep/deeper")).unwrap();
        scratch.write("deep/deeper/a.zip", zip_of(&[(name, &rows)], CompressionMethod::Deflated));
        scratch.shell("cd deep/deeper; exec \"$0\" a.zip").gives(counted(&rows));
        let found = scratch.shell("find . -type f");
        assert_eq!(String::from_utf8_lossy(found.stdout()), "./deep/deeper/a.zip\n", "{name}");
    }
}

/// A line of very many fields, and a word of many megabytes. The detection of the format stops in such a word.
#[test]
fn long_lines_are_lines() {
    const FIELDS: usize = 1_000_000;
    let fields = ["a", &"\t1".repeat(FIELDS), "\nb\t1999\t3\t1\n"].concat();
    let years = ["a", &"\t1999,3,1".repeat(FIELDS), "\n"].concat();
    let word = ["x".repeat(20 << 20).as_str(), "\t1999\t3\t1\nb\t1999\t3\t1\n"].concat();
    let scratch =
        Scratch::with([("fields", fields.as_bytes()), ("years", years.as_bytes()), ("word", word.as_bytes())]);
    let expected = "expected 4 fields (ngram, year, match_count, volume_count), found 1000001";
    scratch.run(["fields", "-i", "v2"]).fails(&format!("fields:1: {expected}"));
    scratch.run(["fields", "-i", "v2", "--skip-malformed", "-q"]).gives("b\t3\n");
    scratch.run(["years"]).gives(format!("a\t{}\n", 3 * FIELDS));
    scratch.run(["word", "-i", "v2", "-w", "b"]).gives("b\t3\n");
    for options in [&["-j1"][..], &["-j8", "--chunk-size", "100k"], &["--by", "year"]] {
        let ran = scratch.run(["word", "-i", "v2"].iter().chain(options));
        assert!(ran.exits(0).stdout().len() > 20 << 20, "{options:?}");
        assert!(ran.stdout().starts_with(b"b\t"), "{options:?}");
    }
    let ran = scratch.pipe(word.as_bytes(), ["-i", "v2", "-j2"]);
    assert!(ran.exits(0).stdout().len() == (20 << 20) + 3 + 4);
}
