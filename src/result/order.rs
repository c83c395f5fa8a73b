//! The orders of a result, and sorting by them.
//!
//! Most entries differ in a count and a few bytes, so each has a rank of 16 bytes that says as much of its order as
//! fits. Within a range of ranks, the first 8 bytes of the distance from its beginning say nearly as much (see
//! [`Scale`]): these are sorted, and only entries for which they are equal are compared in full.

use std::cmp::Ordering;

use crate::table::Entry;

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

/// The bytes of the ngrams that are too long for their keys, by the number that these have.
pub(crate) type Arenas = [Vec<u8>];

impl Sort {
    /// The order of two entries. No two are equal in it but those of a word that was asked for twice, so that it does
    /// not matter who sorts; with [`Sort::None`] all are.
    pub(crate) fn compare<D>(self, arenas: &Arenas, a: &Entry<D>, b: &Entry<D>) -> Ordering {
        match self {
            Self::None => Ordering::Equal,
            Self::Word => by_word(arenas, a, b),
            Self::Count => count_rank(a).cmp(&count_rank(b)).then_with(|| by_word(arenas, a, b)),
        }
    }

    /// As much of the order of an entry as fits: entries of a lower rank come first.
    #[inline]
    pub(crate) fn rank<D>(self, entry: &Entry<D>) -> u128 {
        match self {
            Self::None => 0,
            Self::Word => word_rank(entry),
            Self::Count => count_rank(entry),
        }
    }

    /// The entries of some slices in order.
    pub(crate) fn sorted<'a, D>(self, arenas: &Arenas, slices: &[&'a [Entry<D>]]) -> Vec<&'a Entry<D>> {
        let mut keyed = match self {
            Self::None => return slices.iter().copied().flatten().collect(),
            Self::Word => keyed(slices, word_rank),
            Self::Count => keyed(slices, count_rank),
        };
        keyed.sort_unstable_by_key(|&(key, _)| key);
        for equals in keyed.chunk_by_mut(|a, b| a.0 == b.0).filter(|equals| equals.len() > 1) {
            equals.sort_unstable_by(|(_, a), (_, b)| self.compare(arenas, a, b));
        }
        keyed.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// Ranks in 8 bytes: how far they are from the least, as far as the first bits of that fit. They stay in order, but some
/// that are near each other become equal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    least: u128,
    most: u128,
    shift: u32,
}

impl Scale {
    /// For ranks from `least` to `most`. What is beyond becomes equal to these.
    pub(crate) fn new(least: u128, most: u128) -> Self {
        Self { least, most, shift: most.saturating_sub(least).leading_zeros().min(u128::BITS - 1) }
    }

    #[inline]
    pub(crate) fn of(self, rank: u128) -> u64 {
        ((rank.min(self.most).max(self.least) - self.least) << self.shift >> u64::BITS) as u64
    }
}

/// All entries, each with its rank, scaled to the ranks of all.
fn keyed<'a, D>(slices: &[&'a [Entry<D>]], rank: impl Fn(&Entry<D>) -> u128 + Copy) -> Vec<(u64, &'a Entry<D>)> {
    let (least, most) = slices.iter().fold((u128::MAX, 0), |range, slice| {
        slice.iter().map(rank).fold(range, |(least, most), rank| (rank.min(least), rank.max(most)))
    });
    let scale = Scale::new(least, most);
    let mut keyed = Vec::with_capacity(slices.iter().map(|slice| slice.len()).sum());
    for slice in slices {
        keyed.extend(slice.iter().map(|entry| (scale.of(rank(entry)), entry)));
    }
    keyed
}

/// The higher the count, the lower; of equal counts, by the ngram's first bytes.
#[inline]
fn count_rank<D>(entry: &Entry<D>) -> u128 {
    u128::from(!entry.count) << 64 | u128::from(entry.key.first())
}

/// By the ngram's first bytes: of a long one, by as many as its key holds.
#[inline]
fn word_rank<D>(entry: &Entry<D>) -> u128 {
    u128::from(entry.key.first())
}

fn by_word<D>(arenas: &Arenas, a: &Entry<D>, b: &Entry<D>) -> Ordering {
    a.key.compare(&b.key).unwrap_or_else(|| a.ngram(arenas).cmp(b.ngram(arenas)))
}
