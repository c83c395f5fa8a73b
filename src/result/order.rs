//! The orders of a result, and sorting by them.
//!
//! Most pairs of entries differ in the count or in the first bytes of the ngram. Each entry therefore has a rank of 16
//! bytes: the complement of the count, then the ngram's first 8 bytes. A bucket covers a narrow range of ranks, so we
//! subtract the lowest rank, shift, and keep 8 bytes ([`Scale`]). We sort by these 8 bytes, and compare entries in full
//! only if they are equal.

use std::cmp::Ordering;

use crate::table::Entry;

/// The order of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Sort {
    /// By count, the highest first. Ngrams of equal count are in the order of their bytes.
    #[cfg_attr(
        feature = "cli",
        value(
            help = "The most frequent first; words that occur equally often by their bytes (the default, unless --word gives an order)"
        )
    )]
    Count,
    /// By the ngram's bytes.
    #[cfg_attr(feature = "cli", value(help = "By the bytes of the words"))]
    Word,
    /// Without an order: the fastest. The order may differ from run to run.
    #[cfg_attr(feature = "cli", value(help = "As it comes, which is fastest"))]
    None,
}

/// The arenas, with the bytes of long ngrams. A key names its arena by number.
pub(crate) type Arenas = [Vec<u8>];

impl Sort {
    /// Compares two entries. Two entries are equal only if a job asks for a word twice, so an unstable sort gives the
    /// same result as a stable one. With [`Sort::None`], all entries are equal.
    pub(crate) fn compare<D>(self, arenas: &Arenas, a: &Entry<D>, b: &Entry<D>) -> Ordering {
        match self {
            Self::None => Ordering::Equal,
            Self::Word => by_word(arenas, a, b),
            Self::Count => count_rank(a).cmp(&count_rank(b)).then_with(|| by_word(arenas, a, b)),
        }
    }

    /// The rank of an entry. An entry of lower rank comes first. Entries of equal rank may differ.
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

/// A map from ranks to 8 bytes: the first 64 significant bits of the distance from the lowest rank. The map keeps the
/// order, but ranks close to each other may become equal.
///
/// ```text
/// ranks of a bucket           0xFE_1234_56 .. 0xFE_1234_9A
/// distance from the lowest    0x00_0000_00 .. 0x00_0000_44       most bits are zero in all of them
/// shifted to the left         0x00...      .. 0x88...            the highest bit of the range becomes the first bit
/// ```
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    least: u128,
    most: u128,
    shift: u32,
}

impl Scale {
    /// A scale for ranks from `least` to `most`. It maps a rank beyond them like the nearer one.
    pub(crate) fn new(least: u128, most: u128) -> Self {
        Self { least, most, shift: most.saturating_sub(least).leading_zeros().min(u128::BITS - 1) }
    }

    #[inline]
    pub(crate) fn of(self, rank: u128) -> u64 {
        ((rank.min(self.most).max(self.least) - self.least) << self.shift >> u64::BITS) as u64
    }
}

/// All entries with their ranks, scaled to the range of these ranks.
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

/// The rank for [`Sort::Count`]: the complement of the count, then the ngram's first bytes.
#[inline]
fn count_rank<D>(entry: &Entry<D>) -> u128 {
    u128::from(!entry.count) << 64 | u128::from(entry.key.first())
}

/// The rank for [`Sort::Word`]: the ngram's first bytes, as many as the key of a long ngram holds.
#[inline]
fn word_rank<D>(entry: &Entry<D>) -> u128 {
    u128::from(entry.key.first())
}

fn by_word<D>(arenas: &Arenas, a: &Entry<D>, b: &Entry<D>) -> Ordering {
    a.key.compare(&b.key).unwrap_or_else(|| a.ngram(arenas).cmp(b.ngram(arenas)))
}
