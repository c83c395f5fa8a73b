//! `LineMaker`: turns the entries of a result into lines, with a cell for each column. An ngram has one line, or a line
//! for each of its years, decades or files.

use std::io;

use ahash::AHashMap;

use crate::filter::years::By;
use crate::result::buckets::Buckets;
use crate::result::counts::Counts;
use crate::result::dispersion::PartSizes;
use crate::result::parts::PartsOf;
use crate::result::totals::Totals;
use crate::table::rows::Period;
use crate::table::{Detail, Entry};
use crate::write::cell::Cell;
use crate::write::columns::Column;
use crate::write::sparkline::SparkYears;

/// The maker of lines. It holds the data that all lines of a result share.
#[derive(Debug)]
pub(super) struct LineMaker<'a> {
    pub(super) columns: &'a [Column],
    by: By,
    /// What the periods are.
    parts: &'a PartsOf,
    /// The sum of all counts.
    total: u128,
    /// Each count of the result, in ascending order, and the number of words with a higher count; empty without
    /// [`Column::Rank`].
    ranks: Vec<(u64, u64)>,
    /// The sizes of the parts, with a column of dispersion.
    sizes: Option<&'a PartSizes>,
    /// The numbers of words of the corpus, if the totals are known.
    corpus: Option<Corpus<'a>>,
    /// The years of all sparklines, with [`Column::Spark`].
    spark_years: Option<SparkYears<'a>>,
    /// Whether a line needs the periods of its entry.
    needs_periods: bool,
}

/// Each count of a result, in ascending order, and the number of words with a higher count. Few counts are distinct: n
/// of them have a sum of n * n / 2 at least.
fn ranks<D: Detail>(words: &Buckets<D>) -> io::Result<Vec<(u64, u64)>> {
    let add = |mut all: AHashMap<u64, u64>, count, words| {
        *all.entry(count).or_default() += words;
        all
    };
    let join = |one: AHashMap<u64, u64>, other: AHashMap<u64, u64>| {
        let (more, fewer) = if one.len() < other.len() { (other, one) } else { (one, other) };
        fewer.into_iter().fold(more, |all, (count, words)| add(all, count, words))
    };
    let words_of = words.fold(AHashMap::default, |all, entry, _| add(all, entry.count, 1), join)?;
    let mut ranks: Vec<(u64, u64)> = words_of.into_iter().collect();
    ranks.sort_unstable();
    ranks.iter_mut().rev().fold(0, |more, (_, words)| more + std::mem::replace(words, more));
    Ok(ranks)
}

/// The numbers of words of the corpus.
#[derive(Debug)]
struct Corpus<'a> {
    /// The number of words in each year.
    of_years: &'a Totals,
    /// The number of words in each year or decade, in the years that count.
    by_period: Totals,
    /// The number of words in all years that count.
    all: u64,
}

/// A line of a result.
pub(super) struct ResultLine<'a> {
    maker: &'a LineMaker<'a>,
    ngram: &'a [u8],
    count: u64,
    volumes: u64,
    /// The part of the count from years that the totals lack.
    uncovered: u64,
    /// The sum of all counts up to this line.
    so_far: u128,
    /// The year or decade of the line, or the number of its file; `None` for a line over all of them.
    year: Option<u64>,
    /// Whether this is the ngram's first line.
    pub(super) is_first: bool,
    /// The periods of the word; empty if no column needs them.
    periods: &'a [Period],
}

impl<'a> LineMaker<'a> {
    /// Collects the data that the lines of a result need, on the threads of the current pool.
    ///
    /// # Errors
    /// When the temporary file of the result can't be read.
    pub(super) fn new<D: Detail>(columns: &'a [Column], counts: &'a Counts, words: &Buckets<D>) -> io::Result<Self> {
        let ranks = if columns.contains(&Column::Rank) { ranks(words)? } else { Vec::new() };
        let has_spark = columns.contains(&Column::Spark);
        let is_of_periods = |column: &Column| {
            matches!(
                column,
                Column::Years | Column::First | Column::Last | Column::Peak | Column::PerMillion | Column::Spark
            ) || column.is_of_dispersion() || (*column == Column::Volumes && counts.parts.are_files())
        };
        let totals = counts.totals.as_ref();
        let corpus = totals.map(|totals| Corpus {
            of_years: totals,
            by_period: totals.by(counts.by, counts.years),
            all: totals.of(counts.years),
        });
        Ok(Self {
            columns,
            by: counts.by,
            parts: &counts.parts,
            total: counts.total,
            ranks,
            sizes: counts.sizes.as_ref(),
            corpus,
            spark_years: if has_spark { SparkYears::of(words, &counts.parts, totals)? } else { None },
            needs_periods: counts.by != By::Word || columns.iter().any(is_of_periods),
        })
    }

    /// Whether the columns are exactly the ngram and the count, so that [`super::delimited::tsv_counts`] can write the
    /// lines.
    pub(super) fn are_counts(&self) -> bool {
        self.columns == [Column::Word, Column::Count] && !self.needs_periods
    }

    /// Whether a line depends on the lines before it.
    pub(super) fn add_up(&self) -> bool {
        self.columns.contains(&Column::Cumulative)
    }

    /// Announces that [`Self::of`] will soon be called with an entry.
    #[inline]
    pub(super) fn announce<D: Detail>(&self, entry: &Entry<D>, arenas: &[Vec<u8>]) {
        if self.needs_periods {
            entry.detail.announce(entry.arena(arenas));
        }
    }

