//! One shard of a table: its entries, and while it pays, an index of them.
//!
//! While a table is small, or where most ngrams that come are known already, as in a text, an index finds their entries.
//! Else each look into an index that is larger than the caches would be a wait for memory: entries are then only
//! appended, and equal ones are [put together](Shard::settle) later, all of a shard in one go, while it stays in the
//! cache. Google's files are so, whose rows are grouped by ngram; so are rows in random order.

use std::cell::RefCell;

use super::index::Index;
use super::key::Key;
use super::runs::{Place, Runs};
use super::{Detail, Entry, split};
use crate::error::{Error, Result};

/// A table of its own for the hashes that begin with this shard's number.
#[derive(Debug)]
pub(crate) struct Shard<D> {
    number: u16,
    entries: Runs<D>,
    /// Of all entries, which then are all different; `None` while they are appended.
    index: Option<Index>,
    /// The bytes of the ngrams that are too long for their key, and of details.
    arena: Vec<u8>,
    /// Without an index: with more entries than so many it is time to put equal ones together, if there are any.
    settle_at: usize,
    /// How many entries were left when equal ones were last put together.
    different: usize,
    /// Of shards that were merged: how many entries the largest had.
    largest: usize,
    /// How many additions there were since the index grew.
    additions: usize,
}

/// The least number of entries with which a shard gives up its index: all shards with fewer fit the caches.
const FEW: usize = 128;
/// How many entries there may be for each different one, so that memory grows with the different ones alone. With fewer,
/// they would be put together more often.
const ALIKE: usize = 3;
/// Of every so many different ngrams, one is counted to tell how many there are.
const SAMPLED: u32 = 16;
/// How many additions there are for each new entry, at the least, where an index larger than the caches pays.
const KNOWN: usize = 4;

impl<D: Detail> Shard<D> {
    /// An empty one, which is shard `number` of its table.
    pub(super) fn new(number: u16) -> Self {
        let (entries, index, arena) = (Runs::default(), Some(Index::default()), Vec::new());
        Self { number, entries, index, arena, settle_at: 0, different: 0, largest: 0, additions: 0 }
    }

    /// Adds `count` to a short ngram.
    #[inline]
    pub(super) fn add(
        &mut self,
        tag: u32,
        key: Key,
        count: u64,
        detail: impl FnOnce(&mut Vec<u8>, u16) -> D,
    ) -> Result<()> {
        self.settle_in_time()?;
        let Some(index) = &self.index else {
            let detail = detail(&mut self.arena, self.number);
            self.entries.push(Entry { key, count, detail });
            return Ok(());
        };
        self.additions += 1;
        match index.find(tag, |at| self.entries[Place(at)].key == key) {
            Ok(found) => {
                let later = detail(&mut self.arena, self.number);
                add(&mut self.entries[Place(found)], count, later, &mut self.arena)
            }
            Err(slot) => {
                let detail = detail(&mut self.arena, self.number);
                self.insert(slot, tag, Entry { key, count, detail });
                Ok(())
            }
        }
    }

    /// Adds `count` to an ngram that is too long for a key.
    pub(super) fn add_long(
        &mut self,
        tag: u32,
        ngram: &[u8],
        count: u64,
        detail: impl FnOnce(&mut Vec<u8>, u16) -> D,
    ) -> Result<()> {
        self.settle_in_time()?;
        self.additions += 1;
        let found = self.index.as_ref().map(|index| index.find(tag, |at| self.is_long(Place(at), ngram)));
        if let Some(Ok(found)) = found {
            let later = detail(&mut self.arena, self.number);
            return add(&mut self.entries[Place(found)], count, later, &mut self.arena);
        }
        let key = Key::long(ngram, self.arena.len(), self.number);
        self.arena.extend_from_slice(ngram);
        let detail = detail(&mut self.arena, self.number);
        let entry = Entry { key, count, detail };
        match found {
            Some(Err(slot)) => self.insert(slot, tag, entry),
            _ => _ = self.entries.push(entry),
        }
        Ok(())
    }

    /// Adds all of `other`, which has the same number in another table. Equal entries stay apart for now: they are in
    /// memory already.
    pub(super) fn merge(&mut self, mut other: Self) {
        if self.len() == 0 {
            *self = other;
            return;
        }
        if other.len() == 0 {
            return;
        }
        if !other.arena.is_empty() {
            other.entries.shift(self.arena.len());
            self.arena.extend_from_slice(&other.arena);
        }
        self.largest = self.largest().max(other.largest());
        self.index = None;
        self.entries.append(other.entries);
    }

