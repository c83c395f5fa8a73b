//! Lists of words from files, and the search for a few words in inputs longer than the first MiB, which is always
//! parsed.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::common::{Scratch, V2, gzip, oracle};

/// More than a MiB of lines: words in runs, some of which begin or end like others.
fn large() -> String {
    let words = ["Aardvark", "Aardvarks", "an Aardvark", "a", "b", "antidisestablishmentarianism", "z"];
    let mut text = String::new();
    for row in 0..150_000_usize {
        let word = words[row / 7 % words.len()];
        writeln!(text, "{word}\t{}\t{}\t1", 1800 + row % 200, row % 1000).expect("memory");
    }
    assert!(text.len() > 2 << 20);
    text
}

#[test]
fn few_words_have_the_oracles_counts_in_a_large_input() {
    let text = large();
    let (counts, _) = oracle(V2, text.as_bytes());
    let scratch = Scratch::with([("rows.tsv", text.as_bytes()), ("rows.gz", &gzip(text.as_bytes()))]);
    let count = |word: &str| counts.get(word.as_bytes()).copied().unwrap_or(0);
    for words in [&["Aardvark"][..], &["a", "z"], &["an Aardvark", "none", "Aardvark"], &["z", "a", "b", "Aardvarks"]] {
        let expected: String = words.iter().map(|word| format!("{word}\t{}\n", count(word))).collect();
        let asked: Vec<&str> = words.iter().flat_map(|word| ["-w", word]).collect();
        for file in ["rows.tsv", "rows.gz"] {
            for size in ["4KiB", "100k", "1MiB", "64MiB"] {
                scratch.run([&asked[..], &[file, "--chunk-size", size]].concat()).gives(&expected);
            }
        }
    }
}

#[test]
fn a_malformed_line_of_the_word_is_told_by_its_number_far_into_the_input() {
    let text = large() + "Aardvark\t1999\tmany\t1\n";
    let number = text.lines().count();
    let scratch = Scratch::with([("rows.tsv", text.as_bytes()), ("rows.gz", &gzip(text.as_bytes()))]);
    for file in ["rows.tsv", "rows.gz"] {
        let reason = "expected match_count to be a whole number, found \"many\"";
        scratch.run(["-w", "Aardvark", "--chunk-size", "64k", file]).fails(&format!("{file}:{number}: {reason}"));
    }
}

#[test]
fn the_word_alone_on_a_line_is_malformed_far_into_the_input_too() {
    for (end, what) in
        [("a\n", "found 1"), ("a\r\n", "found 1"), ("a", "found 1"), ("a\r", "found 1"), ("a\t", "found 2")]
    {
        let text = large() + end;
        let number = text.lines().count();
        let scratch = Scratch::with([("rows.tsv", text.as_bytes()), ("rows.gz", &gzip(text.as_bytes()))]);
        let reason = format!("expected 4 fields (ngram, year, match_count, volume_count), {what}");
        for file in ["rows.tsv", "rows.gz"] {
            for size in ["100k", "64MiB"] {
                scratch.run(["-w", "a", "--chunk-size", size, file]).fails(&format!("{file}:{number}: {reason}"));
            }
            // It is no line of another word, nor of the empty one.
            scratch.run(["-w", "z", "-w", "", file]).exits(0);
        }
    }
}

#[test]
fn the_lines_that_are_read_in_any_case_do_not_depend_on_the_chunks() {
    const MIB: usize = 1 << 20;
    let line = "b\t1999\t1\t1\n";
    for (before, is_told) in [(MIB - 1, true), (MIB, false)] {
        let mut text = line.repeat(before / line.len() - 2);
        // The last line before the malformed one is as long as it takes.
        let zeros = before - text.len() - line.len();
        writeln!(text, "b\t1999\t{}1\t1", "0".repeat(zeros)).expect("memory");
        assert_eq!(text.len(), before);
        text += "malformed\n";
        text += &line.repeat(1000);
        let number = text[..before].lines().count() + 1;
        let scratch = Scratch::with([("rows.tsv", text.as_bytes()), ("rows.gz", &gzip(text.as_bytes()))]);
        for (file, size) in
            ["rows.tsv", "rows.gz"].into_iter().flat_map(|file| ["4KiB", "1MiB", "64MiB"].map(|size| (file, size)))
        {
            let ran = scratch.run(["-i", "v2", "-w", "a", "--chunk-size", size, file]);
            if is_told {
                ran.fails(&format!(
                    "{file}:{number}: expected 4 fields (ngram, year, match_count, volume_count), found 1"
                ));
            } else {
                ran.exits(1).writes("a\t0\n");
            }
        }
    }
}

