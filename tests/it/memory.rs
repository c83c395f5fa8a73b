//! Memory grows only with the number of distinct words, never with the length of the input.

use crate::common::{Scratch, are_all_cases, gzip};
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
    let mebibytes = if are_all_cases() { 128 } else { 64 };
    let (text, compressed) = (lines(mebibytes << 20), gzip(&lines(8 << 20)).repeat(mebibytes / 8));
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &compressed)]);
    // With more threads than cores, some are always in the middle of a chunk that the others have left behind.
    let options = [(["rows.tsv", "-j2"], 48), (["rows.gz", "-j2"], 48), (["rows.tsv", "-j16"], 96)];
    let tried = if are_all_cases() { 3 } else { 2 };
    for (options, most) in options.into_iter().take(tried) {
        let peak = peak(&scratch, &options);
        assert!(peak < most << 20, "{options:?}: {peak} bytes");
    }
}

/// The least limit on addresses, in MiB, with which the system loads the program.
fn least_addresses(scratch: &Scratch) -> u32 {
    let is_loaded = |mebibytes: &u32| {
        let ran = scratch.shell(&format!("ulimit -v {}; \"$0\" --version", mebibytes << 10));
        !ran.stdout().is_empty()
    };
    (24..=60).find(is_loaded).expect("60 MiB of addresses are enough to print the version")
}

/// glibc would reserve 64 MiB for each thread, if the program let it.
#[test]
fn under_a_limit_threads_take_few_addresses() {
    let text = lines(8 << 20);
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &gzip(&text))]);
    let expected = scratch.run(["rows.tsv"]).exits(0).stdout().to_vec();
    let limit = least_addresses(&scratch) + 128;
    for file in ["rows.tsv", "rows.gz"] {
        let ran = scratch.shell(&format!("ulimit -v {}; exec \"$0\" {file} -j 16", limit << 10));
        ran.gives(&expected);
    }
}

/// A thread that finds no memory when it starts could not report an error.
#[test]
fn threads_for_which_there_is_no_memory_are_not_started() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1999\t1\t1\n"[..])]);
    let limit = least_addresses(&scratch) + 64;
    for command in ["rows.tsv", "plot --data -w a rows.tsv", "bench -q rows.tsv"] {
        let ran = scratch.shell(&format!("ulimit -v {}; exec \"$0\" {command} -j 500", limit << 10));
        let said = ran.exits(2).writes("").stderr();
        assert!(
            said.starts_with("ngram-count: can't start 500 threads: the limit on memory (ulimit) leaves "),
            "{ran}"
        );
        assert!(said.ends_with("; ask for fewer with --threads\n") && said.lines().count() == 1, "{ran}");
    }
    // Without a number, as many are started as fit.
    scratch.shell(&format!("ulimit -v {}; exec \"$0\" rows.tsv", limit << 10)).gives("a\t1\n");
}

/// With any limit, the result is right, or a message says what to do. Only the right result replaces the old file.
#[test]
fn memory_that_ends_is_an_error_and_leaves_nothing() {
    let rows: String = (0..400_000).map(|n| format!("word{n}\t1999\t1\t1\n")).collect();
    let scratch = Scratch::with([("rows.tsv", rows.as_bytes())]);
    let expected = scratch.run(["rows.tsv"]).stdout().to_vec();
    let least = least_addresses(&scratch);
    let mut ends = 0;
    for &threads in if are_all_cases() { &[1, 2, 8][..] } else { &[8] } {
        let mut errors = 0;
        // Without a bound, memory ends in some runs; the default bound leaves most runs enough.
        let bounds = ["--memory none", ""].into_iter().cycle();
        for (mebibytes, bound) in (least..=least + 96).step_by(12).zip(bounds) {
            scratch.write("out.tsv", "old\n");
            let ran = scratch.shell(&format!(
                "ulimit -v {}; exec \"$0\" rows.tsv -j {threads} {bound} -o out.tsv --progress never",
                mebibytes << 10
            ));
            if ran.stderr().is_empty() {
                ran.exits(0);
                assert!(scratch.read("out.tsv") == expected, "{ran}");
            } else {
                errors += 1;
                ran.exits(2).writes("");
                assert!(ran.stderr().starts_with("ngram-count: ") && ran.stderr().lines().count() == 1, "{ran}");
                ends += usize::from(ran.stderr().contains(": out of memory: the system does not give "));
                assert_eq!(
                    (scratch.read("out.tsv"), scratch.names()),
                    (b"old\n".to_vec(), vec!["out.tsv".into(), "rows.tsv".into()])
                );
            }
        }
        assert!(errors > 0, "what loads the program is enough for {threads} threads");
    }
    // How often depends on when threads start.
    assert!(ends > 0, "memory was enough in all runs");
}
