//! `Rewrite`: compacts a log in place, without a second copy of the entries.

use std::ops::{Index, IndexMut, Range};

use super::entry_log::{EntryId, EntryLog};
use super::{Detail, Entry};

/// The number of entries that [`Rewrite`] hands out at a time, so that the caller can prefetch their index slots.
pub(super) const BLOCK: usize = 32;

/// A log during compaction. The caller reads blocks of entries, and writes those that stay to the beginning of the log.
/// Writing never overtakes reading.
#[derive(Debug)]
pub(super) struct Rewrite<D> {
    segments: Vec<Vec<Entry<D>>>,
    /// The segment and the index of the next block to read.
    next: (usize, usize),
    /// The segment and the index behind the last entry that stays.
    end: (usize, usize),
}

impl<D: Detail> Rewrite<D> {
    /// Begins to rewrite a log. The log is empty until [`Self::finish`].
    pub(super) fn of(log: &mut EntryLog<D>) -> Self {
        Self { segments: log.take_segments(), next: (0, 0), end: (0, 0) }
    }

    /// The positions of the next entries, at most [`BLOCK`] of them; `None` at the end.
    pub(super) fn next_block(&mut self) -> Option<Block> {
        let (segment, begin) = self.next;
        let len = self.segments.get(segment)?.len();
        let end = len.min(begin + BLOCK);
        debug_assert!(begin < end, "no segment is empty");
        self.next = if end == len { (segment + 1, 0) } else { (segment, end) };
        Some(Block { segment, places: begin..end })
    }

    /// The entries of a block, before the first call of [`Self::keep`] for it.
    #[inline]
    pub(super) fn entries(&self, block: &Block) -> &[Entry<D>] {
        &self.segments[block.segment][block.places.clone()]
    }

    /// The position of the next entry that stays.
    #[inline]
    pub(super) fn end(&self) -> EntryId {
        EntryId::new(self.end.0, self.end.1)
    }

    /// Keeps the entry from position `from`, as `entry`.
    #[inline]
    pub(super) fn keep(&mut self, from: EntryId, entry: Entry<D>) {
        debug_assert!(self.end() <= from, "what is written overtakes what is read");
        let segment = &mut self.segments[self.end.0];
        // Most entries of a large log are distinct and stay where they are, and a compare costs less than a write.
        if (self.end.0, self.end.1) != (from.segment(), from.place()) || entry.key.is_long() || size_of::<D>() > 0 {
            segment[self.end.1] = entry;
        }
        self.end.1 += 1;
        if self.end.1 == segment.len() {
            self.end = (self.end.0 + 1, 0);
        }
    }

    /// Puts the kept entries back into the log.
    pub(super) fn finish(self, log: &mut EntryLog<D>) {
        let Self { mut segments, end: (len, rest), .. } = self;
        if let Some(last) = segments.get_mut(len) {
            last.truncate(rest);
        }
        segments.truncate(len + usize::from(rest > 0));
        log.put_segments(segments);
    }
}

/// Consecutive entries of a segment.
#[derive(Debug, Clone)]
pub(super) struct Block {
    segment: usize,
    places: Range<usize>,
}

impl Block {
    /// The position of each entry.
    pub(super) fn ids(self) -> impl Iterator<Item = EntryId> {
        let Self { segment, places } = self;
        places.map(move |place| EntryId::new(segment, place))
    }
}

impl<D> Index<EntryId> for Rewrite<D> {
    type Output = Entry<D>;

    #[inline]
    fn index(&self, id: EntryId) -> &Entry<D> {
        &self.segments[id.segment()][id.place()]
    }
}

impl<D> IndexMut<EntryId> for Rewrite<D> {
    #[inline]
    fn index_mut(&mut self, id: EntryId) -> &mut Entry<D> {
        &mut self.segments[id.segment()][id.place()]
    }
}
