//! Statistics and progress of tables.

use std::process::Stdio;

use serde_json::Value;

use crate::common::Ran;
use crate::database::{Database, rows};

/// The statistics of a run.
#[track_caller]
fn stats(ran: &Ran) -> Value {
    ran.exits(0);
    serde_json::from_str(&ran.stderr()).unwrap_or_else(|error| panic!("{error}\n{ran}"))
}

#[test]
fn the_statistics_name_the_table_and_its_rows() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    db.sql("CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1)");
    for (table, options, format, number) in [
        ("ngrams", &["--by", "year"][..], "v2", 400),
        ("ngrams", &[], "counts", 400),
        ("ngrams", &["--connections", "3"], "counts", 400),
        ("words", &[], "counts", 1),
    ] {
        let url = db.url(&format!("table={table}"));
        let secret = url.replace("postgres@", "postgres:secret@");
        let ran = db.run([&[&*secret, "--stats", "json"], options].concat());
        let stats = stats(&ran);
        assert!(!ran.stderr().contains("secret"), "{ran}");
        assert_eq!(stats["rows"], number, "{ran}");
        assert_eq!(stats["inputs"][0]["name"], url, "{ran}");
        assert_eq!(stats["inputs"][0]["format"], format, "{ran}");
        let ran = db.run([&[&*secret, "--stats", "human"], options].concat());
        assert!(ran.stderr().contains(&url) && !ran.stderr().contains("secret"), "{ran}");
    }
}

/// Lines of progress of a slow table: they begin below the end, and never pass it.
#[test]
fn progress_never_passes_the_end() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.02, None);
    let mut command = db.command([&*db.url_of(&role, "table=ngrams"), "--progress", "always"]);
    command.args(["--event-loops", "1", "--connections", "2"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    // It grows meanwhile.
    db.wait_until(&db.is_active());
    db.copy("ngrams", &rows(200));
    let ran = Ran::of_child(child, "--progress always");
    ran.exits(0);
    let total = "819.20 kB";
    assert_eq!(db.sql("SELECT pg_relation_size('ngrams')"), "1228800", "a half more than at the start");
    let said = ran.stderr();
    let done = said.lines().map(|line| {
        let done = line
            .strip_prefix("ngram-count: ")
            .and_then(|line| line.split_once(" of ")?.1.starts_with(total).then_some(line));
        let done = done.and_then(|line| line.split_once(" of ")).map(|(done, _)| done);
        match done.and_then(|done| done.split_once(' ')) {
            Some(("0", "B")) => 0.0,
            Some((number, "kB")) => number.parse().expect("a number"),
            _ => panic!("{line:?}"),
        }
    });
    let done: Vec<f64> = done.collect();
    assert!(!done.is_empty() && done.is_sorted() && done.iter().all(|done| *done <= 819.20), "{ran}");
}
