//! What is shown of a table, and in a table: shares of all rows, orders and conditions by columns.

use crate::database::{COLUMNS, Database, rows, v2};

#[test]
fn a_share_is_that_of_all_rows_whatever_the_index_finds() {
    let Some(db) = Database::new() else { return };
    let rows = rows(3000);
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}); CREATE INDEX ON ngrams (ngram)"), &rows);
    let word = &*rows[0].ngram;
    db.agrees("table=ngrams", &["-w", word, "--columns", "word,share,per-million,zipf", "-q"]);
    db.agrees("table=ngrams", &["-w", word, "--columns", "word,share", "--share-of", "selection"]);
    db.agrees("table=ngrams", &["--where", "volumes>=2", "--where", "first>1", "--sort", "last", "--reverse"]);
    db.agrees("table=ngrams", &["--coverage", "50%", "--columns", "word,cumulative"]);
    db.agrees("table=ngrams", &["--by", "decade", "--wide", "--format", "table"]);
}

#[test]
fn a_table_takes_any_order_and_selection() {
    let Some(db) = Database::new() else { return };
    db.scratch.write("rows.tsv", v2(&rows(300)));
    let options =
        ["rows.tsv", "--sort", "volumes", "--where", "years>=1", "--coverage", "90%", "--columns", "word,count"];
    let printed = db.run(options);
    db.run(options.iter().chain(&["-o", &*db.url("table=counts")])).gives("");
    let stored = db.sql("SELECT word, count FROM counts ORDER BY ctid").replace('|', "\t") + "\n";
    assert_eq!(stored, String::from_utf8_lossy(printed.exits(0).stdout()));
    let why = "--wide can't be combined with --output to a table, whose columns must be known before the count";
    db.run(["rows.tsv", "--by", "year", "--wide", "-o", &db.url("table=counts")]).fails(why);
}
