//! The details for a comparison. The entry's count is of what is compared; these are of what it is compared with.
//!
//! | detail | how often the ngram occurs |
//! |---|---|
//! | `There` | in other inputs: their runs need no rows |
//! | `Before` | in the years before: each run has rows of these years and of those after, and volumes |
//!
//! Measured: 86,000,000 rows against 210 MB of text with one detail for both, which needs rows: 3 % more processor time.

use super::rows::Rows;
use super::{Arena, Detail, varint};

/// How often an ngram occurs in the inputs that others are compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct There(u64);

impl Detail for There {
    const NONE: Self = Self(0);
    const COMPARES: bool = true;

    #[inline]
    fn of_compared(there: u64, _volumes: u64) -> Self {
        Self(there)
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

    fn there(self) -> u64 {
        self.0
    }
}

/// How often an ngram occurs in the years before those that are compared with them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Before {
    count: There,
    /// The sum of volume_counts in both periods.
    volumes: u64,
}

impl Detail for Before {
    const NONE: Self = Self { count: There::NONE, volumes: 0 };
    const NEEDS_ROWS: bool = true;
    const COMPARES: bool = true;

    fn overflows(rows: &Rows) -> bool {
        rows.volumes().is_none()
    }

    fn of_compared(before: u64, volumes: u64) -> Self {
        Self { count: There(before), volumes }
    }

    #[inline]
    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()> {
        self.count.join(later.count, arena)?;
        self.volumes = self.volumes.checked_add(later.volumes)?;
        Some(())
    }

    fn write(self, arena: &[u8], to: &mut Vec<u8>) {
        self.count.write(arena, to);
        varint::write(to, self.volumes);
    }

    fn read(bytes: &mut &[u8], arena: &mut Arena) -> Option<Self> {
        Some(Self { count: There::read(bytes, arena)?, volumes: varint::read(bytes)? })
    }

    fn there(self) -> u64 {
        self.count.0
    }

    fn volumes(self) -> u64 {
        self.volumes
    }
}
