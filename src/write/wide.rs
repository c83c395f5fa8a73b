//! `Wide`: a result by years or decades with a line for each word, and a column for each year or decade.

use std::io;
use std::{iter, mem};

use crate::filter::years::By;
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::line::Line;
use crate::result::parts::PartsOf;
use crate::table::Detail;
use crate::write::cell::Cell;
use crate::write::columns::Column;
use crate::write::span::span;
use crate::write::values;

/// The columns of a wide result: the word, and all periods from the first to the last one in which any word occurs.
#[derive(Debug)]
pub(super) struct Wide {
    by: By,
    periods: Vec<u64>,
    /// What a period's column shows.
    column: Column,
}

/// The maximum number of periods. Years of books are some hundreds; a wrong one should not become a line of gigabytes.
const MAX_PERIODS: u64 = 10_000;

impl Wide {
    /// The columns for all words of a result.
    ///
    /// # Errors
    /// For too many periods, and when the temporary file of the result can't be read.
    pub(super) fn of<D: Detail>(words: &Buckets<D>, parts: &PartsOf, by: By, column: Column) -> io::Result<Self> {
        let step = if by == By::Decade { 10 } else { 1 };
        let periods = match span(words, parts)? {
            None => Vec::new(),
            Some((first, last)) => {
                let (first, last) = (by.period(first), by.period(last));
                if (last - first) / step >= MAX_PERIODS {
                    let why = format!(
                        "can't have a column for each period from {first} to {last}: {MAX_PERIODS} are the most; choose \
                         fewer years"
                    );
                    return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
                }
                // A range that ends at the last number would overflow.
                iter::successors(Some(first), |year| year.checked_add(step).filter(|next| *next <= last)).collect()
            }
        };
        Ok(Self { by, periods, column })
    }

    /// The names of the columns.
    pub(super) fn names(&self) -> Vec<String> {
        let years = self.periods.iter().map(u64::to_string);
        iter::once(Column::Word.name().to_owned()).chain(years).collect()
    }

    /// The cells of a word, with all of its years.
    pub(super) fn cells<'a>(&'a self, word: Line<'a>, corpus: &'a Corpus) -> impl Iterator<Item = Cell<'a>> {
        let mut left = word.periods;
        let of_periods = self.periods.iter().map(move |&period| {
            let len = left.iter().take_while(|year| self.by.period(year.year) == period).count();
            let (years, rest) = mem::take(&mut left).split_at(len);
            left = rest;
            values::cell(self.column, &word.in_period(period, years), corpus)
        });
        iter::once(Cell::Ngram(word.ngram)).chain(of_periods)
    }
}
