//! `Detail`: the part of an entry beside its key and count. It decides whether a run counts with years or without.
//!
//! There are five implementations. The compiler makes the hot loops for each of them:
//!
//! ```text
//! ()           nothing: the count is all that is wanted; takes no memory and no time
//! Uncovered    how much of the count is of years that the totals lack: one number in the entry
//! There        how often the ngram occurs in the inputs of a comparison: one number in the entry
//! Before       how often it occurs in the years before, and its volumes: two numbers in the entry
//! History      the count of each year: bytes in the arena of the entry's shard; the entry holds their place
//! ```
//!
//! Case folding wraps each of them in a sixth, which also keeps the ngram's commonest spelling.

use super::Arena;
use super::rows::{Period, Rows};

/// The part of an entry beside its key and count: how to make it of a run's rows, join it with that of a duplicate,
/// move it to another arena, and read it.
pub(crate) trait Detail: Copy + Send + Sync + std::fmt::Debug {
    /// The detail of an ngram that does not occur.
    const NONE: Self;

    /// Whether [`Self::of_rows`] needs the rows of a run. If not, the sink does not parse them again.
    const NEEDS_ROWS: bool = false;

    /// Whether the detail grows with each row that a run adds, until the shard [compacts](Self::compacted) it. Summing
    /// duplicates does not move such a detail.
    const GROWS: bool = false;

    /// Whether the detail takes the counts of some inputs, with which the others are compared.
    const COMPARES: bool = false;

    /// The detail of a count there, and of the volumes in both periods, where there is one.
    fn of_compared(_there: u64, _volumes: u64) -> Self {
        Self::NONE
    }

    /// The count in the inputs of the comparison.
    #[inline]
    fn there(self) -> u64 {
        0
    }

    /// Whether a sum of the detail passes 2^64-1 with these rows alone.
    fn overflows(_rows: &Rows) -> bool {
        false
    }

    /// The detail of a run. Appends data of variable length to an arena. The default, none, is for a
    /// detail that is not made of rows.
    #[inline]
    fn of_rows(_rows: &Rows, _arena: &mut Arena) -> Self {
        Self::NONE
    }

    /// Adds the detail of a duplicate, which came into the same arena later. `None` if a sum passes 2^64-1.
    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()>;

    /// The same detail, with its bytes copied to the end of another arena. The default is for a detail without bytes.
    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Arena) -> Self {
        self
    }

    /// As [`Self::moved`], in as few bytes as possible.
    fn compacted(self, from: &[u8], to: &mut Arena) -> Self {
        self.moved(from, to)
    }

    /// Appends the detail to `to`, as bytes that [`Self::read`] takes.
    fn write(self, arena: &[u8], to: &mut Vec<u8>);

    /// Takes a detail from the beginning of `bytes`, with its own bytes in `arena`. `None` if the bytes are no detail.
    fn read(bytes: &mut &[u8], arena: &mut Arena) -> Option<Self>;

    /// The number of the arena that holds the detail's bytes; 0 for a detail without bytes.
    #[inline]
    fn arena(&self) -> u16 {
        0
    }

    /// Adds `by` to the detail's offset in the arena.
    #[inline]
    fn shift(&mut self, _by: usize) {}

    /// Fetches what [`Self::periods`] will read into the cache.
    #[inline]
    fn announce(&self, _arena: &[u8]) {}

    /// Replaces `periods` by the years in ascending order, each once; by none for a detail without years. The caller
    /// reuses the memory for the next entry.
    #[inline]
    fn periods(self, _arena: &[u8], periods: &mut Vec<Period>) {
        periods.clear();
    }

    /// The sum of volume_counts; 0 for a detail without years.
    fn volumes(self) -> u64 {
        0
    }

    /// The part of the count from years that the totals lack; 0 if only [`Self::periods`] tells it.
    fn uncovered(self) -> u64 {
        0
    }
}

impl Detail for () {
    const NONE: Self = ();

    #[inline]
    fn join(&mut self, (): (), _arena: &mut [u8]) -> Option<()> {
        Some(())
    }

    #[inline]
    fn write(self, _arena: &[u8], _to: &mut Vec<u8>) {}

    #[inline]
    fn read(_bytes: &mut &[u8], _arena: &mut Arena) -> Option<Self> {
        Some(())
    }
}
