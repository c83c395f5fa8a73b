//! `EntryLog`: the entries of a shard, as an append-only list of segments.
//!
//! ```text
//! closed    [ entry entry ... ]  [ entry entry ... ]     full segments, which never move
//! open      [ entry entry  .  .  .  . ]                  the last segment, with room for the next entries
//! ```
//!
//! One long vector would copy all of its entries whenever it grew, and the copy would cause page faults. A full segment
//! never moves, and joining two logs moves only the list of segments. 16,000,000 distinct ngrams took 788 MB before
//! segments and [appending](super::shard), and 521 MB after.
//!
//! A worker appends to 256 logs in turn, so each store misses the cache. [`EntryLog::push`] therefore prefetches the
//! cache line after the next of its log. A profile showed a sixth of the time waiting for these stores. With the
//! prefetch, the map of 16,000,000 distinct ngrams took 695 -> 562 ms, that of 86,000,000 grouped rows 405 -> 373 ms.
//! Fetching three lines ahead instead of two made no difference.

use std::ops::{Index, IndexMut};

use super::{Detail, Entry, prefetch};

/// The entries of a shard.
#[derive(Debug)]
pub(super) struct EntryLog<D> {
    /// The last segment, which takes the next entry.
    open: Vec<Entry<D>>,
    /// The segments before the last one. None is empty.
    closed: Vec<Vec<Entry<D>>>,
    /// The number of entries in the closed segments.
    closed_len: usize,
}

/// The position of an entry: the number of its segment, and its index in the segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryId(pub(super) u32);

const PLACE_BITS: u32 = 16;
/// The maximum length of a segment in entries: 512 KiB without details. An index in a segment has [`PLACE_BITS`] bits.
const MAX_SEGMENT: usize = 1 << 14;
const _: () = assert!(MAX_SEGMENT <= 1 << PLACE_BITS);
/// The distance of the prefetch in entries: two cache lines, if entries have no detail.
const PREFETCH_AHEAD: usize = 4;
/// The initial capacity of the first segment in entries. A small table should cause few page faults.
pub(super) const FIRST_CAPACITY: usize = 32;
/// The factor by which a full first segment grows. Reserved memory costs nothing until the first write, but each call
/// of the allocator costs time. Since the factor is 4, 92,000,000 rows took 346 -> 334, 387 -> 375 and 502 -> 468 ms.
pub(super) const GROWTH: usize = 4;
/// A number of entries that the log may always reserve, however near `most` is. Not tuned: 32 KiB are little memory,
/// and one call of the allocator for so many entries costs no time that can be measured.
const MIN_RESERVE: usize = 1024;

impl EntryId {
    #[inline]
    pub(super) fn new(segment: usize, place: usize) -> Self {
        debug_assert!(place < 1 << PLACE_BITS && segment < 1 << (32 - PLACE_BITS));
        Self((segment << PLACE_BITS | place) as u32)
    }

    #[inline]
    pub(super) fn segment(self) -> usize {
        (self.0 >> PLACE_BITS) as usize
    }

    #[inline]
    pub(super) fn place(self) -> usize {
        (self.0 & ((1 << PLACE_BITS) - 1)) as usize
    }
}

impl<D> Default for EntryLog<D> {
    fn default() -> Self {
        Self { open: Vec::new(), closed: Vec::new(), closed_len: 0 }
    }
}

impl<D: Detail> EntryLog<D> {
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.closed_len + self.open.len()
    }

    /// Whether [`EntryLog::push`] must allocate memory for the next entry.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.open.len() == self.open.capacity()
    }

    /// The memory of all segments in bytes.
    pub(super) fn memory(&self) -> usize {
        let capacity: usize = self.closed.iter().map(Vec::capacity).sum();
        (capacity + self.open.capacity()) * size_of::<Entry<D>>()
    }

    /// All entries.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<D>> {
        self.closed.iter().chain([&self.open]).flatten()
    }

    /// All entries, mutable.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry<D>> {
        self.closed.iter_mut().chain([&mut self.open]).flatten()
    }

    /// The position of each entry, in the order of [`EntryLog::iter`].
    pub(super) fn ids(&self) -> impl Iterator<Item = EntryId> {
        let segments = self.closed.iter().chain([&self.open]).enumerate();
        segments.flat_map(|(segment, entries)| (0..entries.len()).map(move |place| EntryId::new(segment, place)))
    }

    /// Appends an entry. Returns its position.
    #[inline]
    pub(super) fn push(&mut self, entry: Entry<D>) -> EntryId {
        if self.is_full() {
            self.reserve(usize::MAX);
        }
        let id = EntryId::new(self.closed.len(), self.open.len());
        self.open.push(entry);
        if let Some(later) = self.open.spare_capacity_mut().get(PREFETCH_AHEAD) {
            prefetch::for_write(later);
        }
        id
    }

    /// Reserves memory for at least one more entry. The capacity stays near `most` entries in all.
    #[cold]
    pub(super) fn reserve(&mut self, most: usize) {
        let more = most.saturating_sub(self.len()).max(MIN_RESERVE);
        let len = self.open.len();
        if self.open.capacity() < MAX_SEGMENT && self.closed.is_empty() {
            self.open.reserve_exact((len * (GROWTH - 1)).max(FIRST_CAPACITY).min(MAX_SEGMENT - len).min(more));
        } else {
            self.close();
            self.open = Vec::with_capacity(MAX_SEGMENT.min(more));
        }
    }

    fn close(&mut self) {
        self.closed_len += self.open.len();
        self.closed.extend(Some(std::mem::take(&mut self.open)).filter(|segment| !segment.is_empty()));
    }

    /// Appends all of `other`.
    pub(super) fn append(&mut self, other: Self) {
        self.close();
        self.closed.extend(other.closed);
        self.closed_len += other.closed_len;
        self.open = other.open;
    }

    /// Adds `by` to all offsets into the arena.
    pub(super) fn shift(&mut self, by: usize) {
        for entry in self.iter_mut() {
            if entry.key.is_long() {
                entry.key.shift(by);
            }
            entry.detail.shift(by);
        }
    }

    /// The segments in order.
    pub(super) fn into_segments(mut self) -> Vec<Vec<Entry<D>>> {
        self.close();
        self.closed
    }

    /// Takes out all segments, and leaves an empty log.
    pub(super) fn take_segments(&mut self) -> Vec<Vec<Entry<D>>> {
        std::mem::take(self).into_segments()
    }

    /// Puts segments into an empty log. The last one takes the next entries. None may be empty.
    pub(super) fn put_segments(&mut self, mut segments: Vec<Vec<Entry<D>>>) {
        debug_assert!(self.len() == 0 && segments.iter().all(|segment| !segment.is_empty()));
        self.open = segments.pop().unwrap_or_default();
        self.closed_len = segments.iter().map(Vec::len).sum();
        self.closed = segments;
    }
}

impl<D> Index<EntryId> for EntryLog<D> {
    type Output = Entry<D>;

    #[inline]
    fn index(&self, id: EntryId) -> &Entry<D> {
        &self.closed.get(id.segment()).unwrap_or(&self.open)[id.place()]
    }
}

impl<D> IndexMut<EntryId> for EntryLog<D> {
    #[inline]
    fn index_mut(&mut self, id: EntryId) -> &mut Entry<D> {
        &mut self.closed.get_mut(id.segment()).unwrap_or(&mut self.open)[id.place()]
    }
}
