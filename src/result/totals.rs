//! `Totals`: the number of words of a corpus in each year, for counts per million words.
//!
//! The numbers come from Google's `total_counts` files. Versions 20200217 and 20120701 have one line,
//! `TAB year,match_count,page_count,volume_count TAB ...`; version 20090715 has a line for each year,
//! `year TAB match_count TAB page_count TAB volume_count`. We tell the layout of each line from its separators, so
//! nobody needs to name the version.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::filter::years::{By, Years};
use crate::parse::{BYTE_ORDER_MARK, Malformed, parse_field};
use crate::read::input::{Encoding, Input};
use crate::table::rows::Period;

/// The fields of a record.
const FIELDS: [&str; 4] = ["year", "match_count", "page_count", "volume_count"];

/// The years of an input that the totals lack. Nothing is known of their words, so a comparison with all words leaves them
/// out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BeyondTotals {
    /// The years, in ascending order.
    pub years: Vec<u64>,
    /// Their part of all that was counted, from 0 to 1.
    pub share: f64,
}

impl BeyondTotals {
    /// The facts about the words of some years, of `total` words; `None` without such years.
    pub(crate) fn new(words: &BTreeMap<u64, u128>, total: u128) -> Option<Self> {
        let share = words.values().sum::<u128>() as f64 / total as f64;
        (!words.is_empty()).then(|| Self { years: words.keys().copied().collect(), share })
    }
}

/// The number of words of a corpus in each year or decade. Their sum is at most 2^64-1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<u64, u64>);

impl Totals {
    /// Reads a file of total counts, plain or compressed; `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`] when the file can't be read, and [`Error::Totals`] when it is no file of
    /// totals.
    pub fn read(name: impl AsRef<std::ffi::OsStr>) -> Result<Self> {
        let input = Input::from_name(name);
        Self::parse(&input.read(Encoding::AUTO, "a file of total counts")?, &input.to_string())
    }

    /// Reads several files of total counts, as [`Totals::read`] reads one, and adds them up year by year.
    ///
    /// # Errors
    /// As [`Totals::read`], and [`Error::Totals`] when the sum of all years passes 2^64-1.
    ///
    /// ```
    /// use ngram_count::Totals;
    ///
    /// let name = "data/total-counts.txt";
    /// let (one, two) = (Totals::read(name)?, Totals::read_all([name, name])?);
    /// assert_eq!(two.of_year(1900), one.of_year(1900).map(|words| 2 * words));
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn read_all(names: impl IntoIterator<Item = impl AsRef<std::ffi::OsStr>>) -> Result<Self> {
        let mut all = Self::default();
        for name in names {
            let name = name.as_ref();
            let one = Self::read(name)?;
            let sum = u128::from(all.of(Years::ALL)) + u128::from(one.of(Years::ALL));
            if sum > u64::MAX.into() {
                let place = Input::from_name(name).to_string();
                let reason = "with the files before, expected the match_counts to be at most 18446744073709551615 \
                              (2^64-1) in all, found more";
                return Err(Error::Totals { place, reason: reason.into() });
            }
            for (year, words) in one.in_years(Years::ALL) {
                *all.0.entry(year).or_default() += words;
            }
        }
        Ok(all)
    }

    /// Parses the text of a file. `name` is for messages.
    ///
    /// # Errors
    /// [`Error::Totals`] if a record is malformed; if a year has two records, as in a damaged file; if the sum of all
    /// years passes 2^64-1; and if there are no records.
    pub(crate) fn parse(text: &[u8], name: &str) -> Result<Self> {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let mut totals = Self::default();
        let mut sum = 0;
        for (line, text) in (1_u64..).zip(text.split(|&byte| byte == b'\n')) {
            let records: Vec<&[u8]> = split_trimmed(text, b'\t').filter(|record| !record.is_empty()).collect();
            let wrap = |place, reason| Error::Totals { place: format!("{name}:{line}{place}"), reason };
            if records.first().is_some_and(|record| record.contains(&b',')) {
                for (number, record) in (1_u64..).zip(&records) {
                    let fields: Vec<&[u8]> = split_trimmed(record, b',').collect();
                    let place = if records.len() > 1 { format!(": record {number}") } else { String::new() };
                    totals.add(&fields, &mut sum).map_err(|reason| wrap(place, reason))?;
                }
            } else if !records.is_empty() {
                // The line is one record, and its fields stand between the TABs.
                totals.add(&records, &mut sum).map_err(|reason| wrap(String::new(), reason))?;
            }
        }
        if totals.0.is_empty() {
            let reason = format!("expected the total counts of years ({}), found none", FIELDS.join(", "));
            return Err(Error::Totals { place: name.to_owned(), reason });
        }
        Ok(totals)
    }

