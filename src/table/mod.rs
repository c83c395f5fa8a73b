//! `Table`: how often each ngram occurs. A worker maps into one, and the reduce merges them.
//!
//! ```text
//!                    +-- shard 0     log, index, arena
//! hash(ngram) --+--->+-- shard 1     ...
//!   first 8 bits     +-- ...
//!                    +-- shard 255
//! ```
//!
//! The first bits of an ngram's hash choose its [`Shard`]. All tables of a run hash alike, so shard n of one table has to
//! meet only shard n of another: two tables are merged shard by shard, on all cores. The [last step](Table::compacted) sums
//! duplicates, again shard by shard, while each stays in a core's cache.
//!
//! A shard is complete by itself: entries, the bytes that they point to, and the first overflow. So a shard is also the unit
//! in which a table that outgrows its memory can leave it, and come back for the last step: there are two doors to a shard,
//! [`Shard::merge`] and [`Shard::compact`], and both take all of it.

mod arena;
mod detail;
mod entry_log;
mod history;
mod index;
mod key;
mod prefetch;
mod rewrite;
pub(crate) mod rows;
mod shard;
mod uncovered;
mod varint;
mod word_cache;

use rayon::prelude::*;

pub(crate) use self::arena::Arena;
pub(crate) use self::detail::Detail;
pub(crate) use self::history::History;
use self::index::Index;
use self::key::hash_long;
pub(crate) use self::key::{INLINE, Key};
use self::shard::Shard;
pub(crate) use self::uncovered::Uncovered;
pub(crate) use self::word_cache::{CachedWord, WordCache};
use crate::text_slice::TextSlice;

/// How many shards a table has: enough that one fits a core's cache while it is compacted, and that each core gets some.
pub(crate) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 8;

/// An ngram and how often it occurs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<D = ()> {
    pub(crate) key: Key,
    pub(crate) count: u64,
    pub(crate) detail: D,
}

/// Counts of ngrams. Merging is associative and commutative, and an empty table changes nothing.
#[derive(Debug)]
pub(crate) struct Table<D = ()> {
    shards: Vec<Shard<D>>,
    /// The sum of all counts.
    total: u128,
    /// The first ngram, by its bytes, of which a single run passes 2^64-1. Shards note the sums of several runs.
    overflow: FirstOverflow,
}

/// An ngram whose sum passes 2^64-1, the largest count there is.
#[derive(Debug)]
pub(crate) struct Overflow {
    pub(crate) ngram: Vec<u8>,
}

/// The ngram whose sum passes 2^64-1; the first by its bytes if there are several. So an error names the same one whatever
/// the chunks and threads. Counting goes on, with sums that no result shows.
#[derive(Debug, Default)]
struct FirstOverflow(Option<Box<[u8]>>);

impl FirstOverflow {
    #[cold]
    fn note(&mut self, ngram: &[u8]) {
        if self.0.as_deref().is_none_or(|first| ngram < first) {
            self.0 = Some(ngram.into());
        }
    }

    fn merge(&mut self, other: Self) {
        if let Some(ngram) = other.0 {
            self.note(&ngram);
        }
    }
}

impl<D: Detail> Default for Table<D> {
    fn default() -> Self {
        Self { shards: (0..SHARDS as u16).map(Shard::new).collect(), total: 0, overflow: FirstOverflow::default() }
    }
}

impl<D: Detail> Table<D> {
    /// Adds `count`, and the detail that `detail` makes with the arena of the ngram's shard, to an ngram.
    #[inline]
    pub(crate) fn add(&mut self, ngram: TextSlice<'_>, count: u64, detail: impl FnOnce(&mut Arena) -> D) {
        if let Some(key) = Key::short_in(ngram) {
            self.add_key(key, count, detail);
        } else {
            self.total += u128::from(count);
            let ngram = ngram.bytes();
            let (shard, tag) = split(hash_long(ngram));
            self.shards[shard].add_long(tag, ngram, count, detail);
        }
    }

    /// Adds `count` to the ngram of a short key.
    #[inline]
    pub(crate) fn add_key(&mut self, key: Key, count: u64, detail: impl FnOnce(&mut Arena) -> D) {
        self.total += u128::from(count);
        let (shard, tag) = split(key.hash_short());
        self.shards[shard].add(tag, key, count, detail);
    }

    /// Notes an ngram of which a single run passes 2^64-1.
    pub(crate) fn note_overflow(&mut self, ngram: &[u8]) {
        self.overflow.note(ngram);
    }

    /// One table with the counts of both. An ngram of both may have two entries until the table is
    /// [compacted](Self::compacted).
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.total += other.total;
        self.overflow.merge(other.overflow);
        self.shards.par_iter_mut().zip(other.shards).for_each(|(shard, other)| shard.merge(other));
        self
    }

    /// The table with one entry for each ngram.
    ///
    /// # Errors
    /// [`Overflow`] when a sum passes 2^64-1; it names the first such ngram by its bytes.
    pub(crate) fn compacted(mut self) -> Result<Self, Overflow> {
        self.shards.par_iter_mut().for_each_init(Index::default, |index, shard| shard.compact(index));
        let mut overflow = self.overflow;
        self.shards.iter_mut().for_each(|shard| overflow.merge(shard.take_overflow()));
        match overflow.0 {
            Some(ngram) => Err(Overflow { ngram: ngram.into_vec() }),
            None => Ok(Self { overflow, ..self }),
        }
    }

    /// How many entries there are: in a compacted table, how many ngrams.
    #[cfg(feature = "unstable-stages")]
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// The sum of all counts.
    pub(crate) fn total(&self) -> u128 {
        self.total
    }

    /// The entries, in lists of any length, and the bytes of each shard's arena.
    pub(crate) fn into_entries(self) -> (Vec<Vec<Entry<D>>>, Vec<Vec<u8>>) {
        let (lists, arenas): (Vec<_>, Vec<_>) = self.shards.into_iter().map(Shard::into_entries).unzip();
        (lists.into_iter().flatten().collect(), arenas)
    }
}

/// The shard that a hash belongs to, and the tag by which that shard knows it.
#[inline]
fn split(hash: u64) -> (usize, u32) {
    ((hash >> (64 - SHARD_BITS)) as usize, (hash >> (32 - SHARD_BITS)) as u32)
}

#[cfg(test)]
mod tests;
