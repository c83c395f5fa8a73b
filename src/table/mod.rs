//! `Table`: the count of each ngram. Each worker maps into a table of its own, and the reduce merges the tables.
//!
//! ```text
//!                    +-- shard 0     log, index, arena
//! hash(ngram) --+--->+-- shard 1     ...
//!   first 8 bits     +-- ...
//!                    +-- shard 255
//! ```
//!
//! The first bits of an ngram's hash choose its [`Shard`]. All tables of a run share one hash function, so a merge
//! joins shard n of one table with shard n of the other, on all cores. The [last step](Table::compacted) sums
//! duplicates shard by shard, and each shard fits a core's cache meanwhile.
//!
//! A shard is self-contained: it holds its entries, the bytes that they point to, and the first overflow. A shard is
//! therefore also the unit that [moves to a temporary file](spill) when memory ends, and comes back for the
//! [last step](finish).

mod arena;
mod block;
mod detail;
mod entry_log;
mod finish;
mod history;
mod index;
mod key;
mod prefetch;
mod rewrite;
pub(crate) mod rows;
mod shard;
pub(crate) mod spill;
mod taking;
mod there;
mod uncovered;
mod varint;
mod word_cache;

use std::sync::Arc;

use rayon::prelude::*;

pub(crate) use self::arena::Arena;
pub(crate) use self::detail::Detail;
pub(crate) use self::finish::Part;
pub(crate) use self::history::History;
use self::index::Index;
pub(crate) use self::key::{INLINE, Key, hash_long};
use self::shard::Shard;
use self::spill::Spill;
pub(crate) use self::there::{Before, There};
pub(crate) use self::uncovered::Uncovered;
pub(crate) use self::word_cache::{CachedWord, WordCache};
use crate::text_slice::TextSlice;

/// The number of shards of a table: enough for one shard to fit a core's cache, and for each core to get some.
pub(crate) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 8;

/// An ngram, its count and its detail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<D = ()> {
    pub(crate) key: Key,
    pub(crate) count: u64,
    pub(crate) detail: D,
}

/// The counts of ngrams. Merging is associative and commutative, and the empty table is its identity.
#[derive(Debug)]
pub(crate) struct Table<D = ()> {
    shards: Vec<Shard<D>>,
    /// The sum of all counts.
    total: u128,
    /// The sum of the counts that a filter left out, if anybody asks for it.
    left_out: u128,
    /// The first ngram, by its bytes, with a single run whose sum passes 2^64-1. The shards note sums of several runs.
    overflow: FirstOverflow,
    spill: Arc<Spill>,
}

/// An ngram whose sum passes 2^64-1, the largest count there is.
#[derive(Debug)]
pub(crate) struct Overflow {
    pub(crate) ngram: Vec<u8>,
}

/// The first ngram, by its bytes, whose sum passes 2^64-1. The error thus does not depend on chunks and threads.
/// Counting goes on, but no result shows its sums.
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

impl<D: Detail> Table<D> {
    /// An empty table, which takes its memory from `spill`.
    pub(crate) fn new(spill: &Arc<Spill>) -> Self {
        let shards = (0..SHARDS as u16).map(|number| Shard::new(number, 0, spill)).collect();
        Self { shards, total: 0, left_out: 0, overflow: FirstOverflow::default(), spill: Arc::clone(spill) }
    }

    /// Adds `count` and a detail to an ngram. `detail` makes the detail with the arena of the ngram's shard.
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

    /// Notes an ngram with a single run whose sum passes 2^64-1.
    pub(crate) fn note_overflow(&mut self, ngram: &[u8]) {
        self.overflow.note(ngram);
    }

    /// One table with the counts of both. An ngram of both may have two entries until a call of [`Self::compacted`].
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.total += other.total;
        self.left_out += other.left_out;
        self.overflow.merge(other.overflow);
        self.shards.par_iter_mut().zip(other.shards).for_each(|(shard, other)| shard.merge(other));
        self
    }

    /// The table with one entry for each ngram.
    ///
    /// # Errors
    /// [`Overflow`] when a sum passes 2^64-1. Of several such ngrams, it names the first by its bytes.
    pub(crate) fn compacted(mut self) -> Result<Self, Overflow> {
        self.shards.par_iter_mut().for_each_init(Index::default, |index, shard| shard.compact(index));
        let mut overflow = self.overflow;
        self.shards.iter_mut().for_each(|shard| overflow.merge(shard.take_overflow()));
        match overflow.0 {
            Some(ngram) => Err(Overflow { ngram: ngram.into_vec() }),
            None => Ok(Self { overflow, ..self }),
        }
    }

    /// The memory of the table, and its temporary file.
    pub(crate) fn spill(&self) -> &Arc<Spill> {
        &self.spill
    }

    /// The number of entries; in a compacted table, of distinct ngrams.
    #[cfg(feature = "unstable-stages")]
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(Shard::len).sum()
    }

    /// The sum of all counts.
    pub(crate) fn total(&self) -> u128 {
        self.total
    }

    /// Adds to the sum of the counts that a filter leaves out.
    pub(crate) fn leave_out(&mut self, count: u64) {
        self.left_out += u128::from(count);
    }

    /// The sum of the counts that a filter left out.
    pub(crate) fn left_out(&self) -> u128 {
        self.left_out
    }

    /// The entries, as lists of any length, and the bytes of each shard's arena.
    pub(crate) fn into_entries(self) -> (Vec<Vec<Entry<D>>>, Vec<Vec<u8>>) {
        let (lists, arenas): (Vec<_>, Vec<_>) = self.shards.into_iter().map(Shard::into_entries).unzip();
        (lists.into_iter().flatten().collect(), arenas)
    }
}

/// The number of the shard that a hash belongs to, and the hash's tag in that shard.
#[inline]
fn split(hash: u64) -> (usize, u32) {
    ((hash >> (64 - SHARD_BITS)) as usize, (hash >> (32 - SHARD_BITS)) as u32)
}

/// As [`split`], for the shards of a level: each level uses the next bits of the hash.
#[inline]
fn split_at(level: u32, hash: u64) -> (usize, u32) {
    split(hash.rotate_left(level * SHARD_BITS))
}

#[cfg(test)]
mod tests;
