//! Additions that wait until there are many, so that the cache misses they cost overlap.
//!
//! In a table larger than the caches each addition misses them, for its slot and then for its entry, and a processor
//! that does one addition after another waits each time. Here all slots of a batch are loaded first, then all entries:
//! loads that don't depend on each other are under way together.

use super::index::FREE;
use super::key::Key;
use super::{Table, split};
use crate::error::Result;

/// Additions of short ngrams to a table.
#[derive(Debug)]
pub(crate) struct Batch {
    waiting: Vec<Addition>,
}

#[derive(Debug, Clone, Copy)]
struct Addition {
    key: Key,
    hash: u64,
    count: u64,
}

/// More than the loads that a core can have under way; few enough that what they bring stays in its nearest cache.
const MOST: usize = 64;

impl Default for Batch {
    fn default() -> Self {
        Self { waiting: Vec::with_capacity(MOST) }
    }
}

impl Batch {
    /// Adds `count` to the ngram `text[start..start + len]`, now or with [`Batch::flush`].
    #[inline]
    pub(crate) fn add(&mut self, table: &mut Table, text: &[u8], start: usize, len: usize, count: u64) -> Result<()> {
        let Some(key) = Key::short_within(text, start, len) else {
            return table.add(text, start, len, count);
        };
        let hash = key.hash_short();
        let (shard, tag) = split(hash);
        if table.shards[shard].appends() {
            return table.shards[shard].add(tag, &key, count);
        }
        self.waiting.push(Addition { key, hash, count });
        if self.waiting.len() == MOST { self.flush(table) } else { Ok(()) }
    }

    /// Adds what waits.
    pub(crate) fn flush(&mut self, table: &mut Table) -> Result<()> {
        let mut slots = [FREE; MOST];
        for (slot, addition) in slots.iter_mut().zip(&self.waiting) {
            let (shard, tag) = split(addition.hash);
            *slot = table.shards[shard].first_slot(tag);
        }
        // While there is an index entries keep their places, so what is found now is right also after the additions
        // before it.
        let mut found = [None; MOST];
        for ((found, slot), addition) in found.iter_mut().zip(slots).zip(&self.waiting) {
            let (shard, tag) = split(addition.hash);
            *found = table.shards[shard].entry_in(slot, tag, &addition.key);
        }
        for (addition, found) in self.waiting.drain(..).zip(found) {
            let (shard, tag) = split(addition.hash);
            match found {
                Some(entry) => table.shards[shard].raise(entry, addition.count)?,
                None => table.shards[shard].add(tag, &addition.key, addition.count)?,
            }
        }
        Ok(())
    }
}
