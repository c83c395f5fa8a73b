//! Random rows and random options: a table counts as a file of the same rows.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::TestRunner;

use crate::common::laws::config_of_processes;
use crate::database::{COLUMNS, Database, Row, WIDE, v2};

fn ngram() -> impl Strategy<Value = String> {
    let few = [
        "a", "A", "b", "", "New York", "the_DET", "x\"y\\", "\\N", "\\.", "C:\\t", "a\rb", "naïve", "NAÏVE", "1999",
        " ",
    ];
    let any = prop::collection::vec(any::<char>(), 0..20).prop_map(|letters| {
        // A text of PostgreSQL has no NUL, an ngram no TAB and no line end, and a file may begin with a byte-order mark.
        letters.into_iter().filter(|letter| !"\0\t\n\u{FEFF}".contains(*letter)).collect::<String>()
    });
    prop_oneof![6 => select(few.to_vec()).prop_map(str::to_owned), 1 => "[a-c]{1,3}", 1 => any, 1 => "\\PC{0,30}"]
        .prop_map(|ngram| ngram.replace('\u{FEFF}', ""))
}

fn row() -> impl Strategy<Value = Row> {
    let matches = prop_oneof![6 => 0_u64..1000, 1 => 0_u64..1 << 50];
    (ngram(), 1500_u16..2100, matches, 0_u64..1 << 40).prop_map(|(ngram, year, matches, volumes)| Row {
        ngram,
        year,
        matches,
        volumes,
    })
}

/// How a table is made: its columns, and what is done to it when its rows are there.
fn table() -> impl Strategy<Value = (String, &'static str)> {
    let columns = select(vec![COLUMNS, "ngram varchar, year smallint, match_count numeric, volume_count numeric"]);
    let wide = prop_oneof![1 => Just(String::new()), 3 => Just(format!(", {WIDE}"))];
    let end = select(vec![
        "",
        "ANALYZE ngrams",
        "CREATE INDEX ON ngrams (ngram)",
        "CREATE INDEX ON ngrams (ngram); ANALYZE ngrams",
    ]);
    let parts =
        " PARTITION BY HASH (ngram); CREATE TABLE p0 PARTITION OF ngrams FOR VALUES WITH (MODULUS 2, REMAINDER 0);
                 CREATE TABLE p1 PARTITION OF ngrams FOR VALUES WITH (MODULUS 2, REMAINDER 1)";
    let storage = prop_oneof![3 => Just(" WITH (fillfactor = 50)"), 1 => Just(parts)];
    (columns, wide, storage, end)
        .prop_map(|(columns, wide, storage, end)| (format!("CREATE TABLE ngrams ({columns}{wide}){storage}"), end))
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

/// Options of the result: as lines of words, or of words and years.
fn result() -> impl Strategy<Value = Vec<String>> {
    let columns =
        ["word,count", "word,count,volumes,years", "word,first,last,peak", "rank,word,share", "word,count,volumes"];
    let by_word = (select(columns.to_vec()), select(vec!["count", "word"]), prop::option::of(0_usize..6)).prop_map(
        |(columns, sort, top)| {
            let top = top.map_or_else(Vec::new, |top| vec!["--top".to_owned(), top.to_string()]);
            [strings(&["--columns", columns, "--sort", sort]), top].concat()
        },
    );
    prop_oneof![3 => by_word, 1 => select(vec!["year", "decade"]).prop_map(|by| strings(&["--by", by]))]
}

/// Options that choose rows. Words are those of the rows, by their places.
fn choice() -> impl Strategy<Value = (Vec<String>, Vec<prop::sample::Index>)> {
    let pattern =
        select(vec![&[][..], &["--prefix", "a"], &["--regex", "^[a-cA]"], &["--regex", "\\\\"], &["--pos", "drop"]]);
    let years = select(vec![&[][..], &["--years", "1600-1800"], &["--years", "-1750"], &["--years", "2000-"]]);
    let other = select(vec![&[][..], &["--ignore-case"], &["--min-count", "500"]]);
    let words = prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(any::<prop::sample::Index>(), 1..6)];
    (pattern, years, other, words)
        .prop_map(|(pattern, years, other, words)| (strings(&[pattern, years, other].concat()), words))
}

/// Options of the machine.
fn machine() -> impl Strategy<Value = Vec<String>> {
    let [threads, sizes] = [["1", "2", "8"], ["1", "64", "1MiB"]].map(|list| select(list.to_vec()));
    let [loops, connections] = [["1", "2", "5"], ["1", "3", "6"]].map(|list| select(list.to_vec()));
    let memory = select(vec![&[][..], &["--memory", "16MiB"]]);
    (threads, sizes, loops, connections, memory).prop_map(|(threads, size, loops, connections, memory)| {
        let list = ["-j", threads, "--chunk-size", size, "--event-loops", loops, "--connections", connections];
        strings(&[&list, memory].concat())
    })
}

#[test]
fn a_table_counts_as_a_file_of_the_same_rows() {
    let Some(db) = Database::new() else { return };
    let rows = prop::collection::vec(row(), 0..400);
    let mut runner = TestRunner::new(config_of_processes());
    let ran = runner.run(&(rows, table(), result(), choice(), machine()), |(rows, table, result, choice, machine)| {
        let ((create, end), (chosen, places)) = (table, choice);
        db.with_rows(&format!("DROP TABLE IF EXISTS ngrams; {create}"), &rows);
        db.sql(end);
        let words = places.iter().filter(|_| !rows.is_empty()).map(|place| rows[place.index(rows.len())].ngram.clone());
        let asked: Vec<String> = words.map(|word| format!("--word={word}")).collect();
        let options = [result, chosen, asked].concat();
        let expected = db.run([&strings(&["rows.tsv", "-i", "v2"]), &options[..]].concat());
        let found = db.run([&[db.url("table=ngrams")], &options[..], &machine[..]].concat());
        prop_assert!(expected.status() != Some(2), "{}", expected);
        prop_assert_eq!(found.stdout(), expected.stdout(), "{}", found);
        // With so little memory, few threads work, and a note says so.
        let is_note = machine.contains(&"--memory".to_owned())
            && found.stderr().ends_with(" threads worked: --memory has no room for more\n")
            && found.stderr().lines().count() == 1;
        prop_assert!(found.stderr().is_empty() || is_note, "{}", found);
        prop_assert_eq!(found.status(), expected.status(), "{}", found);
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_file_of_random_rows_has_these_rows() {
    let row = Row { ngram: "a\\".into(), year: 1999, matches: 2, volumes: 1 };
    assert_eq!(v2(&[row]), "a\\\t1999\t2\t1\n");
}
