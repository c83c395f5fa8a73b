//! Bad input: each error is one line with its place, and there is no result.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use crate::common::{PROGRAM, Ran, Scratch, counted, gzip, sample, ways_to_cut};

const FIELDS: &str = "expected 4 fields (ngram, year, match_count, volume_count), found";
const BREAKS_OFF: &str = "the gzip data breaks off before its end; download the file again";
const OK: &[u8] = b"a\t1999\t1\t1\n";

#[test]
fn a_missing_file() {
    let scratch = Scratch::with([("ok.tsv", OK)]);
    scratch.run(["nope.tsv"]).fails("nope.tsv: No such file or directory");
    scratch.run(["ok.tsv", "nope.tsv"]).fails("nope.tsv: No such file or directory");
    scratch.run(["ok.tsv/nope.tsv"]).fails("ok.tsv/nope.tsv: Not a directory");
    scratch.run([""]).fails(": No such file or directory");
}

#[test]
fn a_missing_file_is_told_before_the_others_are_read() {
    let scratch = Scratch::with([("bad.tsv", &b"a\n"[..])]);
    scratch.run(["bad.tsv", "nope.tsv"]).fails("nope.tsv: No such file or directory");
}

#[test]
fn a_directory() {
    let scratch = Scratch::with([("ok.tsv", OK)]);
    let folder = File::open(scratch.path(".")).unwrap();
    Ran::of(scratch.command(PROGRAM).stdin(folder), None).fails("standard input: is a directory");
}

/// Root may read everything, so for root the command runs as another user, from a folder where this user may run it.
#[test]
fn a_file_without_permission() {
    const NOBODY: u32 = 65534;
    let scratch = Scratch::with([("secret.tsv", OK)]);
    fs::set_permissions(scratch.path("secret.tsv"), Permissions::from_mode(0o000)).unwrap();
    let ran = if File::open(scratch.path("secret.tsv")).is_err() {
        scratch.run(["secret.tsv"])
    } else {
        fs::set_permissions(scratch.path("."), Permissions::from_mode(0o755)).unwrap();
        // Not by `fs::copy`: another test's child could inherit the open file, and a file open for writing can't be
        // run.
        assert!(scratch.command("cp").args([PROGRAM, "program"]).status().unwrap().success());
        fs::set_permissions(scratch.path("program"), Permissions::from_mode(0o755)).unwrap();
        Ran::of(scratch.command(scratch.path("program")).arg("secret.tsv").uid(NOBODY).gid(NOBODY), None)
    };
    ran.fails("secret.tsv: Permission denied");
}

#[test]
fn a_line_that_is_not_in_the_format() {
    let largest = "at most 18446744073709551615 (2^64-1), found";
    let cases: [(&[u8], String); 17] = [
        (b"a\t1999\t1", format!("{FIELDS} 3")),
        (b"a", format!("{FIELDS} 1")),
        (b" ", format!("{FIELDS} 1")),
        (b"a\t1999\t1\t1\t", format!("{FIELDS} 5")),
        (b"a 1999 1 1", format!("{FIELDS} 1")),
        (b"\t\t\t", "expected year to be a whole number, found \"\"".into()),
        (b"a\t19x9\t1\t1", "expected year to be a whole number, found \"19x9\"".into()),
        (b"a\t18446744073709551616\t1\t1", format!("expected year to be {largest} \"18446744073709551616\"")),
        (b"a\t1999\t1x\t1", "expected match_count to be a whole number, found \"1x\"".into()),
        (b"a\t1999\t\t1", "expected match_count to be a whole number, found \"\"".into()),
        (b"a\t1999\t-1\t1", "expected match_count to be a whole number, found \"-1\"".into()),
        (b"a\t1999\t+1\t1", "expected match_count to be a whole number, found \"+1\"".into()),
        (b"a\t1999\t 1\t1", "expected match_count to be a whole number, found \" 1\"".into()),
        (b"a\t1999\t\xFF\t1", "expected match_count to be a whole number, found \"\\xff\"".into()),
        (b"a\t1999\t1\t1.0", "expected volume_count to be a whole number, found \"1.0\"".into()),
        (b"a\t1999\t18446744073709551616\t1", format!("expected match_count to be {largest} \"18446744073709551616\"")),
        (
            b"a\t1999\t1\t99999999999999999999",
            format!("expected volume_count to be {largest} \"99999999999999999999\""),
        ),
    ];
    for (line, reason) in cases {
        for end in ["", "\n", "\r\n", "\nb\t1999\t1\t1\n"] {
            let text = [OK, OK, line, end.as_bytes()].concat();
            let scratch = Scratch::with([("books.tsv", &text[..])]);
            scratch.run(["books.tsv"]).fails(&format!("books.tsv:3: {reason}"));
        }
    }
}

