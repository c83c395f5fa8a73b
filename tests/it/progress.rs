//! Progress: lines in a file, and a bar on a terminal, which follows the terminal's width.

use std::io::{BufRead, BufReader, Write};
use std::num::NonZeroUsize;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ngram_count::{Format, Input, Job};

use crate::common::programs::has;
use crate::common::{COMPRESSIONS, PROGRAM, Ran, Scratch, are_all_cases, sample};

/// The first line of a run's messages. Ends the run then.
fn first_line(command: &mut Command, input: &[u8]) -> String {
    let mut child: Child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the command starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(input).expect("the command reads");
    let mut line = String::new();
    BufReader::new(child.stderr.take().expect("a pipe")).read_line(&mut line).expect("the command says something");
    child.kill().expect("the command runs");
    child.wait().expect("the command ends");
    drop(pipe);
    line
}

/// Arguments with more input than is counted before the test ends: some gigabytes.
fn much() -> impl Iterator<Item = &'static str> {
    ["--progress", "always", "-j1"].into_iter().chain(std::iter::repeat_n("rows.tsv", 1000))
}

#[test]
fn a_file_gets_a_line_each_second() {
    let scratch = Scratch::with([("rows.tsv", &sample(200_000)[..])]);
    let line =
        first_line(scratch.command(PROGRAM).args(["--progress", "always", "--chunk-size", "4K"]), &sample(40_000));
    let said = line.strip_prefix("ngram-count: ").and_then(|line| line.strip_suffix("/s)\n"));
    let (done, rate) = said.and_then(|said| said.split_once(" (")).unwrap_or_else(|| panic!("{line:?}"));
    assert!(done.ends_with("kB") && rate.ends_with("kB"), "not all of 900 kB, as the pipe is open: {line:?}");
    let line = first_line(scratch.command(PROGRAM).args(much()), b"");
    assert!(line.starts_with("ngram-count: ") && line.contains(" GB, about ") && line.contains(" left ("), "{line:?}");
}

/// Runs a command on a terminal of 100 columns, then 50, then 100 again, and waits until the bar fits the width.
const RESIZE: &str = r#"
import fcntl, os, pty, select, struct, subprocess, sys, termios, time
terminal, end = pty.openpty()

def resize(columns):
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

def wait_for(has_bytes):
    text, deadline = b"", time.time() + 20
    while not any(b" left" in line and (b" of " in line) == has_bytes for line in text.split(b"\r")[1:-1]):
        if child.poll() is not None or not select.select([terminal], [], [], max(0, deadline - time.time()))[0]:
            child.kill()
            sys.exit(f"no such bar: {text[-500:]}")
        text += os.read(terminal, 4096)

resize(100)
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=end)
wait_for(True)
resize(50)
wait_for(False)
resize(100)
wait_for(True)
child.kill()
child.wait()
print("resized")
"#;

#[test]
fn the_bar_follows_the_width_of_the_terminal() {
    if !has("python3") {
        return;
    }
    let scratch = Scratch::with([("rows.tsv", &sample(200_000)[..])]);
    let mut command = scratch.command("python3");
    Ran::of(command.env("TERM", "xterm").args(["-c", RESIZE, PROGRAM]).args(much()), None).gives("resized\n");
}

/// A counter without synchronisation loses additions when threads add at the same time.
#[test]
fn progress_ends_at_exactly_the_number_of_stored_bytes_in_all_of_many_runs() {
    let text = sample(60);
    let scratch = Scratch::with([("rows.tsv", &text[..])]);
    let stored: Vec<Vec<u8>> = COMPRESSIONS.iter().map(|(_, compress)| compress(&text)).chain([text.clone()]).collect();
    let expected = text.len() + stored.iter().map(Vec::len).sum::<usize>();
    let pool = Job::new().threads(NonZeroUsize::new(8).unwrap()).start_threads().unwrap();
    for run in 0..if are_all_cases() { 1000 } else { 200 } {
        let done = Arc::new(AtomicU64::new(0));
        let inputs = stored.iter().map(|bytes| Input::from_bytes("rows", bytes.clone()));
        let job = Job::new().format(Format::V2).input(scratch.path("rows.tsv")).inputs(inputs);
        let job = job.chunk_size(NonZeroUsize::new(run % 40 + 1).unwrap()).progress(Arc::clone(&done));
        assert_eq!(job.stored_bytes(), Some(expected as u64));
        job.run_in(&pool).unwrap();
        assert_eq!(done.load(Ordering::Relaxed), expected as u64, "run {run}");
    }
}
