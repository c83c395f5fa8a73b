//! Results in tables: what is written, and that it counts as it was counted.

use ngram_count::write::{Column, Destination, OutputFormat, OutputOptions};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use crate::common::laws::config_of_processes;
use crate::common::{data, sample};
use crate::database::{Database, rows, v2};

/// Writes the count of `rows.tsv` to a table, and checks that the table counts as the file does.
#[track_caller]
fn comes_back(db: &Database, table: &str, options: &[&str]) {
    let (url, written) = (db.url(table), db.run([&["rows.tsv"], options].concat()));
    db.run([&["rows.tsv", "-o", &url], options].concat()).gives("");
    let options: Vec<_> = options.iter().copied().filter(|option| !option.starts_with("-i")).collect();
    db.run([&[&*url], &options[..]].concat()).gives(written.stdout());
}

/// The columns of a table, with their types and whether they may be NULL.
fn columns(db: &Database, table: &str) -> String {
    db.sql(format!(
        "SELECT string_agg(attname || ' ' || format_type(atttypid, -1) || CASE WHEN attnotnull THEN '!' ELSE '' END, ', ' \
         ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0"
    ))
}

#[test]
fn a_table_that_is_not_there_is_made() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", v2(&rows(400)));
    comes_back(&db, "table=counts", &[]);
    assert_eq!(columns(&db, "counts"), "word text!, count bigint!");
    comes_back(&db, "table=years", &["--by", "year"]);
    assert_eq!(columns(&db, "years"), "word text!, year bigint!, count bigint!, volumes bigint!");
    comes_back(&db, "table=decades", &["--by", "decade", "--sort", "count"]);
}

#[test]
fn all_rows_of_a_table_are_replaced() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", v2(&rows(400)));
    comes_back(&db, "table=counts", &[]);
    db.scratch.write("rows.tsv", "new\t1999\t3\t1\n");
    comes_back(&db, "table=counts", &[]);
    assert_eq!(db.sql("SELECT * FROM counts"), "new|3");
    // An empty result is one, too.
    db.run(["rows.tsv", "-w", "none", "--min-count", "1", "-o", &db.url("table=counts")]).exits(1).says("");
    assert_eq!(db.sql("SELECT count(*) FROM counts"), "0");
}

#[test]
fn every_column_has_its_type_and_an_unknown_value_is_null() {
    let Some(db) = Database::new() else { return };
    let [rows, totals] = ["sample-v3.tsv", "total-counts.txt"].map(|name| data(name).to_str().unwrap().to_owned());
    let all = "word,count,volumes,years,first,last,peak,share,cumulative,rank,per-million,zipf,spark";
    let options = [&*rows, "-w", "Aardvark", "-w", "nowhere", "--totals", &totals, "--columns", all];
    db.run(options.iter().chain(&["-o", &*db.url("table=counts")])).gives("");
    assert_eq!(
        columns(&db, "counts"),
        "word text!, count bigint!, volumes bigint!, years bigint!, first bigint, last bigint, peak bigint, \
         share double precision, cumulative double precision, rank bigint!, per-million double precision, zipf double precision, \
         spark text"
    );
    let printed = db.run(options);
    let printed = String::from_utf8(printed.stdout().to_vec()).unwrap();
    let cells: Vec<_> = printed.lines().next().unwrap().split('\t').collect();
    let stored = db.sql("SELECT * FROM counts WHERE word = 'Aardvark'");
    let same = |(one, other): (&str, &&str)| one == *other || one.parse::<f64>().ok() == other.parse().ok();
    assert!(stored.split('|').count() == 13 && stored.split('|').zip(&cells).all(same), "{stored} {cells:?}");
    let unknown =
        "SELECT first IS NULL AND last IS NULL AND peak IS NULL FROM counts WHERE word = 'nowhere' AND count = 0";
    assert_eq!(db.sql(unknown), "t");
}

