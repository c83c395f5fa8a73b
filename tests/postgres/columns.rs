//! The names in a URL: the table, its schema and its columns.

use crate::database::{COLUMNS, Database, Row, rows, v2};

/// A text with all its bytes percent-encoded.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn columns_with_the_usual_names_need_no_names() {
    let Some(db) = Database::new() else { return };
    let rows = rows(50);
    db.scratch.write("rows.tsv", v2(&rows));
    for (number, names) in (0..).zip([
        "ngram, year, match_count, volume_count",
        "word, year, count, volumes",
        "ngram, year, count, volumes",
    ]) {
        let [ngram, year, count, volumes] = names.split(", ").collect::<Vec<_>>()[..] else { panic!("four names") };
        // Another order than in a file, and another column.
        db.sql(format!(
            "CREATE TABLE usual{number} ({volumes} bigint, other date, {year} int, {count} bigint, {ngram} text)"
        ));
        db.copy_to(&format!("usual{number} ({names})"), &rows);
        db.agrees(&format!("table=usual{number}"), &[]);
        db.agrees(&format!("table=usual{number}"), &["--by", "year"]);
    }
}

#[test]
fn the_names_of_google_win_over_other_usual_names() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE both_names (word text, count int, volumes int, ngram text, match_count int, volume_count int, year int)");
    db.sql("INSERT INTO both_names VALUES ('wrong', 1, 1, 'right', 2, 3, 1999)");
    db.count("table=both_names", &["--by", "year"]).gives("right\t1999\t2\t3\n");
}

#[test]
fn the_user_may_name_the_columns() {
    let Some(db) = Database::new() else { return };
    let rows = rows(50);
    db.scratch.write("rows.tsv", v2(&rows));
    db.sql("CREATE TABLE mine (w text, y smallint, c int, v numeric, year int DEFAULT 1, count int DEFAULT 1)");
    db.copy_to("mine (w, y, c, v)", &rows);
    for options in [&[][..], &["--by", "year"], &["--columns", "word,count,volumes,first"]] {
        db.agrees("table=mine&columns=w,y,c,v", options);
    }
    db.agrees("table=mine&columns=w,c", &[]);
    db.agrees("table=mine&columns=w,y,c", &["--years", "1850-1900"]);
    // Without volumes, each row has none.
    let no_volumes: Vec<Row> = rows.iter().map(|row| Row { volumes: 0, ..row.clone() }).collect();
    db.scratch.write("rows.tsv", v2(&no_volumes));
    db.agrees("table=mine&columns=w,y,c", &["--by", "year"]);
}

#[test]
fn names_may_hold_any_letters() {
    let Some(db) = Database::new() else { return };
    let rows = rows(50);
    db.scratch.write("rows.tsv", v2(&rows));
    let names = ["My \"word\"", "the.year", "Count,all", "naïve %&=?#"];
    let [ngram, year, count, volumes] = names.map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
    db.sql("CREATE SCHEMA \"a.B\"");
    for table in ["\"a.b\"", "\"a.B\".\"t \"\"quoted\"\"\"", "\"a.B\".plain", "\"Ünïcode\"", "\"select\""] {
        db.sql(format!("CREATE TABLE {table} ({ngram} text, {year} int, {count} bigint, {volumes} bigint)"));
        db.copy_to(&format!("{table} ({ngram}, {year}, {count}, {volumes})"), &rows);
        let columns = encoded(&[&*ngram, &year, &count, &volumes].join(","));
        db.agrees(&format!("table={}&columns={columns}", encoded(table)), &["--by", "decade"]);
        db.agrees(&format!("table={}&columns={columns}", encoded(table)), &["--word", "naïve", "--word", "C:\\temp"]);
    }
    // Quotes need no percent signs.
    let columns = encoded(&[&*ngram, &year, &count, &volumes].join(","));
    db.agrees(&format!("table=\"a.b\"&columns={columns}"), &[]);
}

#[test]
fn names_are_exact_and_not_folded() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE \"Ngrams\" (ngram text, count int); INSERT INTO \"Ngrams\" VALUES ('a', 1)");
    db.count("table=Ngrams", &[]).gives("a\t1\n");
    db.fails("table=ngrams", "there is no table or view \"ngrams\"");
}

