//! Early ends of a run: pipes that close, messages without a reader, a terminal as the input.

use std::fs::File;
use std::io;
use std::process::Stdio;

use crate::common::programs::has_script;
use crate::common::{PROGRAM, Ran, Scratch, counted, sample};

/// A pipe without a reader.
fn closed_pipe() -> Stdio {
    let (reader, writer) = io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let scratch = Scratch::with([("rows.tsv", &sample(100)[..])]);
    for options in [&[][..], &["-f", "csv"], &["-f", "json"], &["-w", "a"]] {
        let mut command = scratch.command(PROGRAM);
        command.arg("rows.tsv").args(options).stdout(closed_pipe()).stderr(Stdio::piped());
        Ran::of_child(command.spawn().unwrap(), "ngram-count rows.tsv | :").gives("");
    }
    let many: String = (0..50_000).map(|n| format!("word{n}\t1999\t1\t1\n")).collect();
    scratch.write("many.tsv", many);
    let ran = scratch.shell("{ \"$0\" many.tsv; echo \"status $?\" >&2; } | head -n 1");
    ran.exits(0).writes("word0\t1\n").says("status 0\n");
}

/// After any number of bytes.
#[test]
fn a_pipe_may_close_at_any_point() {
    let rows: String = (0..50_000).map(|n| format!("word{n}\t1999\t{}\t1\n", n % 9 + 1)).collect();
    let scratch = Scratch::with([("rows", rows.as_bytes())]);
    for options in ["", "-f csv", "-f json"] {
        let whole = scratch.shell(&format!("exec \"$0\" rows {options}"));
        for bytes in [1, 2, 4095, 4096, 65_535, 65_536, 65_537, 70_001, 131_073, 300_000, 499_999] {
            let ran = scratch.shell(&format!("{{ \"$0\" rows {options}; echo $? >&2; }} | head -c {bytes}"));
            ran.exits(0).writes(&whole.stdout()[..bytes]).says("0\n");
        }
    }
}

/// Messages are lost then, but the status must not change, and the command must finish its work.
#[test]
fn standard_error_may_be_closed_or_full() {
    let scratch = Scratch::with([("rows.tsv", &sample(100)[..]), ("bad.tsv", b"x\ty\n")]);
    let full = || File::options().write(true).open("/dev/full").expect("/dev/full").into();
    for deaf in [closed_pipe as fn() -> Stdio, full] {
        let run = |arguments: &[&str]| {
            let mut command = scratch.command(PROGRAM);
            command.args(arguments).stdout(Stdio::piped()).stderr(deaf());
            Ran::of_child(command.spawn().unwrap(), &format!("{arguments:?} with a deaf stderr"))
        };
        run(&["nope.tsv"]).exits(2).writes("");
        run(&["bad.tsv"]).exits(2).writes("");
        run(&["rows.tsv", "--stats", "human"]).exits(0).writes(counted(&sample(100)));
        run(&["rows.tsv", "--stats", "json"]).exits(0).writes(counted(&sample(100)));
        run(&["rows.tsv", "bad.tsv", "--skip-malformed"]).exits(0).writes(counted(&sample(100)));
        run(&["rows.tsv", "nope.tsv", "--keep-going"]).exits(2).writes(counted(&sample(100)));
    }
}

#[test]
fn standard_input_that_is_a_terminal_is_not_waited_for() {
    if !has_script() {
        return;
    }
    let scratch = Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\n"[..])]);
    let on_terminal = |arguments: &str| {
        let line = format!("'{PROGRAM}' {arguments} >stdout 2>stderr");
        let mut command = scratch.command("script");
        let ran = Ran::of(command.args(["--quiet", "--return", "--command", &line, "/dev/null"]), None);
        (ran, scratch.read("stdout"), String::from_utf8(scratch.read("stderr")).unwrap())
    };
    let (ran, stdout, stderr) = on_terminal("");
    ran.exits(2);
    assert_eq!(stdout, b"");
    let first = "ngram-count: no FILE is named, and standard input is a terminal (name - to type the input)\n";
    assert!(stderr.starts_with(first) && stderr.contains("Usage: ngram-count [OPTIONS] [FILE]..."), "{stderr}");
    let (ran, stdout, stderr) = on_terminal("rows.tsv");
    ran.exits(0);
    assert_eq!((&stdout[..], &stderr[..]), (&b"a\t5\n"[..], ""));
}