#[test]
fn a_file_of_another_format_is_noticed_also_when_a_word_is_searched_for() {
    let text = "It was the best of times, it was the worst of times.\n".repeat(50_000);
    let scratch = Scratch::with([("book.txt", text.as_bytes())]);
    scratch.run(["-w", "worst", "book.txt"]).gives("worst\t50000\n");
    let reason = "expected 4 fields (ngram, year, match_count, volume_count), found 1";
    scratch.run(["-i", "v2", "-w", "times", "book.txt"]).fails(&format!("book.txt:1: {reason}"));
}

#[test]
fn words_come_from_files_one_a_line() {
    let text = large();
    let (counts, _) = oracle(V2, text.as_bytes());
    let list = "\u{feff}z\r\n\nnone\nantidisestablishmentarianism\nan Aardvark\na";
    let scratch =
        Scratch::with([("rows.tsv", text.as_bytes()), ("list", list.as_bytes()), ("list.gz", &gzip(b"b\nz\n"))]);
    let rows = |words: &[&str]| -> String {
        words.iter().map(|word| format!("{word}\t{}\n", counts.get(word.as_bytes()).copied().unwrap_or(0))).collect()
    };
    let listed = ["z", "none", "antidisestablishmentarianism", "an Aardvark", "a"];
    scratch.run(["rows.tsv", "--words-from", "list"]).gives(rows(&listed));
    scratch.pipe(list.as_bytes(), ["rows.tsv", "--words-from", "-"]).gives(rows(&listed));
    let all = [&["b"], &listed[..], &["b", "z"]].concat();
    scratch.run(["rows.tsv", "--words-from", "list", "-w", "b", "--words-from", "list.gz"]).gives(rows(&all));
}

#[test]
fn thousands_of_words_are_found_in_one_pass() {
    let mut text = String::new();
    let mut counts = BTreeMap::new();
    for row in 0..30_000_u64 {
        let word = format!("word{}", row * 7919 % 10_007);
        writeln!(text, "{word}\t1999\t{row}\t1").expect("memory");
        *counts.entry(word).or_insert(0) += row;
    }
    let scratch = Scratch::with([("rows.tsv", text.as_bytes())]);
    let list: String = (0..12_000).step_by(3).map(|number| format!("word{number}\n")).collect();
    let expected: String = list.lines().map(|word| format!("{word}\t{}\n", counts.get(word).unwrap_or(&0))).collect();
    scratch.write("list", &list);
    scratch.run(["rows.tsv", "--words-from", "list"]).gives(expected);
}

#[test]
fn a_list_that_cannot_be_used_is_an_error() {
    let scratch = Scratch::with([("rows.tsv", &b"a\t1999\t1\t1\n"[..]), ("list", b"a\tb\n"), ("empty", b"\n\n")]);
    scratch.run(["rows.tsv", "--words-from", "nope"]).fails("nope: No such file or directory");
    let reason = r#"no ngram can hold a TAB or a line end, so "a\tb" is none"#;
    scratch.run(["rows.tsv", "--words-from", "list"]).fails(reason);
    let twice = "standard input (-) is named twice, but can be read only once";
    scratch.run(["-", "--words-from", "-"]).fails(twice);
    scratch.run(["rows.tsv", "--words-from", "-", "--words-from", "-"]).fails(twice);
    // No word is asked for, so none occurs.
    scratch.run(["rows.tsv", "--words-from", "empty"]).exits(1).writes("").says("");
}