#[test]
fn a_schema_is_searched_in_the_users_path_or_named() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE SCHEMA other; CREATE TABLE other.words (ngram text, count int); INSERT INTO other.words VALUES ('a', 1)");
    db.fails("table=words", "there is no table or view \"words\"");
    db.fails("table=public.words", "there is no table or view \"public.words\"");
    db.count("table=other.words", &[]).gives("a\t1\n");
    db.count("table=words&options=-csearch_path%3Dother", &[]).gives("a\t1\n");
    db.sql("CREATE TABLE words (ngram text, count int); INSERT INTO words VALUES ('b', 2)");
    db.count("table=words", &[]).gives("b\t2\n");
    db.count("table=words&options=-csearch_path%3Dother,public", &[]).gives("a\t1\n");
}

#[test]
fn a_table_without_years_is_counts() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE plain (word text, count bigint, volumes bigint)");
    db.sql("INSERT INTO plain VALUES ('a', 3, 1), ('b', 4, 1), ('a', 5, 1)");
    db.count("table=plain", &[]).gives("a\t8\nb\t4\n");
    db.count("table=plain&columns=word,count", &["--top", "1"]).gives("a\t8\n");
    for options in [["--by", "year"], ["--by", "decade"], ["--years", "1900-1950"], ["--columns", "word,volumes"]] {
        let url = db.url("table=plain");
        db.run([&[&*url], &options[..]].concat()).fails(&format!(
            "{url}: its format (counts) has no years and no volumes: --years, --rise, --by year, plot and the columns year, volumes, \
             years, first, last, peak, born, died and spark need a column of years; name it, as in \
             &columns=ngram,year,match_count,volume_count"
        ));
    }
}

#[test]
fn a_missing_table_or_column_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.sql(format!("CREATE TABLE ngrams ({COLUMNS}); CREATE INDEX not_a_table ON ngrams (year)"));
    db.fails("table=nothing", "there is no table or view \"nothing\"");
    db.fails("table=nowhere.ngrams", "there is no table or view \"nowhere.ngrams\"");
    db.fails("table=not_a_table", "there is no table or view \"not_a_table\"");
    let has = "the table has ngram, year, match_count, volume_count. Name yours as in \
               &columns=ngram,year,match_count,volume_count";
    db.fails("table=ngrams&columns=word,year,match_count", &format!("there is no column \"word\"; {has}"));
    db.fails("table=ngrams&columns=ngram,match_count%20", &format!("there is no column \"match_count \"; {has}"));
    db.sql("ALTER TABLE ngrams DROP COLUMN match_count");
    db.fails(
        "table=ngrams",
        "there is no column \"match_count\"; the table has ngram, year, volume_count. Name yours as in \
         &columns=ngram,year,match_count,volume_count",
    );
    for columns in ["ngram", "ngram,year,year,year,year"] {
        db.fails(
            &format!("table=ngrams&columns={columns}"),
            "expected 2 to 4 columns: ngram,match_count or ngram,year,match_count or \
             ngram,year,match_count,volume_count",
        );
    }
}

#[test]
fn columns_of_other_types_are_an_error() {
    let Some(db) = Database::new() else { return };
    db.sql(
        "CREATE TABLE types (i int, b bytea, j json, f float8, d date, m money, o bool, a text[], t text, e int4range)",
    );
    for (column, kind) in [("i", "integer"), ("b", "bytea"), ("j", "json"), ("d", "date"), ("a", "text[]")] {
        let reason = format!("expected the column \"{column}\" to be text, found {kind}");
        db.fails(&format!("table=types&columns={column},i"), &reason);
    }
    for (column, kind) in
        [("f", "double precision"), ("t", "text"), ("d", "date"), ("m", "money"), ("o", "boolean"), ("e", "int4range")]
    {
        let reason = format!("expected the column \"{column}\" to be a whole number, such as bigint, found {kind}");
        db.fails(&format!("table=types&columns=t,{column}"), &reason);
        db.fails(&format!("table=types&columns=t,{column},i"), &reason);
        db.fails(&format!("table=types&columns=t,i,i,{column}"), &reason);
    }
}
