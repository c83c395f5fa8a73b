//! `There`: the detail for a comparison, namely how often an ngram occurs in the inputs that others are compared with.
//! The entry's count is of the others alone.

use super::rows::Rows;
use super::{Arena, Detail, varint};

/// The count of an ngram in the inputs of the comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct There(u64);

impl Detail for There {
    const NONE: Self = Self(0);
    const NEEDS_ROWS: bool = true;
    const COMPARES: bool = true;

    #[inline]
    fn of_rows(_rows: &Rows, _arena: &mut Arena) -> Self {
        Self::NONE
    }

    fn of_there(count: u64) -> Self {
        Self(count)
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

    fn write(self, _arena: &[u8], to: &mut Vec<u8>) {
        varint::write(to, self.0);
    }

    fn read(bytes: &mut &[u8], _arena: &mut Arena) -> Option<Self> {
        varint::read(bytes).map(Self)
    }

    fn there(self) -> u64 {
        self.0
    }
}
