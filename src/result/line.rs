//! `Line`: all that is known of a word, or of a word in one of its years, decades or files. The columns of a result are made of
//! it, and so are the values that it is sorted and selected by.

use std::cell::RefCell;
use std::fmt::Debug;

use crate::result::number::Number;
use crate::result::order::Arenas;
use crate::result::parts::PartsOf;
use crate::table::rows::Period;
use crate::table::{Detail, Entry};

/// A word, or a word in one of its periods.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) ngram: &'a [u8],
    pub(crate) count: u64,
    pub(crate) volumes: u64,
    /// The count in the inputs of a comparison.
    pub(crate) there: u64,
    /// The part of the count from years that the totals lack, as far as the periods don't tell it.
    pub(crate) uncovered: u64,
    /// The sum of all counts up to this line, where lines are written.
    pub(crate) so_far: u128,
    /// The year or decade of the line; `None` for a line over all years.
    pub(crate) year: Option<u64>,
    /// Whether this is the ngram's first line.
    pub(crate) is_first: bool,
    /// The years of the line in ascending order; empty if nobody needs them.
    pub(crate) periods: &'a [Period],
}

impl<'a> Line<'a> {
    /// The line of a whole word. `periods` are its years, if anybody needs them.
    #[inline]
    pub(crate) fn of_word<D: Detail>(entry: &'a Entry<D>, arenas: &'a Arenas, periods: &'a [Period]) -> Self {
        let (ngram, count, detail) = (entry.ngram(arenas), entry.count, entry.detail);
        let (volumes, uncovered) = (detail.volumes(), detail.uncovered());
        let there = detail.there();
        Self { ngram, count, volumes, there, uncovered, so_far: 0, year: None, is_first: true, periods }
    }

    /// The line of a whole word with all of its periods, which `years` holds. It is scratch memory.
    #[inline]
    pub(crate) fn with_periods<D: Detail>(
        entry: &'a Entry<D>,
        arenas: &'a Arenas,
        parts: &PartsOf,
        years: &'a mut Vec<Period>,
    ) -> Self {
        entry.detail.periods(entry.arena(arenas), years);
        parts.complete(years);
        let line = Self::of_word(entry, arenas, years);
        if parts.are_files() { Self { volumes: sum(years, |period| period.volumes), ..line } } else { line }
    }

    /// The line of the word in a period, of which `periods` are the years in which it occurs.
    #[inline]
    pub(crate) fn in_period(self, period: u64, periods: &'a [Period]) -> Self {
        let (count, volumes) = (sum(periods, |period| period.count), sum(periods, |period| period.volumes));
        Self { year: Some(period), count, volumes, periods, ..self }
    }
}

/// A sum over periods.
fn sum(periods: &[Period], of: fn(&Period) -> u64) -> u64 {
    // Of match_counts, the table has checked the sum. Files may add some volumes to those that it has checked.
    periods.iter().map(of).fold(0, u64::saturating_add)
}

/// What a result is sorted and selected by: a value of whole words. Columns are measures, so a column shows the value by
/// which it sorts.
pub(crate) trait Measure: Debug + Send + Sync {
    /// Whether the value depends on the periods of a word.
    fn needs_periods(&self) -> bool;

    /// Whether the value depends on the [ranks](crate::result::ranks::Ranks) of all words.
    fn needs_ranks(&self) -> bool;

    /// What the periods of words are.
    fn parts(&self) -> &PartsOf;

    /// The value of a word; `None` if the word has none.
    fn value(&self, line: &Line<'_>) -> Option<Number>;
}

thread_local! {
    /// The periods of the word whose value a thread calculates. Each word reuses the memory.
    static PERIODS: RefCell<Vec<Period>> = const { RefCell::new(Vec::new()) };
}

/// The value of an entry.
pub(crate) fn value_of<D: Detail>(measure: &dyn Measure, entry: &Entry<D>, arenas: &Arenas) -> Option<Number> {
    if !measure.needs_periods() {
        return measure.value(&Line::of_word(entry, arenas, &[]));
    }
    PERIODS.with_borrow_mut(|periods| measure.value(&Line::with_periods(entry, arenas, measure.parts(), periods)))
}
