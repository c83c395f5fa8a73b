//! `Rows`: the rows of one run, year by year. A [`Detail`](super::Detail) is made of them.

use crate::filter::years::{By, Years, side_of};

/// How often an ngram occurs in a year, in the decade that begins with it, or in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Period {
    /// The year, or the first year of the decade; the number of the file, from 0, in a result by
    /// [files](crate::By::File).
    pub year: u64,
    /// The sum of match_counts.
    pub count: u64,
    /// The sum of volume_counts, or the number of texts with the ngram. 0 in a run [without
    /// them](crate::Job::without_volumes).
    pub volumes: u64,
}

impl Period {
    /// The periods for `by`: `years`, in ascending order, or their sums by decade.
    pub(crate) fn by(by: By, mut years: Vec<Self>) -> Vec<Self> {
        if by == By::Decade {
            for period in &mut years {
                period.year = by.period(period.year);
            }
            sum_equal_years(&mut years);
        }
        years
    }

    /// Adds another row of the same year. If a sum passes 2^64-1, so does the ngram's sum over all years, and the table
    /// reports that one.
    fn add(&mut self, count: u64, volumes: u64) {
        self.count = self.count.wrapping_add(count);
        self.volumes = self.volumes.wrapping_add(volumes);
    }
}

/// Sums neighbours that have the same year.
pub(crate) fn sum_equal_years(periods: &mut Vec<Period>) {
    periods.dedup_by(|later, kept| {
        let is_same = later.year == kept.year;
        if is_same {
            kept.add(later.count, later.volumes);
        }
        is_same
    });
}

/// What the periods of a history are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// The years of the rows.
    Years,
    /// The files: a period's year is the number of the input.
    Files,
    /// The years of rows that have some, and the files of others. No input may be read with one of the other kind.
    Either,
}

/// The rows of one run, in the years that count. A worker has one `Rows`, and for each run it clears, extends and
/// [finishes](Rows::finish) it. A run takes 24 bytes for each of its lines in a chunk, until it is finished.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    years: Years,
    by: By,
    parts: Parts,
    /// Whether the periods of the current input are files.
    are_files: bool,
    /// The number of the input that the rows come from.
    file: u64,
    /// The number of the first input with which the others are compared.
    first_there: u64,
    /// The years that are compared: those before, and those after.
    compared_years: Option<[Years; 2]>,
    /// The years, or the files, that the totals have, in ascending order.
    covered: Vec<u64>,
    /// The last of these years without a gap between them: most years of most inputs.
    covered_range: Years,
    periods: Vec<Period>,
    /// Whether volume_counts are asked for. Else they are 0.
    has_volumes: bool,
    /// The sum of volume_counts.
    volumes: u128,
}

/// Adds rows: year, match_count and volume_count. The loop has no branch but that of the iterator;
/// [`Rows::finish`] does the rest.
impl Extend<[u64; 3]> for Rows {
    #[inline]
    fn extend<T: IntoIterator<Item = [u64; 3]>>(&mut self, rows: T) {
        self.periods.extend(rows.into_iter().map(|[year, count, volumes]| Period { year, count, volumes }));
    }
}

impl Rows {
    /// Empty rows that keep `years`, summed by decade if `by` is [`By::Decade`], else by year.
    pub(crate) fn new(years: Years, by: By) -> Self {
        let (parts, covered, periods) = (Parts::Years, Vec::new(), Vec::new());
        let covered_range = Years { first: 1, last: 0 };
        Self {
            years,
            by,
            parts,
            are_files: false,
            file: 0,
            first_there: u64::MAX,
            compared_years: None,
            covered,
            covered_range,
            periods,
            has_volumes: true,
            volumes: 0,
        }
    }

    /// The same rows, as the periods of `parts`.
    pub(crate) fn of(self, parts: Parts) -> Self {
        Self { parts, are_files: parts == Parts::Files, ..self }
    }

    /// Sets the years, or the files, that the totals have, in ascending order.
    pub(crate) fn covered_by(self, covered: Vec<u64>) -> Self {
        debug_assert!(covered.is_sorted());
        let Some(&last) = covered.last() else { return self };
        let are_consecutive = |pair: &&[u64]| pair[0] + 1 == pair[1];
        let first = last - covered.windows(2).rev().take_while(are_consecutive).count() as u64;
        Self { covered, covered_range: Years { first, last }, ..self }
    }

    /// The same rows with or without volume_counts.
    pub(crate) fn with_volumes(self, has_volumes: bool) -> Self {
        Self { has_volumes, ..self }
    }

