//! Texts with the year in their names: they count as the v2 file that one would make of them by hand.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job, Spelling, Totals, Years};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{lower, row, write as rows_as};
use crate::common::{Scratch, gzip, laws, ways_to_cut};

/// A text of a year: its words, a line for every third.
#[derive(Debug, Clone)]
struct Text {
    year: u64,
    words: Vec<&'static str>,
    is_compressed: bool,
}

const WORDS: &[&str] = &["a", "A", "b", "of", "Of", "antidisestablishmentarianism", "the_DET"];

fn text() -> impl Strategy<Value = Text> {
    let words = prop::collection::vec(select(WORDS), 0..25);
    (1898_u64..1903, words, any::<bool>()).prop_map(|(year, words, is_compressed)| Text { year, words, is_compressed })
}

impl Text {
    fn input(&self, number: usize) -> Input {
        let lines: Vec<String> = self.words.chunks(3).map(|line| line.join(" ")).collect();
        let text = lines.join("\n").into_bytes();
        Input::from_bytes(format!("{number}/of {}.txt", self.year), if self.is_compressed { gzip(&text) } else { text })
    }
}

/// The v2 file of some texts: a row for each word of each text, which is one volume.
fn v2(texts: &[Text], folds: bool) -> Vec<u8> {
    let mut rows = Vec::new();
    for text in texts {
        let mut counts = BTreeMap::new();
        for word in &text.words {
            let word = if folds { lower(word.as_bytes()) } else { word.as_bytes().to_vec() };
            *counts.entry(word).or_insert(0) += 1;
        }
        rows.extend(counts.into_iter().map(|(word, count)| row(word, text.year, count, 1)));
    }
    rows_as(Format::V2, &rows)
}

/// How the result is asked for.
#[derive(Debug, Clone)]
struct Asked {
    by: By,
    years: Option<(u64, u64)>,
    columns: Vec<Column>,
    folds: bool,
    top: usize,
    word: Option<&'static str>,
    totals: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    use Column::{Cumulative, First, Last, Peak, PerMillion, Rank, Share, Spark, Volumes, Years};
    let all = [Volumes, Years, First, Last, Peak, Share, Cumulative, Rank, Spark, PerMillion];
    let columns = prop::collection::vec(select(all.to_vec()), 0..4);
    let years = select(&[None, None, Some((1899, 1901)), Some((1950, 1960))][..]);
    let by = select(&[By::Word, By::Word, By::Year, By::Decade][..]);
    let word = select(&[None, None, Some("of"), Some("nowhere")][..]);
    (by, years, columns, any::<bool>(), select(&[2_usize, 100][..]), word, any::<bool>()).prop_map(
        |(by, years, more, folds, top, word, totals)| {
            let mut columns = Column::defaults(by);
            columns.extend(more);
            columns.sort_unstable_by_key(|column| column.name());
            columns.dedup();
            columns.retain(|column| Column::check(&[*column], by, totals).is_ok());
            Asked { by, years, columns, folds, top, word, totals }
        },
    )
}

impl Asked {
    fn job(&self) -> Job {
        let mut job = Job::new().by(self.by).columns(self.columns.iter().copied()).top(self.top);
        if let Some((first, last)) = self.years {
            job = job.years(Years::new(first, last).unwrap());
        }
        if let Some(word) = self.word {
            job = job.word(word);
        }
        if self.folds { job.ignore_case(Spelling::Lower) } else { job }
    }

    fn written(&self, job: Job, totals: &Totals) -> Vec<u8> {
        let outcome = if self.totals { job.totals(totals.clone()) } else { job }.run().unwrap();
        let (mut options, mut text) = (OutputOptions::new(OutputFormat::Csv), Vec::new());
        options.columns.clone_from(&self.columns);
        write::write(&outcome.counts, &options, &mut text).unwrap();
        text
    }
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn dated_texts_are_the_v2_file_of_them(
        texts in prop::collection::vec(text(), 1..8),
        asked in asked(),
        (threads, chunk_size) in (1_usize..5, select(&[1_usize, 20, 1 << 20][..])),
        memory in select(&[None, Some(1_u64)][..]),
    ) {
        let scratch = Scratch::with([("totals", &b"\t1898,10,1,1\t1899,20,1,1\t1901,7,1,1\t1902,0,0,0\t"[..])]);
        let totals = Totals::read(scratch.path("totals")).unwrap();
        let inputs = texts.iter().enumerate().map(|(number, text)| text.input(number));
        let job = asked.job().format(Format::Text).inputs(inputs).year_from("of ([0-9]+)").unwrap();
        let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        let job = memory.into_iter().fold(job, Job::memory);
        let by_hand = asked.job().format(Format::V2).input(Input::from_bytes("v2", v2(&texts, asked.folds)));
        prop_assert_eq!(
            String::from_utf8(asked.written(job, &totals)),
            String::from_utf8(asked.written(by_hand, &totals))
        );
    }

