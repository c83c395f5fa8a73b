//! `Shard`: an append-only log of entries that is compacted (duplicates summed) whenever it has tripled. Appending
//! avoids the cache miss that a lookup in a large hash table costs.
//!
//! ```text
//! add(ngram, count):
//!     if there is an index:                      look the ngram up: add to its entry, or append and index it
//!     else if the log is full, and tripled:      estimate how many entries are distinct
//!                                                if fewer than 3 in 4 are: compact; if 192 or fewer stay: index them
//!                                                append
//!     else:                                      append
//! ```
//!
//! An example. Six runs come to a shard that has no index:
//!
//! ```text
//! log         [the 5] [of 2] [the 1] [a 7] [the 4] [of 1]     six stores, one behind the other; no lookup
//! compact     the: new, stays at 0        of: new, stays at 1     the: found at 0, 5 + 1 = 6
//!             a: new, moves from 3 to 2   the: found at 0, 10     of: found at 1, 3
//! log         [the 10] [of 3] [a 7]                           due again with more than 3 x 3 entries
//! ```
//!
//! In Google's files all rows of an ngram stand together, and the parser sums them. Nearly every run is then a new
//! ngram, and a lookup would only miss. Rows in random order do have duplicates. Compaction sums them shard by shard,
//! because one shard fits the cache and a whole table does not. Running text has few distinct ngrams, and an index
//! finds them. The shard drops an index that outgrows the cache, unless three lookups in four hit.
//!
//! A shard that grows while the tables of the run have all their memory [spills](self::spilling).
//!
//! Measured, 2 threads, before and after, alternating:
//!
//! - always an index -> a log where most are new: 16,000,000 distinct words 2.4 to 3.9 -> 1.16 to 1.57 s, 788 -> 521
//!   MB;
//! - an index of up to 1,024 entries, or more while every other lookup hits; lookups in batches of 64; a log that is
//!   compacted when it has grown fourfold -> 128 entries, three lookups in four, one by one, threefold: 43,000,000 rows
//!   in random order 2.6 -> 1.4 s, 445 -> 305 MB; 86,000,000 grouped rows 0.6 -> 0.48 s;
//! - an index from the first entry on -> none before the first compaction: a file of 200 MB 0.051 -> 0.047 s, of 20 MB
//!   0.0099 -> 0.0083 s, 86,000,000 rows in random order 3.10 -> 2.85 s; 5,000,000 rows of 40,000 words became slower,
//!   0.124 -> 0.140 s.
//!
//! Tried and lost: compacting at each merge of two tables, as once at the end is enough; freeing the result on all
//! threads before the program ends, which takes 117 ms, while the end of the process takes 76 ms.

mod compact;
mod spilling;
mod taking;

use std::sync::Arc;

use self::compact::{FIRST_CHECK, MAX_PER_DISTINCT, MIN_DETAIL_BYTES, MIN_NGRAM_BYTES};
use self::spilling::DiskPart;
use super::entry_log::{EntryId, EntryLog};
use super::index::Index;
use super::key::Key;
use super::spill::Spill;
use super::{Arena, Detail, Entry, FirstOverflow};

/// The entries whose hashes begin with this shard's number.
#[derive(Debug)]
pub(crate) struct Shard<D> {
    entries: EntryLog<D>,
    /// An index of all entries. While there is one, the entries are distinct.
    index: Option<Index>,
    /// The bytes of long ngrams and of details.
    arena: Arena,
    /// Without an index: the number of entries above which the shard looks for duplicates.
    compact_at: usize,
    /// Without an index: the number of bytes of long ngrams above which the shard is compacted.
    compact_ngrams_at: usize,
    /// With an index: the length of the arena in bytes above which the shard compacts details.
    compact_details_at: usize,
    /// The number of entries that the last compaction left. A log of this length has no duplicates.
    distinct: usize,
    /// The number of entries of the largest of the merged shards; 0 before the first merge.
    largest: usize,
    /// With an index: the number of lookups since it last grew.
    lookups: usize,
    /// How often its table was divided: the first 8 bits of the hash chose a shard of level 0, the next 8 one of level
    /// 1.
    level: u32,
    /// The memory of the arena that the lease has, in bytes.
    arena_leased: usize,
    /// What the shard needs to spill, apart from the fields that each addition reads.
    disk: Box<DiskPart>,
    /// The first ngram, by its bytes, whose sum passes 2^64-1.
    overflow: FirstOverflow,
}

/// The maximum number of distinct ngrams with which a shard always has an index. Their entries take 6 KiB, and fill an
/// index of 256 slots, 2 KiB, to three quarters: all 256 shards take 2 MiB, about the size of a core's own cache. The
/// number was 1,024 at first, then 128; see the [figures](self).
const MAX_INDEXED: usize = 192;
/// The number of lookups for each new entry from which on a larger index pays: one of them misses, the others hit. The
/// number was 2 at first; see the [figures](self).
const MIN_LOOKUPS_PER_INSERT: usize = 4;

