//! Rows that others commit meanwhile: a count reads one state of the table.

use std::io::Write;
use std::process::Stdio;

use crate::common::are_all_cases;
use crate::database::Database;

/// Moves rows about without an end. Each committed state has the same total: what one row loses, another gains.
const WRITER: &str = "
CREATE PROCEDURE write() LANGUAGE plpgsql AS $$
BEGIN
    LOOP
        EXIT WHEN EXISTS (SELECT FROM done);
        DELETE FROM ngrams WHERE ngram = 'a' AND ctid IN (SELECT ctid FROM ngrams WHERE ngram = 'a' LIMIT 20);
        INSERT INTO ngrams SELECT CASE WHEN n % 2 = 0 THEN 'a' ELSE 'b' END, 1, '' FROM generate_series(1, 20) n;
        UPDATE ngrams SET ngram = 'a' WHERE ctid IN (SELECT ctid FROM ngrams WHERE ngram = 'b' LIMIT 30);
        COMMIT;
    END LOOP;
END $$;";

#[test]
fn rows_committed_meanwhile_change_no_sum() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE done (); CREATE TABLE ngrams (ngram text, count int, padding text); CREATE INDEX ON ngrams (ngram)");
    db.sql("INSERT INTO ngrams SELECT 'a', 1, repeat('x', 1500) FROM generate_series(1, 2000)");
    db.sql(WRITER);
    let mut writer = db.psql().stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("psql");
    writer.stdin.take().expect("a pipe").write_all(b"CALL write()").expect("psql reads");
    let url = db.url("table=ngrams");
    let ways: [&[&str]; 3] = [&["--connections", "3"], &["--connections", "1"], &["--word", "a", "--word", "b"]];
    for run in 0..if are_all_cases() { 60 } else { 12 } {
        let ran = db.run([&[&*url, "--event-loops", "2"], ways[run % ways.len()]].concat());
        let text = String::from_utf8_lossy(ran.exits(0).stdout()).into_owned();
        let counts = text.lines().map(|line| line.split('\t').nth(1).and_then(|count| count.parse::<u64>().ok()));
        assert_eq!(counts.sum::<Option<u64>>(), Some(2000), "{ran}");
    }
    let moved = db.sql("SELECT count(*) FROM ngrams WHERE padding = ''");
    assert_ne!(moved, "0", "the writer has written meanwhile");
    db.sql("ALTER TABLE done ADD x int; INSERT INTO done VALUES (1)");
    assert!(writer.wait().expect("psql ends").success());
}
