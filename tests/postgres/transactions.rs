//! Results in tables while others read and write, and when something goes wrong: readers see the old rows or the new ones.

use std::process::{Child, Command, Stdio};

use crate::common::{PROGRAM, Ran};
use crate::database::Database;
use crate::server::{Server, Settings};

/// A table `counts` with one row. From the third row on, it takes a row only when the table `gate` has one.
#[track_caller]
fn with_gate(db: &Database) {
    db.sql(
        "CREATE TABLE counts (word text, count bigint); INSERT INTO counts VALUES ('old', 1); CREATE TABLE gate (open int);
         CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            LOOP EXIT WHEN NEW.count < 3 OR EXISTS (SELECT FROM gate); PERFORM pg_sleep(0.02); END LOOP; RETURN NEW; END $$;
         CREATE TRIGGER wait BEFORE INSERT ON counts FOR EACH ROW EXECUTE FUNCTION wait()",
    );
    db.scratch.write("rows.tsv", "a\t1\nb\t2\nc\t3\nd\t4\n");
    db.scratch.write("others.tsv", "x\t1\ny\t1\n");
}

/// Starts a count of this file into `counts`.
fn start(db: &Database, file: &str) -> Child {
    // The default actions of all signals: the test process may ignore some.
    let mut command = db.scratch.command("env");
    command.args(["--default-signal", PROGRAM, file, "-icounts", "--sort=word", "-o", &db.url("table=counts")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts")
}

/// Starts a count of `rows.tsv` that waits in the middle of its rows.
fn start_and_wait(db: &Database) -> Child {
    let child = start(db, "rows.tsv");
    db.wait_until(&db.has_queries("query LIKE 'COPY%' AND wait_event = 'PgSleep'"));
    child
}

const OLD: &str = "old|1";
const NEW: &str = "a|1\nb|2\nc|3\nd|4";

#[track_caller]
fn has(db: &Database, rows: &str) {
    assert_eq!(db.sql("SELECT * FROM counts ORDER BY 1"), rows);
}

#[test]
fn readers_see_the_old_rows_until_all_new_ones_are_there() {
    let Some(db) = Database::new() else { return };
    with_gate(&db);
    // One that has read the old rows goes on to see them.
    let mut early = db.psql();
    let early = early.args([
        "-c",
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM counts; SELECT pg_advisory_lock(1); SELECT * FROM counts",
    ]);
    let mut holder = db.psql();
    let holder = holder.args(["-c", "SELECT pg_advisory_lock(1); SELECT pg_sleep(600)"]).stdout(Stdio::null());
    let mut holder = holder.stderr(Stdio::null()).spawn().expect("psql");
    db.wait_until("EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted)");
    let early = early.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("psql");
    db.wait_until("EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)");

    let child = start_and_wait(&db);
    has(&db, OLD);
    db.run([&*db.url("table=counts")]).gives("old\t1\n");
    db.sql("INSERT INTO gate VALUES (1)");
    Ran::of_child(child, "count").gives("");
    has(&db, NEW);
    db.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND pid <> pg_backend_pid()");
    holder.wait().expect("psql ends");
    let early = Ran::of_child(early, "psql");
    assert!(early.exits(0).stdout().ends_with(b"old|1\n"), "{early}");
}

#[test]
fn a_reader_never_sees_a_part_of_the_rows() {
    let Some(db) = Database::new() else { return };
    let text = |word: &str, number: usize| -> String { (0..number).map(|row| format!("{word}{row}\t1\n")).collect() };
    db.scratch.write("rows.tsv", text("a", 5000));
    db.scratch.write("others.tsv", text("b", 3000));
    let url = db.url("table=counts");
    db.run(["rows.tsv", "-icounts", "-o", &url]).gives("");
    db.sql(
        "CREATE TABLE seen (number bigint, words bigint); CREATE PROCEDURE look() LANGUAGE plpgsql AS $$ BEGIN
            LOOP EXIT WHEN EXISTS (SELECT FROM pg_class WHERE relname = 'done');
            INSERT INTO seen SELECT count(*), count(DISTINCT left(word, 1)) FROM counts; COMMIT; END LOOP; END $$",
    );
    let mut reader = db.psql().args(["-c", "CALL look()"]).stdout(Stdio::null()).spawn().expect("psql");
    for _ in 0..5 {
        for file in ["others.tsv", "rows.tsv"] {
            db.run([file, "-icounts", "-o", &url]).gives("");
        }
    }
    db.sql("CREATE TABLE done ()");
    assert!(reader.wait().expect("psql ends").success());
    assert_eq!(db.sql("SELECT DISTINCT number, words FROM seen WHERE number NOT IN (3000, 5000) OR words <> 1"), "");
    assert_ne!(db.sql("SELECT count(*) FROM seen"), "0");
}

#[test]
fn two_writers_wait_for_each_other() {
    let Some(db) = Database::new() else { return };
    with_gate(&db);
    // With this isolation, DELETE would pass over the rows of the first writer.
    db.sql(format!("ALTER DATABASE {} SET default_transaction_isolation = 'repeatable read'", db.name));
    let first = start_and_wait(&db);
    let second = start(&db, "others.tsv");
    db.wait_until(&db.has_queries("wait_event_type = 'Lock'"));
    has(&db, OLD);
    db.sql("INSERT INTO gate VALUES (1)");
    Ran::of_child(first, "the first").gives("");
    Ran::of_child(second, "the second").gives("");
    has(&db, "x|1\ny|1");
}

#[test]
fn two_writers_may_make_the_table_at_once() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", "a\t1\nb\t2\nc\t3\nd\t4\n");
    db.scratch.write("others.tsv", "x\t1\ny\t1\n");
    for _ in 0..10 {
        let writers = ["rows.tsv", "others.tsv", "rows.tsv"].map(|file| start(&db, file));
        for writer in writers {
            Ran::of_child(writer, "a writer").gives("");
        }
        let rows = db.sql("SELECT * FROM counts ORDER BY 1; DROP TABLE counts");
        assert!([NEW, "x|1\ny|1"].contains(&rows.as_str()), "{rows}");
    }
}

#[test]
fn rows_that_the_server_refuses_leave_the_old_ones() {
    let Some(db) = Database::new() else { return };
    let raise = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 IF NEW.count = 2 THEN RAISE 'no space left' USING HINT = 'Buy a disk.'; END IF; RETURN NEW; END $$;
                 CREATE TRIGGER refuse BEFORE INSERT ON counts FOR EACH ROW EXECUTE FUNCTION refuse()";
    for (more, text, reason) in [
        (raise, "a\t1\nb\t2\nc\t3\n", r#"no space left; Buy a disk; the row is "b	2""#),
        (
            "ALTER TABLE counts ADD CHECK (count < 3)",
            "a\t1\nb\t2\nc\t3\n",
            r#"new row for relation "counts" violates check constraint "counts_count_check"; Failing row contains (c, 3)"#,
        ),
        (
            "ALTER TABLE counts ADD UNIQUE (count)",
            "a\t1\nb\t1\n",
            r#"duplicate key value violates unique constraint "counts_count_key"; Key (count)=(1) already exists"#,
        ),
        (
            "ALTER TABLE counts ADD UNIQUE (count) DEFERRABLE INITIALLY DEFERRED",
            "a\t1\nb\t1\n",
            r#"duplicate key value violates unique constraint "counts_count_key"; Key (count)=(1) already exists"#,
        ),
        (
            "",
            "a\t1\nb\t9223372036854775808\n",
            r#"value "9223372036854775808" is out of range for type bigint; column count: "9223372036854775808""#,
        ),
        (
            "ALTER TABLE counts ALTER word TYPE varchar(3)",
            "a\t1\nfour\t1\n",
            r#"value too long for type character varying(3); column word: "four""#,
        ),
        (
            "ALTER TABLE counts ADD PRIMARY KEY (word); CREATE TABLE refers (word text REFERENCES counts DEFERRABLE);
             INSERT INTO refers VALUES ('old'); ALTER TABLE refers ALTER CONSTRAINT refers_word_fkey NOT DEFERRABLE",
            "a\t1\n",
            r#"update or delete on table "counts" violates foreign key constraint "refers_word_fkey" on table "refers"; Key (word)=(old) is still referenced from table "refers""#,
        ),
        ("", "a\t1\nb\u{0}\t1\n", r#"can't hold the word "b\0", which has a NUL byte"#),
    ] {
        db.sql(format!(
            "DROP TABLE IF EXISTS refers, counts; CREATE TABLE counts (word text, count bigint);
             INSERT INTO counts VALUES ('old', 1); {more}"
        ));
        db.scratch.write("rows.tsv", text);
        let url = db.url_of("postgres:secret", "table=counts");
        let ran = db.run(["rows.tsv", "-icounts", "--sort=word", "-o", &url]);
        ran.fails(&format!("{}: {}", db.url("table=counts"), reason.replace('\t', "\\t")));
        has(&db, OLD);
    }
    db.scratch.write("rows.tsv", b"a\t1\nb\xFF\t1\n");
    let ran = db.run(["rows.tsv", "-icounts", "-o", &db.url("table=new")]);
    ran.fails(&format!("{}: can't hold the word \"b\\xff\", which is not UTF-8", db.url("table=new")));
    assert_eq!(db.sql("SELECT count(*) FROM pg_class WHERE relname = 'new'"), "0");
}

/// More rows than are on their way at a time: the writing ends early, not with the last row.
#[test]
fn a_large_result_that_the_server_refuses_ends() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE counts (word text CHECK (word > 'a'), count bigint); INSERT INTO counts VALUES ('old', 1)");
    db.scratch.write("rows.tsv", (0..200_000).map(|row| format!("{row}{:300}\t1\n", "")).collect::<String>());
    let ran = db.run(["rows.tsv", "-icounts", "-o", &db.url("table=counts")]);
    ran.exits(2).writes("");
    assert!(ran.stderr().contains("violates check constraint"), "{ran}");
    has(&db, OLD);
}

#[test]
fn a_signal_in_the_middle_leaves_the_old_rows() {
    let Some(db) = Database::new() else { return };
    with_gate(&db);
    for (signal, status) in [("INT", Some(130)), ("TERM", Some(143)), ("KILL", None)] {
        let child = start_and_wait(&db);
        let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let ran = Ran::of_child(child, signal);
        ran.writes("").says("");
        assert_eq!(ran.status(), status, "{ran}");
        has(&db, OLD);
        if signal == "KILL" {
            // Nobody has cancelled the query: the server ends it when it wants the next rows.
            db.sql("INSERT INTO gate VALUES (1)");
        }
        db.wait_until(&format!("NOT {}", db.is_active()));
        has(&db, OLD);
    }
}

#[test]
fn a_connection_that_ends_in_the_middle_leaves_the_old_rows() {
    let Some(db) = Database::new() else { return };
    with_gate(&db);
    for (act, reason) in [
        ("cancel", "canceling statement due to user request"),
        ("terminate", "terminating connection due to administrator command"),
    ] {
        let child = start_and_wait(&db);
        db.sql(format!(
            "SELECT pg_{act}_backend(pid) FROM pg_stat_activity WHERE application_name = 'ngram-count' \
             AND datname = current_database()"
        ));
        let ran = Ran::of_child(child, act);
        ran.fails(&format!("{}: {reason}", db.url("table=counts")));
        has(&db, OLD);
    }
}

#[test]
fn a_server_that_ends_in_the_middle_is_an_error() {
    let Some(server) = Server::start(&Settings::default()) else { return };
    let db = Database::on(&server);
    with_gate(&db);
    let child = start_and_wait(&db);
    server.crash();
    let ran = Ran::of_child(child, "count");
    ran.exits(2).writes("");
    assert!(ran.stderr().contains("connection") && ran.stderr().lines().count() == 1, "{ran}");
}
