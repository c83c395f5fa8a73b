//! Types of option values that the library does not have, and parsers of numbers.

use std::num::NonZeroUsize;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;
use std::sync::LazyLock;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use ngram_count::{Encoding, Format, MAX_THREADS, Years};

use crate::args::size::Size;
use crate::hint;

/// A value of `--input-format`: a format, or `auto`, which is `None`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InputFormat(pub(crate) Option<Format>);

impl ValueEnum for InputFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<InputFormat>> = LazyLock::new(|| {
            let formats = Format::value_variants().iter().copied().map(Some);
            std::iter::once(None).chain(formats).map(InputFormat).collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self.0 {
            Some(format) => format.to_possible_value(),
            None => Some(PossibleValue::new("auto").help("Told for each file from its first lines")),
        }
    }
}

/// A value of `--memory`: a number of bytes, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MemoryLimit(pub(crate) Option<u64>);

/// The least value of `--memory`. With less, a run would do little but write and read its temporary file.
const MIN_MEMORY: u64 = 16 << 20;

impl FromStr for MemoryLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self(None));
        }
        match text.parse::<Size>().map(|Size(bytes)| bytes.get() as u64) {
            Ok(bytes @ MIN_MEMORY..) => Ok(Self(Some(bytes))),
            Ok(_) => Err("expected at least 16MiB; a count with less would hardly end".into()),
            Err(_) => Err("expected a size of at least 16MiB, such as 512MiB or 4G, or none".into()),
        }
    }
}

/// When there is a progress bar, or colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Where it is a terminal that is written to
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// When counters are reported to Hadoop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Counters {
    /// In a task of Hadoop Streaming
    Auto,
    /// Always
    Hadoop,
    /// Never
    Off,
}

/// How statistics are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum StatsFormat {
    /// For reading
    Human,
    /// One JSON object on one line, for programs
    Json,
}

/// A share above 0 and up to 1, such as `1e-6` or `0.01`.
pub(super) fn parse_share(text: &str) -> Result<f64, String> {
    let share = text.strip_suffix('%').map_or_else(|| text.parse().ok(), hundredth);
    let share = share.filter(|share: &f64| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| format!("expected a share above 0 and up to 1, such as 1e-6 or 0.1%, found {text:?}"))
}

/// A hundredth of a number. It has the exponent of the text: a division by 100 would round once more.
fn hundredth(number: &str) -> Option<f64> {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = i32::from(exponent.parse::<i16>().ok()?) - 2;
    format!("{digits}e{exponent}").parse().ok()
}

/// Two periods that share no year, such as `1900-1949,1950-1999`.
pub(super) fn parse_periods(text: &str) -> Result<[Years; 2], String> {
    let form = || format!("expected two periods such as 1900-1949,1950-1999, found {text:?}");
    let (before, after) = text.split_once(',').ok_or_else(form)?;
    let [before, after] = [before, after].map(|years| years.parse::<Years>().map_err(|error| error.to_string()));
    let (before, after) = (before?, after?);
    if before.contains(after.first()) || after.contains(before.first()) {
        return Err(format!("expected two periods without a common year, found {text:?}"));
    }
    Ok([before, after])
}

/// A value of `--range`: offsets in bytes. `BEGIN-` has no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ByteRange(pub(crate) Range<u64>);

impl FromStr for ByteRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected two numbers of bytes, as in 0-1000000, or 1000000- without an end".to_owned();
        let (begin, end) = text.split_once('-').ok_or_else(expected)?;
        let number = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let begin = number(begin).ok_or_else(expected)?;
        let end = if end.is_empty() { u64::MAX } else { number(end).ok_or_else(expected)? };
        if end < begin {
            return Err("it ends before it begins; say the lower number first".into());
        }
        Ok(Self(begin..end))
    }
}

pub(super) fn parse_encoding(name: &str) -> Result<Encoding, String> {
    name.parse().map_err(|error| hint::message(&error))
}

pub(super) fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "expected a whole number, such as 100".to_owned())
}

pub(super) fn parse_threads(text: &str) -> Result<NonZeroUsize, String> {
    let threads: usize = text.parse().map_err(|_| "expected a whole number of threads, such as 4".to_owned())?;
    if threads > MAX_THREADS {
        return Err(format!("expected at most {MAX_THREADS} threads; more than there are cores do not help"));
    }
    NonZeroUsize::new(threads).ok_or_else(|| "expected at least 1 thread; leave the option out to use all cores".into())
}

#[cfg(feature = "postgres")]
pub(super) fn parse_connections(text: &str) -> Result<NonZeroUsize, String> {
    let connections: usize =
        text.parse().map_err(|_| "expected a whole number of connections, such as 6".to_owned())?;
    if connections > MAX_THREADS {
        return Err(format!("expected at most {MAX_THREADS} connections; few servers take more than 100"));
    }
    NonZeroUsize::new(connections).ok_or_else(|| "expected at least 1 connection".into())
}

/// A value of `--ngram`: a number of words, or the lowest and the highest number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NgramLengths(pub(crate) RangeInclusive<NonZeroUsize>);

impl FromStr for NgramLengths {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (min, max) = text.split_once('-').unwrap_or((text, text));
        let number = |text: &str| text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()));
        let (Some(min), Some(max)) = (number(min), number(max)) else {
            return Err("expected a number of words, such as 2, or several, such as 1-3".into());
        };
        if max < min {
            return Err("it ends before it begins; say the lower number first".into());
        }
        Ok(Self(min..=max))
    }
}

/// The maximum width and height of a chart in the terminal, in characters.
pub(crate) const MAX_CELLS: usize = 1000;

pub(super) fn parse_cells(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a whole number from 1 to {MAX_CELLS}, such as 80");
    text.parse().ok().filter(|cells| (1..=MAX_CELLS).contains(cells)).ok_or_else(expected)
}

pub(super) fn parse_sides(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "expected a whole number of years, such as 3".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_two_ends() {
        let cases = [("0-0", 0..0), ("0-1", 0..1), ("007-8", 7..8), ("10-", 10..u64::MAX)];
        for (text, expected) in cases {
            assert_eq!(text.parse(), Ok(ByteRange(expected)), "{text}");
        }
        for text in ["", "-", "5", "-5", "5-4", "+1-2", "1-2-3", "1--2", "a-b", "1 - 2", "18446744073709551616-"] {
            assert!(text.parse::<ByteRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn memory_is_a_size_or_none() {
        let cases = [
            ("16MiB", Some(16 << 20)),
            ("16777216", Some(16 << 20)),
            ("1GB", Some(1_000_000_000)),
            ("4g", Some(4 << 30)),
            ("none", None),
            ("None", None),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse(), Ok(MemoryLimit(expected)), "{text}");
        }
        for text in ["16777215", "16MB", "0", "1", "", "all", "50%", "-1", "99999999999G"] {
            assert!(text.parse::<MemoryLimit>().is_err_and(|why| why.contains("at least 16MiB")), "{text}");
        }
    }
}
