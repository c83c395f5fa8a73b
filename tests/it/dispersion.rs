//! How evenly words are spread over files or years: the columns `range` and `dp`.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
use ngram_count::{Format, Input, Job, Pos, Sort, Spelling, Years};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::oracle::{Row, folded, in_years, is_tagged, keep, row, write as rows_as};
use crate::common::{Scratch, laws, ways_to_cut};

/// A part of a corpus: some words, each with a count.
type Part = Vec<(&'static str, u64)>;

const WORDS: &[&str] = &["a", "A", "b", "of", "of_ADP", "antidisestablishmentarianism"];

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let words = prop::collection::vec((select(WORDS), 0_u64..4), 0..12);
    prop::collection::vec(words, 1..7)
}

/// How the parts are stored: as texts, as dated texts with one year each or two of them in a year, as counts, or as the
/// years of v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Texts,
    Dated,
    Counts,
    Table,
}

/// What is asked for, beside range and dp.
#[derive(Debug, Clone)]
struct Asked {
    kind: Kind,
    word: Option<&'static str>,
    folds: bool,
    pos: Pos,
    years: Option<(u64, u64)>,
    with_first: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let kinds = select(&[Kind::Texts, Kind::Dated, Kind::Counts, Kind::Table][..]);
    let pos = select(&[Pos::Keep, Pos::Keep, Pos::Drop, Pos::Only][..]);
    let years = select(&[None, Some((1901, 1903))][..]);
    let word = select(&[None, Some("of"), Some("a"), Some("nowhere")][..]);
    (kinds, word, any::<bool>(), pos, years, any::<bool>()).prop_map(|(kind, word, folds, pos, years, with_first)| {
        let has_years = matches!(kind, Kind::Dated | Kind::Table);
        Asked { kind, word, folds, pos, years: years.filter(|_| has_years), with_first: with_first && has_years }
    })
}

/// The year of a part. Every other year has two texts.
fn year(number: usize) -> u64 {
    1900 + number as u64 * 2 / 3
}

impl Asked {
    fn inputs(&self, parts: &[Part]) -> Vec<Input> {
        if self.kind == Kind::Table {
            let rows = rows(parts);
            // Two files, neither of which is a part.
            let (one, two) = rows.split_at(rows.len() / 2);
            return [one, two].map(|rows| Input::from_bytes("rows", rows_as(Format::V2, rows))).to_vec();
        }
        let input = |(number, part): (usize, &Part)| {
            let text: String = match self.kind {
                Kind::Counts => part.iter().map(|(word, count)| format!("{word}\t{count}\n")).collect(),
                _ => part.iter().map(|(word, count)| format!("{word} ").repeat(*count as usize)).collect(),
            };
            Input::from_bytes(format!("{}", year(number)), text)
        };
        parts.iter().enumerate().map(input).collect()
    }

    fn job(&self, parts: &[Part]) -> Job {
        let format = match self.kind {
            Kind::Counts => Format::Counts,
            Kind::Table => Format::V2,
            _ => Format::Text,
        };
        let mut job = Job::new().format(format).inputs(self.inputs(parts)).pos(self.pos).sort(Sort::Word);
        if self.kind == Kind::Dated {
            job = job.year_from("[0-9]+").unwrap();
        }
        if let Some((first, last)) = self.years {
            job = job.years(Years::new(first, last).unwrap());
        }
        if let Some(word) = self.word {
            job = job.word(word);
        }
        if self.folds { job.ignore_case(Spelling::Lower) } else { job }
    }

