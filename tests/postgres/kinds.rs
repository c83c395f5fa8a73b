//! Relations of all kinds, and columns of all types that fit.

use crate::database::{COLUMNS, Database, WIDE, rows, v2};

/// Options with which each kind is counted: some need years, some volumes, some few columns.
const OPTIONS: [&[&str]; 5] = [
    &[],
    &["--by", "year"],
    &["--years", "1850-1950"],
    &["--columns", "word,count,volumes,years"],
    &["--word", "a", "--word", "no such word"],
];

/// Checks that a table counts as `rows.tsv`.
#[track_caller]
fn agrees(db: &Database, table: &str) {
    for options in OPTIONS {
        db.agrees(table, options);
    }
}

#[test]
fn an_empty_table_has_no_words() {
    let Some(db) = Database::new() else { return };
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS})"), &[]);
    db.count("table=ngrams", &[]).gives("");
    db.count("table=ngrams", &["--word", "a"]).exits(1).writes("a\t0\n");
    db.count("table=ngrams", &["--by", "year"]).gives("");
}

#[test]
fn a_table_is_read_in_ranges_of_pages_whatever_its_estimates_say() {
    let Some(db) = Database::new() else { return };
    let all = rows(900);
    // Never analysed; analysed, and grown since; and analysed when it was larger.
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}, {WIDE})"), &all[..200]);
    agrees(&db, "table=ngrams");
    db.sql("ANALYZE ngrams");
    agrees(&db, "table=ngrams");
    db.copy("ngrams", &all[200..]);
    db.scratch.write("rows.tsv", v2(&all));
    assert_eq!(db.sql("SELECT pg_relation_size('ngrams') / 8192 > 200"), "t", "there are several ranges");
    agrees(&db, "table=ngrams");
    db.sql("VACUUM ANALYZE ngrams; DELETE FROM ngrams; VACUUM ngrams");
    db.copy("ngrams", &all[..100]);
    db.scratch.write("rows.tsv", v2(&all[..100]));
    agrees(&db, "table=ngrams");
}

/// A page may have no rows left, and rows may have moved to later pages.
#[test]
fn deleted_and_updated_rows_count_as_they_are_now() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    db.sql("DELETE FROM ngrams WHERE year < 1900; UPDATE ngrams SET match_count = match_count + 5 WHERE year > 1950");
    let rows = rows(400).into_iter().filter(|row| row.year >= 1900);
    let rows: Vec<_> = rows
        .map(|mut row| {
            row.matches += if row.year > 1950 { 5 } else { 0 };
            row
        })
        .collect();
    db.scratch.write("rows.tsv", v2(&rows));
    agrees(&db, "table=ngrams");
}

#[test]
fn tables_of_all_sorts_of_storage_are_read() {
    let Some(db) = Database::new() else { return };
    let rows = rows(300);
    db.with_rows(&format!("CREATE UNLOGGED TABLE ngrams ({COLUMNS}, {WIDE})"), &rows);
    agrees(&db, "table=ngrams");
    db.sql("DROP TABLE ngrams");
    // Long values lie in another table.
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}) WITH (fillfactor = 10)"), &rows);
    let long: String = (0..30_000).map(|number| format!("{number:x} ")).collect();
    db.sql(format!("INSERT INTO ngrams VALUES ('{long}', 1999, 7, 1)"));
    db.scratch.write("rows.tsv", v2(&rows) + &long + "\t1999\t7\t1\n");
    agrees(&db, "table=ngrams");
}

