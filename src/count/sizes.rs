//! `Sizes`: how many words each part of the input has in all, whatever the filters.
//!
//! A share in a part needs this number, and filters drop the words that it counts. So the sink adds to it before the
//! filter; that of tags alone comes first, since rows with tags repeat others.

use std::collections::BTreeMap;
use std::sync::Mutex;

use ahash::AHashMap;

use crate::lock::{into_inner, lock};
use crate::table::rows::Period;

/// What a run counts beside ngrams, if it is asked for.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    /// All words of each part, whatever the filters. The run then parses all lines.
    sizes: Option<Mutex<Sizes>>,
    /// The words that pass the filters, of parts that the rows [do not cover](crate::table::rows::Rows::covers): of years
    /// that the totals lack or, where texts are compared, of the period that is compared with another.
    lacking: Option<Mutex<Sizes>>,
    /// All words here and there of a comparison, whatever the filters.
    compared: Mutex<[u128; 2]>,
}

impl Tallies {
    /// Tallies of all words if `sizes`, and of words that the totals lack if `lacking`.
    pub(crate) fn new(sizes: bool, lacking: bool) -> Self {
        let (sizes, lacking) = (sizes.then(Mutex::default), lacking.then(Mutex::default));
        Self { sizes, lacking, compared: Mutex::default() }
    }

    /// Empty tallies for a worker.
    pub(super) fn of_worker(&self) -> WorkerTallies {
        let new = |of: &Option<Mutex<Sizes>>| of.as_ref().map(|_| Sizes::default());
        WorkerTallies { sizes: new(&self.sizes), lacking: new(&self.lacking), compared: [0; 2] }
    }

    /// Adds the tallies of a worker.
    pub(super) fn merge(&self, worker: WorkerTallies) {
        let mut compared = lock(&self.compared);
        compared.iter_mut().zip(worker.compared).for_each(|(sum, words)| *sum += words);
        for (all, own) in [(&self.sizes, worker.sizes), (&self.lacking, worker.lacking)] {
            if let (Some(all), Some(own)) = (all, own) {
                lock(all).merge(own);
            }
        }
    }

    /// All words here and there of a comparison.
    pub(crate) fn compared(&self) -> [u128; 2] {
        *lock(&self.compared)
    }

    /// All words of each part, and those that the totals lack.
    pub(crate) fn into_sizes(self) -> [Option<Sizes>; 2] {
        [self.sizes, self.lacking].map(|of| of.map(into_inner))
    }
}

/// The [`Tallies`] of one worker.
#[derive(Debug, Default)]
pub(super) struct WorkerTallies {
    pub(super) sizes: Option<Sizes>,
    pub(super) lacking: Option<Sizes>,
    pub(super) compared: [u128; 2],
}

impl WorkerTallies {
    /// Adds words here and there of a comparison.
    #[inline]
    pub(super) fn compare(&mut self, here: u64, there: u64) {
        self.compared[0] += u128::from(here);
        self.compared[1] += u128::from(there);
    }

    /// Whether nothing is counted.
    pub(super) fn are_none(&self) -> bool {
        self.sizes.is_none() && self.lacking.is_none()
    }
}

/// The number of words in each part: by year, or by the number of a file.
#[derive(Debug, Default)]
pub(crate) struct Sizes(AHashMap<u64, u128>);

impl Sizes {
    /// Adds words to a part.
    pub(crate) fn add(&mut self, part: u64, words: u128) {
        *self.0.entry(part).or_default() += words;
    }

    /// Adds rows of a run.
    pub(super) fn add_rows<'a>(&mut self, rows: impl Iterator<Item = &'a Period>) {
        rows.for_each(|row| self.add(row.year, row.count.into()));
    }

    /// Adds the sizes that another worker has counted.
    pub(crate) fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(part, words)| self.add(part, words));
    }

    /// The words of each year. `years` has the year of each file, if the parts are files.
    pub(crate) fn by_year(self, years: &[u64]) -> BTreeMap<u64, u128> {
        let mut by_year = BTreeMap::new();
        for (part, words) in self.0.into_iter().filter(|&(_, words)| words > 0) {
            let year = usize::try_from(part).ok().and_then(|file| years.get(file)).copied();
            *by_year.entry(year.unwrap_or(part)).or_default() += words;
        }
        by_year
    }
}
