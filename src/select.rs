//! Which of the counted words are wanted, and in what order.

use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::counts::Counts;
use crate::error::Result;
use crate::sort::Sort;
use crate::table::{Entry, Table};
use crate::words::Words;

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
    /// The words that were asked for; `None` where all are wanted.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::Error::Usage) for a word that no line can hold.
    pub(crate) fn words(&self) -> Result<Option<Words>> {
        self.words.as_deref().map(Words::new).transpose()
    }

    /// Whether words were asked for, and `table` has none of them.
    pub(crate) fn is_missing(&self, table: &Table) -> bool {
        self.words.is_some() && table.len() == 0
    }

    /// The wanted words of `table` in the wanted order.
    pub(crate) fn apply(&self, table: Table, pool: Arc<ThreadPool>) -> Counts {
        let mut counts = match &self.words {
            Some(words) => Counts::of_words(words, table, pool),
            None => Counts::of_table(table, pool),
        };
        if self.min_count > 0 {
            counts.lists.par_iter_mut().for_each(|list| list.retain(|entry| entry.count >= self.min_count));
        }
        if let Some(top) = self.top.filter(|&top| top < counts.len()) {
            keep_top(&mut counts, top);
        }
        let sort = self.sort.unwrap_or(if self.words.is_some() { Sort::None } else { Sort::Count });
        if sort != Sort::None {
            let Counts { lists, arenas, .. } = &mut counts;
            lists.par_iter_mut().for_each(|list| sort.sort(arenas, list));
            counts.sort = sort;
        }
        counts
    }
}

/// Leaves the `top` most frequent alone, where they are. There must be more.
fn keep_top(counts: &mut Counts, top: usize) {
    let Counts { lists, arenas, .. } = counts;
    let by_count = |a: &Entry, b: &Entry| Sort::Count.compare(arenas, a, b);
    let mut ranking: Vec<Entry> = lists
        .par_iter()
        .flat_map_iter(|list| {
            // No list can have more of them, or of those and the next, than there are.
            let mut best = list.clone();
            if top < best.len() {
                best.select_nth_unstable_by(top, by_count);
                best.truncate(top + 1);
            }
            best
        })
        .collect();
    let (kept, first_out, _) = ranking.select_nth_unstable_by(top, by_count);
    // A word that was asked for twice has two equal entries, of which perhaps one is kept.
    let equal = kept.iter().filter(|entry| by_count(entry, first_out).is_eq()).count();
    let equal = AtomicUsize::new(equal);
    lists.par_iter_mut().for_each(|list| {
        list.retain(|entry| match by_count(entry, first_out) {
            Ordering::Less => true,
            Ordering::Equal => equal.try_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok(),
            Ordering::Greater => false,
        });
    });
}
