//! Takes entries out of a compacted shard, and unites it with a shard that has none of its ngrams.

use super::Shard;
use crate::table::{Detail, Entry};

impl<D: Detail> Shard<D> {
    /// Removes the entries that `is_taken` chooses by their ngrams. `take` gets each, and the bytes of the arena. Returns
    /// the sum of their counts. The bytes of what is removed stay in the arena.
    ///
    /// The last entry of a segment takes the place of one that is removed: if all entries behind it moved up, as in a
    /// compaction, 16,000,000 entries would be copied for a few.
    pub(in crate::table) fn take_out(
        &mut self,
        is_taken: impl Fn(&[u8]) -> bool,
        mut take: impl FnMut(&Entry<D>, &[u8]),
    ) -> u128 {
        self.index = None;
        let (arena, mut sum) = (self.arena.bytes(), 0);
        let mut segments = self.entries.take_segments();
        for segment in &mut segments {
            let mut place = 0;
            while let Some(entry) = segment.get(place) {
                if is_taken(entry.key.ngram(arena)) {
                    sum += u128::from(entry.count);
                    take(entry, arena);
                    segment.swap_remove(place);
                } else {
                    place += 1;
                }
            }
        }
        segments.retain(|segment| !segment.is_empty());
        self.entries.put_segments(segments);
        self.distinct = self.entries.len();
        sum
    }

    /// Adds all of `other`, which has no ngram of this shard. Both are compacted, and so is the result.
    pub(in crate::table) fn unite(&mut self, other: Self) {
        self.merge(other);
        self.index = None;
        self.distinct = self.entries.len();
    }
}
