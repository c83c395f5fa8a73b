//! The year filter of the parser. The compiler makes one parser that keeps all years, and one with a filter. The filter
//! compares the four digits as they stand in the text.
//!
//! The filter costs little: 86,000,000 rows took 0.71 s, and 0.70 s for all years.

use crate::filter::years::Years;

/// A filter of years, known at compile time.
pub(super) trait YearFilter: Copy {
    /// Whether the filter keeps all years.
    const ALL: bool;

    /// Whether the filter keeps a year, given as four ASCII digits.
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
    /// The first year of the range with four digits, as its ASCII digits, read as a big-endian number: these numbers
    /// have the order of the years. `first` is greater than `last` if no year of the range has four digits.
    first: u32,
    /// The last year of the range with four digits, in the same form.
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
        // `&` and not `&&`: both comparisons are cheap, and a branch between them would cost mispredictions.
        (self.first <= u32::from_be_bytes(digits)) & (u32::from_be_bytes(digits) <= self.last)
    }

    #[inline]
    fn contains(self, year: u64) -> bool {
        self.years.contains(year)
    }
}
