//! `Detail`: what an entry keeps of its ngram beside the count, that is, whether a run counts with years or without.
//!
//! There are three, and all that differs between them is here, in one trait that the hot loops are compiled for:
//!
//! ```text
//! ()           nothing: the count is all that is wanted; takes no memory and no time
//! Uncovered    how much of the count is of years that the totals lack: one number in the entry
//! History      the count of each year: bytes in the arena of the entry's shard; the entry holds their place
//! ```
//!
//! Case folding wraps a detail in one more, the ngram's commonest spelling.

use super::Arena;
use super::rows::{Period, Rows};

/// A part of an entry: how it is made of a run, joined with that of an equal ngram, moved to another arena, and read.
pub(crate) trait Detail: Copy + Send + Sync + std::fmt::Debug {
    /// The detail of an ngram that does not occur.
    const NONE: Self;

    /// Whether it is made of a run's rows. If not, nobody parses them again.
    const NEEDS_ROWS: bool = false;

    /// Whether it grows with each row that is added, until it is [compacted](Self::compacted).
    const GROWS: bool = false;

    /// Whether a sum of its own passes 2^64-1 with these rows alone.
    fn overflows(_rows: &Rows) -> bool {
        false
    }

    /// The detail of a run; what does not fit into the entry goes to the end of an arena.
    fn of_rows(rows: &Rows, arena: &mut Arena) -> Self;

    /// Adds the detail of an equal ngram, which came into the same arena later. `None` where a sum passes 2^64-1.
    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()>;

    /// The same detail at the end of another arena.
    fn moved(self, from: &[u8], to: &mut Arena) -> Self;

    /// As [`Self::moved`], in as few bytes as possible.
    fn compacted(self, from: &[u8], to: &mut Arena) -> Self {
        self.moved(from, to)
    }

    /// The number of the arena in which its bytes lie; 0 where it has none.
    #[inline]
    fn arena(&self) -> u16 {
        0
    }

    /// Tells that its bytes lie `by` farther behind in the arena.
    #[inline]
    fn shift(&mut self, _by: usize) {}

    /// Each year once, in ascending order; none where years are not kept.
    fn periods(self, _arena: &[u8]) -> Vec<Period> {
        Vec::new()
    }

    /// The sum of volume_counts; 0 where years are not kept.
    fn volumes(self) -> u64 {
        0
    }

    /// How much of the count is of years that the totals lack, as far as this is known without the periods.
    fn uncovered(self) -> u64 {
        0
    }
}

impl Detail for () {
    const NONE: Self = ();

    #[inline]
    fn of_rows(_rows: &Rows, _arena: &mut Arena) {}

    #[inline]
    fn join(&mut self, (): (), _arena: &mut [u8]) -> Option<()> {
        Some(())
    }

    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Arena) {}
}
