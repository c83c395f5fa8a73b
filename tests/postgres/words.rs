//! Words that are looked up: by an index, if the server would use one, or among all rows.

use crate::database::{COLUMNS, Database, Row, v2};

/// Rows of `number` words, three rows a word, with some that need quoting in SQL.
fn many_words(number: usize) -> Vec<Row> {
    const STRANGE: [&str; 12] =
        ["d'un", "\"", "\\", "C:\\n", "{a,b}", ",", "naïve", "日本語", "$1", "NULL", "a\rb", "😀 %s"];
    let word = |number: usize| match STRANGE.get(number) {
        Some(word) => (*word).to_owned(),
        None => format!("word{number}"),
    };
    let row = |place: usize| Row {
        ngram: word(place % number),
        year: 1900 + (place / number) as u16,
        matches: place as u64 + 1,
        volumes: 1,
    };
    (0..3 * number).map(row).collect()
}

/// A file with every second of the words, and as many that don't occur. Returns its name.
fn half_of(db: &Database, rows: &[Row], number: usize) -> String {
    let words: Vec<&str> = rows.iter().map(|row| &*row.ngram).take(number).step_by(2).collect();
    let text: String = words.iter().map(|word| format!("{word}\nno {word}\n")).collect();
    let name = format!("words{number}.txt");
    db.scratch.write(&name, text);
    name
}

/// Checks that few words, some and many are found in a table as in `rows.tsv`.
#[track_caller]
fn finds_words(db: &Database, table: &str, rows: &[Row]) {
    for number in [1, 300, 3000] {
        let words = half_of(db, rows, number);
        db.agrees(table, &["--words-from", &words]);
        db.agrees(table, &["--words-from", &words, "--by", "year", "--connections", "3"]);
    }
    db.agrees(table, &["--word", "d'un", "--word", "nowhere", "--word", "{a,b}", "--years", "1901-"]);
    // Twice the same word, and one that is not UTF-8: no server has it.
    db.scratch.write("odd.txt", b"\\\nx\xFF\n\\\nword99\n");
    db.agrees(table, &["--words-from", "odd.txt"]);
    db.scratch.write("none.txt", b"x\xFF\n");
    db.agrees(table, &["--words-from", "none.txt"]);
}

#[test]
fn words_are_found_without_an_index() {
    let Some(db) = Database::new() else { return };
    let rows = many_words(4000);
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS})"), &rows);
    finds_words(&db, "table=ngrams", &rows);
    db.sql("CREATE VIEW seen AS SELECT * FROM ngrams");
    finds_words(&db, "table=seen", &rows);
}

/// Whether the command looks words up by prepared queries.
fn looks_up(db: &Database, table: &str) -> bool {
    let before = "SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes";
    db.sql("SELECT pg_stat_reset()");
    db.count(table, &["--word", "word5000"]).exits(0);
    // Sessions report when they end, or a little later.
    let mut scans = db.sql(before);
    for _ in 0..40 {
        if scans != "0" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        scans = db.sql(before);
    }
    scans != "0"
}

#[test]
fn words_are_found_by_indexes_of_all_kinds() {
    let Some(db) = Database::new() else { return };
    let rows = many_words(10_000);
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS})"), &rows);
    db.sql("ANALYZE ngrams");
    assert!(!looks_up(&db, "table=ngrams"), "there is no index");
    for index in ["(ngram)", "USING hash (ngram)", "(ngram, year) INCLUDE (match_count)", "(ngram COLLATE \"POSIX\")"] {
        db.sql(format!("CREATE INDEX used ON ngrams {index}; VACUUM ANALYZE ngrams"));
        // An index of another collation can't be used.
        assert_eq!(looks_up(&db, "table=ngrams"), !index.contains("POSIX"), "{index}");
        finds_words(&db, "table=ngrams", &rows);
        db.sql("DROP INDEX used");
    }
}

/// An index that has only some rows must not hide the others.
#[test]
fn an_index_of_some_rows_hides_no_word() {
    let Some(db) = Database::new() else { return };
    let rows = many_words(10_000);
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS})"), &rows);
    db.sql("CREATE INDEX ON ngrams (ngram) WHERE year = 1901; CREATE INDEX ON ngrams (lower(ngram)); ANALYZE ngrams");
    finds_words(&db, "table=ngrams&options=-cenable_seqscan%3Doff", &rows);
    db.sql("CREATE INDEX ON ngrams (ngram) WHERE ngram > 'word5'; ANALYZE ngrams");
    finds_words(&db, "table=ngrams&options=-cenable_seqscan%3Doff", &rows);
}

