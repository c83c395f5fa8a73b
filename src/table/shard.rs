//! One shard of a table: an open-addressed index over entries that lie one behind the other.
//!
//! A slot holds 32 bits of its entry's hash (the tag) and the entry's number, so that neither a miss nor growing ever
//! touches the entries. A tag's home is its top bits: slots in order are tags in (nearly) ascending order, and merging
//! one shard into another walks through both from front to back.

use super::key::Key;
use crate::error::{Error, Result};

/// An ngram and how often it occurs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) count: u64,
}

/// A table of its own for the hashes that begin with this shard's number.
#[derive(Debug, Default)]
pub(crate) struct Shard {
    /// `tag << 32 | entry`, or [`FREE`]. Its length is 0 or a power of two. That a shard has fewer than 2^32 entries is not
    /// checked: so many, in all shards, are 8 TiB.
    slots: Vec<u64>,
    pub(crate) entries: Vec<Entry>,
    /// The bytes of the ngrams that are too long for their key.
    pub(crate) arena: Vec<u8>,
}

impl Shard {
    /// Adds `count` to a short ngram.
    #[inline]
    pub(crate) fn add(&mut self, tag: u32, key: &Key, count: u64) -> Result<()> {
        match self.find(tag, |entry, _| entry.key == *key) {
            Ok(found) => self.raise(found, count),
            Err(slot) => {
                self.insert(slot, tag, Entry { key: *key, count });
                Ok(())
            }
        }
    }

    /// Adds `count` to an ngram that is too long for a key. `shard` is this shard's number.
    pub(crate) fn add_long(&mut self, tag: u32, ngram: &[u8], shard: usize, count: u64) -> Result<()> {
        match self.find(tag, |entry, arena| entry.key.is_long() && entry.key.ngram(arena) == ngram) {
            Ok(found) => self.raise(found, count),
            Err(slot) => {
                let key = Key::long(ngram, self.arena.len(), shard);
                self.arena.extend_from_slice(ngram);
                self.insert(slot, tag, Entry { key, count });
                Ok(())
            }
        }
    }

    /// The slot in which a tag is looked for first.
    #[inline]
    pub(super) fn first_slot(&self, tag: u32) -> u64 {
        self.slots.get(home(tag, self.slots.len())).copied().unwrap_or(FREE)
    }

    /// The number of the entry of `slot`, if it is that of this short ngram.
    #[inline]
    pub(super) fn entry_in(&self, slot: u64, tag: u32, key: &Key) -> Option<usize> {
        (slot != FREE && tag_of(slot) == tag && self.entries[entry_of(slot)].key == *key).then(|| entry_of(slot))
    }

    /// Adds `count` to an entry.
    #[inline]
    pub(super) fn raise(&mut self, found: usize, count: u64) -> Result<()> {
        let entry = &mut self.entries[found];
        match entry.count.checked_add(count) {
            Some(sum) => {
                entry.count = sum;
                Ok(())
            }
            None => Err(Error::Overflow { ngram: entry.key.ngram(&self.arena).to_vec() }),
        }
    }

    /// The count of a short ngram.
    #[inline]
    pub(crate) fn get(&self, tag: u32, key: &Key) -> Option<u64> {
        self.find(tag, |entry, _| entry.key == *key).ok().map(|found| self.entries[found].count)
    }

    /// The count of an ngram that is too long for a key.
    pub(crate) fn get_long(&self, tag: u32, ngram: &[u8]) -> Option<u64> {
        self.find(tag, |entry, arena| entry.key.is_long() && entry.key.ngram(arena) == ngram)
            .ok()
            .map(|found| self.entries[found].count)
    }

    /// Adds all of `other`, which has the same number in another table.
    pub(crate) fn merge(&mut self, mut other: Self) -> Result<()> {
        if self.entries.len() < other.entries.len() {
            std::mem::swap(self, &mut other);
        }
        // Room for all first: in tag order they would else crowd the front of a table that is too small.
        self.reserve(other.entries.len());
        let mut filled = other.slots.iter().copied().filter(|&slot| slot != FREE);
        // Entries lie in the order in which they came, not in that of their tags: load many before the first is needed.
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            batch.extend(filled.by_ref().take(BATCH).map(|slot| (tag_of(slot), other.entries[entry_of(slot)])));
            if batch.is_empty() {
                break;
            }
            for (tag, entry) in batch.drain(..) {
                if entry.key.is_long() {
                    self.add_long(tag, entry.key.ngram(&other.arena), entry.key.shard(), entry.count)?;
                } else {
                    self.add(tag, &entry.key, entry.count)?;
                }
            }
        }
        Ok(())
    }

    /// The number of the entry with this tag that `is_it`, or the free slot where it would be put.
    #[inline]
    fn find(&self, tag: u32, is_it: impl Fn(&Entry, &[u8]) -> bool) -> std::result::Result<usize, usize> {
        let Some(last) = self.slots.len().checked_sub(1) else { return Err(0) };
        let mut at = home(tag, self.slots.len());
        loop {
            let slot = self.slots[at];
            if slot == FREE {
                return Err(at);
            }
            if tag_of(slot) == tag && is_it(&self.entries[entry_of(slot)], &self.arena) {
                return Ok(entry_of(slot));
            }
            at = (at + 1) & last;
        }
    }

    fn insert(&mut self, slot: usize, tag: u32, entry: Entry) {
        let filled = slot_of(tag, self.entries.len());
        self.entries.push(entry);
        if is_full(self.entries.len(), self.slots.len()) {
            self.grow(self.entries.len());
            place(&mut self.slots, filled);
        } else {
            self.slots[slot] = filled;
        }
    }

    fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        if is_full(self.entries.len() + more, self.slots.len()) {
            self.grow(self.entries.len() + more);
        }
    }

    /// Makes the index large enough for so many entries.
    fn grow(&mut self, entries: usize) {
        let mut len = self.slots.len().max(MIN_SLOTS);
        while is_full(entries, len) {
            len *= 2;
        }
        let old = std::mem::replace(&mut self.slots, vec![FREE; len]);
        for slot in old.into_iter().filter(|&slot| slot != FREE) {
            place(&mut self.slots, slot);
        }
    }
}

const MIN_SLOTS: usize = 16;

/// How many entries are loaded at a time when shards are merged.
const BATCH: usize = 64;

/// An empty slot. Not zero: memory that the system hands out as zeros is mapped only when it is touched, and first
/// reading and then writing it, as a search for a free slot does, costs two page faults and an interrupt of all other
/// threads.
pub(super) const FREE: u64 = u64::MAX;

/// At most three slots in four are taken: linear probing then looks at 2.5 slots for a hit, 8.5 for a miss.
fn is_full(entries: usize, slots: usize) -> bool {
    entries * 4 > slots * 3
}

/// Puts a filled slot into the first free place from its home on.
fn place(slots: &mut [u64], filled: u64) {
    let mut at = home(tag_of(filled), slots.len());
    while slots[at] != FREE {
        at = (at + 1) & (slots.len() - 1);
    }
    slots[at] = filled;
}

/// Where a tag is looked for first: the top bits of the tag, among `slots` (a power of two).
#[inline]
fn home(tag: u32, slots: usize) -> usize {
    ((u64::from(tag) * slots as u64) >> 32) as usize
}

#[inline]
fn tag_of(slot: u64) -> u32 {
    (slot >> 32) as u32
}

#[inline]
fn entry_of(slot: u64) -> usize {
    (slot & 0xFFFF_FFFF) as usize
}

#[inline]
fn slot_of(tag: u32, number: usize) -> u64 {
    u64::from(tag) << 32 | number as u64
}
