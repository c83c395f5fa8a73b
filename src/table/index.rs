//! `Index`: a hash table over the entries of a shard, by open addressing with linear probing.
//!
//! A slot holds 32 bits of its entry's hash (the tag) and the entry's number. A miss therefore reads slots alone, and
//! growing moves slots without reading entries.
//!
//! We compared it with a `hashbrown::HashTable` of pairs of tag and entry, on map and compaction alone (medians of
//! processor time in three alternating rounds on a busy machine). Here and there, 6,000,000 rows in random order took
//! 0.479 s and 0.481 s, 5,000,000 grouped rows 0.128 s and 0.131 s, prose behind the [word cache](super::word_cache)
//! 0.258 s and 0.267 s, 6,000,000 distinct words 0.485 s and 0.443 s.

use super::prefetch;

/// A hash table from tags to the numbers of entries.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// `tag << 32 | entry`, or [`FREE`]. Its length is 0 or a power of two.
    slots: Vec<u64>,
    /// The number of slots in use.
    filled: usize,
}

/// An empty slot. Non-zero on purpose. A zeroed allocation is mapped lazily: the first probe faults in the shared zero
/// page, the first store faults again and triggers a TLB shootdown. 16,000,000 distinct words took 4.41 -> 3.13 s, 4.44
/// -> 1.74 s of it in the kernel.
const FREE: u64 = u64::MAX;
/// The minimum number of slots: 512 bytes.
const MIN_SLOTS: usize = 64;

impl Index {
    /// An index of `len` distinct entries, given as pairs of tag and number.
    pub(super) fn of(len: usize, entries: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut index = Self::default();
        index.reset(len);
        for (tag, entry) in entries {
            index.fill(index.free_slot(tag), tag, entry);
        }
        index
    }

    /// Removes all entries, and reserves slots for `entries` new ones.
    pub(super) fn reset(&mut self, entries: usize) {
        let len = slots_for(entries);
        self.slots.clear();
        self.slots.resize(len, FREE);
        self.filled = 0;
    }

    /// The memory of the slots in bytes.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<u64>()
    }

    /// Prefetches the first slot of a tag, for a lookup or an insertion that follows soon.
    #[inline]
    pub(super) fn announce(&self, tag: u32) {
        self.slots.get(home(tag, self.slots.len())).into_iter().for_each(prefetch::for_write);
    }

    /// The number of the entry that has this tag and for which `is_it` is true; otherwise, as the error, the free slot
    /// for a new entry with this tag.
    #[inline]
    pub(super) fn find(&self, tag: u32, is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let Some(last) = self.slots.len().checked_sub(1) else { return Err(0) };
        debug_assert!(self.slots.len().is_power_of_two() && self.filled < self.slots.len());
        let mut at = home(tag, self.slots.len());
        loop {
            let slot = self.slots[at];
            if slot == FREE {
                return Err(at);
            }
            if tag_of(slot) == tag && is_it(entry_of(slot)) {
                return Ok(entry_of(slot));
            }
            at = (at + 1) & last;
        }
    }

    /// Puts an entry into the free `slot` that [`Index::find`] has just returned for its tag. A [full](Index::is_full)
    /// index grows.
    #[inline]
    pub(super) fn insert(&mut self, slot: usize, tag: u32, entry: u32) {
        let slot = if self.is_full() { self.grow_for(tag) } else { slot };
        self.fill(slot, tag, entry);
    }

    #[inline]
    fn fill(&mut self, slot: usize, tag: u32, entry: u32) {
        debug_assert!(self.slots[slot] == FREE);
        self.slots[slot] = u64::from(tag) << 32 | u64::from(entry);
        self.filled += 1;
    }

    /// Whether the next entry makes the index grow.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        !has_room(self.filled + 1, self.slots.len())
    }

    /// Doubles the number of slots. Returns the free slot for a new entry with this tag.
    #[cold]
    fn grow_for(&mut self, tag: u32) -> usize {
        let len = (self.slots.len() * 2).max(MIN_SLOTS);
        let old = std::mem::replace(&mut self.slots, vec![FREE; len]);
        for slot in old.into_iter().filter(|&slot| slot != FREE) {
            let at = self.free_slot(tag_of(slot));
            self.slots[at] = slot;
        }
        self.free_slot(tag)
    }

    fn free_slot(&self, tag: u32) -> usize {
        let mut at = home(tag, self.slots.len());
        while self.slots[at] != FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }
}

/// Whether at most three slots in four are in use. At this load, linear probing reads 2.5 slots for a hit, 8.5 for a
/// miss.
fn has_room(entries: usize, slots: usize) -> bool {
    entries * 4 <= slots * 3
}

fn slots_for(entries: usize) -> usize {
    let mut len = MIN_SLOTS;
    while !has_room(entries, len) {
        len *= 2;
    }
    len
}

/// The slot where probing for a tag begins: the tag's top bits. `slots` is a power of two.
#[inline]
fn home(tag: u32, slots: usize) -> usize {
    ((u64::from(tag) * slots as u64) >> 32) as usize
}

#[inline]
fn tag_of(slot: u64) -> u32 {
    (slot >> 32) as u32
}

#[inline]
fn entry_of(slot: u64) -> u32 {
    slot as u32
}