#[test]
fn partitions_are_read_one_by_one() {
    let Some(db) = Database::new() else { return };
    let rows = rows(300);
    db.scratch.write("rows.tsv", v2(&rows));
    db.sql(format!(
        "CREATE TABLE by_hash ({COLUMNS}) PARTITION BY HASH (ngram);
         CREATE TABLE hash0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE hash1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
         CREATE TABLE by_year ({COLUMNS}, {WIDE}) PARTITION BY RANGE (year);
         CREATE SCHEMA \"Old\";
         CREATE TABLE \"Old\".\"before 1900\" PARTITION OF by_year FOR VALUES FROM (MINVALUE) TO (1900);
         CREATE TABLE late PARTITION OF by_year FOR VALUES FROM (1900) TO (2000) PARTITION BY LIST (volume_count);
         CREATE TABLE late1 PARTITION OF late FOR VALUES IN (1);
         CREATE TABLE late_other (other int, volume_count bigint, match_count bigint, padding text, ngram text, year int);
         ALTER TABLE late_other DROP COLUMN other;
         ALTER TABLE late ATTACH PARTITION late_other DEFAULT;
         CREATE TABLE rest PARTITION OF by_year DEFAULT;
         CREATE TABLE no_partitions ({COLUMNS}) PARTITION BY RANGE (year);"
    ));
    db.copy("by_hash", &rows);
    db.copy("by_year", &rows);
    agrees(&db, "table=by_hash");
    agrees(&db, "table=by_year");
    db.sql("CREATE INDEX ON by_year (ngram); ANALYZE");
    agrees(&db, "table=by_year");
    let late: Vec<_> = rows.into_iter().filter(|row| (1900..2000).contains(&row.year)).collect();
    db.scratch.write("rows.tsv", v2(&late));
    agrees(&db, "table=late");
    db.scratch.write("rows.tsv", "");
    agrees(&db, "table=no_partitions");
}

#[test]
fn views_are_read_by_one_query() {
    let Some(db) = Database::new() else { return };
    db.with_pages();
    db.sql(
        "CREATE VIEW plain AS SELECT * FROM ngrams;
         CREATE VIEW united AS SELECT ngram, year, match_count, volume_count FROM ngrams WHERE year < 1900
             UNION ALL SELECT ngram, year, match_count, volume_count FROM ngrams WHERE year >= 1900;
         CREATE MATERIALIZED VIEW stored AS SELECT * FROM ngrams",
    );
    for view in ["plain", "united", "stored"] {
        agrees(&db, &format!("table={view}"));
    }
    db.sql("CREATE VIEW summed AS SELECT ngram AS word, sum(match_count) AS count FROM ngrams GROUP BY ngram");
    db.agrees("table=summed", &[]);
}

#[test]
fn a_materialized_view_that_was_never_filled_is_an_error() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE MATERIALIZED VIEW stored AS SELECT 'a' AS ngram, 1 AS count WITH NO DATA");
    db.fails(
        "table=stored",
        "materialized view \"stored\" has not been populated; Use the REFRESH MATERIALIZED VIEW command",
    );
}

/// As in SQL, a parent has the rows of its children.
#[test]
fn children_count_with_their_parent() {
    let Some(db) = Database::new() else { return };
    let rows = rows(600);
    db.with_rows(
        &format!(
            "CREATE TABLE ngrams ({COLUMNS}, {WIDE}); CREATE TABLE child () INHERITS (ngrams);
         CREATE TABLE grandchild (other int) INHERITS (child)"
        ),
        &rows[..200],
    );
    db.copy("child", &rows[200..300]);
    db.copy("grandchild", &rows[300..]);
    db.scratch.write("rows.tsv", v2(&rows));
    agrees(&db, "table=ngrams");
    db.scratch.write("rows.tsv", v2(&rows[200..]));
    agrees(&db, "table=child");
}

