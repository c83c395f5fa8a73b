//! Takes entries out of a compacted table, and unites it with a table that has none of its ngrams. What stays is not
//! hashed again.

use rayon::prelude::*;

use super::{Detail, Entry, Overflow, Table};

impl<D: Detail> Table<D> {
    /// Removes the entries that `is_taken` chooses by their ngrams from a compacted table. `take` gets each, from all
    /// threads of the current pool, and the bytes of its arena.
    ///
    /// ```text
    /// [the 5] [goes 2] [a 7] [went 1]     take those of go
    /// [the 5] [a 7]                       take(goes 2), take(went 1)
    /// ```
    pub(crate) fn take_out(&mut self, is_taken: impl Fn(&[u8]) -> bool + Sync, take: impl Fn(&Entry<D>, &[u8]) + Sync) {
        let sums = self.shards.par_iter_mut().map(|shard| shard.take_out(&is_taken, &take));
        self.total -= sums.sum::<u128>();
    }

    /// One table with the entries of both. `self` is compacted, and `other` has none of its ngrams. The result is
    /// compacted, unless it lies in the temporary file.
    ///
    /// # Errors
    /// [`Overflow`] when a sum of `other` passes 2^64-1.
    pub(crate) fn unite(mut self, other: Self) -> Result<Self, Overflow> {
        if other.is_spilled() {
            return Ok(self.merge(other));
        }
        let other = other.compacted()?;
        self.total += other.total;
        self.shards.par_iter_mut().zip(other.shards).for_each(|(shard, other)| shard.unite(other));
        Ok(self)
    }
}
