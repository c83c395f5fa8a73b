//! `There`: the detail for a comparison, namely how often an ngram occurs there: in the inputs, or in the years, that others
//! are compared with. The entry's count is of the others alone.

use super::rows::Rows;
use super::{Arena, Detail, varint};

/// The count of an ngram there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct There {
    count: u64,
    /// The sum of volume_counts in both periods, if years are compared.
    volumes: u64,
}

impl Detail for There {
    const NONE: Self = Self { count: 0, volumes: 0 };
    const NEEDS_ROWS: bool = true;
    const COMPARES: bool = true;

    fn overflows(rows: &Rows) -> bool {
        rows.volumes().is_none()
    }

    /// No count there. The sink calls [`Detail::of_compared`] instead.
    fn of_rows(_rows: &Rows, _arena: &mut Arena) -> Self {
        Self::NONE
    }

    fn of_compared(there: u64, volumes: u64) -> Self {
        Self { count: there, volumes }
    }

    #[inline]
    fn join(&mut self, later: Self, _arena: &mut [u8]) -> Option<()> {
        self.count = self.count.checked_add(later.count)?;
        self.volumes = self.volumes.checked_add(later.volumes)?;
        Some(())
    }

    #[inline]
    fn moved(self, _from: &[u8], _to: &mut Arena) -> Self {
        self
    }

    fn write(self, _arena: &[u8], to: &mut Vec<u8>) {
        varint::write(to, self.count);
        varint::write(to, self.volumes);
    }

    fn read(bytes: &mut &[u8], _arena: &mut Arena) -> Option<Self> {
        Some(Self { count: varint::read(bytes)?, volumes: varint::read(bytes)? })
    }

    fn there(self) -> u64 {
        self.count
    }

    fn volumes(self) -> u64 {
        self.volumes
    }
}
