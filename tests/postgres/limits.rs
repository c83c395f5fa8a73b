//! Servers that take few connections: the run goes on with those, and says so.

use crate::database::Database;
use crate::server::{Server, Settings};

/// Checks the result of `rows.tsv`, and the note that at most `limit` connections read the table.
#[track_caller]
fn uses_at_most(db: &Database, url: &str, limit: usize) {
    let expected = db.run(["rows.tsv"]);
    let ran = db.run([url, "--event-loops", "2", "--connections", "3"]);
    ran.exits(0).writes(expected.stdout());
    let said = ran.stderr();
    let note = said.strip_prefix(&format!("ngram-count: {url}: ")).unwrap_or_else(|| panic!("no note\n{ran}"));
    let used = note.strip_suffix(" of 6 connections read it: the server takes no more\n");
    // The server may take a moment to notice that an earlier connection has ended.
    let used: usize = used.and_then(|used| used.parse().ok()).unwrap_or_else(|| panic!("another note\n{ran}"));
    assert!((1..=limit).contains(&used), "{ran}");
}

#[test]
fn a_role_with_few_connections_reads_with_those() {
    for limit in [1, 3] {
        let Some(db) = Database::new() else { return };
        db.with_pages();
        let role = db.slow_role(0.005, Some(limit));
        for _ in 0..5 {
            uses_at_most(&db, &db.url_of(&role, "table=ngrams"), limit);
        }
    }
}

#[test]
fn a_database_with_few_connections_is_read_with_those() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.005, Some(100));
    db.sql(format!("ALTER DATABASE {} CONNECTION LIMIT 3", db.name));
    uses_at_most(&db, &db.url_of(&role, "table=ngrams"), 3);
}

#[test]
fn a_server_with_few_connections_is_read_with_those() {
    let Some(server) = Server::start(&Settings { max_connections: Some(6), ..Settings::default() }) else { return };
    let db = Database::on(&server);
    db.with_pages();
    // Three more are reserved for superusers.
    let role = db.slow_role(0.005, Some(100));
    uses_at_most(&db, &db.url_of(&role, "table=ngrams"), 3);
}

#[test]
fn a_server_that_takes_no_connection_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.005, Some(0));
    let url = db.url_of(&role, "table=ngrams");
    db.run([&url]).fails(&format!("{url}: too many connections for role \"{role}\""));
}

/// As behind some poolers: without a snapshot for all connections, one reads alone.
#[test]
fn a_server_that_shares_no_snapshot_is_read_by_one_connection() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let role = db.slow_role(0.005, Some(100));
    db.sql("REVOKE EXECUTE ON FUNCTION pg_export_snapshot() FROM PUBLIC");
    let url = db.url_of(&role, "table=ngrams");
    let expected = db.run(["rows.tsv"]);
    db.run([&*url, "--event-loops", "2", "--connections", "3"]).exits(0).writes(expected.stdout()).says(&format!(
        "ngram-count: {url}: 1 of 6 connections read it: the server lets no two connections read the same state\n"
    ));
    // One was asked for, and one is enough for a view.
    db.run([&*url, "--event-loops", "1", "--connections", "1"]).gives(expected.stdout());
    db.sql(format!("CREATE VIEW seen AS SELECT * FROM ngrams; GRANT SELECT ON seen TO {role}"));
    db.run([&*db.url_of(&role, "table=seen"), "--event-loops", "2"]).gives(expected.stdout());
}
