//! `plot`: the numbers of the chart, and the messages when there are none.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::common::oracle::{Row, folded, gives, in_years, row};
use crate::common::{Scratch, gzip, ways_to_cut};
use ngram_count::Format;
use proptest::prelude::*;

/// Rows in no order, with gaps between the years, and some years again and again.
fn rows() -> Vec<Row> {
    let years = [1999, 1990, 1989, 1990, 1990, 1985, 2019, 1815, 1999, 2004];
    let words = ["a", "a\x01", "a b", "A", "ab", "antidisestablishmentarianism", "x\"y, z"];
    let row = |n: u64| row(words[(n / 3 * 5 % 7) as usize], years[(n * 7 % 10) as usize], n * n % 97, n % 4 + 1);
    (0..120).map(row).collect()
}

/// The count of each word in each year.
fn series(rows: &[Row], words: &[&str], first: u64, last: u64) -> Vec<(String, Vec<(u64, u64)>)> {
    let of = |word: &str, year| {
        let rows = rows.iter().filter(|row| row.ngram == word.as_bytes() && row.year == year);
        rows.map(|row| row.matches).sum::<u64>()
    };
    words.iter().map(|word| ((*word).into(), (first..=last).map(|year| (year, of(word, year))).collect())).collect()
}

/// The oracle's table.
fn table(rows: &[Row], words: &[&str], first: u64, last: u64) -> String {
    let lines = series(rows, words, first, last)
        .into_iter()
        .flat_map(|(word, years)| years.into_iter().map(move |(year, count)| format!("{word}\t{year}\t{count}\n")));
    lines.collect()
}

/// The oracle's table, averaged, and per million if asked.
fn averaged(
    rows: &[Row],
    words: &[&str],
    (first, last): (u64, u64),
    sides: u64,
    totals: &BTreeMap<u64, u64>,
) -> String {
    let mut lines = String::new();
    for (word, years) in series(rows, words, first, last) {
        let value = |(year, count): (u64, u64)| match totals.get(&year) {
            _ if totals.is_empty() => Some((year, count as f64)),
            words => words.map(|words| (year, count as f64 * 1e6 / *words as f64)),
        };
        let values: Vec<(u64, f64)> = years.into_iter().filter_map(value).collect();
        for (year, _) in &values {
            let near: Vec<f64> =
                values.iter().filter(|other| other.0.abs_diff(*year) <= sides).map(|other| other.1).collect();
            let mean = format!("{:.6}", near.iter().sum::<f64>() / near.len() as f64);
            let mean = mean.trim_end_matches('0');
            let zero = if mean.ends_with('.') { "0" } else { "" };
            let mean = if totals.is_empty() { mean.trim_end_matches('.').to_owned() } else { format!("{mean}{zero}") };
            let _ = writeln!(lines, "{word}\t{year}\t{mean}");
        }
    }
    lines
}

const SMALL: &[u8] = b"a\t1990\t3\t2\na\t1992\t3\t1\nb\t1991\t6\t1\nA\t1993\t4\t9\n";

fn run(options: &[&str]) -> crate::common::Ran {
    Scratch::with([("small", SMALL)]).run([&["plot", "small"], options].concat())
}

#[test]
fn the_data_is_the_oracles() {
    let rows = rows();
    let words = ["x\"y, z", "a", "nope", "antidisestablishmentarianism"];
    let asked = words.map(|word| format!("--word={word}"));
    let plot = |options: &[&str], expected: String| {
        let mut all = vec!["plot", "--data", "--quiet"];
        all.extend(asked.iter().map(String::as_str).chain(options.iter().copied()));
        gives(&rows, &all, expected);
    };
    plot(&[], table(&rows, &words, 1815, 2019));
    plot(&["--years=1985-1995"], table(&rows, &words, 1985, 1995));
    plot(&["--years=1980-2030"], table(&rows, &words, 1980, 2030));
    plot(&["--years=1986-"], table(&rows, &words, 1986, 2019));
    plot(&["--smooth=3"], averaged(&rows, &words, (1815, 2019), 3, &BTreeMap::new()));
    plot(&["--smooth=7", "--years=1980-2000"], averaged(&rows, &words, (1980, 2000), 7, &BTreeMap::new()));
}

#[test]
fn per_million_goes_by_the_words_of_each_year() {
    let totals: BTreeMap<u64, u64> =
        (1985..2005).filter(|year| year % 5 != 1).map(|year| (year, year * 1000)).collect();
    let text: String = totals.iter().map(|(year, words)| format!("{year}\t{words}\t1\t1\n")).collect();
    let rows = rows();
    let scratch = Scratch::with([("totals", text.as_bytes())]);
    let path = scratch.path("totals");
    let path = path.to_str().unwrap();
    let plot = |options: &[&str], expected: String| {
        gives(&rows, &[&["plot", "-q", "--data", "-w=a", "-w=ab", "--totals", path], options].concat(), expected);
    };
    plot(&[], averaged(&rows, &["a", "ab"], (1815, 2019), 0, &totals));
    plot(&["--smooth=4"], averaged(&rows, &["a", "ab"], (1815, 2019), 4, &totals));
    plot(&["--years=1980-1999", "--smooth=1"], averaged(&rows, &["a", "ab"], (1980, 1999), 1, &totals));
}

