//! Signals: the server's queries end with the command.

use std::process::{Child, Command, Stdio};

use crate::common::{PROGRAM, Ran};
use crate::database::Database;

/// Starts the command with the default actions of all signals: the test process may ignore some.
fn start(db: &Database, arguments: &[&str]) -> Child {
    let mut command = db.scratch.command("env");
    command.args(["--default-signal", PROGRAM]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the command starts")
}

/// Sends a signal, and waits for the end.
fn end(child: Child, signal: &str) -> Ran {
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill").success());
    Ran::of_child(child, signal)
}

#[test]
fn a_signal_cancels_the_queries_on_the_server() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(600.0, None);
    db.sql("CREATE VIEW late AS SELECT n.* FROM ngrams n, pg_sleep(600) s");
    let [several, one] = [db.url_of(&role, "table=ngrams"), db.url("table=late")];
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        for (url, queries) in [(&several, 4), (&one, 1)] {
            db.scratch.write("out.tsv", "old\n");
            let child = start(&db, &[url, "-o", "out.tsv", "--event-loops", "2", "--connections", "2"]);
            let active = format!(
                "(SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ngram-count' AND state = 'active' \
                 AND query LIKE 'COPY%' AND datname = '{}')",
                db.name
            );
            db.wait_until(&format!("{active} = {queries}"));
            end(child, signal).exits(status).writes("").says("");
            db.wait_until(&format!("NOT {}", db.is_active()));
            assert_eq!((db.scratch.read("out.tsv"), db.scratch.names().len()), (b"old\n".to_vec(), 2));
        }
    }
}

/// A signal while the table is only looked up, which waits for a lock.
#[test]
fn a_signal_ends_a_run_that_waits_for_a_lock() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let mut locker = db.psql();
    let locker = locker.args(["-c", "BEGIN; LOCK TABLE ngrams; SELECT pg_sleep(600)"]).stdout(Stdio::null());
    let mut locker = locker.stderr(Stdio::null()).spawn().expect("psql");
    db.wait_until("EXISTS (SELECT FROM pg_locks WHERE relation = 'ngrams'::regclass AND mode = 'AccessExclusiveLock')");
    let child = start(&db, &[&db.url("table=ngrams")]);
    db.wait_until(&db.is_active());
    end(child, "TERM").exits(143).writes("").says("");
    db.wait_until(&format!("NOT {}", db.is_active()));
    db.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK TABLE%' AND datname = current_database()");
    locker.wait().expect("psql ends");
}
