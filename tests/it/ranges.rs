//! `--range` and `Input::from_range`: parts of a plain file. Ranges that tile a file count each of its lines once.

use std::num::NonZeroUsize;
use std::ops::Range;

use crate::common::laws::{self, unexpected};
use crate::common::rows::{cut, pieces, well_formed, with_malformed, written};
use crate::common::{COMPRESSIONS, PROGRAM, Ran, Scratch, ways_to_cut};
use ngram_count::{Format, Input, Job, Outcome};
use proptest::prelude::*;

/// Three lines of 6 bytes each, behind a byte-order mark and a blank line.
const ROWS: &[u8] = b"\xEF\xBB\xBF\na\t100\nb\t200\nc\t300\n";

/// The ranges between these places, from 0 to `len` or beyond.
fn ranges(len: usize, cuts: &[prop::sample::Index], is_open: bool) -> Vec<Range<u64>> {
    let places: Vec<usize> = (0..len).collect();
    let mut begin = 0;
    let mut ranges: Vec<_> = pieces(&places, cuts)
        .iter()
        .map(|piece| {
            let range = begin..begin + piece.len() as u64;
            begin = range.end;
            range
        })
        .collect();
    if is_open && let Some(last) = ranges.last_mut() {
        last.end = u64::MAX;
    }
    ranges
}

/// The lines that begin in a range. A byte-order mark is the beginning of the first line.
fn lines_in(text: &[u8], range: &Range<u64>) -> Vec<u8> {
    let mut begin = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if range.contains(&begin) {
            lines.extend_from_slice(line);
        }
        begin += line.len() as u64;
    }
    lines
}

fn job(format: Format, (threads, size): (usize, usize)) -> Job {
    let job = Job::new().format(format).skip_malformed(true);
    job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(size).unwrap())
}

fn run(job: Job, input: Input) -> Result<Outcome, TestCaseError> {
    job.input(input).run().map_err(unexpected)
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn a_part_has_the_lines_that_begin_in_it(
        (format, text) in prop_oneof![well_formed(), with_malformed()],
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        is_open: bool,
        cut in cut(),
    ) {
        let scratch = Scratch::with([("rows", &text[..])]);
        let whole = run(job(format, cut), Input::from_name(scratch.path("rows")))?;
        let (mut rows, mut bytes, mut malformed, mut results) = (0, 0, Vec::new(), Vec::new());
        for range in ranges(text.len(), &cuts, is_open) {
            let part = run(job(format, cut), Input::from_range(scratch.path("rows"), range.clone()))?;
            // A line from the middle may begin like a byte-order mark.
            let expected = job(format, cut).raw(range.start > 0);
            let expected = run(expected, Input::from_bytes("lines", lines_in(&text, &range)))?;
            prop_assert_eq!(written(&part), written(&expected), "{:?}", range);
            prop_assert_eq!(part.stats.rows, expected.stats.rows);
            rows += part.stats.rows;
            bytes += part.stats.bytes;
            malformed.extend(part.stats.inputs[0].first_malformed.clone());
            results.extend(written(&part));
        }
        prop_assert_eq!((rows, bytes), (whole.stats.rows, whole.stats.bytes));
        // Lines are numbered from the beginning of the file.
        prop_assert_eq!(malformed.first(), whole.stats.inputs[0].first_malformed.as_ref());
        let again = run(job(Format::Counts, cut), Input::from_bytes("results", results))?;
        prop_assert_eq!(written(&again), written(&whole));
    }
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    /// The command maps its files, and finds the format by itself.
    #[test]
    fn the_commands_parts_make_the_whole(
        (_, text) in well_formed(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        cut in cut(),
    ) {
        // In a short file, the first lines may be of several formats by chance.
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text);
        let text = [b"\na\t1\nb\t22\n"[..].repeat(5), lines_of_counts(text)].concat();
        let scratch = Scratch::with([("rows", &text[..])]);
        let (threads, size) = (cut.0.to_string(), cut.1.to_string());
        let count = |more: &[&str]| {
            let options = ["rows", "-j", &threads, "--chunk-size", &size];
            scratch.run(options.iter().chain(more)).exits(0).stdout().to_vec()
        };
        let parts = ranges(text.len(), &cuts, true).into_iter().flat_map(|Range { start, end }| {
            count(&["--range", &format!("{start}-{end}")])
        });
        let parts: Vec<u8> = parts.collect();
        let again = scratch.pipe(&parts, ["-i", "counts"]);
        prop_assert_eq!(again.exits(0).stdout(), count(&[]));
    }
}

/// The lines of a text that have one TAB.
fn lines_of_counts(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|&byte| byte == b'\n');
    lines.filter(|line| line.split(|&byte| byte == b'\t').count() == 2).flatten().copied().collect()
}

#[test]
fn only_the_first_byte_of_a_line_decides() {
    let scratch = Scratch::with([("rows.tsv", ROWS)]);
    let parts = [
        ("0-0", ""),
        ("0-1", ""),
        ("0-5", "a\t100\n"),
        ("1-4", ""),
        ("4-5", "a\t100\n"),
        ("5-10", ""),
        ("5-11", "b\t200\n"),
        ("4-16", "b\t200\na\t100\n"),
        ("9-", "c\t300\nb\t200\n"),
        ("10-1000", "c\t300\nb\t200\n"),
        ("16-17", "c\t300\n"),
        ("17-22", ""),
        ("22-", ""),
        ("1000-2000", ""),
        ("0-", "c\t300\nb\t200\na\t100\n"),
    ];
    for (range, expected) in parts {
        for options in ways_to_cut() {
            scratch.run(["rows.tsv", "--range", range].iter().chain(&options)).gives(expected);
        }
    }
}