#[test]
fn counts_that_are_not_counts() {
    let scratch = Scratch::new();
    let run = |text: &str| scratch.pipe(text.as_bytes(), ["-i", "counts"]);
    run("a\t1\nb\n").fails("standard input:2: expected 2 fields (ngram, count), found 1");
    run("word\tcount\na\t1\n").fails("standard input:1: expected count to be a whole number, found \"count\"");
}

#[test]
fn the_largest_numbers_are_no_error() {
    let text =
        b"a\t18446744073709551615\t18446744073709551615\t18446744073709551615\nb\t0\t000000000000000000000007\t0\n";
    Scratch::new().pipe(text, [""; 0]).gives("a\t18446744073709551615\nb\t7\n");
}

#[test]
fn a_sum_that_is_too_large_names_its_ngram() {
    for ngram in ["a", "New York", "antidisestablishmentarianism and more"] {
        let message =
            format!("the sum of \"{ngram}\" passes 18446744073709551615 (2^64-1), the largest count there is");
        let largest = format!("{ngram}\t1999\t18446744073709551615\t1\n").into_bytes();
        let one = format!("{ngram}\t2000\t1\t1\n").into_bytes();
        let none = format!("{ngram}\t2001\t0\t1\n").into_bytes();
        let halves = format!("{ngram}\t1\t9223372036854775807\t1\n{ngram}\t2\t9223372036854775807\t1\n").into_bytes();
        let apart = [&largest[..], &sample(100), &one].concat();
        for text in [[&largest[..], &one].concat(), [&one[..], &largest].concat(), apart, halves.repeat(2)] {
            let scratch =
                Scratch::with([("rows.tsv", &text[..]), ("largest.tsv", &largest), ("one.tsv", &one), ("0", &none)]);
            for options in ways_to_cut() {
                scratch.run(options.iter().chain(&["rows.tsv"])).fails(&message);
                scratch.run(options.iter().chain(&["one.tsv", "largest.tsv"])).fails(&message);
                scratch
                    .run(options.iter().chain(&["largest.tsv", "0"]))
                    .gives(format!("{ngram}\t18446744073709551615\n"));
            }
            scratch.run(["rows.tsv", "-w", ngram]).fails(&message);
            scratch.run(["rows.tsv", "-w", "another"]).exits(1).writes("another\t0\n");
        }
    }
}

#[test]
fn the_line_number_is_right_wherever_the_line_is_found() {
    let text = sample(400);
    let lines: Vec<_> = text.split_inclusive(|&byte| byte == b'\n').collect();
    for at in [1, 2, 137, 399, 400] {
        let text = [&lines[..at - 1].concat()[..], b"Aardvark\t1822\t2\n", &lines[at..].concat()].concat();
        let compressed = gzip(&text);
        let scratch = Scratch::with([("rows.tsv", &text[..]), ("rows.gz", &compressed), ("blank.tsv", b"\n\r\n\n")]);
        for options in ways_to_cut() {
            let place = format!("{at}: {FIELDS} 3");
            scratch.run(options.iter().chain(&["rows.tsv"])).fails(&format!("rows.tsv:{place}"));
            scratch.run(options.iter().chain(&["blank.tsv", "rows.gz"])).fails(&format!("rows.gz:{place}"));
            scratch.pipe(&text, options).fails(&format!("standard input:{place}"));
        }
    }
}

#[test]
fn of_several_malformed_lines_the_first_of_the_first_file_is_told() {
    let bad = [&sample(60)[..], b"a\t1\n", &sample(60), b"b\n", &sample(60), b"c\t1\t2\n"].concat();
    let good = sample(200);
    let files: [(&str, &[u8]); 5] =
        [("0.tsv", &good), ("1.tsv", &bad), ("2.tsv", b"d\te\n"), ("3.gz", &gzip(b"e\tf\n")), ("4.tsv", &bad)];
    let scratch = Scratch::with(files);
    for options in ways_to_cut() {
        let ran = scratch.run(options.iter().chain(&["0.tsv", "1.tsv", "2.tsv", "3.gz", "4.tsv"]));
        ran.fails(&format!("1.tsv:61: {FIELDS} 2"));
        let ran = scratch.run(options.iter().chain(&["0.tsv", "3.gz", "1.tsv", "2.tsv"]));
        ran.fails(&format!("3.gz:1: {FIELDS} 2; the input was taken for v2: name its format with -i"));
    }
}