#[test]
fn names_may_be_anything() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", v2(&rows(50)));
    db.sql(r#"CREATE SCHEMA "My.Schema""#);
    comes_back(&db, "table=%22My.Schema%22.%22a%20%22%22b%22%22;--%22&columns=%22my,word%22,%22%26%C3%A9%22", &[]);
    assert_eq!(columns(&db, r#""My.Schema"."a ""b"";--""#), "my,word text!, &é bigint!");
    comes_back(&db, "table=Counts&columns=ngram,match_count", &[]);
    assert_eq!(columns(&db, r#""Counts""#), "ngram text!, match_count bigint!");
    assert_eq!(db.sql("SELECT count(*) FROM pg_class WHERE relname = 'counts'"), "0");
}

/// The server converts the values.
#[test]
fn a_table_may_have_other_types_and_more_columns() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", v2(&rows(200)));
    for create in [
        "CREATE TABLE counts (count numeric, word varchar(100) PRIMARY KEY)",
        "CREATE TABLE counts (id bigint GENERATED ALWAYS AS IDENTITY, count int, word text, made timestamptz DEFAULT now())",
        "CREATE TABLE counts (word name, count int, double bigint GENERATED ALWAYS AS (count * 2) STORED, note text)",
        "CREATE TABLE counts (word text, count int8) PARTITION BY HASH (word);
         CREATE TABLE one PARTITION OF counts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE two PARTITION OF counts FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE UNLOGGED TABLE counts (word text COLLATE \"C\", count bigint); CREATE INDEX ON counts (word)",
    ] {
        db.sql(format!("DROP TABLE IF EXISTS counts; {create}; INSERT INTO counts (word, count) VALUES ('old', 1)"));
        comes_back(&db, "table=counts", &[]);
    }
    db.sql("CREATE TABLE wide (word text, share numeric(9, 3), rank text)");
    db.run(["rows.tsv", "--columns", "word,share,rank", "-n", "1", "-o", &db.url("table=wide")]).gives("");
    assert_eq!(db.sql("SELECT share < 1 AND rank = '1' FROM wide"), "t");
}

#[test]
fn a_table_may_be_the_input_too() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE counts (word text, count bigint); INSERT INTO counts VALUES ('b', 2), ('a', 1), ('b', 3)");
    let url = db.url("table=counts");
    for _ in 0..2 {
        db.run([&*url, "-o", &url]).gives("");
        assert_eq!(db.sql("SELECT * FROM counts ORDER BY 1"), "a|1\nb|5");
    }
}

/// Pieces of 256 KiB cut words, and a COPY takes 32 MiB.
#[test]
fn long_words_and_large_results_arrive_whole() {
    let Some(db) = Database::new() else { return };
    let word = |number: usize| format!("{number}{}", "x\\y\r".repeat(180_000));
    let text: String = (0..50).map(|number| word(number) + "\t1\n").collect();
    db.scratch.write("rows.tsv", text);
    comes_back(&db, "table=counts", &["-icounts"]);
    assert_eq!(db.sql("SELECT count(*), sum(length(word)) FROM counts"), format!("50|{}", 50 * 720_000 + 90));
}

#[test]
fn nothing_is_said_beside_the_statistics() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", sample(100));
    let ran = db.run(["rows.tsv", "--stats", "json", "-o", &db.url_of("postgres:secret", "table=counts")]);
    ran.exits(0).writes("");
    assert!(ran.stderr().starts_with('{') && !ran.stderr().contains("secret"), "{ran}");
}

/// A text that looks compressed, or has a byte-order mark, begins with a blank line in a file, but not in a table.
fn word() -> impl Strategy<Value = String> {
    let few = [
        "",
        "a",
        "\\",
        "\\N",
        "\\.",
        "\\t",
        "a\\",
        "a\r",
        "\r",
        "\"",
        "'",
        "007",
        "1",
        " ",
        "\u{FEFF}",
        "\u{FEFF}a",
        "PK\u{3}\u{4}",
        "BZh9",
        "é\u{301}",
        "日本",
        "\u{10FFFF}",
        "\u{1}",
        "\u{7f}",
        "a,b",
        "{a}",
        "NULL",
    ];
    prop_oneof![3 => select(few.to_vec()).prop_map(str::to_owned), 1 => r"[^\x00\t\n]{0,12}", 1 => r"[\\N.\rt]{0,4}"]
}

#[test]
fn what_is_written_counts_as_it_was_counted() {
    let Some(db) = Database::new() else { return };
    let row = (word(), 1800_u16..1805, 0_u64..1 << 40, 0_u64..9);
    let mut runner = TestRunner::new(config_of_processes());
    let outcome = runner.run(&prop::collection::vec(row, 0..40), |rows| {
        let lines = rows.iter().map(|(word, _, count, _)| format!("{word}\t{count}\n"));
        let counts = lines.fold("first\t1\n".to_owned(), |text, line| text + &line);
        let lines = rows.iter().map(|(word, year, count, volumes)| format!("{word}\t{year}\t{count}\t{volumes}\n"));
        let years = lines.fold("first\t1800\t1\t1\n".to_owned(), |text, line| text + &line);
        db.scratch.write("rows.tsv", counts);
        comes_back(&db, "table=counts", &["-icounts"]);
        db.scratch.write("rows.tsv", years);
        comes_back(&db, "table=years", &["-iv2", "--by=year"]);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn two_results_for_one_table_clash() {
    let Some(db) = Database::new() else { return };
    let mut options = OutputOptions::new(OutputFormat::Tsv);
    options.columns = vec![Column::Word, Column::Count];
    let open = |table: &str| Destination::from_name(db.url(table), &options).expect("it can be written");
    let [one, same, other] = ["table=counts", "table=public.counts", "table=others"].map(open);
    let file = Destination::file(&db.scratch.path("out.tsv")).unwrap();
    assert!(Destination::check_all_differ([&one, &other, &file]).is_ok());
    let clash = Destination::check_all_differ([&one, &file, &same]).unwrap_err().to_string();
    assert!(clash.contains("table=public.counts") && clash.contains("leads there, too"), "{clash}");
    assert!(one.is_replaced() && !one.is_stdout());
    // Nothing was committed.
    drop([one, same, other]);
    assert_eq!(db.sql("SELECT count(*) FROM pg_class WHERE relname IN ('counts', 'others')"), "0");
}