#[test]
fn foreign_tables_are_read_by_themselves_and_as_partitions() {
    let Some(db) = Database::new() else { return };
    let available = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('file_fdw', 'postgres_fdw')";
    if db.sql(available) != "2" {
        return crate::common::programs::did_not_run("the server lacks file_fdw and postgres_fdw");
    }
    let rows = rows(300);
    // The server may read no file of the tests.
    let path = format!("{}/rows.tsv", db.server.folder());
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}, {WIDE})"), &rows[..150]);
    let (folder, name) = (db.server.folder(), &db.name);
    db.sql(format!(
        "COPY (SELECT ngram, year, match_count, volume_count FROM ngrams) TO '{path}.{name}';
         CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
         CREATE FOREIGN TABLE of_file ({COLUMNS}) SERVER files OPTIONS (filename '{path}.{name}');
         CREATE EXTENSION postgres_fdw; CREATE TABLE remote ({COLUMNS});
         CREATE SERVER itself FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{folder}', dbname '{name}');
         CREATE USER MAPPING FOR postgres SERVER itself OPTIONS (user 'postgres');
         CREATE TABLE parts ({COLUMNS}) PARTITION BY RANGE (year);
         CREATE TABLE early PARTITION OF parts FOR VALUES FROM (0) TO (1900);
         CREATE FOREIGN TABLE late PARTITION OF parts FOR VALUES FROM (1900) TO (3000)
             SERVER itself OPTIONS (table_name 'remote');"
    ));
    agrees(&db, "table=of_file");
    db.copy("parts", &rows);
    assert_eq!(db.sql("SELECT count(*) > 100 FROM remote"), "t");
    db.scratch.write("rows.tsv", v2(&rows));
    agrees(&db, "table=parts");
    let late: Vec<_> = rows.into_iter().filter(|row| row.year >= 1900).collect();
    db.scratch.write("rows.tsv", v2(&late));
    agrees(&db, "table=late");
}

#[test]
fn all_types_of_text_and_of_whole_numbers_fit() {
    let Some(db) = Database::new() else { return };
    let rows = rows(100);
    db.scratch.write("rows.tsv", v2(&rows));
    db.sql(
        "CREATE DOMAIN word AS text CHECK (VALUE <> ''); CREATE DOMAIN short_word AS varchar(60);
            CREATE DOMAIN number AS numeric(20) CHECK (VALUE >= 0); CREATE DOMAIN small AS smallint",
    );
    let mut ngrams = vec!["text", "varchar", "varchar(60)", "name", "word", "short_word", "text COLLATE \"C\""];
    if db.sql("SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'") == "1" {
        db.sql("CREATE EXTENSION citext");
        ngrams.push("citext");
    }
    let numbers = ["smallint", "int", "bigint", "numeric", "numeric(20)", "number"];
    for (place, ngram) in ngrams.iter().enumerate() {
        let number = |offset: usize| numbers[(place + offset) % numbers.len()];
        db.sql(format!(
            "CREATE TABLE t{place} (ngram {ngram}, year {}, match_count {}, volume_count {})",
            ["smallint", "int", "bigint", "small"][place % 4],
            number(0),
            number(1)
        ));
        db.copy(&format!("t{place}"), &rows);
        agrees(&db, &format!("table=t{place}"));
        db.sql(format!(
            "CREATE INDEX ON t{place} (ngram); ANALYZE t{place}; ALTER DATABASE {} SET enable_seqscan = off",
            db.name
        ));
        db.agrees(
            &format!("table=t{place}"),
            &["--word", "naïve", "--word", "C:\\temp", "--word", "A", "--word", "New York"],
        );
        db.sql(format!("ALTER DATABASE {} RESET enable_seqscan", db.name));
    }
}

/// The spaces that fill a value up belong to no word.
#[test]
fn a_padded_text_has_no_spaces_at_its_end() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE padded (ngram char(12), count int); INSERT INTO padded VALUES ('a', 1), ('New York', 2), ('a  ', 4)");
    db.count("table=padded", &[]).gives("a\t5\nNew York\t2\n");
    db.count("table=padded", &["--word", "New York", "--word", "a", "--word", "a  "])
        .gives("New York\t2\na\t5\na  \t0\n");
    db.sql("CREATE INDEX ON padded (ngram)");
    db.count("table=padded&options=-cenable_seqscan%3Doff", &["--word", "a", "--word", "a  "]).gives("a\t5\na  \t0\n");
}

#[test]
fn generated_columns_count() {
    let Some(db) = Database::new() else { return };
    let rows = rows(100);
    db.scratch.write("rows.tsv", v2(&rows));
    db.sql(
        "CREATE TABLE made (n text, ngram text GENERATED ALWAYS AS (n || '') STORED, year int, m bigint, \
            match_count bigint GENERATED ALWAYS AS (m + 0) STORED, volume_count bigint)",
    );
    db.copy_to("made (n, year, m, volume_count)", &rows);
    agrees(&db, "table=made");
}
