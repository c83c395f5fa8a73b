//! Selects words from the table (those that the job asks for, frequent ones, the top), and orders the result.

use std::cmp::Ordering;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::filter::case::Spelling;
use crate::filter::normalize::Normalizer;
use crate::result::buckets::Buckets;
use crate::result::case_folding::{fold_case, unfold};
use crate::result::external;
use crate::result::order::Sort;
use crate::table::{Arena, Detail, Entry, Overflow, Table};

/// Settings of the selection, and the order of the result.
#[derive(Debug, Clone, Default)]
pub(crate) struct SelectOptions {
    /// The spelling of a word with case ignored; `None` if case variants are different words.
    pub(crate) ignore_case: Option<Spelling>,
    /// The normal form of lower-cased ngrams.
    pub(crate) normalizer: Normalizer,
    /// The minimum count of a word in the result.
    pub(crate) min_count: u64,
    /// The maximum count of a word in the result, if there is one.
    pub(crate) max_count: Option<u64>,
    /// The maximum number of words in the result, the most frequent ones; `None` for all words.
    pub(crate) top: Option<usize>,
    /// The order. `None` means the order of the words that the job asks for, or by count if it asks for none.
    pub(crate) sort: Option<Sort>,
}

impl SelectOptions {
    /// The selected words of `table` in order. With `words`, the selection has exactly these, with the count 0 for a
    /// word that does not occur.
    ///
    /// # Errors
    /// [`Overflow`] when a sum passes 2^64-1. Of several such ngrams, it names the first by its bytes. If the temporary
    /// file fails, the table's [`Spill`](crate::table::spill::Spill) has the error, and the selection is useless.
    pub(crate) fn apply<D: Detail>(&self, table: Table<D>, words: Option<&[Vec<u8>]>) -> Result<Selected<D>, Overflow> {
        match self.ignore_case {
            Some(spelling) => self.select(fold_case(table, self.normalizer)?, words, |list| unfold(list, spelling)),
            None => self.select(table, words, |list| list),
        }
    }

    /// Removes the words with a count that is too low or too high.
    pub(super) fn retain_in<D: Detail>(&self, lists: &mut [Vec<Entry<D>>]) {
        let counts = self.min_count..=self.max_count.unwrap_or(u64::MAX);
        if counts != (0..=u64::MAX) {
            lists.par_iter_mut().for_each(|list| list.retain(|entry| counts.contains(&entry.count)));
        }
    }

    /// As [`Self::apply`], for a table of whose lists `unpack` makes those of the result.
    fn select<T: Detail, D: Detail>(
        &self,
        table: Table<T>,
        words: Option<&[Vec<u8>]>,
        unpack: impl Fn(Vec<Entry<T>>) -> Vec<Entry<D>> + Sync,
    ) -> Result<Selected<D>, Overflow> {
        let total = table.total();
        let (mut counts, distinct) = if table.is_spilled() {
            external::select(self, table, words.is_some(), unpack)?
        } else {
            let (lists, arenas) = table.compacted()?.into_entries();
            let counts = Buckets::new(lists.into_par_iter().map(&unpack).collect(), arenas);
            let distinct = counts.len();
            (counts, distinct)
        };
        if counts.is_on_disk() {
            return Ok(Selected { words: counts, distinct, total });
        }
        if let Some(words) = words {
            counts = self.look_up(counts, words);
        }
        self.retain_in(&mut counts.lists);
        if let Some(top) = self.top.filter(|&top| top < counts.len()) {
            keep_top(&mut counts, top);
        }
        counts.partition(self.sort.unwrap_or(if words.is_some() { Sort::None } else { Sort::Count }));
        Ok(Selected { words: counts, distinct, total })
    }

    /// The entries of `words`, in the order of `words`. A word that does not occur has the count 0. With case ignored, a
    /// word that occurs has the spelling of its entry. A word that does not occur is in lower case if the result is.
    fn look_up<D: Detail>(&self, mut counts: Buckets<D>, words: &[Vec<u8>]) -> Buckets<D> {
        let ignore_case = self.ignore_case;
        let lower = |ngram: &[u8]| self.normalizer.lower(ngram, &mut Vec::new()).to_vec();
        let fold = |ngram: &[u8]| if ignore_case.is_some() { lower(ngram) } else { ngram.to_vec() };
        let entries = counts.lists.iter().flatten();
        let found: AHashMap<Vec<u8>, Entry<D>> =
            entries.map(|entry| (fold(entry.ngram(&counts.arenas)), *entry)).collect();
        let mut arena = Arena::new(counts.arenas.len() as u16);
        let list = words.iter().map(|word| {
            found.get(&fold(word)).copied().unwrap_or_else(|| {
                let key =
                    if ignore_case == Some(Spelling::Lower) { arena.key_of(&lower(word)) } else { arena.key_of(word) };
                Entry { key, count: 0, detail: D::NONE }
            })
        });
        counts.lists = vec![list.collect()];
        counts.arenas.push(arena.into_bytes());
        counts
    }
}

/// The selected words, and the totals of the table.
#[derive(Debug)]
pub(crate) struct Selected<D> {
    pub(crate) words: Buckets<D>,
    /// The number of distinct ngrams in the table. With case ignored, case variants are one ngram.
    pub(crate) distinct: usize,
    /// The sum of all counts of the table.
    pub(crate) total: u128,
}

/// Removes all entries but the `top` most frequent ones. There must be more than `top` entries.
fn keep_top<D: Detail>(counts: &mut Buckets<D>, top: usize) {
    debug_assert!(top < counts.len(), "without a first loser there is nothing to compare with");
    let Buckets { lists, arenas, .. } = counts;
    let by_count = |a: &Entry<D>, b: &Entry<D>| Sort::Count.compare(arenas, a, b);
    let mut candidates: Vec<Entry<D>> = lists
        .par_iter()
        .flat_map_iter(|list| {
            // No list contributes more than `top + 1` candidates: the winners and the first loser.
            let mut best = list.clone();
            if top < best.len() {
                best.select_nth_unstable_by(top, by_count);
                best.truncate(top + 1);
            }
            best
        })
        .collect();
    let (winners, first_loser, _) = candidates.select_nth_unstable_by(top, by_count);
    // A word that the job asks for twice has two equal entries. The first loser may then equal some winners, and we
    // keep as many of its equals.
    let equal = winners.iter().filter(|entry| by_count(entry, first_loser).is_eq()).count();
    let equal = AtomicUsize::new(equal);
    lists.par_iter_mut().for_each(|list| {
        list.retain(|entry| match by_count(entry, first_loser) {
            Ordering::Less => true,
            Ordering::Equal => equal.try_update(Relaxed, Relaxed, |left| left.checked_sub(1)).is_ok(),
            Ordering::Greater => false,
        });
    });
    debug_assert_eq!(counts.len(), top);
}
