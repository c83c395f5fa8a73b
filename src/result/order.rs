//! The orders of a result, and sorting by them.
//!
//! Most pairs of entries differ in the count or in the first bytes of the ngram. Each entry therefore has a rank of 16
//! bytes: the complement of the count, then the ngram's first 8 bytes. A bucket covers a narrow range of ranks, so we
//! subtract the lowest rank, shift, and keep 8 bytes ([`Scale`]). We sort by these 8 bytes, and compare entries in full
//! only if they are equal.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::result::line::{Measure, value_of};
use crate::result::number::Number;
use crate::table::{Detail, Entry, Key};

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

/// The order of the entries of a result.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    by: By,
    /// All ones where the order is reversed. A bit of a value that is XORed with 1 has the opposite order.
    flip: u64,
}

/// What entries are ordered by.
#[derive(Debug, Clone)]
enum By {
    /// Nothing: all entries are equal.
    None,
    /// The ngram's bytes.
    Word,
    /// The count, then the ngram's bytes.
    Count,
    /// A value, then the ngram's bytes. Entries without the value are last, reversed or not.
    Value(Arc<dyn Measure>),
}

impl From<Sort> for Order {
    fn from(sort: Sort) -> Self {
        let by = match sort {
            Sort::None => By::None,
            Sort::Word => By::Word,
            Sort::Count => By::Count,
        };
        Self { by, flip: 0 }
    }
}

impl Order {
    /// By a value, the highest first.
    pub(crate) fn by_value(measure: Arc<dyn Measure>) -> Self {
        Self { by: By::Value(measure), flip: 0 }
    }

    /// The order, reversed if `yes`. Entries of equal count or value stay in the order of their bytes.
    pub(crate) fn reversed(self, yes: bool) -> Self {
        Self { flip: if yes { !self.flip } else { self.flip }, ..self }
    }

    /// Whether all entries are equal.
    #[inline]
    pub(crate) fn is_none(&self) -> bool {
        matches!(self.by, By::None)
    }

    /// Whether both are the same order. Orders by values may be the same, although this says no.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let is_same = match (&self.by, &other.by) {
            (By::None, By::None) | (By::Word, By::Word) | (By::Count, By::Count) => true,
            (By::Value(one), By::Value(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        is_same && self.flip == other.flip
    }

    /// Compares two entries. Two entries are equal only if a job asks for a word twice, so an unstable sort gives the
    /// same result as a stable one.
    pub(crate) fn compare<D: Detail>(&self, arenas: &Arenas, a: &Entry<D>, b: &Entry<D>) -> Ordering {
        match self.by {
            // The rank is the beginning of the word.
            By::Word => self.compare_equals(arenas, &a.key, &b.key),
            _ => self.compare_ranked(arenas, (self.rank(arenas, a), &a.key), (self.rank(arenas, b), &b.key)),
        }
    }

    /// As [`Self::compare`], for entries of which the ranks and the keys are known.
    #[inline]
    pub(crate) fn compare_ranked(&self, arenas: &Arenas, a: (u128, &Key), b: (u128, &Key)) -> Ordering {
        a.0.cmp(&b.0).then_with(|| self.compare_equals(arenas, a.1, b.1))
    }

    /// Compares two entries of equal rank.
    fn compare_equals(&self, arenas: &Arenas, a: &Key, b: &Key) -> Ordering {
        if self.is_none() {
            return Ordering::Equal;
        }
        let order = a.compare(b).unwrap_or_else(|| a.ngram_in(arenas).cmp(b.ngram_in(arenas)));
        if matches!(self.by, By::Word) && self.flip != 0 { order.reverse() } else { order }
    }

    /// The rank of an entry. An entry of lower rank comes first. Entries of equal rank may differ in their ngrams.
    #[inline]
    pub(crate) fn rank<D: Detail>(&self, arenas: &Arenas, entry: &Entry<D>) -> u128 {
        match &self.by {
            By::None => 0,
            By::Word => word_rank(entry, self.flip),
            By::Count => count_rank(entry, self.flip),
            By::Value(measure) => value_rank(value_of(&**measure, entry, arenas), entry, self.flip),
        }
    }

    /// The entries of some slices in order.
    pub(crate) fn sorted<'a, D: Detail>(&self, arenas: &Arenas, slices: &[&'a [Entry<D>]]) -> Vec<&'a Entry<D>> {
        let flip = self.flip;
        let mut keyed = match &self.by {
            By::None => return slices.iter().copied().flatten().collect(),
            By::Value(_) => return self.sorted_by_rank(arenas, slices),
            By::Word => keyed(slices, |entry| word_rank(entry, flip)),
            By::Count => keyed(slices, |entry| count_rank(entry, flip)),
        };
        keyed.sort_unstable_by_key(|&(key, _)| key);
        for equals in keyed.chunk_by_mut(|a, b| a.0 == b.0).filter(|equals| equals.len() > 1) {
            equals.sort_unstable_by(|(_, a), (_, b)| self.compare(arenas, a, b));
        }
        keyed.into_iter().map(|(_, entry)| entry).collect()
    }

    /// As [`Self::sorted`], with one calculation of each rank.
    fn sorted_by_rank<'a, D: Detail>(&self, arenas: &Arenas, slices: &[&'a [Entry<D>]]) -> Vec<&'a Entry<D>> {
        let entries = slices.iter().copied().flatten();
        let mut ranked: Vec<(u128, &Entry<D>)> = entries.map(|entry| (self.rank(arenas, entry), entry)).collect();
        ranked.sort_unstable_by(|a, b| self.compare_ranked(arenas, (a.0, &a.1.key), (b.0, &b.1.key)));
        ranked.into_iter().map(|(_, entry)| entry).collect()
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

/// The rank by count: the complement of the count, then the ngram's first bytes.
#[inline]
fn count_rank<D>(entry: &Entry<D>, flip: u64) -> u128 {
    u128::from(!entry.count ^ flip) << 64 | u128::from(entry.key.first())
}

/// The rank by word: the ngram's first bytes, as many as the key of a long ngram holds.
#[inline]
fn word_rank<D>(entry: &Entry<D>, flip: u64) -> u128 {
    u128::from(entry.key.first() ^ flip)
}

/// The rank by value: whether it is missing, the complement of its bits, then the ngram's first bytes but for one bit.
fn value_rank<D>(value: Option<Number>, entry: &Entry<D>, flip: u64) -> u128 {
    let rank = value.map_or(1 << 127, |value| u128::from(!value.bits() ^ flip) << 63);
    rank | u128::from(entry.key.first() >> 1)
}

impl Key {
    /// The ngram's bytes, in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram_in<'a>(&'a self, arenas: &'a Arenas) -> &'a [u8] {
        let arena: &[u8] = if self.is_long() { &arenas[usize::from(self.arena())] } else { &[] };
        self.ngram(arena)
    }
}