    /// All words of the texts, whatever is looked for.
    #[test]
    fn own_totals_are_all_words(
        texts in prop::collection::vec(text(), 1..8),
        asked in asked(),
        (threads, chunk_size) in (1_usize..5, select(&[1_usize, 20, 1 << 20][..])),
    ) {
        let inputs = texts.iter().enumerate().map(|(number, text)| text.input(number));
        let job = asked.job().inputs(inputs).format(Format::Text).year_from("of ([0-9]+)").unwrap().count_totals(true);
        let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        let outcome = job.run().unwrap();
        let mut expected = BTreeMap::new();
        let (first, last) = asked.years.unwrap_or((0, u64::MAX));
        for text in texts.iter().filter(|text| (first..=last).contains(&text.year)) {
            let sum: &mut (u64, u64) = expected.entry(text.year).or_default();
            *sum = (sum.0 + text.words.len() as u64, sum.1 + 1);
        }
        let found = outcome.own_totals.iter().map(|year| (year.year, (year.count, year.volumes)));
        prop_assert!(found.eq(expected), "{:?}", outcome.own_totals);
    }
}

const TEXTS: [(&str, &[u8]); 3] =
    [("1851-whale.txt", b"the whale\nthe sea the sea"), ("1851-gables.txt", b"the house"), ("1863.txt", b"The whale")];
const NAMES: [&str; 4] = ["1851-whale.txt", "1851-gables.txt", "1863.txt", "--year-from=[0-9]{4}"];

#[test]
fn all_that_google_s_files_have() {
    let scratch = Scratch::with(TEXTS);
    for cut in ways_to_cut() {
        let run = |options: &[&str]| scratch.run([&NAMES, options, &cut].concat());
        run(&["--by=year", "-wthe", "-wwhale"]).gives("the\t1851\t4\t2\nwhale\t1851\t1\t1\nwhale\t1863\t1\t1\n");
        run(&["--by=decade", "--ignore-case", "-wthe"]).gives("the\t1850\t4\t2\nthe\t1860\t1\t1\n");
        run(&["--columns=word,count,volumes,first,last,peak", "-n2"])
            .gives("the\t4\t2\t1851\t1851\t1851\nsea\t2\t1\t1851\t1851\t1851\n");
        run(&["--years=1860-", "--columns=word,count,share"]).gives("The\t1\t0.5\nwhale\t1\t0.5\n");
        run(&["--years=1860-", "--by=file"]).gives("The\t1863.txt\t1\nwhale\t1863.txt\t1\n");
        run(&["-wthe"]).gives("the\t4\n");
        run(&["--ngram=2", "-wthe sea", "--by=year"]).gives("the sea\t1851\t2\t1\n");
    }
    scratch
        .run([&["plot"], &NAMES[..], &["-wwhale", "--data", "--years=1862-1863"]].concat())
        .gives("whale\t1862\t0\nwhale\t1863\t1\n");
    scratch
        .run([&["plot"], &NAMES[..], &["-wwhale", "--data", "--tokens=unicode", "--years=1863"]].concat())
        .gives("whale\t1863\t1\n");
}

#[test]
fn texts_of_other_years_are_not_read() {
    let scratch = Scratch::with(TEXTS);
    let ran = scratch.run([&NAMES[..], &["1700/no/file", "--years=1863", "--by=year", "--stats=json"]].concat());
    ran.exits(0).writes("The\t1863\t1\t1\nwhale\t1863\t1\t1\n");
    assert!(ran.stderr().contains("1863.txt") && !ran.stderr().contains("1851-whale"), "{ran}");
    let told = "ngram-count: no input has a year of 2000- in its name\n";
    scratch.run([&NAMES[..], &["--years=2000-", "--by=year"]].concat()).exits(0).writes("").says(told);
}

