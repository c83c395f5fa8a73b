//! `Table`: how often each ngram occurs. What a worker maps into, and what the reduce merges.
//!
//! The first bits of an ngram's hash choose one of [`SHARDS`] shards. All tables of a run hash alike, so that two are
//! merged shard by shard, all of them side by side; and what equal entries a shard has are put together at the end, while
//! all of it is in the cache.

mod arena;
mod detail;
mod entry_log;
mod history;
mod index;
mod key;
mod prefetch;
pub(crate) mod rows;
mod shard;
mod uncovered;
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

/// How many shards a table has: enough that one fits a core's cache while it is compacted, and that all cores have some.
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
    /// Of the ngrams of single runs whose sum passes 2^64-1, the first by its bytes.
    overflow: FirstOverflow,
}

/// An ngram whose sum passes 2^64-1, the largest count there is.
#[derive(Debug)]
pub(crate) struct Overflow {
    pub(crate) ngram: Vec<u8>,
}

/// An ngram whose sum passes 2^64-1: of several, the first by its bytes, so that the one that an error names does not
/// depend on chunks and threads. Counting goes on behind it, with sums that no result will show.
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

    /// Takes down that the sum of a single run of an ngram passes 2^64-1.
    pub(crate) fn note_overflow(&mut self, ngram: &[u8]) {
        self.overflow.note(ngram);
    }

    /// One table with the counts of both. An ngram that both have may have two entries until the table is
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
        self.shards.par_iter_mut().for_each_init(Index::default, |index, shard| shard.settle(index));
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

    /// The entries, in lists of any length, and the arena of each shard.
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
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    fn table(ngrams: &[Vec<u8>]) -> Table {
        let mut table = Table::<()>::default();
        for ngram in ngrams {
            table.add(ngram[..].into(), 1, |_| ());
        }
        table
    }

    fn contents(table: Table) -> BTreeMap<Vec<u8>, u64> {
        let (shards, arenas) = table.compacted().unwrap().into_entries();
        let ngram = |entry: &Entry| {
            let arena: &[u8] = if entry.key.is_long() { &arenas[usize::from(entry.key.arena())] } else { &[] };
            entry.key.ngram(arena).to_vec()
        };
        let pairs: Vec<_> = shards.iter().flatten().map(|entry| (ngram(entry), entry.count)).collect();
        let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
        assert_eq!(map.len(), pairs.len(), "an ngram has two entries");
        map
    }

    fn naive(ngrams: &[Vec<u8>]) -> BTreeMap<Vec<u8>, u64> {
        let mut counts = BTreeMap::new();
        for ngram in ngrams {
            *counts.entry(ngram.clone()).or_default() += 1;
        }
        counts
    }

    /// Few letters, so that ngrams repeat; lengths on both sides of what a key holds.
    fn ngrams() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let ngram = prop_oneof![
            4 => prop::collection::vec(0_u8..4, 0..6),
            1 => prop::collection::vec(0_u8..2, 22..27),
        ];
        prop::collection::vec(ngram, 0..400)
    }

    proptest! {
        #[test]
        fn counts_as_a_map_does(a in ngrams(), b in ngrams()) {
            prop_assert_eq!(contents(table(&a)), naive(&a));
            let both = [a.clone(), b.clone()].concat();
            prop_assert_eq!(contents(table(&a).merge(table(&b))), naive(&both));
            prop_assert_eq!(contents(Table::default().merge(table(&b))), naive(&b));
        }
    }

    #[test]
    fn grows_past_many_entries() {
        let ngrams: Vec<_> = (0..100_000_u32).map(|n| n.to_string().into_bytes()).collect();
        assert_eq!(contents(table(&ngrams)), naive(&ngrams));
    }

    #[test]
    fn of_several_sums_past_64_bits_the_first_by_its_bytes_is_named() {
        let ngrams = [&b"b"[..], b"c", &[b'a'; 40], &[b'b'; 40]];
        for parts in 1..4 {
            let mut tables: Vec<_> = (0..parts).map(|_| Table::<()>::default()).collect();
            for number in 0..8 {
                let ngram = ngrams[number % 4];
                tables[number % parts].add(ngram[..].into(), u64::MAX / 2 + 1, |_| ());
            }
            let table = tables.into_iter().reduce(Table::merge).unwrap();
            let error = table.compacted().unwrap_err();
            assert_eq!(error.ngram, [b'a'; 40]);
        }
    }

    #[test]
    fn a_sum_past_64_bits_names_its_ngram() {
        for ngram in [&b"the"[..], &[b'x'; 40]] {
            let mut table = Table::<()>::default();
            table.add(ngram[..].into(), u64::MAX, |_| ());
            table.add(ngram[..].into(), 1, |_| ());
            assert_eq!(table.compacted().unwrap_err().ngram, ngram);
        }
    }
}
