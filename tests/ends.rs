//! How a run ends before its time: pipes that close, signals, a terminal where input should be, a file that shrinks.

mod common;

use std::fs;
use std::fs::File;
use std::io::{self, Write};
use std::process::{Child, Command, Stdio};

use common::{PROGRAM, Ran, Scratch, counted, sample};

/// A pipe that nobody reads any more.
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

/// Nobody hears what is said then, but the status must not change, nor anything else be left half done.
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

/// A run that has begun to read from a pipe, which stays open. More was written than a pipe holds, so it has.
fn running(scratch: &Scratch, command: &mut Command) -> Child {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pipe = child.stdin.as_mut().unwrap();
    pipe.write_all(&sample(40_000)).expect("the command reads");
    assert!(scratch.names().iter().any(|name| name.starts_with(".ngram-count-")), "the new file is under way");
    child
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

#[test]
fn a_signal_removes_the_unfinished_file() {
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let scratch = Scratch::with([("out.tsv", &b"old\n"[..])]);
        // Whoever runs the tests may have signals ignored, as `nohup` and `&` do.
        let mut child = running(&scratch, scratch.command("env").args(["--default-signal", PROGRAM, "-o", "out.tsv"]));
        // Kept open, so that it is the signal that ends the run.
        let pipe = child.stdin.take();
        send(signal, &child);
        Ran::of_child(child, &format!("ngram-count -o out.tsv, kill -{signal}")).exits(status).writes("").says("");
        drop(pipe);
        assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), vec!["out.tsv".to_owned()]));
    }
}

/// As with `nohup`: who starts a command with a signal ignored wants it to go on.
#[test]
fn a_signal_that_was_ignored_from_the_start_stays_ignored() {
    let scratch = Scratch::new();
    let line = "trap '' HUP; exec \"$0\" -o out.tsv";
    let mut child = running(&scratch, scratch.command("sh").args(["-c", line, PROGRAM]));
    send("HUP", &child);
    // Much more to do after the signal, so that it has its effect, if it has one, before the end.
    let mut pipe = child.stdin.take().unwrap();
    for _ in 0..20 {
        if pipe.write_all(&sample(40_000)).is_err() {
            break;
        }
    }
    drop(pipe);
    Ran::of_child(child, line).gives("");
    assert_eq!(scratch.read("out.tsv"), counted(&sample(40_000).repeat(21)));
}

/// `script`, of util-linux, runs a command on a terminal of its own.
#[test]
fn standard_input_that_is_a_terminal_is_not_waited_for() {
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

/// Whether the run is quick enough to be done before the file shrinks is not known, but it mostly is not; either it
/// tells, or all was counted. Never is a part of the file taken for the whole.
#[test]
fn a_file_that_shrinks_meanwhile_gives_an_error_and_never_a_wrong_number() {
    let text = sample(100_000);
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    let mut command = scratch.command(PROGRAM);
    command.args(["rows.tsv", "-o", "out.tsv", "-j", "1", "--chunk-size", "1"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let maps = format!("/proc/{}/maps", child.id());
    while child.try_wait().unwrap().is_none() && !fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("rows.tsv"))
    {
    }
    File::options().write(true).open(scratch.path("rows.tsv")).unwrap().set_len(0).unwrap();
    let ran = Ran::of_child(child, "ngram-count rows.tsv -o out.tsv, while rows.tsv shrinks");
    if scratch.names().contains(&"out.tsv".to_owned()) {
        ran.gives("");
        assert_eq!(scratch.read("out.tsv"), counted(&text));
    } else {
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("ngram-count: rows.tsv: ") && ran.stderr().lines().count() == 1, "{ran}");
        assert_eq!(scratch.names(), ["rows.tsv"], "nothing is left behind");
    }
}
