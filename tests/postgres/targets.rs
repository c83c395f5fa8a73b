//! Tables that can't take a result: an error before the count begins, and nothing is changed. The input is missing, which
//! would be an error of the count.

use std::net::TcpListener;

use crate::database::Database;

/// Checks that the table of this URL is refused before the count.
#[track_caller]
fn refuses(db: &Database, url: &str, options: &[&str], reason: &str) {
    let ran = db.run([&["missing.tsv", "-o", url], options].concat());
    ran.fails(&format!("{}: {reason}", url.replace(":secret", "")));
    assert_eq!(db.scratch.names(), [""; 0]);
}

#[test]
fn other_kinds_than_tables_are_refused() {
    let Some(db) = Database::new() else { return };
    db.sql(
        "CREATE TABLE base (word text, count bigint); CREATE VIEW w AS SELECT * FROM base;
         CREATE MATERIALIZED VIEW m AS SELECT * FROM base; CREATE SEQUENCE s; CREATE INDEX i ON base (word);
         CREATE TYPE t AS (word text, count bigint); CREATE FOREIGN DATA WRAPPER none;
         CREATE SERVER far FOREIGN DATA WRAPPER none; CREATE FOREIGN TABLE f (word text, count bigint) SERVER far",
    );
    for (name, kind) in [
        ("w", "a view"),
        ("m", "a materialised view"),
        ("s", "a sequence"),
        ("i", "an index"),
        ("t", "a composite type"),
        ("f", "a foreign table"),
    ] {
        let reason = format!("\"public.{name}\" is {kind}; a result replaces the rows of a table");
        refuses(&db, &db.url(&format!("table={name}")), &[], &reason);
    }
    let reason = "\"pg_catalog.pg_class\" is a table of the system; a result replaces the rows of a table";
    refuses(&db, &db.url("table=pg_class"), &[], reason);
}

#[test]
fn columns_that_do_not_fit_are_refused() {
    let Some(db) = Database::new() else { return };
    let name_them = "Name yours in the order of the result, as in &columns=ngram,match_count";
    for (create, options, columns, reason) in [
        ("word text", &[][..], "", format!("there is no column \"count\"; the table has word. {name_them}")),
        (
            "word text, n int",
            &[],
            "word,count",
            format!("there is no column \"count\"; the table has word, n. {name_them}"),
        ),
        ("word bytea, count int", &[], "", "expected the column \"word\" to be text, found bytea".into()),
        (
            "word text, count bool",
            &[],
            "",
            "expected the column \"count\" to be a number, such as bigint, found boolean".into(),
        ),
        (
            "word text, share int",
            &["--columns", "word,share"],
            "",
            "expected the column \"share\" to be double precision or numeric, found integer".into(),
        ),
        (
            "word text, count int, year int NOT NULL",
            &[],
            "",
            "the result has no value for the column \"year\", which is NOT NULL and has no default".into(),
        ),
        (
            "word text, n int, count int GENERATED ALWAYS AS (n + 1) STORED",
            &[],
            "",
            "the server calculates the column \"count\": it takes no values".into(),
        ),
        ("word text, count int", &[], "word,word", "its &columns= has \"word\" twice".into()),
        (
            "word text, count int",
            &[],
            "word,count,more",
            "its &columns= has 3 names, but the result has 2 columns: word,count".into(),
        ),
        (
            "word text, count int",
            &["--by", "year"],
            "word,count",
            "its &columns= has 2 names, but the result has 4 columns: word,year,count,volumes".into(),
        ),
    ] {
        db.sql(format!("DROP TABLE IF EXISTS counts; CREATE TABLE counts ({create})"));
        let list = if columns.is_empty() { String::new() } else { format!("&columns={columns}") };
        refuses(&db, &db.url(&format!("table=counts{list}")), options, &reason);
    }
    // The same holds for a table that is not there.
    refuses(&db, &db.url("table=new&columns=a,a"), &[], "its &columns= has \"a\" twice");
    let long = "x".repeat(64);
    let reason =
        format!("expected names of at most 63 bytes, found \"{long}\"... (64 bytes)").replace(&long, &long[..60]);
    refuses(&db, &db.url(&format!("table={long}")), &[], &reason);
}

