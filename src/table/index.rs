//! `Index`: finds entries by their hashes; open addressing with linear probing.
//!
//! A slot holds 32 bits of its entry's hash (the tag) and the entry's number, so that neither a miss nor growing ever
//! touches the entries.

use super::prefetch;

/// Which entries there are, by the tags of their hashes.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// `tag << 32 | entry`, or [`FREE`]. Its length is 0 or a power of two.
    slots: Vec<u64>,
    filled: usize,
}

/// An empty slot. Not zero: memory that the system hands out as zeros is mapped only when it is touched, and first
/// reading and then writing it, as a search for a free slot does, costs two page faults and an interrupt of all other
/// threads.
const FREE: u64 = u64::MAX;
const MIN_SLOTS: usize = 64;

impl Index {
    /// An index of so many entries, all different: their tags and numbers.
    pub(super) fn of(len: usize, entries: impl Iterator<Item = (u32, u32)>) -> Self {
        let mut index = Self::default();
        index.reset(len);
        for (tag, entry) in entries {
            index.fill(index.free_slot(tag), tag, entry);
        }
        index
    }

    /// Forgets all, and makes room for so many entries.
    pub(super) fn reset(&mut self, entries: usize) {
        let len = slots_for(entries);
        self.slots.clear();
        self.slots.resize(len, FREE);
        self.filled = 0;
    }

    /// Says that a tag will be looked for soon, and perhaps its entry be filled in.
    #[inline]
    pub(super) fn announce(&self, tag: u32) {
        self.slots.get(home(tag, self.slots.len())).into_iter().for_each(prefetch::for_write);
    }

    /// The number of the entry with this tag that `is_it`, or the free slot where it would be put.
    #[inline]
    pub(super) fn find(&self, tag: u32, is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let Some(last) = self.slots.len().checked_sub(1) else { return Err(0) };
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

    /// Fills `slot`, which [`Index::find`] has found to be free since, unless the index [is full](Index::is_full).
    #[inline]
    pub(super) fn fill(&mut self, slot: usize, tag: u32, entry: u32) {
        self.slots[slot] = u64::from(tag) << 32 | u64::from(entry);
        self.filled += 1;
    }

    /// Whether one more entry would be too many.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        !has_room(self.filled + 1, self.slots.len())
    }

    /// Makes the index twice as large. Returns the free slot for a new entry with this tag.
    #[cold]
    pub(super) fn grow_for(&mut self, tag: u32) -> usize {
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

/// At most three slots in four are taken: linear probing then looks at 2.5 slots for a hit, 8.5 for a miss.
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
fn entry_of(slot: u64) -> u32 {
    slot as u32
}
