//! `Coverage`: how many of the most frequent words make a share of all counts.

use std::fmt;
use std::str::FromStr;

use crate::result::buckets::Buckets;
use crate::result::order::{Order, Sort};
use crate::table::{Detail, Entry};

/// A share of all counts, above 0 and at most 1, with up to 9 decimal places.
///
/// ```
/// use ngram_count::Coverage;
///
/// assert_eq!("95%".parse::<Coverage>(), "0.95".parse());
/// assert!("95".parse::<Coverage>().is_err());
/// # Ok::<(), ngram_count::InvalidCoverage>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// The share in parts of a thousand million.
    parts: u32,
}

/// The parts of the whole.
const WHOLE: u32 = 1_000_000_000;
const PLACES: usize = 9;

/// The error of a text that is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCoverage;

impl fmt::Display for InvalidCoverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a share such as 95%, 0.95 or 1e-3, above 0% and at most 100%")
    }
}

impl std::error::Error for InvalidCoverage {}

impl FromStr for Coverage {
    type Err = InvalidCoverage;

    /// Reads a percentage, such as `95%` or `99.9%`, or a part of 1, such as `0.95` or `1e-3`.
    fn from_str(text: &str) -> Result<Self, InvalidCoverage> {
        let (number, places) = match text.strip_suffix('%') {
            Some(number) => (number, PLACES - 2),
            None => (text, PLACES),
        };
        let parts = scaled(number, places).filter(|parts| (1..=WHOLE).contains(parts));
        parts.map(|parts| Self { parts }).ok_or(InvalidCoverage)
    }
}

/// A decimal number times 10^`places`; `None` if that is no whole number, or a large one.
fn scaled(number: &str, places: usize) -> Option<u32> {
    let (number, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    let zeros = digits.len() - significant.len();
    let shift =
        (places + zeros).checked_add_signed(exponent.parse::<i16>().ok()?.into())?.checked_sub(fraction.len())?;
    significant.parse::<u32>().ok()?.checked_mul(10_u32.checked_pow(shift.try_into().ok()?)?)
}

impl fmt::Display for Coverage {
    /// Writes the share as a percentage.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = format!("{}.{:07}", self.parts / (WHOLE / 100), self.parts % (WHOLE / 100));
        write!(f, "{}%", percent.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Coverage {
    /// Whether a sum of counts makes this share of all counts.
    pub(crate) fn is_reached(self, sum: u128, total: u128) -> bool {
        // A sum of 2^32 counts of 64 bits, times 2^30, has 126 bits.
        sum.saturating_mul(WHOLE.into()) >= total.saturating_mul(self.parts.into())
    }

    /// How many of the most frequent words make this share of `total`; `None` if all together make less. Partitions the
    /// words by count.
    pub(super) fn words<D: Detail>(self, words: &mut Buckets<D>, total: u128) -> Option<usize> {
        let order = Order::from(Sort::Count);
        words.partition(order.clone());
        let (mut sum, mut len) = (0, 0);
        if self.is_reached(sum, total) {
            return Some(len);
        }
        for slices in words.slices_of_buckets() {
            let entries = || slices.iter().copied().flatten();
            let with_bucket = sum + entries().map(|entry| u128::from(entry.count)).sum::<u128>();
            if self.is_reached(with_bucket, total) {
                let sorted = order.sorted(&words.arenas, &slices);
                return Some(len + covering(&sorted, sum, |sum| self.is_reached(sum, total)));
            }
            (sum, len) = (with_bucket, len + entries().count());
        }
        None
    }
}

/// How many of some entries it takes until `is_enough` says yes to `sum` and their counts; all if it never does.
pub(super) fn covering<D>(sorted: &[&Entry<D>], mut sum: u128, is_enough: impl Fn(u128) -> bool) -> usize {
    let reaches = sorted.iter().position(|entry| {
        sum += u128::from(entry.count);
        is_enough(sum)
    });
    reaches.map_or(sorted.len(), |place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_percentages_or_parts_of_one() {
        let cases = [
            ("95%", 950_000_000, "95%"),
            ("0.95", 950_000_000, "95%"),
            (".5", 500_000_000, "50%"),
            ("5.%", 50_000_000, "5%"),
            ("99.9999999%", 999_999_999, "99.9999999%"),
            ("0.000000001", 1, "0.0000001%"),
            ("1", WHOLE, "100%"),
            ("100.0%", WHOLE, "100%"),
            ("1e-3", 1_000_000, "0.1%"),
            ("10e-10", 1, "0.0000001%"),
            ("50.000000000000%", 500_000_000, "50%"),
            ("9.5e1%", 950_000_000, "95%"),
            ("0.0095E+2", 950_000_000, "95%"),
        ];
        for (text, parts, shown) in cases {
            let share: Coverage = text.parse().unwrap();
            assert_eq!((share.parts, &*share.to_string()), (parts, shown), "{text}");
            assert_eq!(shown.parse(), Ok(share));
        }
        for text in [
            "",
            "%",
            ".",
            ".%",
            "0",
            "0%",
            "95",
            "101%",
            "1.1",
            "-5%",
            "+5%",
            "5 %",
            "95%%",
            "0.0000000001",
            "1e-10",
            "e-3",
            "1e",
            "1e-",
            "1e1",
            "1e99999",
            "1e-99999",
            "1e0.5",
            "0e5",
            "1e-3e",
        ] {
            assert_eq!(text.parse::<Coverage>(), Err(InvalidCoverage), "{text}");
        }
    }

    #[test]
    fn a_share_is_reached_exactly() {
        let share: Coverage = "95%".parse().unwrap();
        assert_eq!([18, 19, 20].map(|sum| share.is_reached(sum, 20)), [false, true, true]);
        let total = (1_u128 << 64) * 20;
        assert!(share.is_reached(total / 20 * 19, total) && !share.is_reached(total / 20 * 19 - 1, total));
    }
}
