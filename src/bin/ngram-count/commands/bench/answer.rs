//! The answer of a run, as a digest. All runs must have the same answer.

use std::fmt;
use std::io;

use ahash::RandomState;
use ngram_count::Outcome;

/// The answer of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) rows: u64,
    /// The number of distinct words.
    pub(crate) words: u64,
    /// The number of bytes, decompressed.
    pub(crate) bytes: u64,
    /// The digest of all words and their counts. It does not depend on their order, because `--sort none` has none.
    pub(crate) digest: u64,
}

impl Answer {
    /// The answer in an outcome.
    ///
    /// # Errors
    /// When the temporary file of a large result can't be read.
    pub(crate) fn of(outcome: &Outcome) -> io::Result<Self> {
        // The seeds are fixed, as we compare the digests of all runs.
        let hash = RandomState::with_seeds(1, 2, 3, 4);
        let mut digest = 0_u64;
        outcome.counts.for_each(|word, count, periods| {
            let periods: Vec<_> = periods.iter().map(|period| (period.year, period.count, period.volumes)).collect();
            digest = digest.wrapping_add(hash.hash_one((word, count, periods)));
        })?;
        let stats = &outcome.stats;
        Ok(Self { rows: stats.rows, words: stats.words, bytes: stats.bytes, digest })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, words, bytes, digest } = self;
        write!(f, "{rows} rows, {words} words, {bytes} bytes, digest {digest:016x}")
    }
}

#[cfg(test)]
mod tests {
    use ngram_count::{By, Job, Sort};

    use super::*;

    fn answer(job: Job) -> Answer {
        Answer::of(&job.input("data/sample-v2.tsv").run().unwrap()).unwrap()
    }

    #[test]
    fn the_order_makes_no_difference() {
        assert_eq!(answer(Job::new()), answer(Job::new().sort(Sort::Word)));
        assert_eq!(answer(Job::new()), answer(Job::new().sort(Sort::None)));
    }

    #[test]
    fn another_count_word_or_year_does() {
        let word = |word: &str| answer(Job::new().word(word));
        assert_ne!(word("radio").digest, word("Aardvark").digest);
        assert_ne!(answer(Job::new()).digest, answer(Job::new().top(5)).digest);
        assert_ne!(answer(Job::new().by(By::Year)).digest, answer(Job::new().by(By::Decade)).digest);
    }
}
