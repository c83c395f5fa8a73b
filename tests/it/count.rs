//! The count: lookups, the whole list, its order and its ends, from files and from pipes.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStrExt;

use crate::common::rows::written;
use crate::common::{PROGRAM, Ran, Scratch, counted, sample, ways_to_cut};
use ngram_count::{Job, Sort};

/// `b` and `c` occur equally often, and the rows of `a` stand apart.
const ROWS: &[u8] =
    b"a\t1822\t2\t1\na\t1824\t3\t1\nc\t1900\t7\t7\nNew York\t1900\t1\t1\nb\t1901\t7\t1\na\t1827\t10\t7\n";
const ALL: &str = "a\t15\nb\t7\nc\t7\nNew York\t1\n";

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", ROWS)])
}

#[test]
fn a_word_is_looked_up() {
    scratch().run(["rows.tsv", "--word", "a"]).gives("a\t15\n");
    scratch().run(["-w", "New York", "rows.tsv"]).gives("New York\t1\n");
}

#[test]
fn words_come_in_the_order_asked_with_0_for_those_that_are_missing() {
    let arguments = ["rows.tsv", "-w", "c", "-w", "no such word", "-w", "a", "-w", "c", "--word=b"];
    scratch().run(arguments).gives("c\t7\nno such word\t0\na\t15\nc\t7\nb\t7\n");
}

#[test]
fn only_when_no_word_occurs_the_status_is_1() {
    scratch().run(["rows.tsv", "-w", "A", "-w", "York"]).exits(1).writes("A\t0\nYork\t0\n").says("");
    scratch().run(["rows.tsv", "-w", "A", "-w", "b"]).exits(0).writes("A\t0\nb\t7\n");
    scratch().run(["rows.tsv", "--min-count", "100"]).gives("");
    scratch().run(["rows.tsv", "--top", "0"]).gives("");
}

#[test]
fn a_word_is_compared_byte_by_byte() {
    let scratch =
        Scratch::with([("rows.tsv", &b"na\xEFve\t1900\t4\t1\nna\xC3\xAFve\t1900\t5\t1\nnave\t1900\t6\t1\n"[..])]);
    let word = OsStr::from_bytes(b"na\xEFve");
    scratch.run([OsStr::new("rows.tsv"), OsStr::new("-w"), word]).gives(b"na\xEFve\t4\n");
    scratch.run(["rows.tsv"]).gives(b"nave\t6\nna\xC3\xAFve\t5\nna\xEFve\t4\n");
}

#[test]
fn a_word_may_look_like_an_option_or_be_empty() {
    let scratch = Scratch::with([("rows.tsv", &b"--top\t1900\t4\t1\n-\t1900\t5\t1\n\t1900\t6\t1\n"[..])]);
    scratch.run(["rows.tsv", "-w", "--top", "--word", "-", "-w", ""]).gives("--top\t4\n-\t5\n\t6\n");
}

#[test]
fn words_longer_than_most_are_found_among_words_that_begin_alike() {
    let words: Vec<String> = (15..60).map(|len| "w".repeat(len)).collect();
    let rows: String = words.iter().map(|word| format!("{word}\t1900\t{}\t1\n", word.len())).collect();
    let scratch = Scratch::with([("rows.tsv", rows.as_bytes())]);
    let arguments = words.iter().flat_map(|word| ["-w", word]).chain(["rows.tsv", "-w", "wwx"]);
    let expected: String = words.iter().map(|word| format!("{word}\t{}\n", word.len())).collect();
    scratch.run(arguments).gives(expected + "wwx\t0\n");
}

#[test]
fn the_whole_list_has_the_highest_count_first_and_equal_counts_by_their_bytes() {
    scratch().run(["rows.tsv"]).gives(ALL);
    scratch().run(["rows.tsv", "--sort", "count"]).gives(ALL);
    let ties = b"b\t1\t3\t1\nab\t1\t3\t1\n\xFF\t1\t3\t1\na\t1\t3\t1\nB\t1\t3\t1\na\0\t1\t3\t1\na b\t1\t3\t1\n";
    Scratch::new().pipe(ties, [""; 0]).gives(b"B\t3\na\t3\na\0\t3\na b\t3\nab\t3\nb\t3\n\xFF\t3\n");
}

