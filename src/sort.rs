//! The orders of a result, and sorting by them.
//!
//! Most entries differ in a count and a few bytes, so each gets a rank of 16 bytes that says as much of its order as
//! fits. Ranks are compared without a branch that could be mispredicted; only entries of equal rank are compared in
//! full.

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

    /// Sorts entries.
    pub(crate) fn sort<D>(self, arenas: &Arenas, entries: &mut [Entry<D>]) {
        match self {
            Self::None => {}
            Self::Count => {
                entries.sort_unstable_by_key(count_rank);
                settle(entries, count_rank, |a, b| by_word(arenas, a, b));
            }
            Self::Word => {
                entries.sort_unstable_by_key(word_rank);
                settle(entries, word_rank, |a, b| by_word(arenas, a, b));
            }
        }
    }

    /// Merges sorted parts.
    pub(crate) fn merge<'a, D>(self, arenas: &Arenas, parts: &[&'a [Entry<D>]]) -> Vec<&'a Entry<D>> {
        let rank: fn(&Entry<D>) -> u128 = match self {
            Self::None => return parts.iter().copied().flatten().collect(),
            Self::Count => count_rank::<D>,
            Self::Word => word_rank::<D>,
        };
        let mut ranked: Vec<(u128, &Entry<D>)> =
            parts.iter().copied().flatten().map(|entry| (rank(entry), entry)).collect();
        // The standard library's stable sort finds the parts that are sorted, and merges them.
        ranked.sort_by_key(|(rank, _)| *rank);
        settle(&mut ranked, |(rank, _)| *rank, |(_, a), (_, b)| by_word(arenas, a, b));
        ranked.into_iter().map(|(_, entry)| entry).collect()
    }
}

/// Sorts what is of equal rank, and stands together, in full.
fn settle<T>(items: &mut [T], rank: impl Fn(&T) -> u128, compare: impl Fn(&T, &T) -> Ordering) {
    for equals in items.chunk_by_mut(|a, b| rank(a) == rank(b)).filter(|equals| equals.len() > 1) {
        equals.sort_unstable_by(&compare);
    }
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
