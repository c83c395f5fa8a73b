//! What the periods of a result are, and what is known of them beside the counts of ngrams.

use std::collections::BTreeMap;

use super::{Job, Kept};
use crate::count::Tallies;
use crate::error::{Error, Result};
use crate::filter::years::{By, Years, side_of};
use crate::parse::Format;
use crate::read::InputReport;
use crate::result::dispersion::PartSizes;
use crate::result::parts::{FilePart, PartsOf};
use crate::result::totals::Totals;
use crate::table::rows::{Parts, Period};

/// The settings of a job that decide about periods.
pub(super) struct PartsPlan {
    /// What the periods are; `None` if there are none.
    parts: Option<Parts>,
    by: By,
    /// The year of each input, if the texts are dated.
    years: Option<Vec<u64>>,
    /// The periods whose texts are compared.
    compared: Option<[Years; 2]>,
    has_volumes: bool,
    needs_sizes: bool,
    counts_own_totals: bool,
}

/// What a run finds out about periods.
pub(super) struct PartFacts {
    pub(super) parts: PartsOf,
    /// All words of each part, to measure dispersion.
    pub(super) sizes: Option<PartSizes>,
    /// All words and the texts of each year.
    pub(super) own_totals: Vec<Period>,
    /// The words of years that the totals lack, if there are totals.
    pub(super) lacking: Option<BTreeMap<u64, u128>>,
    /// All words here and there of a comparison, whatever the filters.
    pub(super) compared: [u128; 2],
    /// The words here that pass the filters, if texts are compared: their table has those of both periods.
    pub(super) selected: Option<u128>,
}

impl Job {
    /// What the periods of histories are; `None` if there are no histories. Years win, since they have volumes, too.
    pub(super) fn parts(&self) -> Option<Parts> {
        let Kept { years, mut files, .. } = self.kept;
        files |= self.needs_sizes;
        match self.by {
            By::File => Some(Parts::Files),
            _ if self.year_from.is_some() => (years || files || self.totals.is_some()).then_some(Parts::Files),
            _ if years => Some(Parts::Years),
            _ if self.needs_sizes => Some(Parts::Either),
            _ => files.then_some(Parts::Files),
        }
    }

    /// What the run counts beside ngrams.
    pub(super) fn tallies(&self) -> Tallies {
        let sums_not_covered = self.totals.is_some() && self.by != By::File || self.compared_texts().is_some();
        Tallies::new(self.counts_all_words(), sums_not_covered)
    }

    /// The settings that decide about periods.
    pub(super) fn parts_plan(&self) -> PartsPlan {
        PartsPlan {
            parts: self.parts(),
            by: self.by,
            years: self.year_from.as_ref().map(|_| self.text_years.clone()),
            compared: self.compared_texts(),
            has_volumes: self.kept.volumes,
            needs_sizes: self.needs_sizes,
            counts_own_totals: self.counts_own_totals(),
        }
    }

    /// The years that the totals have, or the inputs of such years, in ascending order.
    pub(super) fn covered(&self, totals: &Totals, parts: Option<Parts>) -> Vec<u64> {
        if parts != Some(Parts::Files) {
            return totals.covered();
        }
        self.texts_of(|year| totals.cover(year))
    }

    /// The numbers of the texts of some years.
    pub(super) fn texts_of(&self, is_wanted: impl Fn(u64) -> bool) -> Vec<u64> {
        let years = (0..).zip(&self.text_years);
        years.filter(|(_, year)| is_wanted(**year)).map(|(file, _)| file).collect()
    }
}

impl PartsPlan {
    /// What the tallies and the inputs tell about periods.
    ///
    /// # Errors
    /// [`Error::MixedParts`] and [`Error::TotalsOverflow`].
    pub(super) fn facts(self, tallies: Tallies, inputs: &[InputReport]) -> Result<PartFacts> {
        let years = self.years.as_deref().unwrap_or_default();
        let mut compared = tallies.compared();
        let [sizes, mut lacking] = tallies.into_sizes().map(|sizes| sizes.map(|sizes| sizes.by_year(years)));
        let mut selected = None;
        if let Some(periods) = self.compared {
            compared = sides(sizes.as_ref(), periods);
            selected = lacking.take().map(|words| words.values().sum());
        }
        let own_totals = match sizes.as_ref().filter(|_| self.counts_own_totals) {
            Some(sizes) => own_totals(sizes, inputs, years)?,
            None => Vec::new(),
        };
        let sizes = sizes.filter(|_| self.needs_sizes).map(PartSizes::new);
        Ok(PartFacts { parts: self.parts_of(inputs)?, sizes, own_totals, lacking, compared, selected })
    }

    fn parts_of(self, inputs: &[InputReport]) -> Result<PartsOf> {
        let has_volumes = self.has_volumes;
        let are_files = match self.parts {
            Some(Parts::Files) => true,
            Some(Parts::Either) => !have_years(inputs)?,
            Some(Parts::Years) | None => false,
        };
        Ok(match self.years.filter(|_| self.by != By::File) {
            _ if !are_files => PartsOf::Years,
            Some(years) => PartsOf::Texts { years, has_volumes },
            None => PartsOf::Files(inputs.iter().map(|input| file_part(input, has_volumes)).collect()),
        })
    }
}

/// The words of both sides of a comparison of years.
fn sides(sizes: Option<&BTreeMap<u64, u128>>, periods: [Years; 2]) -> [u128; 2] {
    let mut sums = [0; 2];
    for (year, words) in sizes.into_iter().flatten() {
        if let Some(side) = side_of(periods, *year) {
            sums[side] += words;
        }
    }
    sums
}

/// Whether the inputs have years. One without rows does not matter.
///
/// # Errors
/// [`Error::MixedParts`] if some have years and others have none.
fn have_years(inputs: &[InputReport]) -> Result<bool> {
    let of = |has_years| {
        let is_such = move |input: &&InputReport| {
            let format = input.found.as_ref().map(|found| found.detected.format);
            input.sum.rows > 0 && format.is_some_and(|format| format.has_years() == has_years)
        };
        inputs.iter().find(is_such).map(|input| input.input.to_string())
    };
    match (of(true), of(false)) {
        (Some(dated), Some(undated)) => Err(Error::MixedParts { dated, undated }),
        (dated, _) => Ok(dated.is_some()),
    }
}

/// An input as a part of the result. Without `volumes`, nobody asks in how many files an ngram occurs.
fn file_part(report: &InputReport, volumes: bool) -> FilePart {
    let is_text = report.found.as_ref().is_some_and(|found| found.detected.format == Format::Text);
    FilePart { name: report.input.name(), is_volume: volumes && is_text }
}

/// The words of each year, and its texts, from the words of each input.
///
/// # Errors
/// [`Error::TotalsOverflow`].
fn own_totals(sizes: &BTreeMap<u64, u128>, inputs: &[InputReport], years: &[u64]) -> Result<Vec<Period>> {
    let mut totals = BTreeMap::<u64, (u128, u64)>::new();
    for (_, year) in inputs.iter().zip(years).filter(|(input, _)| input.found.is_some()) {
        totals.entry(*year).or_default().1 += 1;
    }
    for (&year, words) in sizes {
        totals.entry(year).or_default().0 += words;
    }
    let sum: u128 = totals.values().map(|(words, _)| words).sum();
    if sum > u64::MAX.into() {
        return Err(Error::TotalsOverflow);
    }
    let period = |(year, (words, volumes))| Period { year, count: words as u64, volumes };
    Ok(totals.into_iter().map(period).collect())
}
