//! `--memory` and `--temp-dir`: what they accept, and the errors of folders.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use ngram_count::{Error, Job};
use serde_json::Value;

use crate::common::{Scratch, counted, sample};

const COMMANDS: [&str; 3] = ["", "plot --data -w a", "bench -r 2 -j 1 --chunk-sizes 64KiB"];

/// A folder with some rows, and the arguments that count them by each command.
fn commands() -> (Scratch, Vec<Vec<&'static str>>) {
    let scratch = Scratch::with([("rows.tsv", &sample(500)[..])]);
    let commands = COMMANDS.map(|command| command.split_whitespace().chain(["rows.tsv"]).collect());
    (scratch, commands.into())
}

#[test]
fn the_result_is_the_same_with_any_bound() {
    let (scratch, commands) = commands();
    let expected = counted(&sample(500));
    for bound in ["16MiB", "100MB", "4g", "2T", "none"] {
        scratch.run(["rows.tsv", "--memory", bound]).gives(&expected);
        scratch.run(["rows.tsv", "--memory", bound, "--temp-dir", "."]).gives(&expected);
    }
    for command in commands {
        scratch.run(command.iter().chain(&["--memory=32MiB", "--temp-dir=.", "-q"])).exits(0).says("");
    }
    assert_eq!(scratch.names(), ["rows.tsv"]);
}

#[test]
fn a_bound_that_is_none_is_told() {
    let (scratch, commands) = commands();
    for command in commands {
        for bound in ["16MB", "0", "1", "50%", "all", "-3"] {
            let ran = scratch.run(command.iter().chain(&[&*format!("--memory={bound}")]));
            let said = ran.exits(2).writes("").stderr();
            let expected = format!("invalid value '{bound}' for '--memory <SIZE>': expected ");
            assert!(said.contains(&expected) && said.contains("at least 16MiB"), "{ran}");
        }
    }
}

#[test]
fn a_folder_that_takes_no_files_is_an_error_before_the_work() {
    let (scratch, commands) = commands();
    let hint = ": choose another with --temp-dir, or allow more memory with --memory";
    for (folder, reason) in [("missing", "No such file or directory"), ("rows.tsv", "Not a directory")] {
        scratch.write("out.tsv", "old\n");
        for command in &commands {
            let ran = scratch.run(command.iter().chain(&["--temp-dir", folder]));
            ran.fails(&format!("the temporary folder {folder}: {reason}{hint}"));
        }
        let ran = scratch.run(["rows.tsv", "-o", "out.tsv", "--temp-dir", folder]);
        ran.fails(&format!("the temporary folder {folder}: {reason}{hint}"));
        assert_eq!(scratch.read("out.tsv"), b"old\n");
    }
    // The file may be missing in `/proc`, which holds no files of users, or forbidden: both are errors.
    let ran = scratch.run(["rows.tsv", "--temp-dir", "/proc"]);
    assert!(ran.exits(2).writes("").stderr().starts_with("ngram-count: the temporary folder /proc: "), "{ran}");
    assert_eq!(scratch.names(), ["out.tsv", "rows.tsv"]);
}

#[test]
fn a_folder_without_permission_is_an_error_unless_the_user_is_root() {
    let scratch = Scratch::with([("rows.tsv", &sample(500)[..])]);
    fs::create_dir(scratch.path("closed")).unwrap();
    fs::set_permissions(scratch.path("closed"), fs::Permissions::from_mode(0o500)).unwrap();
    let ran = scratch.run(["rows.tsv", "--temp-dir", "closed"]);
    if fs::write(scratch.path("closed/file"), "").is_ok() {
        ran.exits(0);
    } else {
        ran.exits(2).writes("");
        assert!(ran.stderr().contains("the temporary folder closed: Permission denied: choose another"), "{ran}");
    }
}

#[test]
fn statistics_for_programs_have_what_was_spilled() {
    let (scratch, _) = commands();
    let ran = scratch.run(["rows.tsv", "--memory", "64MiB", "--stats", "json"]);
    let stats: Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
    assert_eq!(stats["spilled_bytes"], 0);
    assert!(stats.get("memory_limit").is_some(), "{ran}");
    let ran = scratch.run(["rows.tsv", "--memory", "64MiB", "--stats", "human"]);
    assert!(!ran.exits(0).stderr().contains("spilled"), "{ran}");
}

/// The text gives the reader what other errors give: a name that no terminal obeys.
#[test]
fn the_library_has_the_error_of_the_folder() {
    let scratch = Scratch::with([("rows.tsv", &sample(500)[..])]);
    let job = Job::new().input(scratch.path("rows.tsv")).memory(1 << 20);
    let folder = scratch.path("x\x1b[31m");
    let error = job.clone().temp_dir(&folder).run().unwrap_err();
    assert!(!error.to_string().contains('\x1b') && error.to_string().ends_with(": No such file or directory"));
    assert!(matches!(error, Error::TempFile { folder: named, written: 0, .. } if named == folder));
    let outcome = job.temp_dir(scratch.path(".")).run().unwrap();
    assert!(!outcome.counts.is_empty() && outcome.errors.is_empty());
}
