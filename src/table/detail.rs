//! `Detail`: what an entry keeps of its ngram beside the count: nothing, or what is wanted of each year.
//!
//! Nothing takes no memory and no time. What is of any length lies in the arena of the entry's shard, and the entry holds
//! where.

/// A part of an entry.
pub(crate) trait Detail: Copy + Send + Sync + std::fmt::Debug {
    /// That of an ngram which does not occur.
    const NONE: Self;

    /// Whether it grows with each row that is added, until it is [compacted](Self::compacted).
    const GROWS: bool = false;

    /// Puts that of an equal ngram, which came into the same arena later, to this one. `None` where a
    /// sum passes 2^64-1.
    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()>;

    /// The same in another arena, which has the number `number`, at its end.
    fn moved(self, from: &[u8], to: &mut Vec<u8>, number: u16) -> Self;

    /// The same as [`Self::moved`], in as few bytes as it takes.
    fn compacted(self, from: &[u8], to: &mut Vec<u8>, number: u16) -> Self {
        self.moved(from, to, number)
    }

    /// The number of the arena in which it lies.
    fn arena(&self) -> u16;

    /// Says that what lies in the arena lies `by` farther behind.
    fn shift(&mut self, by: usize);
}

impl Detail for () {
    const NONE: Self = ();

    #[inline]
    fn join(&mut self, (): (), _arena: &mut [u8]) -> Option<()> {
        Some(())
    }

    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Vec<u8>, _number: u16) {}

    #[inline]
    fn arena(&self) -> u16 {
        0
    }

    #[inline]
    fn shift(&mut self, _by: usize) {}
}
