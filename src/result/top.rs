//! The first entries in an order: the top.
//!
//! A few of many entries: each thread goes through some lists, and keeps the places of the best.
//!
//! ```text
//! top 2, ranks   5 3 9 1 | 7 2 4      the best so far: 5 3 9 1  ->  3 1, and from here on only ranks up to 5 are kept
//!                                     3 1 2 4                   ->  1 2
//! ```
//!
//! The rank of an entry is calculated once: that of a measure may need four logarithms. Measured, medians of alternating
//! runs with the top 10, against a selection in each list that compares entries: 16,000,000 words by count 0.80 -> 0.71 s;
//! `--rise` for 86,000,000 rows of 1,400,000 words, by log-ratio 1.58 -> 0.96 s.
//!
//! Many entries: their places would take as much memory as the entries. So we partition the entries into buckets, sort
//! the bucket with the first entry behind the top, and keep what comes before this entry. 16,000,000 words, the top
//! 1,000,000: 1.44 -> 0.88 s and 1,114 -> 510 MB.

use rayon::prelude::*;

use crate::result::buckets::Buckets;
use crate::result::order::{Arenas, Order};
use crate::table::{Detail, Entry};

/// Of so many entries, all threads together may keep one for the places of the best to be few.
const FEW: usize = 16;

/// Removes all entries but the first `top` ones in an order. If they are `words` that the job asks for, the others stay in
/// the order of their lists, and of equal ones the first stay.
pub(super) fn keep_first<D: Detail>(counts: &mut Buckets<D>, top: usize, order: &Order, are_words: bool) {
    let kept = top.saturating_mul(rayon::current_num_threads());
    if are_words || kept <= counts.len() / FEW { keep_few(counts, top, order) } else { keep_many(counts, top, order) }
}

/// Keeps the first `top` entries by their places.
fn keep_few<D: Detail>(counts: &mut Buckets<D>, top: usize, order: &Order) {
    let Buckets { lists, arenas, .. } = counts;
    let first = First { order, lists, arenas, top };
    let best = (0..lists.len()).into_par_iter().fold(Best::default, |best, list| first.with(best, list));
    let mut best = best.reduce(Best::default, |one, other| first.of_both(one, other));
    first.truncate(&mut best);
    let mut kept = vec![Vec::new(); lists.len()];
    best.places.iter().for_each(|place| kept[place.list as usize].push(place.index));
    lists.par_iter_mut().zip(kept).for_each(|(list, mut kept)| {
        kept.sort_unstable();
        *list = kept.into_iter().map(|index| list[index]).collect();
    });
}

/// Keeps the entries before the first one that is too many. No two entries may be equal.
fn keep_many<D: Detail>(counts: &mut Buckets<D>, top: usize, order: &Order) {
    counts.partition(order.clone());
    let mut before = 0;
    let loser = counts.slices_of_buckets().find_map(|slices| {
        let len: usize = slices.iter().map(|slice| slice.len()).sum();
        before += len;
        (before > top).then(|| *order.sorted(&counts.arenas, &slices)[top + len - before])
    });
    let Some(loser) = loser else { return };
    let Buckets { lists, arenas, .. } = counts;
    let loser = (order.rank(arenas, &loser), &loser.key);
    let is_kept =
        |entry: &Entry<D>| order.compare_ranked(arenas, (order.rank(arenas, entry), &entry.key), loser).is_lt();
    lists.par_iter_mut().for_each(|list| list.retain(is_kept));
}

/// Finds the first `top` entries of some lists.
struct First<'a, D> {
    order: &'a Order,
    lists: &'a [Vec<Entry<D>>],
    arenas: &'a Arenas,
    top: usize,
}

/// The places of entries that may be among the first.
struct Best {
    places: Vec<Place>,
    /// No entry of a higher rank is among the first.
    last: u128,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    rank: u128,
    /// The place in its list.
    index: usize,
    /// The number of its list.
    list: u32,
}

impl Default for Best {
    fn default() -> Self {
        Self { places: Vec::new(), last: u128::MAX }
    }
}

/// How many places beyond twice the top are kept until most are dropped. Not tuned: 32 KiB.
const SLACK: usize = 1 << 10;

impl<D: Detail> First<'_, D> {
    /// The best with those of a list.
    fn with(&self, mut best: Best, list: usize) -> Best {
        for (index, entry) in self.lists[list].iter().enumerate() {
            let rank = self.order.rank(self.arenas, entry);
            if rank <= best.last {
                best.places.push(Place { rank, index, list: list as u32 });
                if best.places.len() >= self.top.saturating_mul(2).saturating_add(SLACK) {
                    self.truncate(&mut best);
                }
            }
        }
        best
    }

    /// The best of both.
    fn of_both(&self, mut one: Best, mut other: Best) -> Best {
        one.places.append(&mut other.places);
        self.truncate(&mut one);
        one
    }

    /// Drops all places but the first `top`.
    fn truncate(&self, best: &mut Best) {
        let key = |of: &Place| &self.lists[of.list as usize][of.index].key;
        if self.top < best.places.len() {
            let (_, loser, _) = best.places.select_nth_unstable_by(self.top, |one, other| {
                let order = self.order.compare_ranked(self.arenas, (one.rank, key(one)), (other.rank, key(other)));
                order.then_with(|| (one.list, one.index).cmp(&(other.list, other.index)))
            });
            best.last = loser.rank;
            best.places.truncate(self.top);
        }
    }
}