    /// The text of a file of total counts: a record for each year, as in versions 20200217 and 20120701, with 0 for the
    /// page_count. [`Outcome::own_totals`](crate::Outcome::own_totals) has such years.
    ///
    /// ```
    /// use ngram_count::{Input, Job, Totals};
    ///
    /// let text = Input::from_bytes("1851.txt", "a rose is a rose");
    /// let outcome = Job::new().inputs([text]).year_from("[0-9]{4}")?.count_totals(true).run()?;
    /// assert_eq!(Totals::text(&outcome.own_totals), b"\t1851,5,0,1\t\n");
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn text(years: &[Period]) -> Vec<u8> {
        let record = |Period { year, count, volumes }: &Period| format!("{year},{count},0,{volumes}\t");
        ["\t".into(), years.iter().map(record).collect(), "\n".to_owned()].concat().into_bytes()
    }

    /// Adds a record, and adds its match_count to the sum of all.
    fn add(&mut self, fields: &[&[u8]], sum: &mut u64) -> std::result::Result<(), String> {
        let [year, matches, ..] = numbers(fields).map_err(|malformed| malformed.to_string())?;
        if self.0.insert(year, matches).is_some() {
            return Err(format!("expected each year once, found {year} again"));
        }
        *sum = sum
            .checked_add(matches)
            .ok_or("expected the match_counts to be at most 18446744073709551615 (2^64-1) in all, found more")?;
        Ok(())
    }

    /// The number of words in a year. `None` if the file lacks the year.
    pub fn of_year(&self, year: u64) -> Option<u64> {
        self.0.get(&year).copied()
    }

    /// Whether a count of the year can be divided by the year's words: the file has the year, with at least one word.
    pub(crate) fn cover(&self, year: u64) -> bool {
        self.of_year(year).is_some_and(|words| words > 0)
    }

    /// The years that the totals [cover](Self::cover), in ascending order.
    pub(crate) fn covered(&self) -> Vec<u64> {
        self.0.keys().copied().filter(|&year| self.cover(year)).collect()
    }

    /// The number of words in some years; 0 if the file has none of these years.
    pub(crate) fn of(&self, years: Years) -> u64 {
        self.in_years(years).map(|(_, matches)| matches).sum()
    }

    /// The number of words in each period, in `years` alone. A word's count in a period, in the same years, can be
    /// divided by this number. [`By::period`] names the periods.
    pub(crate) fn by(&self, by: By, years: Years) -> Self {
        let mut periods = BTreeMap::new();
        for (year, matches) in self.in_years(years) {
            // This can't overflow: the sum of all years fits.
            *periods.entry(by.period(year)).or_default() += matches;
        }
        Self(periods)
    }

    /// Iterates over those of `years` that the file has, and their numbers of words.
    pub(crate) fn in_years(&self, years: Years) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().map(|(year, matches)| (*year, *matches)).filter(move |(year, _)| years.contains(*year))
    }
}

/// The parts of a text between separators, without the white space around them.
fn split_trimmed(text: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    text.split(move |&byte| byte == separator).map(<[u8]>::trim_ascii)
}

