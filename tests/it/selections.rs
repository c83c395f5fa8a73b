//! Random selections and orders by columns, with and without a bound of memory: the oracle's words, in its order.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use ngram_count::write::{self, Column, Condition, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job, Pos, ShareOf, Sort, Spelling};
use proptest::prelude::*;
use proptest::sample::select;

use crate::common::laws;
use crate::common::oracle::{Row, by_years, folded, is_tagged, keep, row, write as rows_as};
use crate::common::values::{All, COLUMNS, Word, cell, keep_first, satisfies, sort, words};
use crate::many;

/// A random selection.
#[derive(Debug, Clone)]
struct Asked {
    pos: Pos,
    prefix: &'static str,
    ignores_case: bool,
    share_of: ShareOf,
    by: By,
    min_count: u64,
    conditions: Vec<(&'static str, &'static str, f64)>,
    /// In parts of a thousand.
    coverage: Option<u64>,
    top: Option<usize>,
    sort: &'static str,
    is_reversed: bool,
}

fn asked() -> impl Strategy<Value = Asked> {
    let words = (
        select(&[Pos::Keep, Pos::Drop, Pos::Only][..]),
        select(&["", "", "a", "w"][..]),
        any::<bool>(),
        select(&[ShareOf::Input, ShareOf::Selection][..]),
        select(&[By::Word, By::Word, By::Word, By::Year, By::Decade][..]),
    );
    let number = prop_oneof![
        select(&[0.0, 1.0, 2.0, 5.0, 40.0, 1900.0, 1905.0, 0.01, 0.25, 1e4, 7.5, -1.0][..]),
        (1_u32..2000).prop_map(f64::from)
    ];
    let condition = (select(&COLUMNS[..]), select(&["=", "!=", "<", "<=", ">", ">="][..]), number);
    let columns = COLUMNS.iter().copied().chain(["word"]).collect::<Vec<_>>();
    let lines = (
        select(&[0_u64, 0, 3][..]),
        prop::collection::vec(condition, 0..3),
        prop::option::of(select(&[1_u64, 300, 500, 950, 999, 1000][..])),
        prop::option::weighted(0.3, 0_usize..20),
        select(columns),
        any::<bool>(),
    );
    (words, lines).prop_map(|(words, lines)| {
        let (pos, prefix, ignores_case, share_of, by) = words;
        let (min_count, conditions, coverage, top, sort, is_reversed) = lines;
        Asked { pos, prefix, ignores_case, share_of, by, min_count, conditions, coverage, top, sort, is_reversed }
    })
}

impl Asked {
    fn job(&self) -> Job {
        let mut job = Job::new().pos(self.pos).prefix(self.prefix).share_of(self.share_of).by(self.by);
        job = job.min_count(self.min_count).reverse(self.is_reversed);
        if self.ignores_case {
            job = job.ignore_case(Spelling::Lower);
        }
        for (column, sign, number) in &self.conditions {
            job = job.condition(format!("{column}{sign}{number}").parse::<Condition>().unwrap());
        }
        if let Some(thousandths) = self.coverage {
            job = job.coverage(format!("{}.{}%", thousandths / 10, thousandths % 10).parse().unwrap());
        }
        job = match self.sort {
            "count" => job.sort(Sort::Count),
            name => job.sort_by(*Column::ALL.iter().find(|column| column.name() == name).unwrap()).unwrap(),
        };
        job = self.top.into_iter().fold(job, Job::top);
        job.columns(self.columns()).without_volumes()
    }

    /// The columns that are shown.
    fn columns(&self) -> Vec<Column> {
        match self.by {
            By::Word => {
                let is_known = |column: &Column| *column == Column::Word || COLUMNS.contains(&column.name());
                Column::ALL.iter().copied().filter(is_known).collect()
            }
            _ => vec![Column::Word, Column::Year, Column::Count],
        }
    }