#[test]
fn words_are_found_in_partitions_with_and_without_an_index() {
    let Some(db) = Database::new() else { return };
    let rows = many_words(10_000);
    db.with_rows(
        &format!(
            "CREATE TABLE ngrams ({COLUMNS}) PARTITION BY LIST (year);
             CREATE TABLE p0 PARTITION OF ngrams FOR VALUES IN (1900); CREATE TABLE p1 PARTITION OF ngrams DEFAULT;"
        ),
        &rows,
    );
    db.sql("CREATE INDEX ON p0 (ngram); ANALYZE");
    finds_words(&db, "table=ngrams", &rows);
    db.sql("CREATE INDEX ON ngrams (ngram); ANALYZE");
    assert!(looks_up(&db, "table=ngrams"));
    finds_words(&db, "table=ngrams", &rows);
}

/// A server may find more rows for a word than have exactly this ngram: those must not count.
#[test]
fn words_are_exact_where_the_column_compares_otherwise() {
    let Some(db) = Database::new() else { return };
    let available = "SELECT (SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'), \
                     (SELECT count(*) FROM pg_collation WHERE collprovider = 'i' AND collname = 'und-x-icu')";
    let has = db.sql(available);
    let mut types = Vec::new();
    if has.starts_with('1') {
        db.sql("CREATE EXTENSION citext");
        types.push("citext");
    }
    if has.ends_with("|1") {
        db.sql("CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        types.push("text COLLATE any_case");
    }
    for kind in types {
        db.sql(format!(
            "DROP TABLE IF EXISTS ngrams; CREATE TABLE ngrams (ngram {kind}, count int);
             INSERT INTO ngrams VALUES ('Word', 1), ('word', 2), ('WORD', 4), ('other', 8)"
        ));
        for options in ["", "&options=-cenable_seqscan%3Doff"] {
            let table = format!("table=ngrams{options}");
            db.count(&table, &["--word", "word", "--word", "WORD", "--word", "wOrD"])
                .gives("word\t2\nWORD\t4\nwOrD\t0\n");
            db.count(&table, &["--word", "wOrD"]).exits(1).writes("wOrD\t0\n");
            db.count(&table, &["--word", "wOrD", "--ignore-case"]).gives("word\t7\n");
            db.sql("CREATE INDEX ON ngrams (ngram)");
        }
    }
}

#[test]
fn case_may_be_ignored() {
    let Some(db) = Database::new() else { return };
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}); CREATE INDEX ON ngrams (ngram)"), &[]);
    let rows: Vec<Row> = ["Word", "word", "WORD", "ÄRGER", "ärger", "other"]
        .iter()
        .map(|ngram| Row { ngram: (*ngram).into(), year: 1999, matches: 3, volumes: 1 })
        .collect();
    db.copy("ngrams", &rows);
    db.scratch.write("rows.tsv", v2(&rows));
    for word in ["word", "WORD", "Ärger", "nothing"] {
        db.agrees("table=ngrams", &["--ignore-case", "--word", word]);
        db.agrees("table=ngrams&options=-cenable_seqscan%3Doff", &["--ignore-case", "--word", word]);
        db.agrees("table=ngrams&options=-cenable_seqscan%3Doff", &["--word", word]);
    }
}

#[test]
fn words_that_do_not_occur_are_status_1() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE ngrams (ngram text, count int); INSERT INTO ngrams SELECT 'w' || n, n FROM generate_series(1, 9999) n");
    for index in ["", "CREATE INDEX ON ngrams (ngram); ANALYZE ngrams"] {
        db.sql(index);
        db.count("table=ngrams", &["--word", "nowhere"]).exits(1).writes("nowhere\t0\n").says("");
        db.count("table=ngrams", &["--word", "nowhere", "--word", "w7"]).gives("nowhere\t0\nw7\t7\n");
    }
}

/// More words than a statement takes: the command filters the rows itself.
#[test]
fn very_many_words_are_found() {
    let Some(db) = Database::new() else { return };
    let rows = many_words(15_000);
    db.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS})"), &rows);
    let text: String = rows.iter().take(12_000).map(|row| format!("{}\n", row.ngram)).collect();
    db.scratch.write("words.txt", text);
    db.agrees("table=ngrams", &["--words-from", "words.txt"]);
    db.sql("CREATE INDEX ON ngrams (ngram); ANALYZE ngrams");
    db.agrees("table=ngrams", &["--words-from", "words.txt"]);
    db.agrees("table=ngrams&options=-cenable_seqscan%3Doff", &["--words-from", "words.txt"]);
}
