//! Servers that are slow, cancel a query, or end in the middle: an error in one line and no result, or the right result.

use std::process::Stdio;

use crate::common::{Ran, are_all_cases};
use crate::database::{Database, rows, v2};
use crate::server::{Server, Settings};

/// Starts to count a slow table through several connections, runs SQL when they work, and returns the result. The old
/// output file must stay.
fn interrupted(db: &Database, url: &str, act: impl FnOnce()) -> Ran {
    db.scratch.write("out.tsv", "old\n");
    let mut command = db.command([url, "-o", "out.tsv", "--event-loops", "2", "--connections", "2"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    db.wait_until(&db.has_queries("query LIKE 'COPY%' AND state = 'active'"));
    act();
    let ran = Ran::of_child(child, url);
    assert_eq!(db.scratch.read("out.tsv"), b"old\n", "{ran}");
    assert_eq!(ran.stderr().lines().count(), 1, "{ran}");
    ran
}

const KILL: &str = "FROM pg_stat_activity WHERE application_name = 'ngram-count' AND datname = current_database()";

#[test]
fn a_connection_that_is_ended_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.3, None);
    let url = db.url_of(&role, "table=ngrams");
    for limit in ["", " LIMIT 1"] {
        let ran = interrupted(&db, &url, || {
            db.sql(format!("SELECT pg_terminate_backend(pid) {KILL}{limit}"));
        });
        ran.fails(&format!("{url}: terminating connection due to administrator command"));
        db.wait_until(&format!("NOT {}", db.is_active()));
    }
}

#[test]
fn a_statement_that_is_cancelled_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.3, None);
    let url = db.url_of(&role, "table=ngrams");
    let ran = interrupted(&db, &url, || {
        db.sql(format!("SELECT pg_cancel_backend(pid) {KILL} AND state = 'active' LIMIT 1"));
    });
    ran.fails(&format!("{url}: canceling statement due to user request"));
    // The other connections' queries end, too.
    db.wait_until(&format!("NOT {}", db.is_active()));
}

/// Whenever a connection ends: the result is whole, or there is none.
#[test]
fn a_run_whose_connections_are_ended_at_any_time_has_the_right_result_or_none() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let expected = db.run(["rows.tsv"]);
    db.sql(
        "CREATE PROCEDURE hunt() LANGUAGE plpgsql AS $$ BEGIN
            LOOP PERFORM pg_sleep(random() * 0.03); EXIT WHEN EXISTS (SELECT FROM pg_class WHERE relname = 'done');
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ngram-count'
            AND datname = current_database() LIMIT 1; COMMIT; END LOOP; END $$",
    );
    let mut hunter = db.psql().args(["-c", "CALL hunt()"]).stdout(Stdio::null()).spawn().expect("psql");
    for _ in 0..if are_all_cases() { 100 } else { 20 } {
        let ran = db.count("table=ngrams", &["--event-loops", "2", "--connections", "2"]);
        match ran.status() {
            // Perhaps with a note: the others read on if one connection ends before it has begun.
            Some(0) => ran.writes(expected.stdout()),
            _ => ran.exits(2).writes(""),
        };
        assert!(ran.stderr().lines().count() <= 1, "{ran}");
    }
    db.sql("CREATE TABLE done ()");
    assert!(hunter.wait().expect("psql ends").success());
}

#[test]
fn a_server_that_ends_in_the_middle_is_an_error() {
    let Some(server) = Server::start(&Settings::default()) else { return };
    let db = Database::on(&server);
    db.with_pages();
    let role = db.slow_role(0.3, None);
    let url = db.url_of(&role, "table=ngrams");
    let ran = interrupted(&db, &url, || server.crash());
    ran.exits(2).writes("");
    let said = ran.stderr();
    let reason = said.strip_prefix(&format!("ngram-count: {url}: ")).unwrap_or_else(|| panic!("{ran}"));
    assert!(reason.contains("connection"), "{ran}");
}

#[test]
fn a_timeout_of_the_server_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.1, None);
    db.sql(format!("ALTER ROLE {role} SET statement_timeout = '200ms'"));
    let url = db.url_of(&role, "table=ngrams");
    db.run([&*url, "--connections", "3"]).fails(&format!("{url}: canceling statement due to statement timeout"));
    db.sql(format!("ALTER ROLE {role} RESET statement_timeout; ALTER ROLE {role} SET lock_timeout = '200ms'"));
    let mut locker = db.psql();
    let locker = locker.args(["-c", "BEGIN; LOCK TABLE ngrams; SELECT pg_sleep(60)"]).stdout(Stdio::null());
    let mut locker = locker.stderr(Stdio::null()).spawn().expect("psql");
    db.wait_until("EXISTS (SELECT FROM pg_locks WHERE relation = 'ngrams'::regclass AND mode = 'AccessExclusiveLock')");
    db.run([&url]).fails(&format!("{url}: canceling statement due to lock timeout"));
    db.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%' AND datname = current_database()");
    locker.wait().expect("psql ends");
}

/// The connections wait for each other now and then, but none holds its transaction idle for long.
#[test]
fn a_server_that_ends_idle_transactions_gives_the_right_result() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.005, None);
    for timeout in ["idle_in_transaction_session_timeout", "idle_session_timeout"] {
        db.sql(format!("ALTER ROLE {role} SET {timeout} = '100ms'"));
        for options in [&[][..], &["--chunk-size", "64", "-j", "1"], &["--word", "a"]] {
            db.agrees_by(&db.url_of(&role, "table=ngrams"), options);
        }
    }
}

#[test]
fn a_view_that_is_slow_to_start_gives_the_right_result() {
    let Some(db) = Database::new() else { return };
    let rows = rows(50);
    db.with_pages();
    db.sql("CREATE VIEW late AS SELECT n.* FROM ngrams n, (SELECT pg_sleep(1.5)) AS wait WHERE ctid < '(10,0)'");
    let seen: usize = db.sql("SELECT count(*) FROM ngrams WHERE ctid < '(10,0)'").parse().expect("a number");
    db.scratch.write("rows.tsv", v2(&rows[..seen]));
    db.agrees("table=late", &["--by", "year"]);
}
