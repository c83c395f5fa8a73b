//! `--wide`: a line for each word, and a column for each year or decade.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{Row, by_years, row, write as rows_as};
use crate::common::{Scratch, laws, ways_to_cut};
use crate::many;

const ROWS: &[u8] = b"a\t1989\t3\t2\na\t1992\t4\t1\nb\t1991\t6\t1\nc\t1960\t1\t1\n";

#[track_caller]
fn gives(options: &[&str], expected: &str) {
    for cut in ways_to_cut() {
        Scratch::new().pipe(ROWS, [&["--wide"], options, &cut].concat()).gives(expected);
    }
}

#[test]
fn each_year_has_a_column_in_every_format() {
    gives(&["--by=year", "--years=1989-"], "word\t1989\t1990\t1991\t1992\na\t3\t0\t0\t4\nb\t0\t0\t6\t0\n");
    gives(&["--by=decade"], "word\t1960\t1970\t1980\t1990\na\t0\t0\t3\t4\nb\t0\t0\t0\t6\nc\t1\t0\t0\t0\n");
    gives(&["--by=decade", "-w=b", "-w=x", "-f=csv"], "word,1990\r\nb,6\r\nx,0\r\n");
    gives(&["--by=decade", "-n1", "-f=jsonl"], "{\"word\":\"a\",\"1980\":3,\"1990\":4}\n");
    gives(&["--by=decade", "-n1", "-f=json"], "[\n{\"word\":\"a\",\"1980\":3,\"1990\":4}\n]\n");
    gives(&["--by=decade", "-n2", "-f=table"], "word  1980  1990\na        3     4\nb        0     6\n");
    gives(&["--by=decade", "--columns=word,volumes", "-s=count", "-n2"], "word\t1980\t1990\na\t2\t1\nb\t0\t1\n");
    gives(&["--by=year", "--years=2000-"], "word\n");
    let none = Scratch::new().pipe(ROWS, ["--wide", "--by=year", "-w=x", "-f=csv", "--where=count=0"]);
    none.exits(1).writes("word\r\nx\r\n");
}

#[test]
fn counts_per_million_are_those_of_each_year() {
    let scratch =
        Scratch::with([("rows", ROWS), ("totals", b"1989\t1000000\t1\t1\n1991\t2000000\t1\t1\n1992\t0\t1\t1\n")]);
    let expected = "word\t1989\t1990\t1991\t1992\na\t3.0\t\t0.0\t\nb\t0.0\t\t3.0\t\n";
    scratch.run(["rows", "--by=year", "--wide", "--totals=totals", "--years=1989-", "-q"]).gives(expected);
}

#[test]
fn columns_that_are_not_of_years_are_refused() {
    let run = |options: &[&str]| Scratch::new().pipe(ROWS, [&["--wide"], options].concat());
    run(&[]).fails("--wide needs --by year or --by decade");
    let why =
        "--wide needs two columns: word, and one of count, volumes, per-million or zipf, as in --columns word,count";
    for columns in ["word", "count", "count,word", "word,year", "word,count,volumes"] {
        run(&["--by=year", "--columns", columns]).fails(why);
    }
    run(&["--by=year", "--columns=word,first"])
        .fails("the column first is of whole words: it can't be combined with --by year, decade or file");
    let told = "ngram-count: standard output: can't have a column for each period from 5 to 2000000: 10000 are the most; \
        choose fewer years\n";
    Scratch::new().pipe(b"a\t5\t1\t1\na\t2000000\t1\t1\n", ["--by=year", "--wide"]).exits(2).writes("").says(told);
}

/// A wide result is no input: its years would be taken for words.
#[test]
fn a_wide_result_is_not_taken_for_text() {
    let ran = Scratch::new().pipe(ROWS, ["--by=year", "--wide", "-f=csv"]);
    let again = Scratch::new().pipe(ran.exits(0).stdout(), [""; 0]);
    assert!(
        again.exits(2).stderr().contains("is CSV of this program with columns that can't be counted again"),
        "{again}"
    );
}

/// The wide result of the oracle's rows, in the order of the words.
fn expected(rows: &[Row], years: u64) -> String {
    let rows = by_years(rows, years);
    let all: BTreeSet<u64> = rows.iter().map(|row| row.year).collect();
    let all: Vec<u64> = match (all.first(), all.last()) {
        (Some(first), Some(last)) => (*first..=*last).step_by(years as usize).collect(),
        _ => Vec::new(),
    };
    let mut text = format!("word{}\n", all.iter().map(|year| format!("\t{year}")).collect::<String>());
    for word in rows.chunk_by(|a, b| a.ngram == b.ngram) {
        text += std::str::from_utf8(&word[0].ngram).unwrap();
        for year in &all {
            let count: u64 = word.iter().filter(|row| row.year == *year).map(|row| row.matches).sum();
            text.extend(["\t", &count.to_string()]);
        }
        text.push('\n');
    }
    text
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let word = select(&["a", "b", "New York", "antidisestablishmentarianism", "\u{e9}t\u{e9}"][..]);
    let row = (word, prop_oneof![1890_u64..1930, 0_u64..3000], 0_u64..100, 0_u64..4);
    prop::collection::vec(row.prop_map(|(word, year, matches, volumes)| self::row(word, year, matches, volumes)), 0..40)
}

fn check(rows: &[Row], format: Format, by: By, threads: usize, memory: Option<u64>) -> Result<(), TestCaseError> {
    let job = Job::new().input(Input::from_bytes("rows", rows_as(format, rows))).format(format).by(by);
    let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(3000).unwrap());
    let outcome = memory.into_iter().fold(job, Job::memory).run().map_err(laws::unexpected)?;
    let (mut options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
    options.wide = true;
    write::write(&outcome.counts, &options, &mut text).unwrap();
    prop_assert_eq!(String::from_utf8(text).unwrap(), expected(rows, if by == By::Decade { 10 } else { 1 }));
    options.columns = vec![Column::Word];
    prop_assert!(write::write(&outcome.counts, &options, &mut Vec::new()).is_err());
    Ok(())
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn wide_results_are_the_oracles(
        rows in rows(), format in select(&[Format::V1, Format::V2, Format::V3][..]),
        by in select(&[By::Year, By::Decade][..]), threads in 1_usize..5, memory in select(&[None, None, Some(1_u64)][..]),
    ) {
        check(&rows, format, by, threads, memory)?;
    }
}

#[test]
fn a_wide_result_larger_than_memory_is_the_same() {
    let rows = &many::rows()[..4000];
    for by in [By::Year, By::Decade] {
        check(rows, Format::V2, by, 3, Some(50_000)).unwrap();
    }
}
