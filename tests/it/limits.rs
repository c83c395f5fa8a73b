//! Limits of the system: few threads, few file descriptors. The result is right, or a message says what to do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::common::programs::{did_not_run, has, is_root};
use crate::common::{PROGRAM, Scratch, counted, gzip, sample};

/// Checks a run with `--output out`: the result or an error, and nothing else in the folder. Returns whether it failed.
fn failed(scratch: &Scratch, line: &str, expected: &[u8]) -> bool {
    scratch.write("out", "old\n");
    let names = scratch.names();
    let ran = scratch.shell(line);
    assert_eq!(scratch.names(), names, "{ran}");
    if ran.stderr().is_empty() {
        ran.gives("");
        assert!(scratch.read("out") == expected, "{ran}");
        return false;
    }
    ran.exits(2).writes("");
    assert!(ran.stderr().starts_with("ngram-count: ") && ran.stderr().lines().count() == 1, "{ran}");
    assert_eq!(scratch.read("out"), b"old\n", "{ran}");
    true
}

/// The system counts the threads of a user, so that another user than root must run the command.
#[test]
fn threads_that_the_system_does_not_start_are_an_error() {
    if !has("setpriv") || !has("prlimit") {
        return;
    }
    if !is_root() {
        did_not_run("only root runs a program as a user who has no other processes");
        return;
    }
    let rows = sample(20_000);
    let scratch = Scratch::with([("rows", &rows[..])]);
    // The user must reach the program, and write into the folder.
    fs::copy(PROGRAM, scratch.path("program")).unwrap();
    fs::set_permissions(scratch.path("."), Permissions::from_mode(0o777)).unwrap();
    scratch.write("out", "");
    fs::set_permissions(scratch.path("out"), Permissions::from_mode(0o666)).unwrap();
    let as_other = "setpriv --reuid=54321 --regid=54321 --clear-groups";
    let can_run = scratch.shell(&format!("exec {as_other} ./program --version"));
    if can_run.stdout().is_empty() {
        did_not_run("another user can't run the program here");
        return;
    }
    let expected = counted(&rows);
    let mut failures = 0;
    for limit in 1..=10 {
        for options in ["-j1", "-j4", "-j4 --progress always --chunk-size 1k 2>&1 >/dev/null | grep '^ngram-count: '"] {
            let line = format!("prlimit --nproc={limit} {as_other} ./program rows -o out {options}");
            if options.contains('|') {
                // Lines of progress come before the message.
                scratch.shell(&line).says("");
            } else {
                failures += usize::from(failed(&scratch, &line, &expected));
            }
        }
    }
    assert!(failures > 3 && failures < 18, "{failures} failures of 20");
    let one = format!("prlimit --nproc=3 {as_other} ./program rows -j4");
    scratch.shell(&one).fails("can't start 4 threads: Resource temporarily unavailable; ask for fewer with --threads");
}

#[test]
fn few_descriptors_are_an_error_or_enough() {
    let rows = sample(2000);
    let scratch = Scratch::with([("rows", &rows[..]), ("rows.gz", &gzip(&rows)), ("words", b"a\nz\n"), ("empty", b"")]);
    let counts = counted(&rows);
    let lines = counts.split_inclusive(|&byte| byte == b'\n');
    let mut asked: Vec<_> = lines.filter(|line| line.starts_with(b"a\t") || line.starts_with(b"z\t")).collect();
    asked.sort_unstable();
    let (mut failures, mut runs) = (0, 0);
    for limit in 3..=20 {
        let is_loaded = scratch.shell(&format!("ulimit -n {limit}; exec \"$0\" --version"));
        if is_loaded.stdout().is_empty() {
            continue;
        }
        for (arguments, expected) in [
            ("rows", counted(&rows)),
            ("rows.gz empty", counted(&rows)),
            ("rows rows empty -j8", counted(&rows.repeat(2))),
            ("rows --words-from words --sort word", asked.concat()),
        ] {
            let line = format!("ulimit -n {limit}; exec \"$0\" {arguments} -o out");
            failures += usize::from(failed(&scratch, &line, &expected));
            runs += 1;
        }
    }
    assert!(failures > 3 && failures < runs / 2, "{failures} failures of {runs}");
}
