//! The value of a column in a line. What is shown, sorted and selected has the same value, so a new column works
//! everywhere at once.

use std::sync::Arc;

use crate::result::comparison::Compared;
use crate::result::corpus::Corpus;
use crate::result::line::{Line, Measure};
use crate::result::number::Number;
use crate::result::parts::PartsOf;
use crate::table::rows::Period;
use crate::write::cell::Cell;
use crate::write::columns::Column;

/// The cell of a calculated column. [`Column::Spark`] needs the years of all words: see
/// [`LineMaker`](crate::write::lines::LineMaker).
///
/// Inlined, this code would slow down the other columns.
#[inline(never)]
pub(super) fn derived<'a>(column: Column, line: &Line<'_>, corpus: &Corpus) -> Cell<'a> {
    let year = |period: Option<&Period>| period.map_or(Cell::Missing, |period| Cell::Number(period.year));
    match column {
        Column::Years => Cell::Number(line.periods.len() as u64),
        Column::First => year(line.periods.first()),
        Column::Last => year(line.periods.last()),
        // Take the first of equal years: `max_by_key` takes the last, so we iterate backwards.
        Column::Peak => year(line.periods.iter().rev().max_by_key(|period| period.count)),
        Column::Born => year(line.periods.iter().find(|period| corpus.is_alive(period))),
        Column::Died => year(line.periods.iter().rev().find(|period| corpus.is_alive(period))),
        Column::Share => share(u128::from(line.count), corpus.total),
        Column::Cumulative => share(line.so_far, corpus.total),
        Column::Rank => corpus.ranks.get().map_or(Cell::Missing, |ranks| Cell::Number(ranks.of(line.count))),
        Column::Range => spread(corpus.sizes.as_ref().and_then(|sizes| sizes.range(line.periods))),
        Column::Dp => spread(corpus.sizes.as_ref().and_then(|sizes| sizes.deviation(line.periods))),
        Column::PerMillion => frequency(line, corpus, 1e6).map_or(Cell::Missing, |count| Cell::Real(count, 6)),
        Column::Zipf => {
            let count = frequency(line, corpus, 1e9).filter(|&count| count > 0.0);
            count.map_or(Cell::Missing, |count| Cell::Real(count.log10(), 3))
        }
        Column::CountThere => Cell::Number(line.there),
        Column::LogLikelihood => measure(compared(line, corpus).and_then(Compared::log_likelihood)),
        Column::LogRatio => measure(compared(line, corpus).and_then(Compared::log_ratio)),
        Column::Difference => measure(compared(line, corpus).and_then(Compared::difference)),
        Column::Word | Column::Count | Column::Volumes | Column::Year | Column::File | Column::Spark => Cell::Missing,
    }
}

fn spread<'a>(value: Option<f64>) -> Cell<'a> {
    value.map_or(Cell::Missing, |value| Cell::Real(value, 9))
}

fn measure<'a>(value: Option<f64>) -> Cell<'a> {
    // A value that is written as 0 has no sign.
    let unsigned = |value: f64| if value.abs() < 0.0005 { 0.0 } else { value };
    value.map_or(Cell::Missing, |value| Cell::Real(unsigned(value), 3))
}

/// The line and both corpora, if inputs are compared.
fn compared(line: &Line<'_>, corpus: &Corpus) -> Option<Compared> {
    let [here, there] = corpus.compared?;
    Some(Compared { count: line.count as f64, count_there: line.there as f64, here, there })
}

fn share<'a>(part: u128, of: u128) -> Cell<'a> {
    if of == 0 { Cell::Missing } else { Cell::Real(part as f64 / of as f64, 9) }
}

/// How often a line occurs in so many words of the books; without totals, of the sum of all counts. `None` if the number
/// of all words is 0 or unknown.
fn frequency(line: &Line<'_>, corpus: &Corpus, words: f64) -> Option<f64> {
    let Some(books) = &corpus.books else {
        return (corpus.total > 0).then(|| line.count as f64 * words / corpus.total as f64);
    };
    let all = match line.year {
        Some(year) => books.by_period.of_year(year)?,
        None => books.all,
    };
    // If the totals lack a year, its number of words is unknown, not 0. So we must not divide its count by the words of
    // other years.
    let is_uncovered = |period: &&Period| !books.of_years.cover(period.year);
    let uncovered: u64 = line.periods.iter().filter(is_uncovered).map(|period| period.count).sum();
    let count = line.count - line.uncovered - uncovered;
    (all > 0).then(|| count as f64 * words / all as f64)
}

/// A column as a value of whole words.
#[derive(Debug)]
pub(crate) struct ColumnMeasure {
    pub(crate) column: Column,
    pub(crate) corpus: Arc<Corpus>,
}

impl Measure for ColumnMeasure {
    fn needs_periods(&self) -> bool {
        self.column.needs_periods(&self.corpus.parts)
    }

    fn parts(&self) -> &PartsOf {
        &self.corpus.parts
    }

    fn needs_ranks(&self) -> bool {
        self.column == Column::Rank
    }

    fn value(&self, line: &Line<'_>) -> Option<Number> {
        match cell(self.column, line, &self.corpus) {
            Cell::Number(whole) => Some(Number::Whole(whole)),
            Cell::Real(real, _) | Cell::Mean(real, _) | Cell::Measured(real) => Some(Number::Real(real)),
            Cell::Ngram(_) | Cell::Name(_) | Cell::Sparkline(_) | Cell::Missing => None,
        }
    }
}

/// The cell of a column.
#[inline]
pub(super) fn cell<'a>(column: Column, line: &Line<'a>, corpus: &'a Corpus) -> Cell<'a> {
    match column {
        Column::Word => Cell::Ngram(line.ngram),
        Column::Count => Cell::Number(line.count),
        Column::Volumes => Cell::Number(line.volumes),
        Column::Year => line.year.map_or(Cell::Missing, Cell::Number),
        Column::File => line.year.and_then(|number| corpus.parts.name(number)).map_or(Cell::Missing, Cell::Name),
        other => derived(other, line, corpus),
    }
}
