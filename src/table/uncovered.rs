//! `Uncovered`: the detail for `per-million`, namely how often an ngram occurs in years that the file of totals lacks.
//! The entry's count includes these years, but the number of all their words is unknown.

use super::rows::Rows;
use super::{Arena, Detail, varint};

/// The part of an entry's count from years that the totals lack.
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

    fn write(self, _arena: &[u8], to: &mut Vec<u8>) {
        varint::write(to, self.0);
    }

    fn read(bytes: &mut &[u8], _arena: &mut Arena) -> Option<Self> {
        varint::read(bytes).map(Self)
    }

    fn uncovered(self) -> u64 {
        self.0
    }
}
