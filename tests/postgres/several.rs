//! Several tables, and tables together with files.

use crate::common::gzip;
use crate::database::{COLUMNS, Database, rows, v2};

#[test]
fn tables_and_files_count_together() {
    let Some(db) = Database::new() else { return };
    let rows = rows(500);
    db.sql(format!("CREATE TABLE one ({COLUMNS}); CREATE TABLE two ({COLUMNS})"));
    db.copy("one", &rows[..150]);
    db.copy("two", &rows[150..300]);
    db.scratch.write("plain.tsv", v2(&rows[300..400]));
    db.scratch.write("packed.gz", gzip(v2(&rows[400..]).as_bytes()));
    db.scratch.write("rows.tsv", v2(&rows));
    let [one, two] = ["table=one", "table=two"].map(|table| db.url(table));
    for options in [&[][..], &["--by", "year"], &["--word", "a"], &["-j", "1"], &["-j", "8", "--chunk-size", "64"]] {
        let expected = db.run([&["rows.tsv"], options].concat());
        for inputs in [[&*one, "packed.gz", &two, "plain.tsv"], ["plain.tsv", &two, &one, "packed.gz"]] {
            db.run([&inputs, options].concat()).exits(0).writes(expected.stdout()).says("");
        }
    }
}

#[test]
fn a_table_that_is_named_twice_counts_twice() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1), ('b', 2)");
    let url = db.url("table=words");
    db.run([&url, &url]).gives("b\t4\na\t2\n");
}

#[test]
fn a_table_without_years_can_be_added_to_one_with_years() {
    let Some(db) = Database::new() else { return };
    db.sql(format!(
        "CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1); CREATE TABLE years ({COLUMNS}); \
            INSERT INTO years VALUES ('a', 1999, 2, 1)"
    ));
    let [words, years] = ["table=words", "table=years"].map(|table| db.url(table));
    db.run([&words, &years]).gives("a\t3\n");
    let ran = db.run([&*years, &words, "--by", "year"]);
    ran.exits(2).writes("");
    assert!(ran.stderr().contains(&format!("{words}: its format (counts) has no years and no volumes")), "{ran}");
    assert!(ran.stderr().contains("need a column of years; name it, as in &columns="), "{ran}");
}

#[test]
fn a_table_is_a_file_with_its_name() {
    let Some(db) = Database::new() else { return };
    db.sql(format!(
        "CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1), ('b', 0); CREATE TABLE years \
            ({COLUMNS}); INSERT INTO years VALUES ('a', 1999, 2, 1), ('a', 2000, 5, 4)"
    ));
    let [words, years, new] = ["table=words", "table=public.years", "table=new"].map(|table| db.url(table));
    db.scratch.write("text\ttab", "a rose is a rose");
    let inputs = ["text\ttab", &*years, &words];
    db.run([&inputs[..], &["--by", "file", "-wa", "-wb"]].concat())
        .gives("a\ttext\\ttab\t2\na\tpublic.years\t7\na\twords\t1\n");
    db.run([&inputs[..2], &["-wa", "--columns", "count,volumes"]].concat()).gives("9\t6\n");
    db.run([&inputs[..], &["--by", "file", "-wa", "-o", &new]].concat()).gives("");
    assert_eq!(db.sql("SELECT file = E'text\\ttab' FROM new WHERE count = 2"), "t");
}

#[test]
fn one_bad_table_leaves_no_result_unless_the_run_keeps_going() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1), ('b', -1)");
    db.scratch.write("good.tsv", "a\t5\n");
    let [missing, malformed] = ["table=nothing", "table=words"].map(|table| db.url(table));
    let no_table = format!("{missing}: there is no table or view \"nothing\"");
    db.run(["good.tsv", &missing]).fails(&no_table);
    db.run([&missing, "good.tsv"]).fails(&no_table);
    for inputs in [[&*missing, "good.tsv"], ["good.tsv", &missing]] {
        let ran = db.run([&inputs[..], &["--keep-going"]].concat());
        ran.exits(2).writes("a\t5\n").says(&format!("ngram-count: {no_table}\n"));
    }
    let ran = db.run(["good.tsv", &malformed, "--skip-malformed"]);
    ran.exits(0).writes("a\t6\n");
}

#[test]
fn what_no_command_reads_as_a_file_is_said() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1)");
    let url = db.url("table=words");
    let ran = db.run(["--words-from", &url, "-"]);
    ran.exits(2).writes("");
    assert_eq!(ran.stderr().lines().count(), 1, "{ran}");
}

#[test]
fn a_plot_of_a_table_is_that_of_a_file() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    let url = db.url("table=ngrams");
    for options in [&["--data"][..], &["--smooth", "3"]] {
        let plot = ["plot", "-w", "a", "-w", "naïve"];
        let expected = db.run([&plot[..], &["rows.tsv"], options].concat());
        db.run([&plot[..], &[&*url], options].concat()).gives(expected.exits(0).stdout());
    }
}