#[test]
fn case_variants_are_one_line_and_a_word_asked_for_twice_is_too() {
    let rows = rows();
    let folded = in_years(&folded(&rows), 1980, 2010);
    let options = ["plot", "--data", "--years=1980-2010", "--ignore-case", "-w", "A", "-w", "a", "-w", "A B"];
    gives(&rows, &options, table(&folded, &["a", "a b"], 1980, 2010));
    let twice = ["--data", "-w", "b", "-w", "A", "-w", "b", "--years=1993-1993"];
    run(&[&twice[..], &["-q"]].concat()).gives("b\t1993\t0\nA\t1993\t4\n");
}

#[test]
fn words_that_differ_in_case_alone_are_one_line_where_case_is_ignored() {
    for spelling in ["lower", "commonest"] {
        let spelling = format!("--spelling={spelling}");
        let missing =
            ["--data", "-w", "X", "-w", "x", "-w", "b", "-w", "B", "--years=1991", "--ignore-case", &spelling];
        let first = if spelling.ends_with("lower") { "x" } else { "X" };
        run(&[&missing[..], &["-q"]].concat()).gives(format!("{first}\t1991\t0\nb\t1991\t6\n"));
        let said = format!("ngram-count: \"{first}\" does not occur\n");
        run(&missing).exits(0).says(&said);
    }
    // Twelve are the most in a chart.
    let many: Vec<String> =
        ('a'..='l').flat_map(|word| [word.to_string(), word.to_ascii_uppercase().to_string()]).collect();
    let many: Vec<String> = many.into_iter().map(|word| format!("-w={word}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    run(&[&many[..], &["--ignore-case", "-q", "--ascii"]].concat()).exits(0).says("");
    assert!(run(&many).exits(2).stderr().contains("found 24"));
}

#[test]
fn an_average_over_more_years_than_there_are_is_over_all() {
    let smooth = |sides: &str| run(&["--data", "-w=a", "--smooth", sides]);
    let expected = "a\t1990\t2\na\t1991\t2\na\t1992\t2\n";
    for sides in ["2", "1000", "9223372036854775807", "18446744073709551614", "18446744073709551615"] {
        smooth(sides).gives(expected);
    }
}

#[test]
fn totals_of_another_version_are_warned_of() {
    let scratch = Scratch::with([("a-20200217.tsv", SMALL), ("totals-20120701", b"1990\t1000\t1\t1\n")]);
    let run = |more: &[&str]| {
        let plot = ["plot", "--data", "-w=a", "--years=1990", "--totals=totals-20120701", "a-20200217.tsv"];
        let ran = scratch.run([&plot[..], more].concat());
        ran.exits(0).writes("a\t1990\t3000.0\n");
        ran
    };
    let warning = "ngram-count: a-20200217.tsv is of version 20200217, totals-20120701 of 20120701: per-million is wrong \
                   then; take the file of the same version\n";
    run(&[]).says(warning);
    run(&["--quiet"]).says("");
}

#[test]
fn words_come_from_lists_too_and_input_from_anywhere() {
    let expected = "b\t1990\t0\nb\t1991\t6\nb\t1992\t0\na\t1990\t3\na\t1991\t0\na\t1992\t3\n";
    let scratch = Scratch::with([("list", &b"b\na\n"[..]), ("rows.gz", &gzip(SMALL)), ("half", &SMALL[..10])]);
    let options = ["plot", "--data", "--words-from", "list"];
    scratch.run(options.iter().chain(&["rows.gz"])).gives(expected);
    scratch.pipe(&gzip(SMALL), options).gives(expected);
    scratch.pipe(SMALL, options.iter().chain(&["-"])).gives(expected);
    for cut in ways_to_cut() {
        scratch.run(options.iter().chain(&cut).chain(&["rows.gz"])).gives(expected);
    }
}

#[test]
fn data_has_every_format() {
    let of = |options: &[&str]| run(&[&["--data", "-w", "b", "--years=1990-1991"], options].concat());
    of(&["--header"]).gives("word\tyear\tcount\nb\t1990\t0\nb\t1991\t6\n");
    of(&["-f=csv", "--smooth=1"]).gives("word,year,count\r\nb,1990,3\r\nb,1991,3\r\n");
    let lines = "{\"word\":\"b\",\"year\":1990,\"count\":0}\n{\"word\":\"b\",\"year\":1991,\"count\":6}\n";
    of(&["-f=jsonl"]).gives(lines);
    of(&["-f=json"]).gives(format!("[\n{}\n]\n", lines.trim_end().replace('\n', ",\n")));
    let scratch = Scratch::with([("rows", &b"q\"\xFF\t1990\t18446744073709551615\t1\n"[..]), ("list", b"q\"\xFF\n")]);
    let run = |format| scratch.run(["plot", "--data", "--words-from=list", "rows", "-f", format]);
    run("tsv").gives(b"q\"\xFF\t1990\t18446744073709551615\n");
    run("csv").gives(b"word,year,count\r\n\"q\"\"\xFF\",1990,18446744073709551615\r\n");
    run("jsonl").gives("{\"word\":\"q\\\"\u{FFFD}\",\"year\":1990,\"count\":18446744073709551615}\n");
}

#[test]
fn words_that_do_not_occur_are_named() {
    run(&["--data", "-w", "b", "-w", "c", "--years=1991"])
        .exits(0)
        .writes("b\t1991\t6\nc\t1991\t0\n")
        .says("ngram-count: \"c\" does not occur\n");
    let none = "ngram-count: none of the words occurs\n";
    run(&["-w", "c", "-w", "d"]).exits(1).writes("").says(none);
    run(&["-w", "b", "--years=1992-"]).exits(1).writes("").says(none);
    run(&["-w", "c", "--data", "-f", "json"]).exits(1).writes("[\n]\n").says(none);
    let scratch = Scratch::with([("small", SMALL), ("old.svg", b"old")]);
    scratch.run(["plot", "small", "-w", "c", "--svg", "old.svg", "--png", "new.png"]).exits(1).writes("").says(none);
    assert_eq!((scratch.read("old.svg"), scratch.names()), (b"old".to_vec(), vec!["old.svg".into(), "small".into()]));
}

#[test]
fn what_can_not_be_drawn_is_refused() {
    run(&[]).fails("which words are to be drawn? Name them with --word WORD, again and again, or --words-from FILE");
    let many: Vec<String> = (0..13).map(|n| format!("-w=w{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let message = "expected at most 12 words in a chart, found 13; name fewer, or print their numbers with --data";
    run(&many).fails(message);
    run(&[&many[..], &["--data", "--svg=a.svg"]].concat()).fails(message);
    run(&[&many[..], &["--data"]].concat()).exits(1);
    run(&["-w=a", "--years=1-10001"]).fails("expected at most 10000 years, found 1 to 10001; choose some with --years");
    Scratch::new()
        .pipe(b"a\t5\t1\t1\na\t18446744073709551615\t1\t1\n", ["plot", "-w=a"])
        .fails("expected at most 10000 years, found 5 to 18446744073709551615; choose some with --years");
    let message = "its format (counts) has no years and no volumes: --years, --rise, --by year, plot and the columns year, volumes, years, first, last, peak, born, died and spark need v1, v2 or v3; if it is one of these, say which with -i";
    Scratch::with([("counts", &b"a\t5\n"[..])]).run(["plot", "-w=a", "counts"]).fails(&format!("counts: {message}"));
    let message =
        "--width, --height and --ascii are for the chart in the terminal: pictures have one size, and --data has none";
    for options in [["--width=40", "--png=a.png"], ["--height=9", "--svg=a.svg"], ["--ascii", "--data"]] {
        run(&[&["-w=a"], &options[..]].concat()).fails(message);
    }
    run(&["-w=a", "--svg=missing/a.svg"]).fails("missing/a.svg: No such file or directory");
    run(&["-w=a", "--png=."]).fails(".: is a directory");
    run(&["-w=a", "missing"]).fails("missing: No such file or directory");
    run(&["-w=a", "--totals=small"]).exits(2).writes("");
    run(&["-w=a", "-", "--totals=-"]).fails("standard input (-) is named twice, but can be read only once");
    for bad in [["--smooth=-1"], ["--smooth=x"], ["--width=0"], ["--height=1001"], ["--format=csv"], ["--header"]] {
        run(&[&["-w=a"], &bad[..]].concat()).exits(2).writes("");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let text: String = (0..5000).map(|year| format!("a\t{year}\t{year}\t1\n")).collect();
    let scratch = Scratch::with([("rows", text.as_bytes())]);
    scratch.shell("($0 plot --data -w a rows; echo $? >&2) | head -n 1").exits(0).writes("a\t0\t0\n").says("0\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn averages_are_the_naive_ones(
        counts in prop::collection::btree_map(1900_u64..1950, 0_u64..100_000, 1..30),
        sides in 0_u64..60,
    ) {
        let rows: Vec<Row> = counts.iter().map(|(year, count)| row("w", *year, *count, 1)).collect();
        let years = (*counts.keys().next().unwrap(), *counts.keys().last().unwrap());
        let text = crate::common::oracle::write(Format::V2, &rows);
        let ran = Scratch::new().pipe(&text, ["plot", "--data", "-w=w", "--smooth", &sides.to_string()]);
        ran.gives(averaged(&rows, &["w"], years, sides, &BTreeMap::new()));
    }
}