#[test]
fn top_takes_the_first_of_equals() {
    for (top, expected) in
        [("1", "a\t15\n"), ("2", "a\t15\nb\t7\n"), ("3", "a\t15\nb\t7\nc\t7\n"), ("4", ALL), ("5", ALL)]
    {
        scratch().run(["rows.tsv", "--top", top]).gives(expected);
        scratch().run(["rows.tsv", "-n", top]).gives(expected);
    }
}

#[test]
fn top_of_words_that_were_asked_for_keeps_their_order() {
    let words = ["rows.tsv", "-w", "c", "-w", "New York", "-w", "b", "-w", "a"];
    scratch().run(words.iter().chain(&["-n", "3"])).gives("c\t7\nb\t7\na\t15\n");
    scratch().run(words.iter().chain(&["-n", "2"])).gives("b\t7\na\t15\n");
    scratch().run(words.iter().chain(&["-n", "2", "--sort", "count"])).gives("a\t15\nb\t7\n");
    // Of equals, the first stay.
    scratch().run(["rows.tsv", "-w", "b", "-w", "a", "-w", "b", "-w", "a", "-n", "3"]).gives("b\t7\na\t15\na\t15\n");
}

#[test]
fn min_count_leaves_out_words_with_fewer() {
    for (min, expected) in [("0", ALL), ("1", ALL), ("2", &ALL[..13]), ("7", &ALL[..13]), ("8", "a\t15\n"), ("16", "")]
    {
        scratch().run(["rows.tsv", "--min-count", min]).gives(expected);
    }
    scratch().run(["rows.tsv", "--min-count", "7", "-w", "New York", "-w", "c", "-w", "A"]).gives("c\t7\n");
}

/// A row with the count 0 is no occurrence, be it of Google's or of earlier counts.
#[test]
fn words_with_the_count_0_do_not_occur() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1990\t0\t0\na\t1991\t0\t0\nb\t1990\t5\t1\n"[..])]);
    scratch.run(["rows.tsv", "-w", "a"]).exits(1).writes("a\t0\n").says("");
    scratch.run(["rows.tsv", "-w", "a", "-w", "none"]).exits(1).writes("a\t0\nnone\t0\n");
    scratch.run(["rows.tsv", "-w", "a", "--by=year"]).exits(1).writes("a\t1990\t0\t0\na\t1991\t0\t0\n");
    scratch.run(["rows.tsv", "-w", "a", "-w", "b"]).gives("a\t0\nb\t5\n");
    scratch.run(["rows.tsv", "--prefix", "a"]).gives("a\t0\n");
    scratch.pipe(b"a\t0\n", ["-i", "counts", "-w", "a"]).exits(1).writes("a\t0\n");
}

#[test]
fn max_count_leaves_out_words_with_more() {
    for (max, expected) in
        [("100", ALL), ("15", ALL), ("14", &ALL[5..]), ("7", &ALL[5..]), ("6", &ALL[13..]), ("0", "")]
    {
        scratch().run(["rows.tsv", "--max-count", max]).gives(expected);
    }
    scratch().run(["rows.tsv", "--min-count", "2", "--max-count", "7", "--top", "1"]).gives("b\t7\n");
    scratch().run(["rows.tsv", "--max-count", "7", "-w", "a", "-w", "c"]).gives("c\t7\n");
    scratch().run(["rows.tsv", "--min-count", "8", "--max-count", "7"]).gives("");
}

