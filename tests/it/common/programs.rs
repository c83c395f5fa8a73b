//! Programs that some tests need and some machines lack. One policy holds for all of them.
//!
//! If a program is missing, the test says so and ends. With `NGRAM_COUNT_ALL_PROGRAMS` set, as in `.ci/run`, the test
//! fails instead.

use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::{Command, Stdio};

/// Whether this machine has a program.
#[track_caller]
pub(crate) fn has(program: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-c", "command -v \"$0\"", program]).stdin(Stdio::null()).stdout(Stdio::null());
    is_here(program, shell.status().expect("sh").success())
}

/// Whether this machine has `script`, which runs a command in a new terminal. It must be that of util-linux: others
/// have other options.
#[track_caller]
pub(crate) fn has_script() -> bool {
    let version = Command::new("script").arg("--version").stdin(Stdio::null()).output();
    is_here(
        "script (of util-linux)",
        version.is_ok_and(|ran| String::from_utf8_lossy(&ran.stdout).contains("util-linux")),
    )
}

/// Says so if a program is missing.
#[track_caller]
pub(crate) fn is_here(program: &str, is_here: bool) -> bool {
    assert!(is_here || env::var_os("NGRAM_COUNT_ALL_PROGRAMS").is_none(), "{program} is not installed");
    if !is_here {
        did_not_run(&format!("this machine lacks {program}"));
    }
    is_here
}

/// Whether root runs the tests, who has all permissions.
pub(crate) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Says why a test, or a part of it, did not run: the system does not allow what it needs, and no program helps.
#[track_caller]
pub(crate) fn did_not_run(why: &str) {
    eprintln!("{}: did not run: {why}", std::panic::Location::caller());
}
