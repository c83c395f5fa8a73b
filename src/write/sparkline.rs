//! Sparklines: the counts of a word over the years, in a few characters.

use std::fmt;
use std::io;

use crate::filter::years::Years;
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::totals::Totals;
use crate::table::Detail;
use crate::table::rows::Period;
use crate::write::columns::Column;
use crate::write::span::span;

/// The character for no bar, then bars from the lowest to the highest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

const MAX_BARS: usize = Column::MAX_SPARK_BARS;

/// The years of all sparklines of a result. All sparklines show the same years, so that a reader can compare them.
#[derive(Debug)]
pub(super) struct SparkYears<'a> {
    first: u64,
    last: u64,
    /// The words of the corpus. If they are known, bars show counts per million words.
    totals: Option<&'a Totals>,
    /// The divisor of each bar: its number of years, or of words.
    weights: [f64; MAX_BARS],
}

/// The heights of a word's bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sparkline {
    heights: [u8; MAX_BARS],
    len: u8,
}

impl<'a> SparkYears<'a> {
    /// The years from the first to the last one in which any of the words occurs. `None` if none occurs.
    ///
    /// # Errors
    /// When the temporary file of the result can't be read.
    pub(super) fn of<D: Detail>(words: &Buckets<D>, corpus: &'a Corpus) -> io::Result<Option<Self>> {
        Ok(span(words, &corpus.parts)?.map(|(first, last)| Self::new(first, last, corpus.totals())))
    }

    fn new(first: u64, last: u64, totals: Option<&'a Totals>) -> Self {
        let mut years = Self { first, last, totals, weights: [0.0; MAX_BARS] };
        if let Some(totals) = totals {
            for (year, words) in totals.in_years(Years { first, last }) {
                years.weights[years.bar(year)] += words as f64;
            }
        } else {
            // Bars differ by one year at most.
            let start = |bar: u128| (bar * years.years()).div_ceil(years.len());
            years.weights = std::array::from_fn(|bar| (start(bar as u128 + 1) - start(bar as u128)) as f64);
        }
        years
    }

    fn years(&self) -> u128 {
        u128::from(self.last - self.first) + 1
    }

    fn len(&self) -> u128 {
        self.years().min(MAX_BARS as u128)
    }

    /// The index of a year's bar.
    fn bar(&self, year: u64) -> usize {
        (u128::from(year - self.first) * self.len() / self.years()) as usize
    }

    /// The bars of a word. `None` if the word does not occur.
    pub(super) fn sparkline(&self, periods: &[Period]) -> Option<Sparkline> {
        if periods.is_empty() {
            return None;
        }
        let mut bars = [0.0; MAX_BARS];
        // The totals may lack a year. Its number of words is unknown, so its count can't be compared.
        let is_covered = |period: &&Period| self.totals.is_none_or(|totals| totals.cover(period.year));
        for period in periods.iter().filter(is_covered) {
            debug_assert!((self.first..=self.last).contains(&period.year), "the years of all words");
            bars[self.bar(period.year)] += period.count as f64;
        }
        for (bar, weight) in bars.iter_mut().zip(self.weights) {
            *bar = if weight > 0.0 { *bar / weight } else { 0.0 };
        }
        let highest = bars.into_iter().fold(0.0, f64::max);
        let height = |bar: f64| if bar > 0.0 { (7.0 * bar / highest).round().max(1.0) as u8 } else { 0 };
        Some(Sparkline { heights: bars.map(height), len: self.len() as u8 })
    }
}

impl fmt::Display for Sparkline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.heights[..usize::from(self.len)]
            .iter()
            .try_for_each(|&height| write!(f, "{}", BLOCKS[usize::from(height)]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bars(first: u64, last: u64, years: &[(u64, u64)]) -> Option<String> {
        let periods: Vec<Period> = years.iter().map(|&(year, count)| Period { year, count, volumes: 1 }).collect();
        SparkYears::new(first, last, None).sparkline(&periods).map(|bars| bars.to_string())
    }

    #[test]
    fn a_bar_is_a_year_or_the_mean_of_some() {
        assert_eq!(bars(2000, 2007, &[(2000, 0), (2001, 1), (2004, 50), (2007, 100)]).unwrap(), "▁▂▁▁▅▁▁█");
        assert_eq!(bars(2000, 2000, &[(2000, 5)]).unwrap(), "█");
        assert_eq!(bars(2000, 2001, &[(2001, 0)]).unwrap(), "▁▁");
        assert_eq!(bars(2000, 2001, &[]), None);
        // 36 years: slices of two and one by turns.
        let steady: Vec<_> = (1900..1936).map(|year| (year, 7)).collect();
        assert_eq!(bars(1900, 1935, &steady).unwrap(), "█".repeat(24));
        assert_eq!(bars(0, u64::MAX, &[(0, 1), (u64::MAX, 1)]).unwrap(), format!("█{}█", "▁".repeat(22)));
    }

    proptest! {
        #[test]
        fn each_word_has_all_years_and_a_highest_bar(
            years in prop::collection::btree_map(prop_oneof![1500_u64..2010, any::<u64>()], 1_u64..1 << 40, 1..30),
        ) {
            let years: Vec<(u64, u64)> = years.into_iter().collect();
            let (first, last) = (years[0].0, years[years.len() - 1].0);
            let text = bars(first, last, &years).unwrap();
            prop_assert_eq!(text.chars().count() as u64, (last - first).saturating_add(1).min(24));
            prop_assert!(text.contains('█'));
            prop_assert!(!text.starts_with('▁') && !text.ends_with('▁'));
        }
    }
}
