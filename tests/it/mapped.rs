//! The laws of `properties.rs` for mapped plain files, as the command reads them.
//!
//! A process that maps files maps all of them, and the other tests read by position. Each test here therefore runs in a
//! child process of its own: this executable, started again for the one test.

use std::env;
use std::process::Command;
use std::thread;

use ngram_count::mmap;
use proptest::prelude::*;

use crate::common::rows::{Stored, any_bytes, cut, format, well_formed, with_malformed};
use crate::common::{damage, laws};

/// The variable that tells the child process to run the test, not to start another child.
const IS_CHILD: &str = "NGRAM_COUNT_TEST_MAPS_FILES";

/// Runs the property on mapped files, in a child process that runs only the current test.
fn in_a_process_that_maps_files(property: impl FnOnce()) {
    if env::var_os(IS_CHILD).is_some() {
        mmap::enable().unwrap();
        return property();
    }
    let name = thread::current().name().expect("the test runner names threads after tests").to_owned();
    let ran = Command::new(env::current_exe().unwrap()).args([&name, "--exact"]).env(IS_CHILD, "yes").output().unwrap();
    let report = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && report.contains("1 passed"), "{report}{}", String::from_utf8_lossy(&ran.stderr));
}

fn check<S: Strategy>(inputs: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    in_a_process_that_maps_files(|| {
        prop::test_runner::TestRunner::new(laws::config())
            .run(&inputs, law)
            .unwrap_or_else(|failure| panic!("{failure}"));
    });
}

#[test]
fn counts_are_the_oracles() {
    check((well_formed(), cut()), |(rows, cut)| laws::counts_as_the_oracle(&rows, &Stored::Plain, cut));
}

#[test]
fn words_have_the_oracles_counts() {
    check((well_formed(), cut()), |(rows, cut)| laws::looks_up_as_the_oracle(&rows, &Stored::Plain, cut));
}

#[test]
fn the_first_malformed_line_is_found() {
    check((with_malformed(), cut()), |(rows, cut)| laws::finds_the_first_malformed_line(&rows, &Stored::Plain, cut));
}

#[test]
fn any_bytes_are_counted_or_refused() {
    check((any_bytes(), format(), cut()), |(bytes, format, cut)| {
        laws::finds_the_first_malformed_line(&(format, bytes), &Stored::Plain, cut)
    });
}

#[test]
fn a_damaged_line_is_malformed_in_every_path() {
    check((damage::text(), cut()), |(text, cut)| damage::is_found_in_every_path(&text, &Stored::Plain, cut));
}