#[test]
fn malformed_lines_can_be_left_out() {
    let scratch =
        Scratch::with([("1.tsv", OK), ("2.tsv", b"\na\t1999\t2\t1\na\t1\t1\nb\n"), ("3.tsv", b"c\na\t1\t4\t1")]);
    for options in ways_to_cut() {
        let ran = scratch.run(options.iter().chain(&["1.tsv", "2.tsv", "3.tsv", "--skip-malformed"]));
        let note = format!("ngram-count: left out 3 malformed lines; the first is 2.tsv:3: {FIELDS} 3\n");
        ran.exits(0).writes("a\t7\n").says(&note);
    }
    let note = format!("ngram-count: left out 1 malformed line; the first is 3.tsv:1: {FIELDS} 1\n");
    scratch.run(["3.tsv", "--skip-malformed"]).exits(0).writes("a\t4\n").says(&note);
    scratch.run(["2.tsv", "--skip-malformed", "--quiet"]).gives("a\t2\n");
    scratch.run(["1.tsv", "--skip-malformed"]).gives("a\t1\n");
    scratch.run(["3.tsv", "--skip-malformed", "-w", "c"]).exits(1).writes("c\t0\n").says(&note);
}

#[test]
fn other_files_are_counted_on_request_when_one_cannot_be_read() {
    let text = sample(100);
    let cut = [&gzip(b"a\t1\t1\t1\nb\t1\t2\t1\nc\t1"), &gzip(b"\t2\t3\n")[..15]].concat();
    let scratch = Scratch::with([("rows.tsv", &text[..]), ("cut.gz", &cut), ("bad.tsv", b"x\ty\n")]);
    let [missing, broken, other] =
        ["./nope: No such file or directory", &format!("cut.gz: {BREAKS_OFF}"), "./none: No such file or directory"]
            .map(|line| format!("ngram-count: {line}\n"));
    for options in ways_to_cut() {
        let run = |files: &[&str]| scratch.run(options.iter().chain(&["--keep-going"]).chain(files));
        run(&["./nope", "rows.tsv"]).exits(2).writes(counted(&text)).says(&missing);
        run(&["rows.tsv", "./none", "./nope", "rows.tsv"])
            .exits(2)
            .writes(counted(&text.repeat(2)))
            .says(&[&other[..], &missing].concat());
        // The line that the damage cut off is not counted, the whole ones before it are.
        run(&["cut.gz", "./nope"]).exits(2).writes("b\t2\na\t1\n").says(&[&broken[..], &missing].concat());
        run(&["./nope"]).exits(2).writes("").says(&missing);
        run(&["./nope", "rows.tsv", "-w", "no such word"]).exits(2).writes("no such word\t0\n").says(&missing);
        run(&["rows.tsv"]).gives(counted(&text));
        // A malformed line still ends the run, and is what is told.
        let ran = run(&["./nope", "bad.tsv", "rows.tsv"]);
        ran.exits(2).writes("");
        assert!(ran.stderr().contains(&format!("ngram-count: bad.tsv:1: {FIELDS} 2; ")), "{ran}");
    }
}