#[test]
fn the_order_can_be_that_of_the_words_or_none() {
    scratch().run(["rows.tsv", "--sort", "word"]).gives("New York\t1\na\t15\nb\t7\nc\t7\n");
    scratch().run(["rows.tsv", "-s", "word", "-n", "2"]).gives("a\t15\nb\t7\n");
    scratch().run(["rows.tsv", "-s", "word", "-w", "c", "-w", "a", "-w", "c"]).gives("a\t15\nc\t7\nc\t7\n");
    let ran = scratch().run(["rows.tsv", "--sort", "none"]);
    let mut lines: Vec<_> = ran.stdout().split_inclusive(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    ran.exits(0);
    assert_eq!(lines.concat(), b"New York\t1\na\t15\nb\t7\nc\t7\n", "{ran}");
}

#[test]
fn files_are_added_up_with_standard_input_among_them() {
    let scratch = Scratch::with([("1.tsv", &b"a\t1\t1\t1\nb\t1\t5\t1"[..]), ("2.tsv", b"a\t1\t2\t1\n")]);
    scratch.run(["1.tsv", "2.tsv"]).gives("b\t5\na\t3\n");
    scratch.run(["1.tsv", "2.tsv", "1.tsv"]).gives("b\t10\na\t4\n");
    scratch.pipe(b"a\t1\t40\t1\n", ["1.tsv", "-", "2.tsv"]).gives("a\t43\nb\t5\n");
}

#[test]
fn no_file_or_a_dash_is_standard_input() {
    scratch().pipe(ROWS, [""; 0]).gives(ALL);
    scratch().pipe(ROWS, ["-"]).gives(ALL);
    scratch().pipe(ROWS, ["--word", "a", "-"]).gives("a\t15\n");
    let twice = "standard input (-) is named twice, but can be read only once";
    scratch().run(["-", "rows.tsv", "-"]).fails(twice);
    scratch().run(["--totals", "-"]).fails(twice);
    scratch().run(["rows.tsv", "--words-from", "-", "--totals", "-"]).fails(twice);
    let dash = Scratch::with([("-", ROWS), ("-n", ROWS)]);
    dash.run(["./-"]).gives(ALL);
    dash.run(["--", "-n"]).gives(ALL);
}

#[test]
fn standard_input_from_a_file_is_read_from_where_it_stands() {
    let scratch = scratch();
    for (offset, expected) in [(0, ALL), (11, "a\t13\nb\t7\nc\t7\nNew York\t1\n"), (ROWS.len() as u64, ""), (9999, "")]
    {
        for options in ways_to_cut() {
            let mut file = File::open(scratch.path("rows.tsv")).unwrap();
            file.seek(SeekFrom::Start(offset)).unwrap();
            Ran::of(scratch.command(PROGRAM).args(options).stdin(file), None).gives(expected);
        }
    }
}

#[test]
fn what_another_program_has_read_of_standard_input_is_not_counted() {
    scratch().shell("{ read line; \"$0\" --word a; } < rows.tsv").gives("a\t13\n");
}

#[test]
fn the_order_of_the_input_does_not_matter() {
    let text = sample(500);
    let mut lines: Vec<_> = text.split_inclusive(|&byte| byte == b'\n').collect();
    let expected = counted(&text);
    Scratch::new().pipe(&text, [""; 0]).gives(&expected);
    lines.reverse();
    Scratch::new().pipe(&lines.concat(), [""; 0]).gives(&expected);
    lines.sort_by_key(|line| line.len());
    Scratch::new().pipe(&lines.concat(), [""; 0]).gives(&expected);
}

#[test]
fn threads_and_chunk_size_change_nothing() {
    let text = sample(400);
    let expected = counted(&text);
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    for options in ways_to_cut() {
        scratch.run(options.iter().chain(&["rows.tsv"])).gives(&expected);
        scratch.pipe(&text, options).gives(&expected);
        scratch.run(options.iter().chain(&["rows.tsv", "-w", "z", "-w", "Aardvark", "-w", "zz"])).exits(0);
    }
}

#[test]
fn the_library_gives_the_same_as_the_command() {
    let scratch = Scratch::with([("rows.tsv", &sample(300)[..])]);
    let job = || Job::new().input(scratch.path("rows.tsv"));
    let word = ["-w", "z", "-w", "New York", "-w", "-"];
    let jobs: [(Job, &[&str]); 6] = [
        (job(), &[]),
        (job().words(["z", "New York", "-"]), &word),
        (job().top(3).min_count(2), &["--top", "3", "--min-count", "2"]),
        (job().sort(Sort::Word), &["--sort", "word"]),
        (job().threads(NonZeroUsize::MIN), &["--threads", "1"]),
        (job().chunk_size(NonZeroUsize::MIN), &["--chunk-size", "1"]),
    ];
    for (job, options) in jobs {
        let outcome = job.run().unwrap();
        assert!(!outcome.no_word_occurs && outcome.errors.is_empty());
        scratch.run(options.iter().chain(&["rows.tsv"])).gives(written(&outcome));
    }
    assert!(job().word("-").run().unwrap().no_word_occurs);
}

#[test]
fn counts_of_parts_are_counted_again_to_the_counts_of_the_whole() {
    let text = sample(400);
    let (first, second) = text.split_at(text.iter().position(|&byte| byte == b'z').unwrap());
    let scratch = Scratch::with([("1.tsv", first), ("2.tsv", second)]);
    let line = "{ \"$0\" -s none 1.tsv; \"$0\" -s none 2.tsv; } | \"$0\" -i counts";
    scratch.shell(line).gives(counted(&text));
    scratch.shell(&line.replace(" -i counts", "")).gives(counted(&text));
}

/// Reading such a result again would skip a mark at its beginning, and take gzip's bytes for gzip.
#[test]
fn words_that_begin_like_a_mark_or_like_gzip_are_counted_again_as_they_are() {
    let zip = [&b"PK\x03\x04"[..], b"PK\x05\x06"];
    let zstd = [&b"\x28\xB5\x2F\xFD"[..], b"\x50\x2A\x4D\x18", b"\x5F\x2A\x4D\x18"];
    let others = [b"BZh91AY&SY", &b"BZh1\x17\x72\x45\x38\x50\x90"[..], b"\xFD7zXZ\0"];
    let marks = [&b"\xEF\xBB\xBF"[..], b"\x1F\x8B\x08"];
    for begin in marks.into_iter().chain(zip).chain(zstd).chain(others) {
        let text = [b"x\t1999\t1\t1\n", begin, b"a\t1999\t9\t1\n"].concat();
        let scratch = Scratch::with([("rows.tsv", &text[..])]);
        let first = scratch.run(["rows.tsv"]).exits(0).stdout().to_vec();
        assert!(first.ends_with(&[begin, b"a\t9\nx\t1\n"].concat()));
        scratch.pipe(&first, [""; 0]).gives(&first);
        let twice = [b"\n", begin, b"a\t18\nx\t2\n"].concat();
        scratch.pipe(&first.repeat(2), [""; 0]).gives(twice);
    }
}

/// With a known seed, somebody could make words that all collide.
#[test]
fn each_process_hashes_in_another_way() {
    let text: String = (0..1000).map(|number| format!("word{number}\t1999\t1\t1\n")).collect();
    let run = || Scratch::new().pipe(text.as_bytes(), ["--sort=none", "-j1"]).exits(0).stdout().to_vec();
    let first = run();
    assert!((0..5).any(|_| run() != first), "the order of the table was the same six times");
}

#[test]
fn memory_grows_with_words_and_years_and_not_with_rows() {
    // 800,000 rows of two words in random order.
    let text: String = (0..800_000_u64)
        .map(|row| row.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40)
        .map(|random| format!("{}\t{}\t1\t1\n", if random % 2 == 0 { "a" } else { "b" }, 1800 + random / 2 % 200))
        .collect();
    let scratch = Scratch::with([("rows", text.as_bytes())]);
    for options in [["--by=year"], ["--columns=word,peak"]] {
        let ran = scratch.run(options.iter().chain(&["-j2", "--stats=json", "rows"]));
        let stats: serde_json::Value = serde_json::from_str(&ran.stderr()).expect("statistics");
        let peak = stats["peak_memory_bytes"].as_u64().expect("Linux tells the peak");
        // Each row took 25 bytes.
        assert!(peak < text.len() as u64 + (18 << 20), "{peak}");
    }
}

#[test]
fn words_are_counted_after_case_is_folded() {
    let words = |options: &[&str]| {
        let ran = Scratch::new().pipe(b"a\t1\nA\t1\nb\t1\nB_NOUN\t1\n", [options, &["--stats=json"]].concat());
        let stats: serde_json::Value = serde_json::from_str(&ran.stderr()).expect("statistics");
        stats["words"].as_u64().expect("a number")
    };
    assert_eq!([words(&[]), words(&["--ignore-case"]), words(&["--ignore-case", "-n1"])], [4, 3, 3]);
}
