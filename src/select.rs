//! Which of the counted words are wanted, and in what order.

use std::cmp::Reverse;

use rayon::prelude::*;

use crate::counts::Counts;
use crate::table::{Entry, Table};

/// The order of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sort {
    /// The highest count first; equal counts by the ngram's bytes.
    Count,
    /// By the ngram's bytes.
    Word,
    /// As it comes: the fastest, and not the same from run to run.
    None,
}

/// What is left of a table, and how it is ordered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Only these, in this order unless `sort` says another.
    pub(crate) words: Option<Vec<Vec<u8>>>,
    /// Words with fewer are left out.
    pub(crate) min_count: u64,
    /// So many of the most frequent.
    pub(crate) top: Option<usize>,
    /// The order; where `None`, that of `words`, or by count.
    pub(crate) sort: Option<Sort>,
}

impl Selection {
    /// The words that were asked for as a table, so that they can be looked up; `None` where all are wanted.
    ///
    /// # Errors
    /// None: its counts are all 0.
    pub(crate) fn only(&self) -> crate::Result<Option<Table>> {
        let Some(words) = &self.words else { return Ok(None) };
        let mut only = Table::default();
        for word in words {
            only.add(word, 0, word.len(), 0)?;
        }
        Ok(Some(only))
    }

    /// Whether words were asked for, and `table` has none of them.
    pub(crate) fn is_missing(&self, table: &Table) -> bool {
        self.words.as_ref().is_some_and(|words| words.iter().all(|word| table.get(word, 0, word.len()).is_none()))
    }

    /// The wanted words of `table` in the wanted order.
    pub(crate) fn apply(&self, table: Table) -> Counts {
        let mut counts = match &self.words {
            Some(words) => Counts::of_words(words, &table),
            None => Counts::of_table(table),
        };
        counts.entries.retain(|entry| entry.count >= self.min_count);
        match (self.sort, &self.words) {
            (None, Some(_)) => self.keep_top_in_place(&mut counts),
            (sort, _) => {
                self.keep_top(&mut counts);
                order(&mut counts, sort.unwrap_or(Sort::Count));
            }
        }
        counts
    }

    /// Leaves the most frequent alone, in any order.
    fn keep_top(&self, counts: &mut Counts) {
        let Counts { entries, arenas } = counts;
        if let Some(top) = self.top.filter(|&top| top < entries.len()) {
            if top > 0 {
                entries.select_nth_unstable_by(top - 1, |a, b| by_count(arenas, a, b));
            }
            entries.truncate(top);
        }
    }

    /// Leaves the most frequent alone, where they are.
    fn keep_top_in_place(&self, counts: &mut Counts) {
        let Counts { entries, arenas } = counts;
        if let Some(top) = self.top.filter(|&top| top < entries.len()) {
            let mut ranking: Vec<usize> = (0..entries.len()).collect();
            ranking.sort_by(|&a, &b| by_count(arenas, &entries[a], &entries[b]));
            ranking.truncate(top);
            ranking.sort_unstable();
            *entries = ranking.into_iter().map(|place| entries[place]).collect();
        }
    }
}

fn order(counts: &mut Counts, sort: Sort) {
    let Counts { entries, arenas } = counts;
    match sort {
        Sort::Count => entries.par_sort_unstable_by(|a, b| by_count(arenas, a, b)),
        Sort::Word => entries.par_sort_unstable_by(|a, b| by_word(arenas, a, b)),
        Sort::None => {}
    }
}

/// The order that [`Sort::Count`] describes. No two entries are equal in it, so that it does not matter who sorts.
fn by_count(arenas: &[Vec<u8>], a: &Entry, b: &Entry) -> std::cmp::Ordering {
    Reverse(a.count).cmp(&Reverse(b.count)).then_with(|| by_word(arenas, a, b))
}

fn by_word(arenas: &[Vec<u8>], a: &Entry, b: &Entry) -> std::cmp::Ordering {
    a.key.compare(&b.key).unwrap_or_else(|| a.ngram(arenas).cmp(b.ngram(arenas)))
}
