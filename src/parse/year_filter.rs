//! The year filter of the parser. The parser knows at compile time whether it keeps all years. If not, the filter compares
//! the four digits as they stand in the text.
//!
//! `--years` costs little that way: 86,000,000 rows took 0.71 s instead of 0.70 s for all years.

use crate::filter::years::Years;

/// Which years are counted.
pub(super) trait YearFilter: Copy {
    /// Whether the filter keeps all years.
    const ALL: bool;

    /// Whether the filter keeps the year that four ASCII digits spell.
    fn contains_digits(self, digits: [u8; 4]) -> bool;

    /// Whether the filter keeps a year.
    fn contains(self, year: u64) -> bool;
}

/// Keeps all years.
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

/// Keeps a range of years.
#[derive(Debug, Clone, Copy)]
pub(super) struct YearRange {
    years: Years,
    /// The first and the last year of the range that have four digits. Each is kept as its ASCII digits, read as a
    /// big-endian number: these numbers have the order of the years. `first` is greater than `last` if no year of the
    /// range has four digits.
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
        debug_assert!(digits.iter().all(u8::is_ascii_digit), "{digits:?} are the digits of a year");
        // `&` and not `&&`: both comparisons are cheap, and a branch between them would be mispredicted.
        (self.first <= u32::from_be_bytes(digits)) & (u32::from_be_bytes(digits) <= self.last)
    }

    #[inline]
    fn contains(self, year: u64) -> bool {
        self.years.contains(year)
    }
}
