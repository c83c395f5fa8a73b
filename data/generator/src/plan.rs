//! The plan of a sample: the number of rows of each word, and the order of the words.

use std::io;

use super::life::{AARDVARK_ROWS, Life, MAX_ROWS};
use super::ngrams;
use super::random::{key, nth};
use super::words::Words;
use super::{Sample, Size};

/// The average number of rows of a word in the real files.
const ROWS_PER_WORD: u64 = 60;
/// The number of rows of a sorted run in the real files.
const ROWS_PER_RUN: u64 = 215_000;

/// The number of rows of a word in percent of the average, at 16 quantiles of the real file, shuffled.
const SHAPE: [u64; BLOCK as usize] = [62, 210, 38, 93, 52, 127, 30, 75, 328, 48, 82, 67, 158, 43, 107, 57];
/// The number of words that share their rows in this shape.
const BLOCK: u64 = 16;
/// The running sums of the shape, repeated twice.
const SUMS: [u64; 2 * BLOCK as usize + 1] = {
    let mut sums = [0; 2 * BLOCK as usize + 1];
    let mut at = 0;
    while at < 2 * BLOCK as usize {
        sums[at + 1] = sums[at] + SHAPE[at % BLOCK as usize];
        at += 1;
    }
    sums
};
const SUM: u64 = SUMS[BLOCK as usize];

/// A sample with all numbers decided.
#[derive(Debug)]
pub(super) struct Plan {
    words: Words,
    rows: u64,
    runs: u64,
    /// The key for the rows and their counts.
    key: u64,
    /// The key for the lengths of lives and the positions in the runs.
    order_key: u64,
    /// The number of rows beyond one for each word, divided by the number of words, in 2^-64 rows, rounded up.
    extra: u128,
    /// Whether all words have about equally many rows. In the shape, some word would have more than [`MAX_ROWS`].
    even: bool,
}

impl Plan {
    /// `sample` has rows and words.
    pub(super) fn new(sample: &Sample) -> io::Result<Self> {
        match sample.size {
            Size::Rows(rows) => Self::of_rows(sample, rows),
            Size::Bytes(bytes) => Self::of_bytes(sample, bytes),
        }
    }

    fn of_rows(sample: &Sample, rows: u64) -> io::Result<Self> {
        let count = sample.words.unwrap_or((rows / ROWS_PER_WORD).max(1));
        let runs = sample.runs.unwrap_or(rows / ROWS_PER_RUN).max(1);
        check(rows, count, runs, sample.runs.is_some())?;
        Ok(Self {
            words: Words::new(sample.seed, count, sample.tagged),
            rows,
            runs: runs.min(max_runs(count)),
            key: key(sample.seed, 2),
            order_key: key(sample.seed, 3),
            extra: (u128::from(rows - count) << 64).div_ceil(u128::from(count)),
            even: ((rows - count) * BLOCK / count + 1) * SHAPE.into_iter().fold(0, u64::max) / SUM + 2 > MAX_ROWS,
        })
    }

    /// A plan of about `bytes` bytes: tries a number of rows, measures the bytes, and corrects the number. Three rounds
    /// are more than enough.
    fn of_bytes(sample: &Sample, bytes: u64) -> io::Result<Self> {
        let possible = |rows: u64| match sample.words {
            Some(words) => rows.clamp(words, words.saturating_mul(AARDVARK_ROWS)),
            None => rows,
        };
        let trial = Sample { runs: None, ..sample.clone() };
        let mut rows = (bytes / 20).max(1);
        for _ in 0..3 {
            let plan = Self::of_rows(&trial, possible(rows))?;
            let (measured, of_rows) = ngrams::measure(&plan, sample.layout);
            let reckoned = u128::from(bytes) * u128::from(of_rows) / u128::from(measured);
            rows = (reckoned as u64).max(1);
        }
        Self::of_rows(sample, rows)
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn words(&self) -> u64 {
        self.words.count()
    }

    pub(super) fn word(&self, index: u64, word: &mut Vec<u8>) {
        self.words.write(index, word);
    }

    pub(super) fn life(&self, index: u64) -> Life {
        let rows = self.rows_before(index + 1) - self.rows_before(index);
        let key = nth(self.key, index);
        if index == self.words.aardvark() { Life::aardvark(key, rows) } else { Life::new(key, rows) }
    }

    /// The life of Aardvark.
    pub(super) fn aardvark(&self) -> Life {
        self.life(self.words.aardvark())
    }

    /// The word of row `row`, among all rows in the order of the words, and the number of this row among the word's
    /// rows.
    pub(super) fn locate(&self, row: u64) -> (u64, u64) {
        let (mut low, mut high) = self.near(row);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.rows_before(middle) <= row {
                low = middle;
            } else {
                high = middle;
            }
        }
        (low, row - self.rows_before(low))
    }

