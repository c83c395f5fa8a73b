//! Memory grows with the different words alone, never with the input.

mod common;

use common::{Scratch, gzip};
use serde_json::Value;

/// Lines of the same thousand words, again and again.
fn lines(bytes: usize) -> Vec<u8> {
    let words = (0..1000).cycle().map(|number| format!("word{}\t1999\t1\t1\n", number * 7919 % 1000));
    let text: Vec<u8> = words.take(1 << 16).flat_map(String::into_bytes).collect();
    text.repeat(bytes / text.len())
}

fn peak(scratch: &Scratch, arguments: &[&str]) -> u64 {
    let ran = scratch.run([&["--stats=json", "-q", "-n1"], arguments].concat());
    let stats: Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
    stats["peak_memory_bytes"].as_u64().unwrap()
}

#[test]
fn a_file_needs_less_memory_than_it_is_long() {
    let text = lines(192 << 20);
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &gzip(&text))]);
    // With more threads than cores, some are always in the middle of a chunk that the others have left behind.
    for options in [["rows.tsv", "-j2"], ["rows.tsv", "-j16"], ["rows.gz", "-j2"]] {
        let peak = peak(&scratch, &options);
        assert!(peak < 96 << 20, "{options:?}: {peak} bytes");
    }
}
