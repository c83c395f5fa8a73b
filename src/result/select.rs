//! Which of the counted words are wanted, and in what order.

use std::cmp::Ordering;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;

use crate::error::Result;
use crate::filter::case::{Spelling, lower};
use crate::result::buckets::Buckets;
use crate::result::case_folding::fold_case;
use crate::result::order::Sort;
use crate::table::{Detail, Entry, Table};

/// What is left of a table, and how it is ordered.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectOptions {
    /// Case variants are one word, which is spelled so.
    pub(crate) ignore_case: Option<Spelling>,
    /// Words with fewer are left out.
    pub(crate) min_count: u64,
    /// So many of the most frequent.
    pub(crate) top: Option<usize>,
    /// The order; where `None`, that of the words asked for, or by count.
    pub(crate) sort: Option<Sort>,
}

impl SelectOptions {
    /// The wanted words of `table` in the wanted order: all, or `words` in theirs.
    ///
    /// # Errors
    /// [`Error::Overflow`](crate::Error::Overflow) when the sum of a word's case variants passes 2^64-1.
    pub(crate) fn apply<D: Detail>(&self, table: Table<D>, words: Option<&[Vec<u8>]>) -> Result<Selected<D>> {
        let total = table.total();
        let mut counts = match self.ignore_case {
            Some(spelling) => fold_case(table, spelling)?,
            None => Buckets::of_table(table),
        };
        let distinct = counts.len();
        if let Some(words) = words {
            let is_lower = self.ignore_case == Some(Spelling::Lower);
            let spell = |word: &[u8]| if is_lower { lower(word, &mut Vec::new()).to_vec() } else { word.to_vec() };
            counts = counts.of_words(words, self.ignore_case.is_some(), spell);
        }
        if self.min_count > 0 {
            counts.lists.par_iter_mut().for_each(|list| list.retain(|entry| entry.count >= self.min_count));
        }
        if let Some(top) = self.top.filter(|&top| top < counts.len()) {
            keep_top(&mut counts, top);
        }
        let sort = self.sort.unwrap_or(if words.is_some() { Sort::None } else { Sort::Count });
        counts.partition(sort);
        Ok(Selected { words: counts, distinct, total })
    }
}

/// What was selected, and what it was selected from.
#[derive(Debug)]
pub(crate) struct Selected<D> {
    pub(crate) words: Buckets<D>,
    /// How many different ngrams there were; case variants are one where case is ignored.
    pub(crate) distinct: usize,
    /// The sum of all their counts.
    pub(crate) total: u128,
}

/// Leaves the `top` most frequent alone, where they are. There must be more.
fn keep_top<D: Detail>(counts: &mut Buckets<D>, top: usize) {
    let Buckets { lists, arenas, .. } = counts;
    let by_count = |a: &Entry<D>, b: &Entry<D>| Sort::Count.compare(arenas, a, b);
    let mut ranking: Vec<Entry<D>> = lists
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