#[test]
fn options_that_make_no_sense() {
    let scratch = Scratch::with([("ok.tsv", OK)]);
    let usage = |options: &[&str], message: &str| {
        let ran = scratch.run(options.iter().chain(&["ok.tsv"]));
        ran.exits(2).writes("").says(&format!("error: {message}\n\nFor more information, try '--help'.\n"));
    };
    let threads =
        "invalid value '0' for '--threads <N>': expected at least 1 thread; leave the option out to use all cores";
    usage(&["--threads", "0"], threads);
    usage(&["-j", "0"], threads);
    usage(&["-j", "x"], "invalid value 'x' for '--threads <N>': expected a whole number of threads, such as 4");
    let size = "for '--chunk-size <SIZE>': expected";
    usage(&["--chunk-size", "0"], &format!("invalid value '0' {size} at least 1 byte"));
    usage(&["--chunk-size", "0MiB"], &format!("invalid value '0MiB' {size} at least 1 byte"));
    let units = "a number of bytes, such as 65536, 64KiB, 1M or 4MB";
    usage(&["--chunk-size", "1X"], &format!("invalid value '1X' {size} {units}"));
    for bad in [["--top", "-1"], ["--min-count", "x"], ["--sort", "size"], ["--format", "xml"], ["-i", "v9"]] {
        let ran = scratch.run(bad.iter().chain(&["ok.tsv"]));
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("error: "), "{ran}");
    }
    let ran = scratch.run(["-w", "a\tb", "ok.tsv"]);
    ran.fails("no ngram can hold a TAB or a line end, so \"a\\tb\" is none");
}

#[test]
fn a_malformed_line_that_nobody_asked_for_is_an_error_all_the_same() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1\t1\t1\nb\t1\tx\t1\n"[..])]);
    scratch.run(["rows.tsv", "-w", "a"]).fails("rows.tsv:2: expected match_count to be a whole number, found \"x\"");
}

#[test]
fn keep_going_tells_what_could_not_be_read_also_when_something_else_ends_the_run() {
    let scratch = Scratch::with([("bad.tsv", &b"a\t1999\t1\t1\nx\n"[..]), ("large.tsv", OVERFLOW)]);
    let missing = "ngram-count: nope.tsv: No such file or directory\n";
    let ran = scratch.run(["--keep-going", "nope.tsv", "bad.tsv"]);
    let reason = "expected 4 fields (ngram, year, match_count, volume_count), found 1";
    ran.exits(2).writes("").says(&format!("{missing}ngram-count: bad.tsv:2: {reason}\n"));
    let ran = scratch.run(["--keep-going", "nope.tsv", "large.tsv"]);
    ran.exits(2).writes("");
    assert!(ran.stderr().starts_with(missing) && ran.stderr().contains("the sum of \"a\" passes"), "{ran}");
}

/// Two counts whose sum is 2^64.
const OVERFLOW: &[u8] = b"a\t1999\t18446744073709551615\t1\na\t2000\t1\t1\n";

#[test]
fn of_several_sums_that_are_too_large_the_first_by_its_bytes_is_told() {
    let max = u64::MAX;
    let words = ["the", "an ngram that is too long for a key", "B", "b", "zebra"];
    let mut text: String = words.iter().map(|word| format!("{word}\t1999\t{max}\t1\n")).collect();
    text += &String::from_utf8(sample(200)).unwrap();
    text.extend(words.iter().rev().map(|word| format!("{word}\t2000\t7\t{max}\n{word}\t2001\t1\t1\n")));
    let told = |word: &str| format!("the sum of \"{word}\" passes {max} (2^64-1), the largest count there is");
    for cut in ways_to_cut() {
        let run = |options: &[&str]| Scratch::new().pipe(text.as_bytes(), [options, &cut].concat());
        run(&[]).fails(&told("B"));
        run(&["--by=year"]).fails(&told("B"));
        run(&["--years=2000-", "--columns=word,volumes"]).fails(&told("B"));
        run(&["--prefix=z"]).fails(&told("zebra"));
        run(&["-w=zebra", "-w=the"]).fails(&told("the"));
        // Folded, b and B are one word, and only their sum is too large.
        let halves = format!("{}b\t1\t{}\t1\nB\t1\t{}\t1\n", "zz\t1\t1\t1\n".repeat(9), max / 2 + 1, max / 2 + 1);
        Scratch::new().pipe(halves.as_bytes(), [&["--ignore-case"], &cut[..]].concat()).fails(&told("b"));
    }
}

#[test]
fn memory_that_ends_is_an_error() {
    // A line without an end, in a quarter of a GiB.
    let ran = Scratch::new().shell("ulimit -v 262144; exec \"$0\" -j 1 -i text /dev/zero");
    ran.fails("/dev/zero: out of memory");
}

#[test]
fn a_message_is_one_line_whatever_the_file_is_called() {
    let scratch = Scratch::with([("two\nlines\x1B[1m", &b"a\n"[..])]);
    scratch
        .run(["-i", "counts", "two\nlines\x1B[1m"])
        .fails("two\\nlines\\u{1b}[1m:1: expected 2 fields (ngram, count), found 1");
}