    /// Of each word: its count, and the range and dp of the formula, over all parts.
    fn expected(&self, parts: &[Part]) -> BTreeMap<Vec<u8>, (u64, f64, Option<f64>)> {
        let mut rows = rows(parts);
        if matches!(self.kind, Kind::Texts | Kind::Counts) {
            // Each file is a part of its own.
            rows = parts.iter().enumerate().flat_map(|(number, part)| part_rows(part, number as u64)).collect();
        }
        if let Some((first, last)) = self.years {
            rows = in_years(&rows, first, last);
        }
        let rows = match self.pos {
            Pos::Drop => keep(&rows, |ngram| !is_tagged(ngram)),
            Pos::Only => keep(&rows, is_tagged),
            _ => rows,
        };
        let rows = if self.folds { folded(&rows) } else { rows };
        let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
        let mut words: BTreeMap<Vec<u8>, BTreeMap<u64, u64>> = BTreeMap::new();
        for Row { ngram, year, matches, .. } in rows {
            *sizes.entry(year).or_default() += matches;
            if self.word.is_none_or(|word| ngram == word.as_bytes()) && (matches > 0 || self.kind != Kind::Texts) {
                *words.entry(ngram).or_default().entry(year).or_default() += matches;
            }
        }
        if self.kind == Kind::Dated {
            words.retain(|_, parts| parts.values().any(|count| *count > 0));
        }
        if let Some(word) = self.word {
            words.entry(word.as_bytes().to_vec()).or_default();
        }
        sizes.retain(|_, size| *size > 0);
        let all: u64 = sizes.values().sum();
        let measure = |counts: BTreeMap<u64, u64>| {
            let count: u64 = counts.values().sum();
            let in_parts = counts.values().filter(|count| **count > 0).count();
            let difference = |(part, size): (&u64, &u64)| {
                let of_word = counts.get(part).copied().unwrap_or(0) as f64 / count as f64;
                (of_word - *size as f64 / all as f64).abs()
            };
            let deviation = sizes.iter().map(difference).sum::<f64>() / 2.0;
            (count, in_parts as f64 / sizes.len() as f64, (count > 0).then_some(deviation))
        };
        words.into_iter().map(|(word, counts)| (word, measure(counts))).collect()
    }
}

fn part_rows(part: &Part, year: u64) -> Vec<Row> {
    part.iter().map(|&(word, count)| row(word, year, count, 1)).collect()
}

fn rows(parts: &[Part]) -> Vec<Row> {
    parts.iter().enumerate().flat_map(|(number, part)| part_rows(part, year(number))).collect()
}

