//! Years: the range that counts, and what a line of the result is of (a year, a decade, a file or all of them).

use std::fmt;
use std::str::FromStr;

/// The range of years that count, with its first and its last year.
///
/// ```
/// use ngram_count::Years;
///
/// let years: Years = "1900-1999".parse()?;
/// assert!(years.contains(1900) && years.contains(1999) && !years.contains(2000));
/// assert!("2000-".parse::<Years>()?.contains(2019));
/// assert!("1950".parse::<Years>()?.contains(1950));
/// # Ok::<(), ngram_count::InvalidYears>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Years {
    /// All years.
    pub const ALL: Self = Self { first: 0, last: u64::MAX };

    /// The years from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`InvalidYears::Order`] when `first` is after `last`.
    pub const fn new(first: u64, last: u64) -> Result<Self, InvalidYears> {
        if first > last { Err(InvalidYears::Order { first, last }) } else { Ok(Self { first, last }) }
    }

    /// The first year; 0 for a range with an open beginning.
    pub const fn first(self) -> u64 {
        self.first
    }

    /// The last year; [`u64::MAX`] for a range with an open end.
    pub const fn last(self) -> u64 {
        self.last
    }

    /// Whether the range contains a year.
    #[inline]
    pub const fn contains(self, year: u64) -> bool {
        self.first <= year && year <= self.last
    }
}

/// The side of a year in a comparison of the years after with those before: 0 for after, 1 for before.
#[inline]
pub(crate) fn side_of([before, after]: [Years; 2], year: u64) -> Option<usize> {
    if after.contains(year) { Some(0) } else { before.contains(year).then_some(1) }
}

impl Default for Years {
    fn default() -> Self {
        Self::ALL
    }
}

/// The error of a text that is no range of years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidYears {
    /// The text has none of the forms `A-B`, `A-`, `-B` and `A`.
    Form,
    /// The first year is after the last one.
    Order {
        /// The first year.
        first: u64,
        /// The last year.
        last: u64,
    },
}

impl fmt::Display for InvalidYears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Form => f.write_str("expected years such as 1900-1999, 1900-, -1999 or 1950"),
            Self::Order { first, last } => {
                write!(f, "the first year, {first}, is after the last, {last}; expected {last}-{first}")
            }
        }
    }
}

impl std::error::Error for InvalidYears {}

impl FromStr for Years {
    type Err = InvalidYears;

    /// Reads `A-B`, `A-`, `-B` or `A`.
    fn from_str(text: &str) -> Result<Self, InvalidYears> {
        let year = |text| year(text).ok_or(InvalidYears::Form);
        match text.split_once('-') {
            None => year(text).and_then(|year| Self::new(year, year)),
            Some(("", "")) => Err(InvalidYears::Form),
            Some((first, "")) => Self::new(year(first)?, Self::ALL.last),
            Some(("", last)) => Self::new(Self::ALL.first, year(last)?),
            Some((first, last)) => Self::new(year(first)?, year(last)?),
        }
    }
}

/// Parses ASCII digits. The standard library would accept a sign, too.
fn year(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

impl fmt::Display for Years {
    /// Writes the form that [`FromStr`] reads. All years are `0-`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last } = *self;
        match (first == Self::ALL.first, last == Self::ALL.last) {
            _ if first == last => write!(f, "{first}"),
            (_, true) => write!(f, "{first}-"),
            (true, false) => write!(f, "-{last}"),
            (false, false) => write!(f, "{first}-{last}"),
        }
    }
}

/// What one line of the result is of, beside its word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum By {
    /// All years and files: one line for each word.
    #[cfg_attr(feature = "cli", value(help = "One line a word"))]
    #[default]
    Word,
    /// One year: one line for each word and year.
    #[cfg_attr(feature = "cli", value(help = "One line a word and year"))]
    Year,
    /// Ten years: one line for each word and decade. The first year names the decade: 1980 is 1980 to 1989.
    #[cfg_attr(feature = "cli", value(help = "One line a word and decade"))]
    Decade,
    /// One file: one line for each word and input. A [`Period`](crate::Period) then has the number of the input, from 0,
    /// instead of a year, and [`Counts::files`](crate::Counts::files) has the names.
    #[cfg_attr(feature = "cli", value(help = "One line a word and file"))]
    File,
}

impl By {
    /// The first year of the period that a year belongs to. With [`By::Word`], all years are one period, 0. With
    /// [`By::File`], each number of a file is a period.
    #[inline]
    pub const fn period(self, year: u64) -> u64 {
        match self {
            Self::Word => 0,
            Self::Year | Self::File => year,
            Self::Decade => year - year % 10,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_are_read_as_written() {
        let cases = [
            ("1900-1999", 1900, 1999),
            ("1900-", 1900, u64::MAX),
            ("-1999", 0, 1999),
            ("1950", 1950, 1950),
            ("1950-1950", 1950, 1950),
            ("0-", 0, u64::MAX),
            ("0", 0, 0),
        ];
        for (text, first, last) in cases {
            assert_eq!(text.parse::<Years>().ok(), Some(Years { first, last }), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_what_to_write() {
        let texts = [
            "",
            "-",
            "--",
            "1900--1999",
            "-1900-1999",
            "1900-1999-",
            "1900..1999",
            "1900 - 1999",
            "+1900",
            "1900-+1999",
            "1900–1999",
            "１９００",
            "all",
            "18446744073709551616",
        ];
        for text in texts {
            let error = text.parse::<Years>().map_err(|error| error.to_string());
            assert_eq!(error, Err("expected years such as 1900-1999, 1900-, -1999 or 1950".into()), "{text}");
        }
    }

    #[test]
    fn a_first_year_after_the_last_is_refused() {
        let error = "1999-1900".parse::<Years>().map_err(|error| error.to_string());
        assert_eq!(error, Err("the first year, 1999, is after the last, 1900; expected 1900-1999".into()));
    }

    #[test]
    fn both_ends_are_included() -> Result<(), InvalidYears> {
        let years = Years::new(1900, 1999)?;
        assert_eq!([1899, 1900, 1999, 2000].map(|year| years.contains(year)), [false, true, true, false]);
        assert!([0, 1950, u64::MAX].into_iter().all(|year| Years::default().contains(year)));
        Ok(())
    }

    #[test]
    fn years_belong_to_periods() {
        for year in [0, 9, 1980, 1987, 1989, u64::MAX] {
            assert_eq!(By::Word.period(year), 0);
            assert_eq!([By::Year, By::File].map(|by| by.period(year)), [year, year]);
        }
        assert_eq!(
            [9, 10, 1980, 1987, 1989, 1990].map(|year| By::Decade.period(year)),
            [0, 10, 1980, 1980, 1980, 1990]
        );
    }

    proptest! {
        #[test]
        fn years_are_shown_as_they_are_read(
            first in prop_oneof![Just(0), 1400_u64..2100, any::<u64>()],
            more in prop_oneof![Just(0), 0_u64..500, Just(u64::MAX)],
        ) {
            let years = Years { first, last: first.saturating_add(more) };
            prop_assert_eq!(years.to_string().parse::<Years>().ok(), Some(years));
        }
    }
}
