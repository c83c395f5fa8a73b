//! Sparklines: how often a word occurs over the years, in a few characters.

use std::fmt;

use rayon::prelude::*;

use crate::filter::years::Years;
use crate::result::ordered::Ordered;
use crate::result::totals::Totals;
use crate::table::Detail;
use crate::table::rows::Period;
use crate::write::columns::Column;

/// From no bar to the highest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

const CELLS: usize = Column::SPARK_CELLS;

/// The years that all sparklines of a result have, so that they can be compared.
#[derive(Debug)]
pub(super) struct Span<'a> {
    first: u64,
    last: u64,
    /// The words of the corpus, where bars are drawn per million of them.
    totals: Option<&'a Totals>,
    /// What the counts of each bar are divided by.
    weights: [f64; CELLS],
}

/// The heights of a word's bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bars {
    heights: [u8; CELLS],
    len: u8,
}

impl<'a> Span<'a> {
    /// The years in which any of the words occurs. `None` where none does.
    pub(super) fn of<D: Detail>(words: &Ordered<D>, totals: Option<&'a Totals>) -> Option<Self> {
        let years = words.lists.par_iter().flatten().filter_map(|entry| {
            let periods = entry.detail.periods(entry.arena(&words.arenas));
            Some((periods.first()?.year, periods.last()?.year))
        });
        let (first, last) = years.reduce_with(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
        Some(Self::new(first, last, totals))
    }

    fn new(first: u64, last: u64, totals: Option<&'a Totals>) -> Self {
        let mut span = Self { first, last, totals, weights: [0.0; CELLS] };
        if let Some(totals) = totals {
            for (year, words) in totals.in_years(Years { first, last }) {
                span.weights[span.cell(year)] += words as f64;
            }
        } else {
            // A part of the time may have a year more than another.
            let start = |cell: u128| (cell * span.years()).div_ceil(span.len());
            span.weights = std::array::from_fn(|cell| (start(cell as u128 + 1) - start(cell as u128)) as f64);
        }
        span
    }

    fn years(&self) -> u128 {
        u128::from(self.last - self.first) + 1
    }

    fn len(&self) -> u128 {
        self.years().min(CELLS as u128)
    }

    /// The number of a year's bar.
    fn cell(&self, year: u64) -> usize {
        (u128::from(year - self.first) * self.len() / self.years()) as usize
    }

    /// A word's bars. `None` where it does not occur.
    pub(super) fn bars(&self, periods: &[Period]) -> Option<Bars> {
        if periods.is_empty() {
            return None;
        }
        let mut bars = [0.0; CELLS];
        // Years that the totals lack are left out.
        let is_covered = |period: &&Period| self.totals.is_none_or(|totals| totals.cover(period.year));
        for period in periods.iter().filter(is_covered) {
            bars[self.cell(period.year)] += period.count as f64;
        }
        for (bar, weight) in bars.iter_mut().zip(self.weights) {
            *bar = if weight > 0.0 { *bar / weight } else { 0.0 };
        }
        let highest = bars.into_iter().fold(0.0, f64::max);
        let height = |bar: f64| if bar > 0.0 { (7.0 * bar / highest).round().max(1.0) as u8 } else { 0 };
        Some(Bars { heights: bars.map(height), len: self.len() as u8 })
    }
}

impl fmt::Display for Bars {
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
        Span::new(first, last, None).bars(&periods).map(|bars| bars.to_string())
    }

    #[test]
    fn a_bar_is_a_year_or_the_mean_of_some() {
        assert_eq!(bars(2000, 2007, &[(2000, 0), (2001, 1), (2004, 50), (2007, 100)]).unwrap(), "▁▂▁▁▅▁▁█");
        assert_eq!(bars(2000, 2000, &[(2000, 5)]).unwrap(), "█");
        assert_eq!(bars(2000, 2001, &[(2001, 0)]).unwrap(), "▁▁");
        assert_eq!(bars(2000, 2001, &[]), None);
        // 36 years: parts of two and one by turns.
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