    /// Puts equal entries together. `index` is room to do it in.
    pub(super) fn settle(&mut self, index: &mut Index) -> Result<()> {
        if self.index.is_some() || self.different == self.entries.len() {
            return Ok(());
        }
        // Of many tables, most have the same ngrams; of two, each may have its own.
        index.reset(self.len().min(2 * self.largest()));
        let (old, number) = (std::mem::take(&mut self.arena), self.number);
        let arena = &mut self.arena;
        let index = &RefCell::new(index);
        let prepare = |entry: &Entry<D>| {
            let (_, tag) = split(entry.key.hash(&old));
            index.borrow().announce(tag);
            tag
        };
        self.entries.retain(prepare, |kept, entry, to, tag| {
            let mut index = index.borrow_mut();
            let key = entry.key;
            let found = if key.is_long() {
                let ngram = key.ngram(&old);
                let is_it = |at| kept[Place(at)].key.is_long() && kept[Place(at)].key.ngram(arena) == ngram;
                index.find(tag, is_it).inspect_err(|_| {
                    entry.key = Key::long(ngram, arena.len(), number);
                    arena.extend_from_slice(ngram);
                })
            } else {
                index.find(tag, |at| kept[Place(at)].key == key)
            };
            entry.detail = entry.detail.moved(&old, arena, number);
            match found {
                Ok(at) => add(&mut kept[Place(at)], entry.count, entry.detail, arena).map(|()| false),
                Err(slot) => {
                    let slot = if index.is_full() { index.grow_for(tag) } else { slot };
                    index.fill(slot, tag, to.0);
                    Ok(true)
                }
            }
        })?;
        self.different = self.entries.len();
        Ok(())
    }

