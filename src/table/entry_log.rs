//! `EntryLog`: the entries of a shard, in the order in which they came.
//!
//! ```text
//! closed    [ entry entry ... ]  [ entry entry ... ]     full segments, which never move
//! open      [ entry entry  .  .  .  . ]                  the last segment, with room for the next entries
//! ```
//!
//! One long vector would copy all of its entries whenever it grew, and touch new memory for the copy. Segments do neither,
//! and two logs are joined by handing segments over. 16,000,000 distinct ngrams took 788 MB before segments and
//! [appending](super::shard), and 521 MB after.
//!
//! Entries go to the ends of 256 logs in turn, and no cache holds the next line of each. So [`EntryLog::push`] fetches the
//! line after next of its log. A profile showed a sixth of the time waiting for these stores; 16,000,000 distinct ngrams took
//! 695 -> 562 ms to map, 86,000,000 grouped rows 405 -> 373 ms. Fetching three lines ahead instead of two made no difference.

use std::ops::{Index, IndexMut};

use super::{Detail, Entry, prefetch};

/// The entries of a shard.
#[derive(Debug)]
pub(super) struct EntryLog<D> {
    /// The last segment, at hand for the next entry.
    open: Vec<Entry<D>>,
    /// The segments before it; none of them is empty.
    closed: Vec<Vec<Entry<D>>>,
    /// How many entries the closed segments have.
    closed_len: usize,
}

/// Where an entry is: the number of its segment, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntryId(pub(super) u32);

const PLACE_BITS: u32 = 16;
/// The most entries of a segment: 512 KiB without details. A place has [`PLACE_BITS`].
const MAX_SEGMENT: usize = 1 << 14;
const _: () = assert!(MAX_SEGMENT <= 1 << PLACE_BITS);
/// How many entries ahead memory is fetched: two cache lines, where entries have no detail.
const PREFETCH_AHEAD: usize = 4;
/// How many entries the first segment has room for at first, so that a small table touches few pages.
pub(super) const FIRST_CAPACITY: usize = 32;
/// How many times as long the first segment becomes when it is full. Memory that is reserved and not written to costs
/// nothing, but a call of the allocator does: since 4, 92,000,000 rows took 346 -> 334, 387 -> 375 and 502 -> 468 ms.
pub(super) const GROWTH: usize = 4;
/// Room for so many more entries is never too much.
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

    /// Whether [`EntryLog::push`] needs more memory for the next entry.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.open.len() == self.open.capacity()
    }

    /// All entries.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry<D>> {
        self.closed.iter().chain([&self.open]).flatten()
    }

    /// All entries, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry<D>> {
        self.closed.iter_mut().chain([&mut self.open]).flatten()
    }

    /// Where each entry is, in the order of [`EntryLog::iter`].
    pub(super) fn ids(&self) -> impl Iterator<Item = EntryId> {
        let segments = self.closed.iter().chain([&self.open]).enumerate();
        segments.flat_map(|(segment, entries)| (0..entries.len()).map(move |place| EntryId::new(segment, place)))
    }

    /// Appends an entry. Returns where it is.
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

    /// Makes room for at least one more entry, but for few more than `most` entries in all.
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

    /// Tells all entries that their bytes lie `by` farther behind in the arena.
    pub(super) fn shift(&mut self, by: usize) {
        for entry in self.iter_mut() {
            if entry.key.is_long() {
                entry.key.shift(by);
            }
            entry.detail.shift(by);
        }
    }

    /// The segments in their order.
    pub(super) fn into_segments(mut self) -> Vec<Vec<Entry<D>>> {
        self.close();
        self.closed
    }

    /// Takes the segments out, all of them closed.
    pub(super) fn take_segments(&mut self) -> Vec<Vec<Entry<D>>> {
        std::mem::take(self).into_segments()
    }

    /// Puts segments in, the last of which takes the next entries. None of them may be empty.
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
