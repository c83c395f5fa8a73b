//! `Runs`: entries one behind the other, in pieces that never move once they are full, so that a growing table copies
//! little and touches little new memory.

use std::ops::{Index, IndexMut};

use super::{Detail, Entry, prefetch};

/// The entries of a shard.
#[derive(Debug)]
pub(super) struct EntryLog<D> {
    /// The last run, at hand for the next entry.
    open: Vec<Entry<D>>,
    /// Those before it; none of them is empty.
    closed: Vec<Vec<Entry<D>>>,
    /// How many entries these have.
    closed_len: usize,
}

/// Where an entry is: the number of its run, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EntryId(pub(super) u32);

const PLACE_BITS: u32 = 16;
/// The most entries of a run: 512 KiB.
const MOST: usize = 1 << 14;
/// How far ahead of the entries memory is fetched: two cache lines, where entries have no detail.
const AHEAD: usize = 4;
/// How many entries the first run has room for at first, so that a small table touches few pages.
pub(super) const FIRST: usize = 32;
/// Room for so many more is never too much.
const MORE: usize = 1024;
/// How many times as long the first run becomes when it is full: what is reserved and not written to takes no memory, but
/// to reserve more takes time.
pub(super) const GROWTH: usize = 4;

impl EntryId {
    #[inline]
    fn new(run: usize, place: usize) -> Self {
        Self((run << PLACE_BITS | place) as u32)
    }

    #[inline]
    fn run(self) -> usize {
        (self.0 >> PLACE_BITS) as usize
    }

    #[inline]
    fn place(self) -> usize {
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

    /// Where each of them is.
    pub(super) fn places(&self) -> impl Iterator<Item = EntryId> {
        let runs = self.closed.iter().chain([&self.open]).enumerate();
        runs.flat_map(|(run, entries)| (0..entries.len()).map(move |place| EntryId::new(run, place)))
    }

    /// One more entry, and where it is.
    #[inline]
    pub(super) fn push(&mut self, entry: Entry<D>) -> EntryId {
        if self.is_full() {
            self.make_room(usize::MAX);
        }
        let place = EntryId::new(self.closed.len(), self.open.len());
        self.open.push(entry);
        if let Some(later) = self.open.spare_capacity_mut().get(AHEAD) {
            prefetch::for_write(later);
        }
        place
    }

    /// Sees to it that there is room for one more entry, but not for many more than there may be, `most`.
    #[cold]
    pub(super) fn make_room(&mut self, most: usize) {
        let more = most.saturating_sub(self.len()).max(MORE);
        let len = self.open.len();
        if self.open.capacity() < MOST && self.closed.is_empty() {
            self.open.reserve_exact((len * (GROWTH - 1)).max(FIRST).min(MOST - len).min(more));
        } else {
            self.close();
            self.open = Vec::with_capacity(MOST.min(more));
        }
    }

    fn close(&mut self) {
        self.closed_len += self.open.len();
        self.closed.extend(Some(std::mem::take(&mut self.open)).filter(|run| !run.is_empty()));
    }

    /// All of `other` behind these.
    pub(super) fn append(&mut self, other: Self) {
        self.close();
        self.closed.extend(other.closed);
        self.closed_len += other.closed_len;
        self.open = other.open;
    }

    /// Says of all entries that what they have in the arena lies `by` farther behind there.
    pub(super) fn shift(&mut self, by: usize) {
        for entry in self.iter_mut() {
            if entry.key.is_long() {
                entry.key.shift(by);
            }
            entry.detail.shift(by);
        }
    }

    /// The runs, in their order.
    pub(super) fn into_lists(mut self) -> Vec<Vec<Entry<D>>> {
        self.close();
        self.closed
    }

    /// Leaves out the entries that `keep` says no to; the others, which it may change, stay in order. `keep` gets the
    /// entries kept so far, the entry, the place that it would have, and what `prepare` has made of it, which sees many
    /// entries before `keep` gets the first of them.
    pub(super) fn retain<T: Copy + Default>(
        &mut self,
        mut prepare: impl FnMut(&Entry<D>) -> T,
        mut keep: impl FnMut(&mut Self, &mut Entry<D>, EntryId, T) -> bool,
    ) {
        self.close();
        let mut to = (0, 0);
        for run in 0..self.closed.len() {
            for begin in (0..self.closed[run].len()).step_by(BLOCK) {
                let mut prepared = [T::default(); BLOCK];
                let block = self.closed[run][begin..].iter().zip(&mut prepared);
                let len = block.map(|(entry, prepared)| *prepared = prepare(entry)).count();
                for (place, prepared) in (begin..begin + len).zip(prepared) {
                    let mut entry = self.closed[run][place];
                    if !keep(self, &mut entry, EntryId::new(to.0, to.1), prepared) {
                        continue;
                    }
                    // A write costs more than to see whether it is one.
                    if to != (run, place) || entry.key.is_long() || size_of::<D>() > 0 {
                        self.closed[to.0][to.1] = entry;
                    }
                    to.1 += 1;
                    if to.1 == self.closed[to.0].len() {
                        to = (to.0 + 1, 0);
                    }
                }
            }
        }
        if let Some(last) = self.closed.get_mut(to.0) {
            last.truncate(to.1);
        }
        self.closed.truncate(to.0 + usize::from(to.1 > 0));
        self.open = self.closed.pop().unwrap_or_default();
        self.closed_len = self.closed.iter().map(Vec::len).sum();
    }
}

/// How many entries are shown ahead when some are left out.
const BLOCK: usize = 32;

impl<D> Index<EntryId> for EntryLog<D> {
    type Output = Entry<D>;

    #[inline]
    fn index(&self, place: EntryId) -> &Entry<D> {
        &self.closed.get(place.run()).unwrap_or(&self.open)[place.place()]
    }
}

impl<D> IndexMut<EntryId> for EntryLog<D> {
    #[inline]
    fn index_mut(&mut self, place: EntryId) -> &mut Entry<D> {
        &mut self.closed.get_mut(place.run()).unwrap_or(&mut self.open)[place.place()]
    }
}
