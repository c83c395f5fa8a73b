//! Results that are compressed as the name of `--output` asks: the same bytes as without it, in one member or frame.

use std::io::Read;

use flate2::bufread::GzDecoder;
use ngram_count::write::{self, OutputCompression, OutputFormat, OutputOptions};
use ngram_count::{Input, Job};

use crate::common::programs::has;
use crate::common::{Scratch, sample, ways_to_cut};

/// The content of one gzip member or one zstd frame, with nothing behind it.
fn unpacked(name: &str, packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let rest = if OutputCompression::of_name(name) == Some(OutputCompression::Gzip) {
        let mut decoder = GzDecoder::new(packed);
        decoder.read_to_end(&mut text).unwrap();
        decoder.into_inner()
    } else {
        let mut decoder = zstd::Decoder::with_buffer(packed).unwrap().single_frame();
        decoder.read_to_end(&mut text).unwrap();
        decoder.finish()
    };
    assert!(rest.is_empty(), "{name}: {} bytes behind the end", rest.len());
    text
}

/// Many words, so that there are several texts: each number once, and the last ones twice.
fn words() -> Vec<u8> {
    (0..30_000).chain(29_000..30_000).map(|number| format!("word{number}\t1\n")).collect::<String>().into_bytes()
}

#[test]
fn a_compressed_result_has_the_bytes_of_a_plain_one() {
    let scratch = Scratch::with([("words", &words()[..]), ("rows", &sample(500)), ("none", b"")]);
    let jobs: [&[&str]; 7] = [
        &["words"],
        &["words", "--format=json"],
        &["words", "--format=csv", "--bom"],
        &["words", "--format=table", "--top=9"],
        &["rows", "--by=year", "--header"],
        &["none"],
        &["none", "--format=json"],
    ];
    for job in jobs {
        scratch.run(job.iter().chain(&["-o", "plain"])).gives("");
        let plain = scratch.read("plain");
        for cut in ways_to_cut() {
            for name in ["out.gz", "out.zst"] {
                scratch.run(job.iter().chain(&cut).chain(&["-o", name])).gives("");
                assert!(unpacked(name, &scratch.read(name)) == plain, "{job:?} {name}");
            }
        }
    }
}

#[test]
fn a_result_on_the_disk_is_compressed_as_one_in_memory() {
    let job = Job::new().input(Input::from_bytes("words", words()));
    let outcome = job.memory(1).run().unwrap();
    let mut options = OutputOptions::new(OutputFormat::Tsv);
    let mut written = |compression| {
        let mut text = Vec::new();
        options.compression = compression;
        write::write(&outcome.counts, &options, &mut text).unwrap();
        text
    };
    let plain = written(None);
    assert!(outcome.stats.spilled_bytes > 0);
    assert!(unpacked("a.gz", &written(Some(OutputCompression::Gzip))) == plain);
    assert!(unpacked("a.zst", &written(Some(OutputCompression::Zstd))) == plain);
}

#[test]
fn a_compressed_result_is_read_by_this_and_other_programs() {
    let scratch = Scratch::with([("words", &words()[..])]);
    let plain = scratch.run(["words"]);
    for (name, program, options) in [("a.tsv.gz", "gzip", "-dc"), ("a.tsv.zst", "zstd", "-dcq")] {
        scratch.run(["words", "-o", name]).gives("");
        scratch.run([name]).gives(plain.stdout());
        if has(program) {
            scratch.shell(&format!("{program} {options} {name}")).gives(plain.stdout());
        }
        assert!(scratch.read(name).len() < plain.stdout().len() / 2);
    }
    // A first word that looks like compressed data stays behind a blank line.
    scratch.pipe(b"\x1F\x8B\x08\t7\n", ["--raw", "-i", "counts", "-o", "b.gz"]).gives("");
    assert_eq!(unpacked("b.gz", &scratch.read("b.gz")), b"\n\x1F\x8B\x08\t7\n");
}

#[test]
fn other_compressions_are_refused_before_the_count() {
    let scratch = Scratch::with([("words", &b"a\t1\n"[..])]);
    for (name, ending) in [("a.tsv.bz2", "bz2"), ("a.xz", "xz"), ("a.zip", "zip")] {
        let why = format!("{name}: a result is compressed with gzip or zstd; name it .gz or .zst, not .{ending}");
        scratch.run(["nope", "-o", name]).fails(&why);
    }
    for name in [".gz", "gz", "a.GZ", "a.gz.tsv"] {
        scratch.run(["words", "-o", name]).gives("");
        assert_eq!(scratch.read(name), b"a\t1\n", "{name}");
    }
    scratch.shell("\"$0\" words > out.gz").gives("");
    assert_eq!(scratch.read("out.gz"), b"a\t1\n");
}
