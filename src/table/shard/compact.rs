//! Putting the equal entries of a shard together: when, and how.
//!
//! Whenever there are [`ALIKE`] times as many entries as were left the last time. It takes a look at each of them, which
//! is in vain where nearly all are different: so it is estimated first how many are.

use std::cell::RefCell;

use super::super::entry_log::{EntryId, FIRST, GROWTH};
use super::super::index::Index;
use super::super::{Detail, Entry, split};
use super::{FEW, Shard, add};

/// With so many entries it is first looked whether many are equal.
pub(super) const LOOK: usize = FIRST * GROWTH;
/// How many entries, or bytes of long ngrams, there may be for each different one, so that memory grows with the different
/// ones alone. With fewer, they would be put together more often.
pub(super) const ALIKE: usize = 3;
/// With so few bytes of long ngrams, it is not looked whether many are equal,
pub(super) const SPELLED: usize = 64 << 10;
/// nor with so few for each entry: entries that are alike are not too many.
const SPELLED_EACH: usize = 256;
/// With so few bytes in the arena, details are not compacted.
pub(super) const DETAILS: usize = 64 << 10;
/// To tell how many different ngrams there are, one of so many is counted,
const SAMPLED: usize = 16;
/// but more where there are so few that of entries which are all different, not so many would be.
const SAMPLE: usize = 32;

impl<D: Detail> Shard<D> {
    /// Puts equal entries together. `index` is room to do it in.
    pub(in crate::table) fn settle(&mut self, index: &mut Index) {
        if self.index.is_some() || self.different == self.entries.len() {
            return;
        }
        // Of many tables, most have the same ngrams; of two, each may have its own.
        index.reset(self.len().min(2 * self.largest()));
        let old = self.arena.take();
        let (arena, overflow) = (&mut self.arena, &mut self.overflow);
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
                let is_it = |at| kept[EntryId(at)].key.is_long() && kept[EntryId(at)].key.ngram(arena.bytes()) == ngram;
                index.find(tag, is_it).inspect_err(|_| {
                    entry.key = arena.push_ngram(ngram);
                })
            } else {
                index.find(tag, |at| kept[EntryId(at)].key == key)
            };
            entry.detail = entry.detail.moved(&old, arena);
            match found {
                Ok(at) => {
                    add(&mut kept[EntryId(at)], entry.count, entry.detail, arena.bytes_mut(), overflow);
                    false
                }
                Err(slot) => {
                    let slot = if index.is_full() { index.grow_for(tag) } else { slot };
                    index.fill(slot, tag, to.0);
                    true
                }
            }
        });
        self.different = self.entries.len();
    }

    /// About how many ngrams there are. An ngram is in the sample for its hash, and so with all of its entries.
    fn estimate(&self) -> usize {
        let sampled = SAMPLED.min(1 << (self.len() / SAMPLE).max(1).ilog2());
        let tags = self.entries.iter().map(|entry| split(entry.key.hash(self.arena.bytes())).1);
        let mut sample: Vec<u32> = tags.filter(|tag| tag.is_multiple_of(sampled as u32)).collect();
        sample.sort_unstable();
        sample.dedup();
        sample.len() * sampled
    }

    /// Before an entry is appended that needs more memory: sees to it that there are not too many equal ones.
    #[inline]
    pub(super) fn settle_in_time(&mut self) {
        if self.index.is_none() {
            if self.entries.is_full() {
                self.settle_or_grow();
            }
        } else if D::GROWS && self.arena.len() > self.compact_at {
            self.compact_details();
        }
    }

    /// Before a long ngram is added: sees to it that those there are do not take too much memory.
    #[inline]
    pub(super) fn settle_spelled_in_time(&mut self) {
        let is_much = self.arena.ngram_bytes() > self.spell_at.max(SPELLED_EACH * self.entries.len());
        if self.index.is_none() && is_much {
            self.settle_spelled();
        }
    }

    #[cold]
    fn settle_or_grow(&mut self) {
        if self.entries.len() > self.settle_at {
            let mut different = self.estimate();
            // With nearly none alike, to look at each would be in vain.
            if different < self.entries.len() / 4 * 3 {
                self.settle_for_more();
                different = self.entries.len();
            }
            // What is added until then takes no more memory than all there is, so that each byte is compacted but a few
            // times.
            let details = if D::GROWS { self.arena.len() / size_of::<Entry<D>>() } else { 0 };
            self.settle_at = (ALIKE * different).max(different + details);
        }
        if self.entries.is_full() {
            self.entries.make_room(self.settle_at);
        }
    }

    #[cold]
    fn settle_spelled(&mut self) {
        self.settle_for_more();
        let details = if D::GROWS { self.arena.len() / 2 } else { 0 };
        self.spell_at = SPELLED.max(ALIKE * self.arena.ngram_bytes()).max(details);
    }

    /// Puts equal entries together, while there are more to come.
    fn settle_for_more(&mut self) {
        self.settle(&mut Index::default());
        if D::GROWS {
            self.compact_details();
        }
        if self.len() <= FEW {
            let tag = |place| split(self.entries[place].key.hash(self.arena.bytes())).1;
            self.index = Some(Index::of(self.len(), self.entries.places().map(|place| (tag(place), place.0))));
            self.additions = 0;
        }
    }

    /// Puts what the entries have in the arena into as few bytes as it takes: of rows of the same year, the sum is left.
    #[cold]
    fn compact_details(&mut self) {
        let old = self.arena.take();
        let arena = &mut self.arena;
        for entry in self.entries.iter_mut() {
            let key = entry.key;
            if key.is_long() {
                entry.key = arena.push_ngram(key.ngram(&old));
            }
            entry.detail = entry.detail.compacted(&old, arena);
        }
        self.compact_at = DETAILS.max(2 * arena.len());
    }

    /// Of tables that were merged, the entries of the largest.
    pub(super) fn largest(&self) -> usize {
        if self.largest > 0 { self.largest } else { self.len() }
    }
}