    /// The same rows, where the inputs from this number on are those of a comparison.
    pub(crate) fn there_from(self, first_there: u64) -> Self {
        Self { first_there, ..self }
    }

    /// The same rows, where the second of these periods is compared with the first.
    pub(crate) fn comparing(self, years: [Years; 2]) -> Self {
        Self { compared_years: Some(years), ..self }
    }

    /// A run of a comparison: its count here and there, and, if years are compared, its volumes in both periods.
    #[inline]
    pub(crate) fn compared(&self, count: u64) -> [u64; 3] {
        let Some(compared) = self.compared_years else {
            return if self.are_there() { [0, count, 0] } else { [count, 0, 0] };
        };
        let mut sums = [0_u64; 3];
        for Period { year, count, volumes } in &self.periods {
            if let Some(side) = side_of(compared, *year) {
                sums[side] = sums[side].wrapping_add(*count);
                sums[2] = sums[2].wrapping_add(*volumes);
            }
        }
        sums
    }

    /// Whether the rows come from an input of the comparison.
    #[inline]
    fn are_there(&self) -> bool {
        self.file >= self.first_there
    }

    /// The number of the input that the rows come from.
    #[inline]
    pub(crate) fn file(&self) -> u64 {
        self.file
    }

    /// Sets the number of the input that the next rows come from.
    pub(crate) fn set_file(&mut self, file: u64) {
        self.file = file;
    }

    /// Whether the periods of the current input are files.
    #[inline]
    pub(crate) fn are_files(&self) -> bool {
        self.are_files
    }

    /// Notes whether the next rows have years.
    pub(crate) fn set_years(&mut self, have_years: bool) {
        if self.parts == Parts::Either {
            self.are_files = !have_years;
        }
    }

    /// Whether the rows have volume_counts. If not, the caller adds them as 0.
    #[inline]
    pub(crate) fn has_volumes(&self) -> bool {
        self.has_volumes
    }

    /// Removes all rows, for the next run.
    pub(crate) fn clear(&mut self) {
        self.periods.clear();
        self.volumes = 0;
    }

    /// Drops the rows of years that do not count, sums neighbours of the same year or decade, and sums all
    /// volume_counts if they are asked for, when the run has no more rows.
    #[inline]
    pub(crate) fn finish(&mut self) {
        if self.years != Years::ALL {
            self.periods.retain(|period| self.years.contains(period.year));
        }
        debug_assert!(self.has_volumes || self.periods.iter().all(|period| period.volumes == 0), "added as 0");
        if self.has_volumes {
            // The sum of fewer than 2^64 numbers fits.
            self.volumes = self.periods.iter().map(|period| u128::from(period.volumes)).sum();
        }
        if self.by == By::Decade {
            for period in &mut self.periods {
                period.year = self.by.period(period.year);
            }
        }
        sum_equal_years(&mut self.periods);
    }

    /// Replaces the rows by one of the whole run, in the current file. Call this after [`Self::finish`], for the sum of
    /// volume_counts.
    pub(crate) fn sum_in_file(&mut self, count: u64) {
        self.periods.clear();
        let volumes = self.volumes().unwrap_or_default();
        self.periods.push(Period { year: self.file, count, volumes });
    }

    /// The rows in the order of the run. Neighbours of the same year are summed.
    pub(crate) fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The sum of volume_counts; `None` where it passes 2^64-1.
    pub(super) fn volumes(&self) -> Option<u64> {
        self.volumes.try_into().ok()
    }

    /// Whether the totals have a year, or the year of a file.
    #[inline]
    pub(crate) fn covers(&self, part: u64) -> bool {
        self.covered_range.contains(part) || self.covered.binary_search(&part).is_ok()
    }

    /// The sum of match_counts in years that the totals lack.
    pub(super) fn uncovered(&self) -> u64 {
        let is_uncovered = |period: &&Period| !self.covers(period.year);
        self.periods.iter().filter(is_uncovered).map(|period| period.count).fold(0, u64::wrapping_add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_years_of_the_totals_are_covered(
            years in prop::collection::btree_set(prop_oneof![8 => 1990_u64..2010, 1 => any::<u64>()], 0..25),
            asked in prop_oneof![8 => 1988_u64..2012, 1 => any::<u64>()],
        ) {
            let rows = Rows::new(Years::ALL, By::Year).covered_by(years.iter().copied().collect());
            prop_assert_eq!(rows.covers(asked), years.contains(&asked));
            prop_assert!(years.iter().all(|year| rows.covers(*year)));
        }
    }
}