    /// Bounds for the word of `row`: a word at or before it, and a word after it. A block is at most one block away
    /// from its position with equally many rows for all words.
    fn near(&self, row: u64) -> (u64, u64) {
        let guess = (u128::from(row) * u128::from(self.words()) / u128::from(self.rows)) as u64 / BLOCK;
        let end = (guess + 2) * BLOCK;
        (guess.saturating_sub(1) * BLOCK, end.min(self.words()))
    }

    /// The words in the order of the file. Each run has one word of every `runs` consecutive words.
    pub(super) fn in_runs(&self) -> impl Iterator<Item = u64> {
        let blocks = self.words().div_ceil(self.runs);
        (0..self.runs).flat_map(move |run| {
            (0..blocks).filter_map(move |block| {
                let turn = nth(self.order_key, block) % self.runs;
                let index = block * self.runs + (run + turn) % self.runs;
                (index < self.words()).then_some(index)
            })
        })
    }

    /// The number of rows of all words before `index`: one for each, and its share of the others.
    fn rows_before(&self, index: u64) -> u64 {
        if self.extra == 0 {
            return index;
        }
        let inside = index % BLOCK;
        let first = index - inside;
        if inside == 0 || self.is_even(first) {
            return index + self.evenly(index);
        }
        let start = self.evenly(first);
        let turn = (nth(self.order_key, !first) % BLOCK) as usize;
        let share = (self.evenly(first + BLOCK) - start) * (SUMS[turn + inside as usize] - SUMS[turn]) / SUM;
        index + start + share
    }

    /// Whether the words of this block have equally many rows. The last block may be incomplete, and Aardvark has at
    /// most [`AARDVARK_ROWS`].
    fn is_even(&self, first: u64) -> bool {
        let end = first + BLOCK;
        self.even || end > self.words() || (first..end).contains(&self.words.aardvark())
    }

    fn evenly(&self, index: u64) -> u64 {
        ((u128::from(index) * self.extra) >> 64) as u64
    }
}

fn max_runs(words: u64) -> u64 {
    (words / 2).max(1)
}

/// Checks that the numbers do not contradict each other.
fn check(rows: u64, words: u64, runs: u64, runs_asked: bool) -> io::Result<()> {
    check_words(words)?;
    refuse(words > rows, || format!("{words} words need as many rows, and {rows} were asked for"))?;
    let max = words * AARDVARK_ROWS;
    refuse(rows > max, || format!("{words} words can have {max} rows, and {rows} were asked for"))?;
    let max = max_runs(words);
    refuse(runs_asked && runs > max, || format!("{words} words can make {max} sorted runs, and {runs} were asked for"))
}

/// Checks that there are not more words than numbers for them.
pub(super) fn check_words(words: u64) -> io::Result<()> {
    let max = u64::from(u32::MAX);
    refuse(words > max, || format!("at most {max} words are possible, and {words} were asked for"))
}

fn refuse(wrong: bool, why: impl FnOnce() -> String) -> io::Result<()> {
    if wrong { Err(io::Error::new(io::ErrorKind::InvalidInput, why())) } else { Ok(()) }
}
