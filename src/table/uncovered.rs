//! `Uncovered`: what an entry keeps for `per-million` beside its count: how often its ngram occurs in years that the
//! file of totals lacks. The count includes these years, but nobody knows how many words they have in all.

use super::rows::Rows;
use super::{Arena, Detail};

/// How often an ngram occurs in years that the totals lack. It is part of the entry's count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uncovered(u64);

impl Detail for Uncovered {
    const NONE: Self = Self(0);
    const NEEDS_ROWS: bool = true;

    #[inline]
    fn of_rows(rows: &Rows, _arena: &mut Arena) -> Self {
        Self(rows.uncovered())
    }

    #[inline]
    fn join(&mut self, later: Self, _arena: &mut [u8]) -> Option<()> {
        self.0 = self.0.checked_add(later.0)?;
        Some(())
    }

    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Arena) -> Self {
        self
    }

    fn uncovered(self) -> u64 {
        self.0
    }
}