/// A record's fields, in the order of [`FIELDS`].
fn numbers(fields: &[&[u8]]) -> std::result::Result<[u64; 4], Malformed> {
    let fields: &[&[u8]; 4] =
        fields.try_into().map_err(|_| Malformed::Fields { expected: &FIELDS, found: fields.len() })?;
    let mut numbers = [0; 4];
    for ((number, text), field) in numbers.iter_mut().zip(fields).zip(FIELDS) {
        *number = parse_field(field, text)?;
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn totals(years: &[(u64, u64)]) -> Totals {
        Totals(years.iter().copied().collect())
    }

    #[test]
    fn every_layout_is_read() -> Result<()> {
        let expected = totals(&[(1470, 984), (1472, 117_652), (1475, 328_918)]);
        let texts = [
            " \t1470,984,10,1\t1472,117652,902,2\t1475,328918,1162,1\t",
            "\t1470,984,10,1\t1472,117652,902,2\t1475,328918,1162,1\t\n",
            "1470,984,10,1\t1472,117652,902,2\t1475,328918,1162,1",
            "1470\t984\t10\t1\n1472\t117652\t902\t2\n1475\t328918\t1162\t1\n",
            "1475\t328918\t1162\t1\n1470\t984\t10\t1\t\n1472\t117652\t902\t2",
            "1470,984,10,1\n1472,117652,902,2\n1475,328918,1162,1\n",
            "\u{FEFF}\r\n1470\t984\t10\t1\r\n \t\r\n1472, 117652, 902, 2\r\n\n1475 \t 328918\t1162\t1\r\n",
        ];
        for text in texts {
            assert_eq!(Totals::parse(text.as_bytes(), "totals.txt")?, expected, "{text:?}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_record_is_refused_with_its_place() {
        const EXPECTED: &str = "expected 4 fields (year, match_count, page_count, volume_count), found";
        let cases = [
            ("1470,984,10,1\t1472,117652,902\t", format!(":1: record 2: {EXPECTED} 3")),
            ("1470,984,10,1\t1472\t", format!(":1: record 2: {EXPECTED} 1")),
            ("1470,984,10", format!(":1: {EXPECTED} 3")),
            ("\n1470\t984\t10\t1\n1472\t117652\t902\n", format!(":3: {EXPECTED} 3")),
            ("Aardvark\t1470,984,10,1", format!(":1: {EXPECTED} 2")),
            ("Aardvark\t1991\t4\t2", ":1: expected year to be a whole number, found \"Aardvark\"".into()),
            ("1470,-984,10,1", ":1: expected match_count to be a whole number, found \"-984\"".into()),
            ("1470,984,,1", ":1: expected page_count to be a whole number, found \"\"".into()),
            (
                "1470\t984\t10\t18446744073709551616",
                ":1: expected volume_count to be at most 18446744073709551615 (2^64-1), found \
                 \"18446744073709551616\""
                    .into(),
            ),
            ("1470,984,10,1\t1470,984,10,1", ":1: record 2: expected each year once, found 1470 again".into()),
            (
                "1470\t18446744073709551615\t1\t1\n1471\t1\t1\t1",
                ":2: expected the match_counts to be at most 18446744073709551615 (2^64-1) in all, found more".into(),
            ),
        ];
        for (text, expected) in cases {
            let error = Totals::parse(text.as_bytes(), "totals.txt").map_err(|error| error.to_string());
            assert_eq!(error, Err(format!("totals.txt{expected}; is it a file of total counts?")), "{text:?}");
        }
        for text in ["", " \t", "\u{FEFF}\r\n\n"] {
            let error = Totals::parse(text.as_bytes(), "totals.txt").map_err(|error| error.to_string());
            let expected =
                "expected the total counts of years (year, match_count, page_count, volume_count), found none";
            assert_eq!(error, Err(format!("totals.txt: {expected}; is it a file of total counts?")), "{text:?}");
        }
    }

    #[test]
    fn totals_are_added_up_over_years_and_periods() -> Result<()> {
        let all = totals(&[(1979, 1), (1980, 20), (1989, 300), (1990, 4000)]);
        assert_eq!(all.of(Years::ALL), 4321);
        assert_eq!(all.of(Years::new(1980, 1989)?), 320);
        assert_eq!(all.of(Years::new(1981, 1988)?), 0);
        assert_eq!([1980, 1981].map(|year| all.of_year(year)), [Some(20), None]);
        assert_eq!(all.by(By::Year, Years::ALL), all);
        assert_eq!(all.by(By::Word, Years::ALL), totals(&[(0, 4321)]));
        assert_eq!(all.by(By::Decade, Years::new(1980, 1990)?), totals(&[(1980, 320), (1990, 4000)]));
        Ok(())
    }

    proptest! {
        #[test]
        fn all_layouts_hold_the_same(
            years in prop::collection::btree_map(1400_u64..2100, 0..u64::from(u32::MAX), 1..30),
        ) {
            let line: String = years.iter().map(|(year, matches)| format!("\t{year},{matches},2,1")).collect();
            let lines: String = years.iter().map(|(year, matches)| format!("{year}\t{matches}\t2\t1\n")).collect();
            let expected = Totals(years);
            for text in [line.clone(), lines.clone(), lines.replace('\t', ","), lines.replace('\n', "\r\n")] {
                prop_assert_eq!(&Totals::parse(text.as_bytes(), "-")?, &expected);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in prop::collection::vec(
            prop::sample::select(&b"0189,,\t\t\n\r -a\xFF"[..]), 0..60)) {
            let _ = Totals::parse(&text, "totals.txt");
        }
    }
}