#[test]
fn a_user_without_the_rights_is_refused() {
    let Some(db) = Database::new() else { return };
    let role = db.name.clone();
    db.sql(format!("CREATE ROLE {role} LOGIN; CREATE TABLE counts (word text, count bigint); CREATE SCHEMA closed"));
    let url = |table: &str| db.url_of(&format!("{role}:secret"), &format!("table={table}"));
    let needs = format!(
        "\"{role}\" may not replace its rows: that needs USAGE of its schema, and INSERT and DELETE on the table"
    );
    for grant in ["SELECT", "INSERT", "DELETE", "TRUNCATE"] {
        db.sql(format!("REVOKE ALL ON counts FROM {role}; GRANT {grant} ON counts TO {role}"));
        refuses(&db, &url("counts"), &[], &needs);
    }
    // In PostgreSQL 15, only the owner of a database makes tables in its schema public.
    for schema in ["public", "closed"] {
        let why = format!(
            "there is no such table, and \"{role}\" may not make it in the schema \"{schema}\": that needs USAGE and CREATE"
        );
        db.sql(format!("REVOKE CREATE ON SCHEMA {schema} FROM public"));
        refuses(&db, &url(&format!("{schema}.new")), &[], &why);
    }
    db.sql(format!("GRANT INSERT (word, count), DELETE ON counts TO {role}; REVOKE TRUNCATE ON counts FROM {role}"));
    db.scratch.write("rows.tsv", "a\t1999\t5\t1\n");
    db.run(["rows.tsv", "-o", &url("counts")]).gives("");
    assert_eq!(db.sql("SELECT * FROM counts"), "a|5");
    std::fs::remove_file(db.scratch.path("rows.tsv")).unwrap();
    db.sql("ALTER TABLE counts ENABLE ROW LEVEL SECURITY");
    let hidden = format!("row-level security hides some of its rows from \"{role}\", so they can't be replaced");
    refuses(&db, &url("counts"), &[], &hidden);
    db.sql(format!("ALTER ROLE {role} SET default_transaction_read_only = on"));
    refuses(&db, &url("counts"), &[], "the server takes no changes: it is a standby, or read-only for this user");
}

#[test]
fn places_that_are_not_there_are_refused() {
    let Some(db) = Database::new() else { return };
    refuses(&db, &db.url("table=none.counts"), &[], "there is no schema \"none\"");
    let nowhere = "there is no such table, and no schema to make it in: name one, as in table=SCHEMA.NAME";
    refuses(&db, &db.url("table=counts&options=-csearch_path%3D"), &[], nowhere);
    refuses(&db, &db.url_of("nobody:secret", "table=counts"), &[], "role \"nobody\" does not exist");
    refuses(&db, &db.url(""), &[], "names no table: expected ?table=NAME at its end");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let reason = format!("can't connect to 127.0.0.1:{port}: Connection refused; is a server running there?");
    refuses(&db, &format!("postgres://ann:secret@127.0.0.1:{port}/db?table=counts"), &[], &reason);
}

#[test]
fn a_table_takes_no_other_format_and_no_other_result() {
    let Some(db) = Database::new() else { return };
    let url = db.url("table=counts");
    for (options, option) in [
        (&["--format", "csv"][..], "--format"),
        (&["-f", "json"], "--format"),
        (&["-f", "jsonl", "--header"], "--format"),
        (&["--header"], "--header"),
    ] {
        let ran = db.run([&["missing.tsv", "-o", &url], options].concat());
        ran.fails(&format!("{option} can't be combined with --output to a table, which has neither"));
    }
    let data = crate::common::data("sample-v2.tsv");
    let data = data.to_str().unwrap();
    let file = format!("{url}: is a table of PostgreSQL, and not a file");
    for options in
        [&["plot", data, "-w", "a", "--svg"][..], &["bench", data, "--export-csv"], &["bench", data, "--svg"]]
    {
        db.run(options.iter().chain(&[&*url])).fails(&file);
    }
    assert_eq!(db.sql("SELECT count(*) FROM pg_class WHERE relname = 'counts'"), "0");
}
