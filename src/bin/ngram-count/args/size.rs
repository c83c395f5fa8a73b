//! Sizes as people write them: `64KiB`, `1M`, `4MB`.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

/// A number of bytes, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) NonZeroUsize);

/// The units, as `head` and `dd` understand them: a letter alone is a power of 1024.
const UNITS: [(&str, u64); 13] = [
    ("", 1),
    ("b", 1),
    ("k", 1 << 10),
    ("kib", 1 << 10),
    ("kb", 1000),
    ("m", 1 << 20),
    ("mib", 1 << 20),
    ("mb", 1_000_000),
    ("g", 1 << 30),
    ("gib", 1 << 30),
    ("gb", 1_000_000_000),
    ("t", 1 << 40),
    ("tib", 1 << 40),
];

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, unit) = text.split_at(digits);
        let unit = unit.trim().to_ascii_lowercase();
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let (Ok(number), Some(factor)) = (number.parse::<u64>(), factor) else {
            return Err("expected a number of bytes, such as 65536, 64KiB, 1M or 4MB".into());
        };
        let bytes = number.checked_mul(factor).and_then(|bytes| usize::try_from(bytes).ok());
        let bytes = bytes.ok_or("is more than this machine can address")?;
        NonZeroUsize::new(bytes).map(Self).ok_or_else(|| "expected at least 1 byte".into())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.0.get();
        match [(30, "GiB"), (20, "MiB"), (10, "KiB")].into_iter().find(|(bits, _)| bytes.trailing_zeros() >= *bits) {
            Some((bits, unit)) => write!(f, "{}{unit}", bytes >> bits),
            None => write!(f, "{bytes}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_written() {
        let cases =
            [("1", 1), ("64KiB", 65536), ("64k", 65536), ("1M", 1 << 20), ("4MB", 4_000_000), ("2 gib", 2 << 30)];
        for (text, bytes) in cases {
            assert_eq!(text.parse::<Size>().map(|size| size.0.get()), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for text in ["", "k", "-1", "1.5M", "1X", "0", "0MiB", "99999999999999999999", "99999999999G"] {
            assert!(
                text.parse::<Size>().is_err_and(|why| why.contains("expected") || why.contains("more than")),
                "{text}"
            );
        }
    }

    #[test]
    fn sizes_are_shown_in_the_largest_whole_unit() {
        for text in ["1", "1000", "64KiB", "3MiB", "2GiB"] {
            assert_eq!(text.parse::<Size>().map(|size| size.to_string()), Ok(text.to_owned()));
        }
    }
}
