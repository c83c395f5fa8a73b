//! Turns the result of a count into the series of a chart: for each word, a value for each year, without gaps.

use std::ops::{Range, RangeInclusive};

use ngram_count::internal::is_hidden;
use ngram_count::{Counts, Period, Totals, Years};

use crate::commands::plot::smooth::smooth;
use crate::error::Error;

/// The settings of a chart's values.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The years that the user asks for.
    years: Years,
    /// The number of words in each year, if values are per million words.
    pub(crate) totals: Option<Totals>,
    /// The number of years on each side for the average.
    smooth: usize,
}

/// A chart: words over the same years.
#[derive(Debug)]
pub(crate) struct Chart {
    pub(crate) years: RangeInclusive<u64>,
    /// Whether values are per million words, not counts.
    pub(crate) is_per_million: bool,
    /// The number of years on each side for the average.
    pub(crate) smooth: usize,
    pub(crate) series: Vec<Series>,
}

/// A word over the years.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) word: Vec<u8>,
    /// The values, one for each year. `None` if the file of totals does not have the year.
    pub(crate) values: Vec<Option<Value>>,
    /// Whether the word occurs in any of the years.
    pub(crate) occurs: bool,
}

/// A count, or a number calculated from counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Count(u64),
    Real(f64),
}

impl Value {
    pub(crate) fn real(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Real(value) => value,
        }
    }
}

/// The maximum number of years: more than any corpus has. In a damaged file, a year may be any number.
const MAX_YEARS: u64 = 10_000;

impl Chart {
    /// The chart of a result; `None` if no word occurs.
    ///
    /// # Errors
    /// [`Error::Usage`] for more years than can be drawn.
    pub(crate) fn new(counts: &Counts, plan: &Plan) -> Result<Option<Self>, Error> {
        let words: Vec<_> = counts.histories().collect();
        let Some(years) = years(&words, plan.years) else { return Ok(None) };
        let (first, last) = (*years.start(), *years.end());
        check(first, last)?;
        let series = words.into_iter().map(|(word, periods)| Series {
            word: word.to_vec(),
            values: plan.values(&years, &periods),
            occurs: !periods.is_empty(),
        });
        let series = series.collect();
        Ok(Some(Self { years, is_per_million: plan.totals.is_some(), smooth: plan.smooth, series }))
    }

    /// The title of the chart.
    pub(crate) fn title(&self) -> String {
        let what = if self.is_per_million { "Per million words" } else { "Count" };
        let (first, last) = (self.years.start(), self.years.end());
        let how = match self.smooth {
            0 => String::new(),
            1 => ", averaged over 1 year each side".into(),
            sides => format!(", averaged over {sides} years each side"),
        };
        format!("{what}, {first}-{last}{how}")
    }

    /// The horizontal range: the indices of the first and the last year. A single year stands in the middle.
    pub(crate) fn x_range(&self) -> Range<f64> {
        match (self.years.end() - self.years.start()) as f64 {
            0.0 => -1.0..1.0,
            last => 0.0..last,
        }
    }

    /// The highest value.
    pub(crate) fn highest(&self) -> f64 {
        self.series.iter().flat_map(Series::points).map(|(_, value)| value).fold(0.0, f64::max)
    }

    /// Whether all values are whole numbers.
    pub(crate) fn is_whole(&self) -> bool {
        !self.is_per_million && self.smooth == 0
    }
}

impl Series {
    /// The word as text for any screen. U+FFFD replaces bytes that are not UTF-8, and control characters.
    pub(crate) fn name(&self) -> String {
        String::from_utf8_lossy(&self.word).replace(is_hidden, "\u{FFFD}")
    }

    /// The known values, each with the index of its year.
    pub(crate) fn points(&self) -> impl Iterator<Item = (usize, f64)> {
        self.values.iter().enumerate().filter_map(|(year, value)| Some((year, (*value)?.real())))
    }

    /// The known values in runs of consecutive years.
    pub(crate) fn runs(&self) -> Vec<Vec<(f64, f64)>> {
        let points: Vec<_> = self.points().collect();
        let runs = points.chunk_by(|(year, _), (next, _)| year + 1 == *next);
        runs.map(|run| run.iter().map(|&(year, value)| (year as f64, value)).collect()).collect()
    }
}

impl Plan {
    /// A plan. `None` means all years, and no totals.
    ///
    /// # Errors
    /// [`Error::Usage`] for more years than can be drawn.
    pub(crate) fn new(years: Option<Years>, totals: Option<Totals>, smooth: usize) -> Result<Self, Error> {
        let years = years.unwrap_or_default();
        if years.first() != Years::ALL.first() && years.last() != Years::ALL.last() {
            check(years.first(), years.last())?;
        }
        Ok(Self { years, totals, smooth })
    }

    fn values(&self, years: &RangeInclusive<u64>, periods: &[Period]) -> Vec<Option<Value>> {
        let mut counts = vec![0; (years.end() - years.start()) as usize + 1];
        for period in periods.iter().filter(|period| years.contains(&period.year)) {
            counts[(period.year - years.start()) as usize] = period.count;
        }
        if self.totals.is_none() && self.smooth == 0 {
            return counts.into_iter().map(|count| Some(Value::Count(count))).collect();
        }
        let values: Vec<_> =
            years.clone().zip(counts).map(|(year, count)| self.per_million(year, count as f64)).collect();
        smooth(&values, self.smooth).into_iter().map(|value| value.map(Value::Real)).collect()
    }

    /// The count per million words of the year, or the count itself without totals.
    fn per_million(&self, year: u64, count: f64) -> Option<f64> {
        let Some(totals) = &self.totals else { return Some(count) };
        totals.of_year(year).filter(|&words| words > 0).map(|words| count * 1e6 / words as f64)
    }
}

/// The years that the user asks for. An open end is the first or last year in which any of the words occurs.
fn years(words: &[(&[u8], Vec<Period>)], asked: Years) -> Option<RangeInclusive<u64>> {
    let seen = || words.iter().flat_map(|(_, periods)| periods).map(|period| period.year);
    let (mut first, mut last) = (seen().min()?, seen().max()?);
    if asked.first() != Years::ALL.first() {
        first = asked.first();
    }
    if asked.last() != Years::ALL.last() {
        last = asked.last();
    }
    Some(first..=last)
}

fn check(first: u64, last: u64) -> Result<(), Error> {
    if last - first < MAX_YEARS {
        return Ok(());
    }
    Err(Error::Usage(format!("expected at most {MAX_YEARS} years, found {first} to {last}; choose some with --years")))
}
