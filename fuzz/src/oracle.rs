//! The naive sums of rows, and the comparison of a run with them.

use std::collections::BTreeMap;

use ngram_count::{By, Error, Format, Outcome, Result};

use crate::naive::{Row, read};

/// The sums of match_counts and of volume_counts, wide enough for any.
type Sums = BTreeMap<(Vec<u8>, u64), (u128, u128)>;

/// What a run must find.
#[derive(Debug)]
pub(crate) struct Expected {
    by: By,
    sums: Sums,
    malformed: Vec<u64>,
    skip_malformed: bool,
}

impl Expected {
    pub(crate) fn of(format: Format, by: By, skip_malformed: bool, text: &[u8]) -> Self {
        let (rows, malformed) = read(format, text);
        Self { by, sums: sums(&rows, by), malformed, skip_malformed }
    }

    /// Leaves out the words that `is_kept` does not keep.
    pub(crate) fn keep(mut self, is_kept: impl Fn(&[u8]) -> bool) -> Self {
        self.sums.retain(|(ngram, _), _| is_kept(ngram));
        self
    }

    /// The first ngram with a sum that no count can hold.
    fn overflow(&self) -> Option<&[u8]> {
        let mut words = BTreeMap::new();
        for ((ngram, _), (matches, volumes)) in &self.sums {
            let word = words.entry(&ngram[..]).or_insert((0, false));
            word.0 += matches;
            word.1 |= self.by != By::Word && *volumes > u128::from(u64::MAX);
        }
        words.into_iter().find(|(_, word)| word.0 > u128::from(u64::MAX) || word.1).map(|(ngram, _)| ngram)
    }

    /// Panics if a run found something else.
    pub(crate) fn compare(&self, result: &Result<Outcome>) {
        match result {
            Ok(outcome) => {
                assert!(self.skip_malformed || self.malformed.is_empty(), "malformed lines: {:?}", self.malformed);
                assert_eq!(outcome.stats.malformed, self.malformed.len() as u64);
                assert_eq!(self.overflow(), None, "too large");
                assert_eq!(found(outcome, self.by), self.sums);
            }
            Err(Error::Malformed { line, .. }) => {
                assert_eq!((self.skip_malformed, Some(line)), (false, self.malformed.first()));
            }
            Err(Error::Overflow { ngram, .. }) => assert_eq!(Some(&ngram[..]), self.overflow()),
            // The checksum of an old tar header can be met by chance.
            Err(Error::Read { source, .. }) if source.to_string().contains("tar archive") => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// The sums of the rows in each period.
fn sums(rows: &[Row], by: By) -> Sums {
    let mut sums = Sums::new();
    for row in rows {
        let period = match by {
            By::Year => row.year,
            By::Decade => row.year / 10 * 10,
            _ => 0,
        };
        let sum = sums.entry((row.ngram.clone(), period)).or_default();
        sum.0 += u128::from(row.matches);
        sum.1 += u128::from(if by == By::Word { 0 } else { row.volumes });
    }
    sums
}

/// The sums of a result.
fn found(outcome: &Outcome, by: By) -> Sums {
    if by == By::Word {
        return outcome.counts.iter().map(|(ngram, count)| ((ngram.to_vec(), 0), (count.into(), 0))).collect();
    }
    let histories = outcome.counts.histories().flat_map(|(ngram, periods)| {
        periods.into_iter().map(|period| ((ngram.to_vec(), period.year), (period.count.into(), period.volumes.into())))
    });
    histories.collect()
}