/// The first line begins at byte 0, with the byte-order mark.
#[test]
fn a_byte_order_mark_belongs_to_the_first_line() {
    let scratch = Scratch::with([("rows.tsv", &b"\xEF\xBB\xBFa\t1\nb\t2\n"[..])]);
    for (range, expected) in [("0-1", "a\t1\n"), ("0-3", "a\t1\n"), ("1-3", ""), ("2-7", ""), ("3-8", "b\t2\n")] {
        scratch.run(["rows.tsv", "--range", range]).gives(expected);
    }
}

#[test]
fn the_format_is_that_of_the_file() {
    // The lines of the part alone would be counts.
    let scratch = Scratch::with([("text", &b"to be\nor\nnot\nto\nbe\nbe\t5\n"[..])]);
    scratch.run(["text", "--range", "18-"]).gives("5\t1\nbe\t1\n");
}

#[test]
fn a_malformed_line_has_its_number_in_the_file() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1\n\nb\t2\nc\t3\nd\tx\ne\t5\n"[..])]);
    let message = "rows.tsv:5: expected count to be a whole number, found \"x\"";
    for options in ways_to_cut() {
        scratch.run(["rows.tsv", "--range", "6-"].iter().chain(&options)).fails(message);
        let note = format!("ngram-count: left out 1 malformed line; the first is {message}\n");
        let skipped = scratch.run(["rows.tsv", "--range", "6-", "--skip-malformed"].iter().chain(&options));
        skipped.exits(0).writes("e\t5\nc\t3\n").says(&note);
    }
    scratch.run(["rows.tsv", "--range", "0-12"]).gives("c\t3\nb\t2\na\t1\n");
}

#[test]
fn a_file_without_lines_to_choose_from_is_an_error() {
    let whole = ", so a part of it can't be counted by itself; count the whole file";
    let scratch = Scratch::with([("counts.csv", &b"word,count\r\na,1\r\n"[..]), ("utf16", b"\xFF\xFEa\0\n\0")]);
    for (name, compress) in COMPRESSIONS {
        scratch.write("rows", compress(b"a\t1\n"));
        scratch.run(["rows", "--range", "0-10"]).fails(&format!("rows: is compressed with {name}{whole}"));
    }
    scratch.run(["counts.csv", "--range", "0-"]).fails(&format!("counts.csv: is CSV of this program{whole}"));
    scratch.run(["utf16", "--range", "0-"]).fails(&format!("utf16: must be decoded{whole}"));
    let pipe = scratch.shell("printf 'a\\t1\\n' | \"$0\" /dev/stdin --range 0-");
    pipe.fails(&format!("/dev/stdin: is no regular file{whole}"));
    scratch.run([".", "--range", "0-"]).fails("--range needs one FILE, whose bytes it means");
    scratch.write("empty", "");
    scratch.run(["empty", "--range", "0-"]).gives("");
    // Parts that are empty are no reason to take a file that can't be divided.
    scratch.run(["utf16", "--range", "5-5"]).fails(&format!("utf16: must be decoded{whole}"));
}

#[test]
fn it_needs_one_file() {
    let scratch = Scratch::with([("rows.tsv", ROWS)]);
    let one = "--range needs one FILE, whose bytes it means";
    scratch.run(["rows.tsv", "rows.tsv", "--range", "0-5"]).fails(one);
    scratch.run(["-", "--range", "0-5"]).fails(one);
    scratch.run(["--range", "0-5"]).fails(one);
    scratch.run(["postgres://localhost/db?table=t", "--range", "0-5"]).fails(one);
    for wrong in ["5", "a-b", "5-4", ""] {
        let ran = scratch.run(["rows.tsv", &format!("--range={wrong}")]);
        assert!(ran.exits(2).stderr().contains("--range"), "{ran}");
    }
}

#[test]
fn the_bytes_of_the_part_are_what_is_done() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1\n".repeat(1000)[..])]);
    let job = |range| Job::new().input(Input::from_range(scratch.path("rows.tsv"), range));
    for (range, expected) in [(0..1000, 1000), (3500..9000, 500), (5000..6000, 0), (7..7, 0)] {
        assert_eq!(job(range.clone()).stored_bytes(), Some(expected));
        let done = std::sync::Arc::default();
        job(range).progress(std::sync::Arc::clone(&done)).run().unwrap();
        assert_eq!(done.load(std::sync::atomic::Ordering::Relaxed), expected);
    }
}

#[test]
fn other_options_act_within_the_part() {
    let text = b"x\t1990\t1\t1\ny\t1990\t2\t1\nx\t1991\t4\t2\n";
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    let run = |line: &str| Ran::of(scratch.command(PROGRAM).args(line.split(' ')), None);
    run("rows.tsv --range 1- --word x").gives("x\t4\n");
    run("rows.tsv --range 1-20 --word x").exits(1).writes("x\t0\n");
    run("rows.tsv --range 1- --by year").gives("x\t1991\t4\t2\ny\t1990\t2\t1\n");
    run("rows.tsv --range 0-15 --years 1990").gives("y\t2\nx\t1\n");
    scratch.write("text", "a b c\nd a b\na, b\n");
    run("text --range 1-7 --ngram 2").gives("a b\t1\nd a\t1\n");
    run("text --range 12- --tokens unicode").gives("a\t1\nb\t1\n");
    run("text --range 0-13 --memory 16MiB --exclude b").gives("a\t2\na,\t1\nc\t1\nd\t1\n");
}
