//! Standard streams that are closed or full: a lost result, or an input that can't be read, is always an error.

use std::fs::File;
use std::io;
use std::process::Stdio;

use crate::common::{PROGRAM, Ran, Scratch};

/// All commands that write to standard output.
const COMMANDS: [&str; 17] = [
    "rows.tsv",
    "rows.tsv -o -",
    "rows.tsv -o /dev/stdout",
    "rows.tsv -o /dev/fd/1",
    "rows.tsv -w a -f json",
    "rows.tsv --top 0 -f csv",
    "plot rows.tsv -w a",
    "plot rows.tsv -w a --data",
    "plot rows.tsv -w a --svg -",
    "plot rows.tsv -w a --png /dev/stdout",
    "bench rows.tsv -q -r2 --chunk-sizes 1M -j1",
    "bench rows.tsv -q -r2 --chunk-sizes 1M -j1 --export-json -",
    "man",
    "completions bash",
    "--help",
    "-h",
    "--version",
];

fn scratch() -> Scratch {
    Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\na\t2000\t5\t1\n"[..])])
}

#[test]
fn standard_output_that_is_closed_is_an_error() {
    let scratch = scratch();
    for command in COMMANDS {
        let ran = scratch.shell(&format!("\"$0\" {command} >&-"));
        ran.exits(2).writes("");
        assert!(ran.stderr().ends_with(": is closed, or not open for writing\n"), "{ran}");
        assert_eq!(ran.stderr().lines().count(), 1, "{ran}");
        // Open, but for reading alone.
        let ran = scratch.shell(&format!("\"$0\" {command} 1</dev/null"));
        assert!(ran.exits(2).stderr().ends_with(": is closed, or not open for writing\n"), "{ran}");
    }
}

#[test]
fn standard_output_that_is_full_is_an_error() {
    let scratch = scratch();
    for command in COMMANDS {
        let ran = scratch.shell(&format!("\"$0\" {command} >/dev/full"));
        assert!(ran.exits(2).stderr().ends_with(": No space left on device\n"), "{ran}");
        assert_eq!(ran.stderr().lines().count(), 1, "{ran}");
    }
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let scratch = scratch();
    for command in COMMANDS {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut child = scratch.command("sh");
        child.args(["-c", &format!("exec \"$0\" {command}"), PROGRAM]).stdout(writer).stderr(Stdio::piped());
        Ran::of_child(child.spawn().unwrap(), command).gives("");
    }
}

/// Python's `subprocess.DEVNULL`: `/dev/null`, open for reading and writing.
#[test]
fn standard_output_may_be_thrown_away() {
    let scratch = scratch();
    for command in COMMANDS {
        scratch.shell(&format!("\"$0\" {command} 1<>/dev/null")).gives("");
    }
    // Nothing is written to it.
    scratch.shell("\"$0\" rows.tsv -o out.tsv >&-").gives("");
    scratch.shell("\"$0\" plot rows.tsv -w a --svg out.svg >&-").gives("");
    assert_eq!(scratch.read("out.tsv"), b"a\t10\n");
}

#[test]
fn standard_input_that_is_closed_is_not_empty() {
    let scratch = scratch();
    for command in ["", "-", "--words-from - rows.tsv", "--totals - rows.tsv", "plot -w a", "plot -w a -"] {
        let ran = scratch.shell(&format!("\"$0\" {command} <&-"));
        ran.fails("standard input: is closed, or not open for reading");
        scratch
            .shell(&format!("\"$0\" {command} 0>/dev/null"))
            .fails("standard input: is closed, or not open for reading");
    }
    let ran = scratch.shell("\"$0\" /dev/stdin <&-");
    assert!(ran.exits(2).writes("").stderr().starts_with("ngram-count: /dev/stdin: "), "{ran}");
    // It is not read.
    scratch.shell("\"$0\" rows.tsv <&-").gives("a\t10\n");
    scratch.shell("\"$0\" </dev/null").gives("");
    scratch.shell("\"$0\" 0<>/dev/null").gives("");
}

/// Inputs and outputs must not get the numbers of the streams, or messages would go into them.
#[test]
fn files_do_not_take_the_place_of_closed_streams() {
    let scratch = scratch();
    scratch.shell("\"$0\" rows.tsv nope.tsv -o out.tsv <&- >&- 2>&-").exits(2);
    scratch.shell("\"$0\" rows.tsv -o out.tsv <&- >&- 2>&-").exits(0);
    assert_eq!(scratch.read("rows.tsv"), b"a\t1999\t5\t1\na\t2000\t5\t1\n");
    assert_eq!(scratch.read("out.tsv"), b"a\t10\n");
    scratch.shell("\"$0\" rows.tsv -o /dev/stderr 2>&-").exits(2);
    assert_eq!(scratch.names(), ["out.tsv", "rows.tsv"]);
}

/// Each stream is open or closed, in all combinations.
#[test]
fn any_streams_may_be_closed() {
    let scratch = scratch();
    for closed in 0..8 {
        let [is_in, is_out, is_err] = [1, 2, 4].map(|bit| closed & bit != 0);
        let mut ends = String::new();
        for (is_closed, end) in [(is_in, " <&-"), (is_out, " >&-"), (is_err, " 2>&-")] {
            ends += if is_closed { end } else { "" };
        }
        let run = |line: &str| scratch.shell(&format!("\"$0\" {line}{ends}"));
        run("rows.tsv -o out.tsv").exits(0).writes("").says("");
        assert_eq!(scratch.read("out.tsv"), b"a\t10\n", "{ends}");
        let ran = run("rows.tsv");
        ran.exits(if is_out { 2 } else { 0 }).writes(if is_out { "" } else { "a\t10\n" });
        assert_eq!(ran.stderr().is_empty(), is_err || !is_out, "{ran}");
        let ran = run("- -o out.tsv");
        ran.exits(if is_in { 2 } else { 0 }).writes("");
        assert_eq!(ran.stderr().is_empty(), is_err || !is_in, "{ran}");
        run("nope.tsv -o out.tsv").exits(2).writes("");
        assert_eq!(scratch.names(), ["out.tsv", "rows.tsv"], "{ends}");
    }
}

#[test]
fn help_has_colours_where_they_are_wanted() {
    let scratch = scratch();
    assert!(scratch.run(["--help", "--color", "always"]).exits(0).stdout().contains(&b'\x1B'));
    assert!(!scratch.run(["--help"]).exits(0).stdout().contains(&b'\x1B'));
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let mut command = scratch.command(PROGRAM);
    command.arg("--nope").stderr(full()).stdout(Stdio::piped());
    Ran::of_child(command.spawn().unwrap(), "--nope 2>/dev/full").exits(2);
}