    /// Calls `each` with the lines of an entry. `so_far` is the sum of all counts up to and including this entry.
    /// `years` is scratch memory for the entry's periods.
    #[inline]
    pub(super) fn of<D: Detail, E>(
        &self,
        entry: &Entry<D>,
        arenas: &[Vec<u8>],
        so_far: u128,
        years: &mut Vec<Period>,
        mut each: impl FnMut(&ResultLine<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (ngram, count, detail) = (entry.ngram(arenas), entry.count, entry.detail);
        let (volumes, uncovered) = (detail.volumes(), detail.uncovered());
        let (year, is_first, periods) = (None, true, &[][..]);
        let whole = ResultLine { maker: self, ngram, count, volumes, uncovered, so_far, year, is_first, periods };
        if !self.needs_periods {
            return each(&whole);
        }
        detail.periods(entry.arena(arenas), years);
        self.parts.complete(years);
        if self.by == By::Word {
            let uncovered = uncovered + self.uncovered(years);
            let volumes = if self.parts.are_files() { sum(years, |period| period.volumes) } else { volumes };
            return each(&ResultLine { periods: years, uncovered, volumes, ..whole });
        }
        let groups = years.chunk_by(|a, b| self.by.period(a.year) == self.by.period(b.year));
        groups.enumerate().try_for_each(|(number, years)| {
            let (count, volumes) = (sum(years, |period| period.count), sum(years, |period| period.volumes));
            let year = Some(self.by.period(years[0].year));
            each(&ResultLine { year, count, volumes, uncovered: self.uncovered(years), is_first: number == 0, ..whole })
        })
    }

    /// The part of an ngram's count from years that the totals lack.
    fn uncovered(&self, years: &[Period]) -> u64 {
        let Some(Corpus { of_years, .. }) = &self.corpus else { return 0 };
        years.iter().filter(|period| !of_years.cover(period.year)).map(|period| period.count).sum()
    }
}

/// A sum over periods.
fn sum(periods: &[Period], of: fn(&Period) -> u64) -> u64 {
    // Of match_counts, the table has checked the sum. Files may add some volumes to those that it has checked.
    periods.iter().map(of).fold(0, u64::saturating_add)
}

impl<'a> ResultLine<'a> {
    /// The cells of some columns.
    #[inline]
    pub(super) fn cells(&self, columns: &[Column]) -> impl Iterator<Item = Cell<'a>> {
        columns.iter().map(|&column| self.cell(column))
    }

    #[inline]
    fn cell(&self, column: Column) -> Cell<'a> {
        match column {
            Column::Word => Cell::Ngram(self.ngram),
            Column::Count => Cell::Number(self.count),
            Column::Volumes => Cell::Number(self.volumes),
            Column::Year => self.year.map_or(Cell::Missing, Cell::Number),
            Column::File => {
                self.year.and_then(|number| self.maker.parts.name(number)).map_or(Cell::Missing, Cell::Name)
            }
            other => self.derived(other),
        }
    }

    /// The cell of a calculated column. Inlined, this code would slow down the other columns.
    #[inline(never)]
    fn derived(&self, column: Column) -> Cell<'a> {
        let year = |period: Option<&Period>| period.map_or(Cell::Missing, |period| Cell::Number(period.year));
        match column {
            Column::Years => Cell::Number(self.periods.len() as u64),
            Column::First => year(self.periods.first()),
            Column::Last => year(self.periods.last()),
            // Take the first of equal years: `max_by_key` takes the last, so we iterate backwards.
            Column::Peak => year(self.periods.iter().rev().max_by_key(|period| period.count)),
            Column::Share => share(u128::from(self.count), self.maker.total),
            Column::Cumulative => share(self.so_far, self.maker.total),
            Column::Rank => {
                let place = self.maker.ranks.partition_point(|&(count, _)| count < self.count);
                self.maker.ranks.get(place).map_or(Cell::Missing, |&(_, more)| Cell::Number(more + 1))
            }
            Column::Range => spread(self.maker.sizes.and_then(|sizes| sizes.range(self.periods))),
            Column::Dp => spread(self.maker.sizes.and_then(|sizes| sizes.deviation(self.periods))),
            Column::PerMillion => self.per_million(),
            Column::Spark => {
                let sparkline = self.maker.spark_years.as_ref().and_then(|years| years.sparkline(self.periods));
                sparkline.map_or(Cell::Missing, Cell::Sparkline)
            }
            Column::Word | Column::Count | Column::Volumes | Column::Year | Column::File => Cell::Missing,
        }
    }

    fn per_million(&self) -> Cell<'a> {
        let Some(Corpus { by_period, all, .. }) = &self.maker.corpus else { return Cell::Missing };
        let words = match self.year {
            Some(year) => by_period.of_year(year),
            None => Some(*all),
        };
        // If the totals lack a year, its number of words is unknown, not 0. So we must not divide its count by the
        // words of other years.
        let count = self.count - self.uncovered;
        words.filter(|&words| words > 0).map_or(Cell::Missing, |words| Cell::Real(count as f64 * 1e6 / words as f64, 6))
    }
}

fn spread<'a>(value: Option<f64>) -> Cell<'a> {
    value.map_or(Cell::Missing, |value| Cell::Real(value, 9))
}

fn share<'a>(part: u128, of: u128) -> Cell<'a> {
    if of == 0 { Cell::Missing } else { Cell::Real(part as f64 / of as f64, 9) }
}