proptest! {
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn range_and_dp_are_those_of_the_formula(
        parts in parts(),
        asked in asked(),
        (threads, chunk_size) in (1_usize..5, select(&[1_usize, 20, 1 << 20][..])),
        memory in select(&[None, Some(1_u64)][..]),
    ) {
        let mut columns = vec![Column::Word, Column::Count, Column::Range, Column::Dp];
        columns.extend(asked.with_first.then_some(Column::First));
        let job = asked.job(&parts).columns(columns.iter().copied());
        let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(chunk_size).unwrap());
        let outcome = memory.into_iter().fold(job, Job::memory).run().unwrap();
        let (mut options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
        options.columns = columns;
        write::write(&outcome.counts, &options, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let expected = asked.expected(&parts);
        prop_assert_eq!(text.lines().count(), expected.len(), "{} {:?}", text, expected);
        for (line, (word, (count, range, deviation))) in text.lines().zip(&expected) {
            let cells: Vec<&str> = line.split('\t').collect();
            prop_assert_eq!(cells[..2].to_vec(), [&*String::from_utf8_lossy(word), &*count.to_string()]);
            let near = |cell: &str, value: Option<f64>| match (cell.parse::<f64>(), value.filter(|value| !value.is_nan())) {
                (Ok(found), Some(value)) => (found - value).abs() < 1e-9,
                (found, value) => found.is_err() && cell.is_empty() && value.is_none(),
            };
            prop_assert!(near(cells[2], Some(*range)) && near(cells[3], *deviation), "{} {:?}", line, expected);
        }
    }
}

/// Gries's example, with the values that he has published.
const EXAMPLE: [(&str, &[u8]); 5] = [
    ("1", b"b a m n i b e u p\n"),
    ("2", b"b a s a t b e w q n\n"),
    ("3", b"b c a g a b e s t a\n"),
    ("4", b"b a g h a b e a a t\n"),
    ("5", b"b a h a a b e a x a t\n"),
];

#[test]
fn the_published_example_in_each_format() {
    let scratch = Scratch::with(EXAMPLE);
    let options = ["1", "2", "3", "4", "5", "--columns=word,range,dp", "-wa", "-wb", "-wi", "-wq", "-wx", "-wno"];
    let values = "a\t1.0\t0.18\nb\t1.0\t0.02\ni\t0.2\t0.82\nq\t0.2\t0.8\nx\t0.2\t0.78\nno\t0.0\t\n";
    for cut in ways_to_cut() {
        let run = |more: &[&str]| scratch.run([&options, more, &cut].concat());
        run(&[]).gives(values);
        run(&["--year-from=."]).gives(values);
        run(&["-f=csv"]).gives(format!("word,range,dp\n{}", values.replace('\t', ",")).replace('\n', "\r\n"));
        assert!(run(&["-f=jsonl"]).stdout().ends_with(b"{\"word\":\"no\",\"range\":0.0,\"dp\":null}\n"));
        // The same as years: all lines are read, whatever words are asked for.
        let table = scratch.run(["1", "2", "3", "4", "5", "--year-from=.", "--by=year"]).stdout().to_vec();
        scratch.pipe(&table, [&options[5..], &cut].concat()).gives(values);
    }
    scratch.run([&options[..], &["--by=file"]].concat()).exits(2).writes("");
}

#[test]
fn years_and_files_are_no_parts_of_one_corpus() {
    let scratch = Scratch::with([("rows", &b"a\t1999\t3\t1\n"[..]), ("text", b"a rose is a rose"), ("empty", b"")]);
    let message = "rows has years and text has none, so there is no measure of the spread over both: the columns range and \
         dp need one kind of input";
    for column in ["range", "dp"] {
        scratch.run(["text", "rows", "--columns", column]).fails(message);
        scratch.run(["text", "rows", "empty", "-wa", "--keep-going", "--columns", column]).fails(message);
    }
    scratch.run(["rows", "empty", "--columns=word,range,dp"]).gives("a\t1.0\t0.0\n");
    scratch.run(["text", "empty", "--columns=word,range", "-wa"]).gives("a\t1.0\n");
    scratch.run(["no/file", "text", "rows", "--columns=range"]).fails("no/file: No such file or directory");
}

/// Behind the first MiB, a search for few words would pass over all other lines.
#[test]
fn all_words_count_however_few_are_asked_for() {
    let filler: String = (0..100_000).map(|n| format!("filler{n:06}\t1900\t1\t1\n")).collect();
    assert!(filler.len() > 1 << 20);
    let rows = format!("a\t1900\t1\t1\n{filler}a\t2000\t1\t1\nb\t2000\t299998\t1\n");
    let scratch = Scratch::with([("rows", rows.as_bytes())]);
    // A quarter of all words are of 1900, and half of those that are asked for.
    for cut in ways_to_cut().filter(|cut| cut[3] != "1" && cut[3] != "7") {
        scratch.run([&["rows", "-wa", "--columns=count,range,dp"], &cut[..]].concat()).gives("2\t1.0\t0.2499975\n");
    }
}

#[test]
fn statistics_say_that_all_was_read() {
    let scratch = Scratch::with([("rows", &b"a\t1999\t3\t1\nb\t1999\t3\t1\n"[..])]);
    let ran = scratch.run(["rows", "-wa", "--columns=dp", "--stats=human"]);
    assert!(ran.stderr().contains("rows          2\n"), "{ran}");
}

/// Words are sorted by the years in which they occur, whatever a line of the result is.
#[test]
fn lines_of_decades_are_sorted_by_the_range_of_years() {
    let rows = b"w\t1900\t1\t1\na\t1890\t1\t1\nw\t1901\t1\t1\n";
    for by in ["--by=decade", "--by=year"] {
        let ran = Scratch::new().pipe(rows, [by, "--sort=range", "--columns=word"]);
        let words = if by == "--by=decade" { "w\na\n" } else { "w\nw\na\n" };
        ran.gives(words);
    }
}
