//! From the entries of a result to its lines: one for each ngram, or one for each of its years or decades; and what
//! stands in each column.

use crate::filter::years::By;
use crate::result::counts::Counts;
use crate::result::ordered::Ordered;
use crate::result::totals::Totals;
use crate::table::rows::Period;
use crate::table::{Detail, Entry};
use crate::write::columns::Column;
use crate::write::spark::{Bars, Span};

/// What stands in a column of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Ngram(&'a [u8]),
    Number(u64),
    /// With so many decimal places.
    Real(f64, usize),
    Bars(Bars),
    /// Nothing is known.
    Missing,
}

/// What all lines of a result are made with.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    pub(super) columns: &'a [Column],
    by: By,
    /// The sum of all counts.
    total: u128,
    /// All counts in ascending order, where ranks are wanted.
    counts: Vec<u64>,
    totals: Option<Corpus<'a>>,
    /// The years of sparklines, where there are any.
    span: Option<Span<'a>>,
    needs_periods: bool,
}

/// The words of the corpus.
#[derive(Debug)]
struct Corpus<'a> {
    of_years: &'a Totals,
    by_period: Totals,
    /// Those of all years that were counted.
    all: u64,
}

/// A line of a result.
pub(super) struct Line<'a> {
    lines: &'a Lines<'a>,
    ngram: &'a [u8],
    count: u64,
    volumes: u64,
    /// How much of the count is of years that the totals lack.
    uncovered: u64,
    /// The sum of all counts up to this line.
    so_far: u128,
    /// Of a line that is of a period: the year.
    year: Option<u64>,
    /// Whether it is the ngram's first line.
    pub(super) is_first: bool,
    periods: &'a [Period],
}

impl<'a> Lines<'a> {
    pub(super) fn new<D: Detail>(columns: &'a [Column], counts: &'a Counts, words: &Ordered<D>) -> Self {
        let mut all = Vec::new();
        if columns.contains(&Column::Rank) {
            all.extend(words.lists.iter().flatten().map(|entry| entry.count));
            all.sort_unstable();
        }
        let is_of_periods = |column: &Column| {
            matches!(
                column,
                Column::Years | Column::First | Column::Last | Column::Peak | Column::PerMillion | Column::Spark
            )
        };
        let totals = counts.totals.as_ref();
        let corpus = totals.map(|totals| Corpus {
            of_years: totals,
            by_period: totals.by(counts.by, counts.years),
            all: totals.of(counts.years),
        });
        Self {
            columns,
            by: counts.by,
            total: counts.total,
            counts: all,
            totals: corpus,
            span: columns.contains(&Column::Spark).then(|| counts.pool.install(|| Span::of(words, totals))).flatten(),
            needs_periods: counts.by != By::Word || columns.iter().any(is_of_periods),
        }
    }

    /// Whether each entry has one line, of its ngram and its count.
    pub(super) fn are_counts(&self) -> bool {
        self.columns == [Column::Word, Column::Count] && !self.needs_periods
    }

    /// Whether a line depends on those before it.
    pub(super) fn add_up(&self) -> bool {
        self.columns.contains(&Column::Cumulative)
    }

    /// Gives the lines of an entry to `each`. `so_far` is the sum of all counts up to this entry.
    #[inline]
    pub(super) fn of<D: Detail, E>(
        &self,
        entry: &Entry<D>,
        arenas: &[Vec<u8>],
        so_far: u128,
        mut each: impl FnMut(&Line<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (ngram, count, detail) = (entry.ngram(arenas), entry.count, entry.detail);
        let (volumes, uncovered) = (detail.volumes(), detail.uncovered());
        let (year, is_first, periods) = (None, true, &[][..]);
        let whole = Line { lines: self, ngram, count, volumes, uncovered, so_far, year, is_first, periods };
        if !self.needs_periods {
            return each(&whole);
        }
        let years = detail.periods(entry.arena(arenas));
        if self.by == By::Word {
            let uncovered = uncovered + self.uncovered(&years);
            return each(&Line { periods: &years, uncovered, ..whole });
        }
        let groups = years.chunk_by(|a, b| self.by.period(a.year) == self.by.period(b.year));
        groups.enumerate().try_for_each(|(number, years)| {
            let sum = |of: fn(&Period) -> u64| years.iter().map(of).sum();
            let (count, volumes) = (sum(|period| period.count), sum(|period| period.volumes));
            let year = Some(self.by.period(years[0].year));
            each(&Line { year, count, volumes, uncovered: self.uncovered(years), is_first: number == 0, ..whole })
        })
    }

    /// How often an ngram occurs in those of its years that the totals lack.
    fn uncovered(&self, years: &[Period]) -> u64 {
        let Some(Corpus { of_years, .. }) = &self.totals else { return 0 };
        years.iter().filter(|period| !of_years.cover(period.year)).map(|period| period.count).sum()
    }
}

impl<'a> Line<'a> {
    #[inline]
    pub(super) fn cell(&self, column: Column) -> Cell<'a> {
        match column {
            Column::Word => Cell::Ngram(self.ngram),
            Column::Count => Cell::Number(self.count),
            Column::Volumes => Cell::Number(self.volumes),
            Column::Year => self.year.map_or(Cell::Missing, Cell::Number),
            other => self.derived(other),
        }
    }

    /// Apart from the others, whose speed its calculations would spoil.
    #[inline(never)]
    fn derived(&self, column: Column) -> Cell<'a> {
        let year = |period: Option<&Period>| period.map_or(Cell::Missing, |period| Cell::Number(period.year));
        match column {
            Column::Years => Cell::Number(self.periods.len() as u64),
            Column::First => year(self.periods.first()),
            Column::Last => year(self.periods.last()),
            // Of equal ones, `max_by_key` would take the last.
            Column::Peak => year(self.periods.iter().rev().max_by_key(|period| period.count)),
            Column::Share => share(u128::from(self.count), self.lines.total),
            Column::Cumulative => share(self.so_far, self.lines.total),
            Column::Rank => {
                let counts = &self.lines.counts;
                let more = counts.len() - counts.partition_point(|&count| count <= self.count);
                Cell::Number(more as u64 + 1)
            }
            Column::PerMillion => self.per_million(),
            Column::Spark => {
                let bars = self.lines.span.as_ref().and_then(|span| span.bars(self.periods));
                bars.map_or(Cell::Missing, Cell::Bars)
            }
            Column::Word | Column::Count | Column::Volumes | Column::Year => Cell::Missing,
        }
    }

    fn per_million(&self) -> Cell<'a> {
        let Some(Corpus { by_period, all, .. }) = &self.lines.totals else { return Cell::Missing };
        let words = match self.year {
            Some(year) => by_period.of_year(year),
            None => Some(*all),
        };
        // A year that the totals do not have is not one without words.
        let count = self.count - self.uncovered;
        words.filter(|&words| words > 0).map_or(Cell::Missing, |words| Cell::Real(count as f64 * 1e6 / words as f64, 6))
    }
}

fn share<'a>(part: u128, of: u128) -> Cell<'a> {
    if of == 0 { Cell::Missing } else { Cell::Real(part as f64 / of as f64, 9) }
}

/// A number as it is written: without zeros that say nothing, but with a decimal point. Without one, a line of `--by
/// year` and per-million would look like one of the format v1.
pub(super) fn real(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}
