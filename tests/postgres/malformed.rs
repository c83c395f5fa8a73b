//! Values that are no counts: an error that tells the row, and no result; or they are left out and counted.

use crate::database::{COLUMNS, Database, WIDE};

/// A table of texts and numbers for each bad row, with good rows around it.
fn with_row(db: &Database, row: &str) {
    db.sql(format!(
        "DROP TABLE IF EXISTS ngrams; CREATE TABLE ngrams (ngram text, year numeric, match_count numeric, volume_count numeric);
         INSERT INTO ngrams VALUES ('good', 1999, 1, 1), ({row}), ('good', 2000, 2, 1)"
    ));
}

const BAD: [(&str, &str); 14] = [
    ("NULL, 1999, 1, 1", "expected ngram to have a value, found NULL"),
    ("'bad', 1999, NULL, 1", "in a row of \"bad\": expected match_count to have a value, found NULL"),
    ("'bad', NULL, 1, 1", "in a row of \"bad\": expected year to have a value, found NULL"),
    ("'bad', 1999, 1, NULL", "in a row of \"bad\": expected volume_count to have a value, found NULL"),
    ("'bad', 1999, -1, 1", "in a row of \"bad\": expected match_count to be a whole number, found \"-1\""),
    ("'bad', 1999, 1, -1", "in a row of \"bad\": expected volume_count to be a whole number, found \"-1\""),
    ("'bad', -44, 1, 1", "in a row of \"bad\": expected year to be a whole number, found \"-44\""),
    ("'bad', 1999, 1.5, 1", "in a row of \"bad\": expected match_count to be a whole number, found \"1.5\""),
    ("'bad', 1999, 2.0, 1", "in a row of \"bad\": expected match_count to be a whole number, found \"2.0\""),
    ("'bad', 1999, 'NaN', 1", "in a row of \"bad\": expected match_count to be a whole number, found \"NaN\""),
    (
        "'bad', 1999, 'Infinity', 1",
        "in a row of \"bad\": expected match_count to be a whole number, found \"Infinity\"",
    ),
    (
        "'bad', 1999, 18446744073709551616, 1",
        "in a row of \"bad\": expected match_count to be at most 18446744073709551615 (2^64-1), found \
         \"18446744073709551616\"",
    ),
    ("E'a\\tb', 1999, 1, 1", "an ngram can't hold a TAB or a line end, found \"a\\\\tb\""),
    ("E'a\\nb', 1999, 1, 1", "an ngram can't hold a TAB or a line end, found \"a\\\\nb\""),
];

#[test]
fn a_row_that_is_no_count_is_an_error() {
    let Some(db) = Database::new() else { return };
    for (row, reason) in BAD {
        with_row(&db, row);
        db.scratch.write("out.tsv", "old\n");
        let url = db.url("table=ngrams");
        for options in [&["--by", "year"][..], &["--by", "year", "-o", "out.tsv", "--connections", "1"]] {
            db.run([&[&*url], options].concat()).fails(&format!("{url}: {reason}"));
        }
        assert_eq!(db.scratch.read("out.tsv"), b"old\n");
        // Words are looked up by another statement.
        db.sql("CREATE INDEX ON ngrams (ngram)");
        let table = "table=ngrams&options=-cenable_seqscan%3Doff";
        let ran = db.count(table, &["--word", "bad", "--by", "year"]);
        if row.starts_with("'bad'") {
            ran.fails(&format!("{}: {reason}", db.url(table)));
        } else {
            ran.exits(1);
        }
    }
}

#[test]
fn malformed_rows_may_be_left_out_and_are_counted() {
    let Some(db) = Database::new() else { return };
    for (row, reason) in BAD {
        with_row(&db, row);
        let url = db.url("table=ngrams");
        let ran = db.run([&*url, "--by", "year", "--skip-malformed"]);
        ran.exits(0).writes("good\t1999\t1\t1\ngood\t2000\t2\t1\n");
        assert!(ran.stderr().contains(&format!("the first is of {url}: ")) && ran.stderr().contains(reason), "{ran}");
        assert!(ran.stderr().contains("1 malformed"), "{ran}");
    }
}

/// Only the columns that are needed are read, so that others may hold anything.
#[test]
fn columns_that_are_not_needed_may_hold_anything() {
    let Some(db) = Database::new() else { return };
    for row in ["'bad', NULL, 7, 1", "'bad', -44, 7, 1", "'bad', 1999, 7, NULL", "'bad', 1999, 7, -1"] {
        with_row(&db, row);
        db.count("table=ngrams", &[]).gives("bad\t7\ngood\t3\n");
    }
}

#[test]
fn many_malformed_rows_are_all_left_out() {
    let Some(db) = Database::new() else { return };
    db.sql(format!(
        "CREATE TABLE ngrams ({COLUMNS}, {WIDE}); INSERT INTO ngrams SELECT CASE WHEN n % 5 = 0 THEN NULL WHEN n % 7 = 0
         THEN E'a\\nb' ELSE 'a' END, 1999, CASE WHEN n % 3 = 0 THEN -n ELSE 1 END, 1 FROM generate_series(1, 1000) n"
    ));
    let good = db.sql("SELECT sum(match_count) FROM ngrams WHERE ngram = 'a' AND match_count > 0");
    let bad = db.sql("SELECT count(*) FROM ngrams WHERE (ngram = 'a' AND match_count > 0) IS NOT TRUE");
    for options in [&[][..], &["-j", "1"], &["--chunk-size", "64", "--connections", "3"]] {
        let ran = db.count("table=ngrams", &[&["--skip-malformed"], options].concat());
        ran.exits(0).writes(format!("a\t{good}\n"));
        assert!(ran.stderr().contains(&format!("{bad} malformed")), "{bad} are malformed\n{ran}");
    }
    db.count("table=ngrams", &[]).exits(2).writes("");
}

#[test]
fn the_largest_numbers_are_exact_and_larger_sums_are_an_error() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE large (ngram text, count numeric); INSERT INTO large VALUES ('a', 18446744073709551614), ('a', 1), \
            ('b', 0009), ('c', 9223372036854775808)");
    db.count("table=large", &[]).gives("a\t18446744073709551615\nc\t9223372036854775808\nb\t9\n");
    db.sql("INSERT INTO large VALUES ('a', 1)");
    db.count("table=large", &[])
        .fails("the sum of \"a\" passes 18446744073709551615 (2^64-1), the largest count there is");
}

#[test]
fn years_may_be_of_any_length() {
    let Some(db) = Database::new() else { return };
    db.sql(format!(
        "CREATE TABLE ngrams ({COLUMNS}); INSERT INTO ngrams VALUES ('a', 0, 1, 1), ('a', 7, 2, 1), ('a', 65535, 3, 1)"
    ));
    db.scratch.write("rows.tsv", "a\t0\t1\t1\na\t7\t2\t1\na\t65535\t3\t1\n");
    db.agrees("table=ngrams", &["--by", "year"]);
    db.sql("INSERT INTO ngrams VALUES ('a', 2147483647, 1, 1)");
    db.scratch.write("rows.tsv", "a\t2147483647\t1\t1\n");
    let expected = db.run(["rows.tsv", "-i", "v2", "--by", "year"]);
    let ran = db.count("table=ngrams", &["--by", "year"]);
    assert_eq!(ran.status(), expected.status(), "{ran}\n{expected}");
}
