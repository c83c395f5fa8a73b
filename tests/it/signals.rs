//! Signals that end a run, or must not end it: with `--output`, the old file stays, and no other file is left.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use crate::common::{PROGRAM, Ran, Scratch, counted, sample};

/// A run that has begun to read from an open pipe: we have written more than a pipe holds.
fn running(command: &mut Command) -> Child {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(&sample(40_000)).expect("the command reads");
    child
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

/// A command with the default actions of all signals: the test process may ignore some, as after `nohup` and `&`.
fn command(scratch: &Scratch, arguments: &[&str]) -> Command {
    let mut command = scratch.command("env");
    command.args(["--default-signal", PROGRAM]).args(arguments);
    command
}

/// Ends a run by a signal. Returns its exit status, or the negative number of the signal that killed it.
fn ended_by(signal: &str, child: Child) -> i32 {
    let mut child = child;
    // Kept open, so that it is the signal that ends the run.
    let pipe = child.stdin.take();
    send(signal, &child);
    let (mut stdout, mut stderr) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let status = child.wait().unwrap();
    drop(pipe);
    assert_eq!((&stdout[..], &stderr[..]), ("", ""), "{signal}: {status}");
    status.code().or(status.signal().map(|number| -number)).unwrap()
}

/// The status for each signal that ends a process: signals of users have the status of a shell, other signals end the
/// process themselves.
const SIGNALS: [(&str, i32); 10] = [
    ("INT", 130),
    ("TERM", 143),
    ("HUP", 129),
    ("QUIT", -3),
    ("USR1", -10),
    ("USR2", -12),
    ("ALRM", -14),
    ("XCPU", -24),
    ("VTALRM", -26),
    ("PROF", -27),
];

#[test]
fn a_signal_leaves_the_old_file_and_nothing_else() {
    for (signal, status) in SIGNALS {
        let scratch = Scratch::with([("out.tsv", &b"old\n"[..])]);
        let child = running(&mut command(&scratch, &["-o", "out.tsv"]));
        assert_eq!(scratch.names(), ["out.tsv"], "the unfinished file has no name");
        assert_eq!(ended_by(signal, child), status, "{signal}");
        assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), vec!["out.tsv".to_owned()]));
    }
}

#[test]
fn a_signal_leaves_no_pictures() {
    for (signal, status) in SIGNALS {
        let scratch = Scratch::new();
        let options = ["plot", "-w", "a", "--svg", "a.svg", "--png", "a.png"];
        assert_eq!(ended_by(signal, running(&mut command(&scratch, &options))), status, "{signal}");
        assert_eq!(scratch.names(), [""; 0], "{signal}");
    }
}

/// No process can handle this signal, and none needs to.
#[test]
fn a_process_that_is_killed_leaves_nothing() {
    let scratch = Scratch::with([("out.tsv", &b"old\n"[..])]);
    assert_eq!(ended_by("KILL", running(&mut command(&scratch, &["-o", "out.tsv"]))), -9);
    assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), vec!["out.tsv".to_owned()]));
}

#[test]
fn a_folder_that_is_renamed_meanwhile_gets_the_result() {
    let scratch = Scratch::new();
    for (signal, is_there) in [(Some("TERM"), false), (None, true)] {
        fs::create_dir_all(scratch.path("folder")).unwrap();
        let mut child = running(&mut command(&scratch, &["-o", "folder/out.tsv"]));
        fs::rename(scratch.path("folder"), scratch.path("renamed")).unwrap();
        if let Some(signal) = signal {
            assert_eq!(ended_by(signal, child), 143);
        } else {
            drop(child.stdin.take());
            Ran::of_child(child, "ngram-count -o folder/out.tsv").gives("");
            assert_eq!(scratch.read("renamed/out.tsv"), counted(&sample(40_000)));
        }
        assert_eq!(scratch.names(), ["renamed"]);
        assert_eq!(fs::read_dir(scratch.path("renamed")).unwrap().count(), usize::from(is_there));
    }
}

/// As with `nohup`: a command that starts with an ignored signal must go on after it.
#[test]
fn a_signal_that_was_ignored_from_the_start_stays_ignored() {
    for signal in ["HUP", "INT", "USR1", "QUIT"] {
        let scratch = Scratch::new();
        let line = format!("trap '' {signal}; exec \"$0\" -o out.tsv");
        let mut child = running(scratch.command("sh").args(["-c", &line, PROGRAM]));
        send(signal, &child);
        // Much more to do after the signal, so that it has its effect, if it has one, before the end.
        let mut pipe = child.stdin.take().unwrap();
        for _ in 0..5 {
            if pipe.write_all(&sample(40_000)).is_err() {
                break;
            }
        }
        drop(pipe);
        Ran::of_child(child, &line).gives("");
        assert_eq!(scratch.read("out.tsv"), counted(&sample(40_000).repeat(6)));
    }
}

/// The limit of file sizes raises a signal first, which would end the process.
#[test]
fn a_limit_on_the_size_of_files_is_an_error() {
    let rows: String = (0..5000).map(|n| format!("word{n}\t1999\t1\t1\n")).collect();
    let scratch = Scratch::with([("many.tsv", rows.as_bytes()), ("out.tsv", b"old\n")]);
    let names = scratch.names();
    let why = "would be larger than the file system, or the limit on files (ulimit -f), allows";
    for trap in ["", "trap '' XFSZ; "] {
        scratch.shell(&format!("{trap}ulimit -f 8; exec \"$0\" many.tsv -o out.tsv")).fails(&format!("out.tsv: {why}"));
        assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), names.clone()));
    }
    let plot = "exec \"$0\" plot many.tsv -w word1 --svg out.tsv";
    scratch.shell(&format!("ulimit -f 1; {plot}")).fails(&format!("out.tsv: {why}"));
    assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), names));
    scratch
        .shell("ulimit -f 8; \"$0\" many.tsv >direct.tsv; echo $? >&2")
        .says(&format!("ngram-count: standard output: {why}\n2\n"));
    scratch
        .shell("ulimit -f 1; \"$0\" man >man.1; echo $? >&2")
        .says(&format!("ngram-count: standard output: {why}\n2\n"));
}