    fn expected(&self, rows: &[Row]) -> String {
        let rows = if self.ignores_case { folded(rows) } else { rows.to_vec() };
        let input = keep(&rows, |ngram| match self.pos {
            Pos::Drop => !is_tagged(ngram),
            Pos::Only => is_tagged(ngram),
            _ => true,
        });
        let rows = keep(&input, |ngram| ngram.starts_with(self.prefix.as_bytes()));
        let sum = |rows: &[Row]| rows.iter().map(|row| row.matches).sum::<u64>();
        let total = sum(if self.share_of == ShareOf::Input { &input } else { &rows });
        let mut found = words(&rows);
        let years = input.iter().filter(|row| row.matches > 0).map(|row| row.year).collect::<BTreeSet<_>>().len();
        let all = All { counts: found.iter().map(|word| word.count).collect(), total, years };
        found.retain(|word| word.count >= self.min_count);
        found.retain(|word| self.conditions.iter().all(|condition| satisfies(word, *condition, &all)));
        keep_first(&mut found, self.coverage, self.top, &all);
        sort(&mut found, self.sort, self.is_reversed, &all);
        found.iter().map(|word| self.lines(word, &all)).collect()
    }

    fn lines(&self, word: &Word, all: &All) -> String {
        let of_years = |years| {
            let rows: Vec<Row> = word.years.iter().map(|year| row(&word.ngram, year.0, year.1, year.2)).collect();
            let lines = by_years(&rows, years).into_iter();
            let text = |ngram| String::from_utf8(ngram).unwrap();
            lines.map(|row| format!("{}\t{}\t{}\n", text(row.ngram), row.year, row.matches)).collect()
        };
        match self.by {
            By::Year => of_years(1),
            By::Decade => of_years(10),
            _ => {
                let cells = self.columns().into_iter().map(|column| cell(word, column.name(), all));
                cells.collect::<Vec<_>>().join("\t") + "\n"
            }
        }
    }

    fn check(&self, rows: &[Row], format: Format, threads: usize, memory: Option<u64>) -> Result<(), TestCaseError> {
        let job = self.job().input(Input::from_bytes("rows", rows_as(format, rows))).format(format);
        let job = job.threads(NonZeroUsize::new(threads).unwrap()).chunk_size(NonZeroUsize::new(5000).unwrap());
        let outcome = memory.into_iter().fold(job, Job::memory).run().map_err(laws::unexpected)?;
        let (mut options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
        options.columns = self.columns();
        write::write(&outcome.counts, &options, &mut text).unwrap();
        prop_assert_eq!(String::from_utf8(text).unwrap(), self.expected(rows));
        Ok(())
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let words: [&str; 10] =
        ["a", "A", "ab", "a_NOUN", "A_NOUN", "b", "w", "a b", "antidisestablishmentarianism", "\u{e9}t\u{e9}"];
    let row = (select(words.to_vec()), 1890_u64..1912, prop_oneof![0_u64..4, 0_u64..2000], 0_u64..4);
    prop::collection::vec(row.prop_map(|(word, year, matches, volumes)| self::row(word, year, matches, volumes)), 0..60)
}

proptest! {
    #![proptest_config(laws::config())]

    #[test]
    fn selections_and_orders_are_the_oracles(
        rows in rows(), asked in asked(), format in select(&[Format::V1, Format::V2, Format::V3][..]),
        threads in 1_usize..5, memory in select(&[None, None, Some(1_u64)][..]),
    ) {
        asked.check(&rows, format, threads, memory)?;
    }
}

proptest! {
    // A case writes many small blocks.
    #![proptest_config(laws::config_of_processes())]

    #[test]
    fn a_bound_of_memory_changes_no_selection(
        asked in asked(), few: bool, threads in 1_usize..9, bound in prop_oneof![Just(1_u64), 1_u64..200_000],
    ) {
        let rows = many::rows();
        let asked = Asked { top: asked.top.map(|top| if few { top } else { 40 * top }), ..asked };
        asked.check(&rows[..if few { 500 } else { 2500 }], Format::V2, threads, Some(bound))?;
    }
}