#[test]
fn a_name_without_a_year_is_an_error() {
    let scratch = Scratch::with(TEXTS);
    let what = "--year-from must match the digits of the year, or have them as its first group";
    let run = |regex: &str, file: &str| scratch.run([file, "--year-from", regex, "--keep-going"]);
    run("^[0-9]{5}", "1851-whale.txt")
        .fails(&format!("1851-whale.txt: expected a year in its name, found none: {what}"));
    let found = |found: &str| format!("1851-whale.txt: expected a year in its name, found {found}: {what}");
    run("w.*e", "1851-whale.txt").fails(&found("\"whale\""));
    run("([0-9]+)?-(wh)", "1851-whale.txt").writes("the\t3\nsea\t2\nwhale\t1\n");
    run("x*", "1851-whale.txt").fails(&found("\"\""));
    run("[0-9]{3}|", "18446744073709551616").fails("18446744073709551616: No such file or directory");
    run("[0-9]+", "18446744073709551616")
        .fails(&format!("18446744073709551616: expected a year in its name, found \"18446744073709551616\": {what}"));
    scratch
        .pipe(b"text", ["--year-from=[0-9]+"])
        .fails(&format!("standard input: expected a year in its name, found none: {what}"));
    run("(", "1851-whale.txt").fails("the regular expression can't be read: unclosed group");
}

#[test]
fn other_inputs_than_text_are_refused() {
    let scratch = Scratch::with([("1.v2", &b"a\t1999\t1\t1\n"[..]), ("2.counts", b"a\t1\n")]);
    let what = "is not text, which --tokens, --ngram, --within and --year-from are for; if it is text, say -i text";
    scratch.run(["1.v2", "--year-from=[0-9]"]).fails(&format!("1.v2: its format (v2) {what}"));
    scratch.run(["2.counts", "--year-from=[0-9]", "--by=year"]).fails(&format!("2.counts: its format (counts) {what}"));
}

#[test]
fn own_totals_are_read_back() {
    let scratch = Scratch::with(TEXTS);
    for cut in ways_to_cut() {
        let run = |options: &[&str]| scratch.run([&NAMES, options, &cut].concat());
        run(&["-wwhale", "--write-totals=totals"]).gives("whale\t2\n");
        assert_eq!(scratch.read("totals"), b"\t1851,8,0,2\t1863,2,0,1\t\n");
        run(&["-wwhale", "--totals=totals"]).gives("whale\t2\t200000.0\n");
        run(&["-wwhale", "--by=year", "--totals=totals", "--write-totals=again"])
            .gives("whale\t1851\t1\t1\t125000.0\nwhale\t1863\t1\t1\t500000.0\n");
        assert_eq!(scratch.read("again"), scratch.read("totals"));
        // Of two N-grams of 1851, one is asked for.
        run(&["--ngram=4", "-wnone", "--write-totals=again"]).exits(1);
        assert_eq!(scratch.read("again"), b"\t1851,1,0,2\t1863,0,0,1\t\n");
    }
    scratch
        .run([&["plot"], &NAMES[..], &["-wwhale", "--data", "--years=1863", "--totals=totals"]].concat())
        .gives("whale\t1863\t500000.0\n");
    // The table that was made of the texts has their years and volumes, and belongs to the same totals.
    let table = scratch.run([&NAMES[..], &["--by=year"]].concat()).stdout().to_vec();
    scratch.pipe(&table, ["-wwhale", "--totals=totals"]).gives("whale\t2\t200000.0\n");
}

#[test]
fn totals_and_result_are_written_both_or_none() {
    let scratch = Scratch::with(TEXTS);
    scratch.write("old", "old");
    let run = |options: &[&str]| scratch.run([&NAMES, options].concat());
    run(&["--write-totals=old", "no/file-1999"]).exits(2);
    run(&["--write-totals=old", "-o", "no/folder"]).exits(2);
    run(&["--write-totals=old", "-o", "old"]).fails("two results can't both be written to old");
    run(&["--write-totals=no/folder"]).exits(2).writes("");
    run(&["--write-totals=-"]).exits(2).writes("");
    run(&["--write-totals=t.gz"]).fails("t.gz: totals are written plain; name the file .txt");
    run(&["--by=file", "--totals=old"])
        .fails("--totals can't be combined with --by file: total counts are those of years, not of files");
    assert_eq!(scratch.read("old"), b"old");
    let ran = scratch.run(["1863.txt", "--write-totals=old"]);
    assert!(ran.exits(2).stderr().contains("--year-from"), "{ran}");
}
