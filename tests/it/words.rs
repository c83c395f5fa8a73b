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

#[test]
fn a_word_that_google_writes_otherwise_is_told() {
    let scratch = Scratch::with([
        ("v1", &b"do n't\t1999\t7\t1\t1\n"[..]),
        ("v2", b"do n't\t1999\t7\t1\ncannot\t1999\t1\t1\n"),
        ("v3", b"do n't\t1999,7,1\n"),
        ("counts", b"don\t3\n"),
    ]);
    let note = |word: &str, form: &str, words: u8| {
        format!("ngram-count: {word:?} does not occur; Google's files write it {form:?}, an ngram of {words} words\n")
    };
    for file in ["v2", "v3"] {
        let dont = note("don't", "do n't", 2);
        scratch.run([file, "-w", "don't"]).exits(1).writes("don't\t0\n").says(&dont);
        scratch
            .run([file, "-w=don't", "-w=do n't", "-w=dont"])
            .exits(0)
            .writes("don't\t0\ndo n't\t7\ndont\t0\n")
            .says(&dont);
        scratch.run([file, "-w", "don't", "--by", "year"]).exits(1).writes("").says(&dont);
        scratch.run([file, "-w", "DON'T", "--ignore-case"]).exits(1).writes("don't\t0\n").says(&dont);
        scratch.run([file, "-w", "don't", "-q"]).exits(1).says("");
        scratch.pipe(b"well-known\n", [file, "--words-from", "-"]).exits(1).says(&note(
            "well-known",
            "well - known",
            3,
        ));
        let many = ["-w=a-a", "-w=b-b", "-w=c-c", "-w=d-d"];
        let first = ["a", "b", "c"].map(|word| note(&format!("{word}-{word}"), &format!("{word} - {word}"), 3));
        scratch.run([&[file], &many[..]].concat()).exits(1).says(&first.concat());
    }
    scratch.run(["v2", "-w", "cannot"]).gives("cannot\t1\n");
    for file in ["v1", "counts"] {
        scratch.run([file, "-w", "don't"]).exits(1).says("");
    }
    let upper = "ngram-count: \"Don\" does not occur; counts may be in lower case, and --ignore-case finds a word in any case\n";
    scratch.run(["counts", "-w", "Don"]).exits(1).writes("Don\t0\n").says(upper);
    scratch.run(["v2", "-w", "Don"]).exits(1).writes("Don\t0\n").says("");
    scratch.run(["counts", "-w", "Cat", "--ignore-case"]).exits(1).writes("cat\t0\n").says("");
}
