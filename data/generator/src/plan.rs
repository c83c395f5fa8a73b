//! How many rows each word has, and which word stands where.

use std::io;

use super::life::{AARDVARK_ROWS, Life, MAX_ROWS};
use super::ngrams;
use super::random::{key, nth};
use super::words::Words;
use super::{Sample, Size};

/// Rows a word has on average in the real files.
const ROWS_PER_WORD: u64 = 60;
/// Rows of a sorted run of the real files.
const ROWS_PER_RUN: u64 = 215_000;

/// Rows of a word in percent of the average, at 16 quantiles of the real file, shuffled.
const SHAPE: [u64; BLOCK as usize] = [62, 210, 38, 93, 52, 127, 30, 75, 328, 48, 82, 67, 158, 43, 107, 57];
/// So many words share out their rows in this shape.
const BLOCK: u64 = 16;
/// Sums of the shape, twice round.
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

/// A sample whose numbers are all decided.
#[derive(Debug)]
pub(super) struct Plan {
    words: Words,
    rows: u64,
    runs: u64,
    /// For the rows and their counts.
    key: u64,
    /// For the lengths of lives and the places in the runs.
    order_key: u64,
    /// Rows beyond one a word, divided by the words, in 2^-64 rows, rounded up.
    extra: u128,
    /// Rows are shared out evenly: in the shape, some word would have more than [`MAX_ROWS`].
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
            even: ((rows - count) * BLOCK / count + 1) * 328 / SUM + 2 > MAX_ROWS,
        })
    }

    /// Tries a number of rows, measures the bytes, and corrects the number. Three times is more than enough.
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

    /// The word that has row `row` of all rows, the words taken in their order, and the row of the word that it is.
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

    /// Bounds for the word that has `row`: a word not after it, and one after it. A block is at most one block away from
    /// where it would be if all words had equally many rows.
    fn near(&self, row: u64) -> (u64, u64) {
        let guess = (u128::from(row) * u128::from(self.words()) / u128::from(self.rows)) as u64 / BLOCK;
        let end = (guess + 2) * BLOCK;
        (guess.saturating_sub(1) * BLOCK, end.min(self.words()))
    }

    /// The words in the order of the file: each run has one word of every `runs` words that follow each other in order.
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

    /// Rows of all words before `index`: one each, and its share of the others.
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

    /// Whether the words of this block share out their rows evenly. The last block may be incomplete, and Aardvark can
    /// have [`AARDVARK_ROWS`] only.
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

/// Refuses numbers that contradict each other.
fn check(rows: u64, words: u64, runs: u64, runs_asked: bool) -> io::Result<()> {
    check_words(words)?;
    refuse(words > rows, || format!("{words} words need as many rows, and {rows} were asked for"))?;
    let max = words * AARDVARK_ROWS;
    refuse(rows > max, || format!("{words} words can have {max} rows, and {rows} were asked for"))?;
    let max = max_runs(words);
    refuse(runs_asked && runs > max, || format!("{words} words can make {max} sorted runs, and {runs} were asked for"))
}

/// Refuses more words than there are numbers for.
pub(super) fn check_words(words: u64) -> io::Result<()> {
    let max = u64::from(u32::MAX);
    refuse(words > max, || format!("at most {max} words are possible, and {words} were asked for"))
}

fn refuse(wrong: bool, why: impl FnOnce() -> String) -> io::Result<()> {
    if wrong { Err(io::Error::new(io::ErrorKind::InvalidInput, why())) } else { Ok(()) }
}
