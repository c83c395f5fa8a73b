//! Deterministic sample data in Google's layouts, for tests and benchmarks.
//!
//! The real files are large and not ours to hand on, so [`Sample`] makes files that look like them. They consist of
//! sorted runs. All lines of a word stand together, and their years ascend. Three counts in four have one digit, and a few
//! are in the millions. Words have capitals, digits, punctuation, letters beyond ASCII and part-of-speech tags.
//!
//! A word or a row depends on its number and the seed, and on nothing else. That has three consequences: a sample of any
//! size needs constant memory and uses all cores; the same [`Sample`] gives the same bytes on every machine; and a sample
//! in random order has exactly the lines of the sorted one.
//!
//! [`stories`] writes the small sample in `data/` instead: real words whose invented counts tell a story.
//!
//! ```
//! use ngram_sample::{Sample, Size};
//!
//! let sample = Sample { size: Size::Rows(1000), ..Sample::default() };
//! let mut file = Vec::new();
//! let written = sample.write(&mut file)?;
//! assert_eq!((written.rows, written.bytes), (1000, file.len() as u64));
//! assert!(String::from_utf8_lossy(&file).contains("Aardvark\t1822\t2\t1\nAardvark\t1824\t3\t1\n"));
//! # Ok::<(), std::io::Error>(())
//! ```
#![expect(clippy::cast_possible_truncation, reason = "random bits are cut to the width needed")]

mod letters;
mod life;
mod lines;
mod ngrams;
mod plan;
mod prose;
mod random;
pub mod stories;
mod words;

use std::io::{self, Write};

use plan::Plan;

/// What to write. The same values always give the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Another seed gives other words and other counts.
    pub seed: u64,
    /// How a line is laid out.
    pub layout: Layout,
    /// How much to write. With zero rows or zero bytes nothing is written.
    pub size: Size,
    /// Distinct words, Aardvark among them; tagged words count as words of their own. By default one for 60 rows, as in
    /// the real files. With zero nothing is written. In [`Layout::Text`] it is the size of the vocabulary, by default
    /// 50,000.
    pub words: Option<u64>,
    /// Sorted runs, at most one for two words. By default one for 215,000 rows, as in the real files; zero counts as
    /// one.
    pub runs: Option<u64>,
    /// Share of the words that have a part-of-speech tag, from 0 to 1. Other numbers count as the nearest of these.
    pub tagged: f64,
    /// In which order the lines come.
    pub order: Order,
}

/// How a line is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// 20090715: ngram, year, matches, pages, volumes
    V1,
    /// 20120701: ngram, year, matches, volumes
    #[default]
    V2,
    /// 20200217: ngram, then year,matches,volumes for each year, all on one line
    V3,
    /// Prose: lines of about 70 bytes, a few words very often and most of them seldom
    Text,
}

/// In which order the lines come. [`Layout::Text`] ignores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// In sorted runs, as in the real files
    #[default]
    Sorted,
    /// The same lines shuffled: the worst case for a counter
    Random,
}

/// How much to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many rows, exactly: pairs of a word and a year. In [`Layout::Text`] they are lines.
    Rows(u64),
    /// About so many bytes. The lines of some thousand words tell how many rows that takes; the result is within some
    /// percent. [`Layout::Text`] stops at the first line that reaches the size.
    Bytes(u64),
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Bytes in all.
    pub bytes: u64,
    /// Lines in all.
    pub lines: u64,
    /// Pairs of a word and a year; in [`Layout::Text`], lines.
    pub rows: u64,
    /// Distinct words; in [`Layout::Text`], the size of the vocabulary.
    pub words: u64,
}

impl Default for Sample {
    /// A million rows of the 20120701 layout, three words in ten with a tag.
    fn default() -> Self {
        Self {
            seed: 1,
            layout: Layout::default(),
            size: Size::Rows(1_000_000),
            words: None,
            runs: None,
            tagged: 0.3,
            order: Order::default(),
        }
    }
}

impl Sample {
    /// Writes the sample, in blocks of its own: `to` needs no buffer.
    ///
    /// # Errors
    ///
    /// Those of `to`, and [`io::ErrorKind::InvalidInput`] when the numbers contradict each other: fewer rows than words,
    /// more than 184 rows for a word, more than 2^32 words, more runs than half the words.
    pub fn write(&self, to: &mut impl Write) -> io::Result<Written> {
        let mut out = Output { to, bytes: 0 };
        let (rows, words) = if self.is_empty() {
            (0, 0)
        } else if self.layout == Layout::Text {
            prose::write(self, &mut out)?
        } else {
            let plan = Plan::new(self)?;
            ngrams::write(&plan, self, &mut out)?;
            (plan.rows(), plan.words())
        };
        out.to.flush()?;
        let lines = if self.layout == Layout::V3 { words } else { rows };
        Ok(Written { bytes: out.bytes, lines, rows, words })
    }

    fn is_empty(&self) -> bool {
        matches!(self.size, Size::Rows(0) | Size::Bytes(0)) || self.words == Some(0)
    }
}

/// The writer that the lines go to, and how many bytes it has.
struct Output<W> {
    to: W,
    bytes: u64,
}

impl<W: Write> Output<W> {
    fn write(&mut self, block: &[u8]) -> io::Result<()> {
        self.bytes += block.len() as u64;
        self.to.write_all(block)
    }
}
