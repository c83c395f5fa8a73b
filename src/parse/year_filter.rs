//! Which years are counted, as the parser asks for it: known at compile time where it is all of them, and else told from
//! four digits as they stand in the text.

use crate::filter::years::Years;

/// The years whose lines count.
pub(super) trait YearFilter: Copy {
    /// Whether that is all.
    const ALL: bool;

    /// Whether a year of four digits is one of them.
    fn contains_digits(self, digits: [u8; 4]) -> bool;

    /// Whether a year is.
    fn contains(self, year: u64) -> bool;
}

/// Every year.
#[derive(Debug, Clone, Copy)]
pub(super) struct All;

impl YearFilter for All {
    const ALL: bool = true;

    #[inline]
    fn contains_digits(self, _digits: [u8; 4]) -> bool {
        true
    }

    #[inline]
    fn contains(self, _year: u64) -> bool {
        true
    }
}

/// Some years.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearRange {
    years: Years,
    /// The first and the last of them that have four digits, as text, which as big-endian numbers is ordered as they
    /// are; the first after the last where there is none.
    first: u32,
    last: u32,
}

impl YearRange {
    pub(super) fn new(years: Years) -> Self {
        let digits = |year: u64| {
            let digit = |place: u64| b'0' + (year / place % 10) as u8;
            u32::from_be_bytes([digit(1000), digit(100), digit(10), digit(1)])
        };
        let first = if years.first > 9999 { u32::MAX } else { digits(years.first) };
        Self { years, first, last: digits(years.last.min(9999)) }
    }
}

impl YearFilter for YearRange {
    const ALL: bool = false;

    #[inline]
    fn contains_digits(self, digits: [u8; 4]) -> bool {
        // `&`: both are cheap, and neither can be foreseen.
        (self.first <= u32::from_be_bytes(digits)) & (u32::from_be_bytes(digits) <= self.last)
    }

    #[inline]
    fn contains(self, year: u64) -> bool {
        self.years.contains(year)
    }
}
