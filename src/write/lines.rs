//! `LineMaker`: turns the entries of a result into lines, with a cell for each column. An ngram has one line, or a line
//! for each of its years, decades or files.

use std::io;

use rayon::prelude::*;

use crate::filter::years::By;
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::counts::Counts;
use crate::result::line::Line;
use crate::result::ranks::{CountsOfWords, Ranks};
use crate::table::rows::Period;
use crate::table::{Detail, Entry};
use crate::write::cell::Cell;
use crate::write::columns::Column;
use crate::write::sparkline::SparkYears;
use crate::write::values;

/// The maker of lines. It holds the data that all lines of a result share.
#[derive(Debug)]
pub(super) struct LineMaker<'a> {
    pub(super) columns: &'a [Column],
    by: By,
    pub(super) corpus: &'a Corpus,
    /// The years of all sparklines, with [`Column::Spark`].
    spark_years: Option<SparkYears<'a>>,
    /// Whether a line needs the periods of its entry.
    needs_periods: bool,
}

/// The ranks among the words of a result.
fn ranks<D: Detail>(words: &Buckets<D>) -> io::Result<Ranks> {
    let counts_of_words = CountsOfWords::default();
    words.buckets().into_par_iter().try_for_each(|bucket| {
        let loaded = words.load(bucket)?;
        counts_of_words.add(loaded.entries());
        Ok::<_, io::Error>(())
    })?;
    Ok(counts_of_words.ranks())
}

/// A line of a result, and its maker.
#[derive(Clone, Copy)]
pub(super) struct ResultLine<'a> {
    maker: &'a LineMaker<'a>,
    line: Line<'a>,
}

impl<'a> LineMaker<'a> {
    /// Collects the data that the lines of a result need, on the threads of the current pool.
    ///
    /// # Errors
    /// When the temporary file of the result can't be read.
    pub(super) fn new<D: Detail>(columns: &'a [Column], counts: &'a Counts, words: &Buckets<D>) -> io::Result<Self> {
        let corpus = &*counts.corpus;
        if columns.contains(&Column::Rank) && corpus.ranks.get().is_none() {
            // Another thread may have written the same result meanwhile.
            let _ = corpus.ranks.set(ranks(words)?);
        }
        let has_spark = columns.contains(&Column::Spark);
        let needs_periods = |column: &Column| column.needs_periods(&corpus.parts);
        Ok(Self {
            columns,
            by: counts.by,
            corpus,
            spark_years: if has_spark { SparkYears::of(words, corpus)? } else { None },
            needs_periods: counts.by != By::Word || columns.iter().any(needs_periods),
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
        if !self.needs_periods {
            let line = Line { so_far, ..Line::of_word(entry, arenas, &[]) };
            return each(&ResultLine { maker: self, line });
        }
        let word = Line { so_far, ..Line::with_periods(entry, arenas, &self.corpus.parts, years) };
        if self.by == By::Word {
            return each(&ResultLine { maker: self, line: word });
        }
        let groups = word.periods.chunk_by(|a, b| self.by.period(a.year) == self.by.period(b.year));
        groups.enumerate().try_for_each(|(number, periods)| {
            let line = word.in_period(self.by.period(periods[0].year), periods);
            each(&ResultLine { maker: self, line: Line { is_first: number == 0, ..line } })
        })
    }
}

impl<'a> ResultLine<'a> {
    /// The cells of some columns.
    #[inline]
    pub(super) fn cells(&self, columns: &[Column]) -> impl Iterator<Item = Cell<'a>> {
        columns.iter().map(|&column| self.cell(column))
    }

    /// Whether this is the ngram's first line.
    pub(super) fn is_first(&self) -> bool {
        self.line.is_first
    }

    #[inline]
    fn cell(&self, column: Column) -> Cell<'a> {
        match column {
            Column::Spark => self.sparkline(),
            other => values::cell(other, &self.line, self.maker.corpus),
        }
    }

    fn sparkline(&self) -> Cell<'a> {
        let sparkline = self.maker.spark_years.as_ref().and_then(|years| years.sparkline(self.line.periods));
        sparkline.map_or(Cell::Missing, Cell::Sparkline)
    }
}
