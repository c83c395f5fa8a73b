//! `Uncovered`: what an entry keeps for `per-million` beside its count: how often its ngram occurs in years that the
//! file of totals lacks. These years are in the count, but nothing is known of the words that they have in all.

use crate::table::Detail;

/// How often an ngram occurs in years that the totals lack. It is part of the entry's count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uncovered(pub(crate) u64);

impl Detail for Uncovered {
    const NONE: Self = Self(0);

    #[inline]
    fn join(&mut self, later: Self, _arena: &mut [u8]) -> Option<()> {
        self.0 = self.0.checked_add(later.0)?;
        Some(())
    }

    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Vec<u8>, _number: u16) -> Self {
        self
    }

    #[inline]
    fn arena(&self) -> u16 {
        0
    }

    #[inline]
    fn shift(&mut self, _by: usize) {}
}