impl<D: Detail> Shard<D> {
    /// An empty shard, `number` of its table, at a level of the division.
    pub(super) fn new(number: u16, level: u32, spill: &Arc<Spill>) -> Self {
        let (entries, index, arena) = (EntryLog::default(), None, Arena::new(number));
        Self {
            entries,
            index,
            arena,
            compact_at: FIRST_CHECK,
            compact_ngrams_at: MIN_NGRAM_BYTES,
            compact_details_at: MIN_DETAIL_BYTES,
            distinct: 0,
            largest: 0,
            lookups: 0,
            level,
            arena_leased: 0,
            disk: Box::new(DiskPart::new(spill)),
            overflow: FirstOverflow::default(),
        }
    }

    /// Adds `count` to a short ngram.
    #[inline]
    pub(super) fn add(&mut self, tag: u32, key: Key, count: u64, detail: impl FnOnce(&mut Arena) -> D) {
        self.compact_if_due();
        let Some(index) = &self.index else {
            let detail = detail(&mut self.arena);
            self.entries.push(Entry { key, count, detail });
            return;
        };
        self.lookups += 1;
        match index.find(tag, |id| self.entries[EntryId(id)].key == key) {
            Ok(found) => {
                let later = detail(&mut self.arena);
                add(&mut self.entries[EntryId(found)], count, later, &mut self.arena, &mut self.overflow);
            }
            Err(slot) => {
                let detail = detail(&mut self.arena);
                self.insert(slot, tag, Entry { key, count, detail });
            }
        }
    }

    /// Adds `count` to a long ngram.
    pub(super) fn add_long(&mut self, tag: u32, ngram: &[u8], count: u64, detail: impl FnOnce(&mut Arena) -> D) {
        self.compact_if_due();
        self.compact_ngrams_if_due();
        if self.arena.memory() != self.arena_leased {
            self.arena_has_grown();
        }
        self.lookups += 1;
        let found = self.index.as_ref().map(|index| index.find(tag, |id| self.is_long(EntryId(id), ngram)));
        if let Some(Ok(found)) = found {
            let later = detail(&mut self.arena);
            add(&mut self.entries[EntryId(found)], count, later, &mut self.arena, &mut self.overflow);
            return;
        }
        let key = self.arena.push_ngram(ngram);
        let detail = detail(&mut self.arena);
        let entry = Entry { key, count, detail };
        match found {
            Some(Err(slot)) => self.insert(slot, tag, entry),
            _ => _ = self.entries.push(entry),
        }
    }

    /// Adds all of `other`, the shard with the same number of another table. Duplicates stay until the next compaction,
    /// as they take no more memory than in two shards.
    pub(super) fn merge(&mut self, mut other: Self) {
        let mut overflow = self.take_overflow();
        overflow.merge(other.take_overflow());
        self.join(other);
        self.overflow = overflow;
    }

    /// Takes out the first ngram, by its bytes, whose sum passes 2^64-1.
    pub(super) fn take_overflow(&mut self) -> FirstOverflow {
        std::mem::take(&mut self.overflow)
    }

    fn join(&mut self, mut other: Self) {
        if self.len() == 0 {
            std::mem::swap(self, &mut other);
        }
        self.disk.spilled.append(std::mem::take(&mut other.disk.spilled));
        if other.len() == 0 {
            return;
        }
        if !other.arena.is_empty() {
            other.entries.shift(self.arena.append(&other.arena));
        }
        self.largest = self.largest().max(other.largest());
        self.index = None;
        self.entries.append(other.entries);
        drop(other.disk);
        self.renew_lease();
    }

    /// The entries, as lists of any length, and the bytes of the arena.
    pub(super) fn into_entries(self) -> (Vec<Vec<Entry<D>>>, Vec<u8>) {
        (self.entries.into_segments(), self.arena.into_bytes())
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn is_long(&self, id: EntryId, ngram: &[u8]) -> bool {
        let key = &self.entries[id].key;
        key.is_long() && key.ngram(self.arena.bytes()) == ngram
    }

    /// Appends a new entry and indexes it in `slot`, or drops an index that does not pay.
    fn insert(&mut self, slot: usize, tag: u32, entry: Entry<D>) {
        let id = self.entries.push(entry);
        let Some(index) = &mut self.index else { return };
        if !index.is_full() {
            index.insert(slot, tag, id.0);
        } else if self.entries.len() > MAX_INDEXED && self.lookups < MIN_LOOKUPS_PER_INSERT * (self.entries.len() / 2) {
            // Half of the entries have come since the index last grew.
            self.compact_at = MAX_PER_DISTINCT * self.entries.len();
            self.index = None;
        } else {
            self.lookups = 0;
            index.insert(slot, tag, id.0);
        }
        if self.entries.is_full() {
            self.log_is_full();
        }
    }
}

/// Adds the count and the detail of a later duplicate to an entry.
#[inline]
fn add<D: Detail>(entry: &mut Entry<D>, count: u64, later: D, arena: &mut Arena, overflow: &mut FirstOverflow) {
    match (entry.count.checked_add(count), entry.detail.join(later, arena.bytes_mut())) {
        (Some(sum), Some(())) => entry.count = sum,
        // The count stays too low, but no result shows it: the run ends with the error.
        _ => overflow.note(entry.key.ngram(arena.bytes())),
    }
}

#[cfg(test)]
mod tests;