    /// The entries, in lists of any length, and the bytes of long ngrams.
    pub(super) fn into_entries(self) -> (Vec<Vec<Entry<D>>>, Vec<u8>) {
        (self.entries.into_lists(), self.arena)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn is_long(&self, at: Place, ngram: &[u8]) -> bool {
        let key = &self.entries[at].key;
        key.is_long() && key.ngram(&self.arena) == ngram
    }

    fn largest(&self) -> usize {
        if self.largest > 0 { self.largest } else { self.len() }
    }

    /// About how many ngrams there are. An ngram is in the sample for its hash, and so with all of its entries.
    fn estimate(&self) -> usize {
        let tags = self.entries.iter().map(|entry| split(entry.key.hash(&self.arena)).1);
        let mut sample: Vec<u32> = tags.filter(|tag| tag.is_multiple_of(SAMPLED)).collect();
        sample.sort_unstable();
        sample.dedup();
        sample.len() * SAMPLED as usize
    }

    /// Before an entry is appended that needs more memory: sees to it that there are not too many equal ones.
    #[inline]
    fn settle_in_time(&mut self) -> Result<()> {
        if self.index.is_none() && self.entries.is_full() { self.settle_or_grow() } else { Ok(()) }
    }

    #[cold]
    fn settle_or_grow(&mut self) -> Result<()> {
        if self.entries.len() > self.settle_at {
            let mut different = self.estimate();
            // With nearly none alike, to look at each would be in vain.
            if different < self.entries.len() / 4 * 3 {
                self.settle(&mut Index::default())?;
                different = self.entries.len();
            }
            self.settle_at = ALIKE * different;
        }
        if self.entries.is_full() {
            self.entries.make_room(self.settle_at);
        }
        Ok(())
    }

    fn insert(&mut self, slot: usize, tag: u32, entry: Entry<D>) {
        let place = self.entries.push(entry);
        let Some(index) = &mut self.index else { return };
        if !index.is_full() {
            index.fill(slot, tag, place.0);
        } else if self.entries.len() > FEW && self.additions < KNOWN * (self.entries.len() / 2) {
            // Since the index grew, half of the entries came.
            self.settle_at = ALIKE * self.entries.len();
            self.index = None;
        } else {
            self.additions = 0;
            let slot = index.grow_for(tag);
            index.fill(slot, tag, place.0);
        }
    }
}

/// Adds to an entry what an equal one, which came later, has.
#[inline]
fn add<D: Detail>(entry: &mut Entry<D>, count: u64, later: D, arena: &mut [u8]) -> Result<()> {
    match (entry.count.checked_add(count), entry.detail.join(later, arena)) {
        (Some(sum), Some(())) => {
            entry.count = sum;
            Ok(())
        }
        _ => Err(Error::Overflow { ngram: entry.key.ngram(arena).to_vec() }),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::key::hash_long;
    use super::*;

    /// Ngrams on both sides of what a key holds.
    fn ngram(number: usize) -> Vec<u8> {
        if number.is_multiple_of(3) {
            format!("a very long ngram, number {number}").into()
        } else {
            number.to_string().into()
        }
    }

    fn add(shard: &mut Shard<()>, number: usize) {
        let ngram = ngram(number);
        match Key::short(&ngram) {
            Some(key) => shard.add(split(key.hash_short()).1, key, 1, |_, _| ()),
            None => shard.add_long(split(hash_long(&ngram)).1, &ngram, 1, |_, _| ()),
        }
        .unwrap();
    }

    /// What a shard holds, with equal entries apart or not.
    fn contents(shard: Shard<()>) -> BTreeMap<Vec<u8>, u64> {
        let (lists, arena) = shard.into_entries();
        let mut counts = BTreeMap::new();
        for entry in lists.iter().flatten() {
            *counts.entry(entry.key.ngram(&arena).to_vec()).or_default() += entry.count;
        }
        counts
    }

    fn expected(numbers: impl Iterator<Item = usize>) -> BTreeMap<Vec<u8>, u64> {
        let mut counts = BTreeMap::new();
        numbers.for_each(|number| *counts.entry(ngram(number)).or_default() += 1);
        counts
    }

    #[test]
    fn without_an_index_memory_grows_with_the_different_ngrams_alone() {
        let mut shard = Shard::<()>::new(7);
        for number in 0..80_000 {
            add(&mut shard, number % 5000);
            if number == 5000 {
                assert!(shard.index.is_none(), "5,000 different ngrams are not looked up");
            }
            let different = (number + 1).min(5000);
            // A quarter more, since they are estimated; and the first run.
            assert!(shard.len() <= (ALIKE + 1) * different + 1024, "{} entries for {different} ngrams", shard.len());
        }
        shard.settle(&mut Index::default()).unwrap();
        assert_eq!(shard.len(), 5000);
        assert_eq!(contents(shard), expected((0..5000).cycle().take(80_000)));
    }

    #[test]
    fn keeps_its_index_while_most_is_known() {
        let mut shard = Shard::<()>::new(7);
        for number in 0..5000 {
            add(&mut shard, number);
            (2..7).for_each(|part| add(&mut shard, number / part));
        }
        assert!(shard.index.is_some());
        assert_eq!(shard.len(), 5000);
    }

    #[test]
    fn shards_with_and_without_an_index_merge() {
        let lengths = [0, 1, 100, 3000, 40_000];
        for (first, second) in lengths.into_iter().flat_map(|first| lengths.map(|second| (first, second))) {
            let [mut a, mut b] = [Shard::<()>::new(7), Shard::new(7)];
            (0..first).for_each(|number| add(&mut a, number));
            (first / 2..first / 2 + second).for_each(|number| add(&mut b, number));
            a.merge(b);
            a.settle(&mut Index::default()).unwrap();
            assert_eq!(a.len(), first.max(if second > 0 { first / 2 + second } else { 0 }));
            assert_eq!(contents(a), expected((0..first).chain(first / 2..first / 2 + second)), "{first} {second}");
        }
    }

    #[test]
    fn equal_entries_whose_sum_is_too_large_are_an_error_when_they_are_put_together() {
        for ngram in [&b"the"[..], &[b'x'; 40]] {
            let full = || {
                let mut shard = Shard::<()>::new(7);
                match Key::short(ngram) {
                    Some(key) => shard.add(1, key, u64::MAX, |_, _| ()),
                    None => shard.add_long(1, ngram, u64::MAX, |_, _| ()),
                }
                .unwrap();
                shard
            };
            let mut both = full();
            both.merge(full());
            let error = both.settle(&mut Index::default()).unwrap_err();
            assert!(error.to_string().contains(&*String::from_utf8_lossy(ngram)), "{error}");
        }
    }
}
