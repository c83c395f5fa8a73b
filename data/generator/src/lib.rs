//! Deterministic sample data in Google's layouts, for tests and benchmarks.
//!
//! The real files are large, and we may not distribute them, so [`Sample`] makes files that look like them. A file
//! consists of sorted runs. All lines of a word stand together, and their years ascend. Three counts in four have one
//! digit, and a few are in the millions. Words have capitals, digits, punctuation, letters beyond ASCII and
//! part-of-speech tags.
//!
//! A word or a row depends only on its number and the seed. This has three consequences: a sample of any size needs
//! constant memory and uses all cores; the same [`Sample`] gives the same bytes on every machine; and a sample in
//! random order has exactly the lines of the sorted one.
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

/// The settings of a sample. The same values always give the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The seed. Another seed gives other words and other counts.
    pub seed: u64,
    /// The layout of the lines.
    pub layout: Layout,
    /// The size of the sample. With zero rows or zero bytes, the sample is empty.
    pub size: Size,
    /// The number of distinct words, including Aardvark; tagged words count separately. The default is one word for 60
    /// rows, as in the real files. With zero words, the sample is empty. In [`Layout::Text`] this is the size of the
    /// vocabulary, by default 50,000.
    pub words: Option<u64>,
    /// The number of sorted runs, at most one for two words. The default is one for 215,000 rows, as in the real files;
    /// zero counts as one.
    pub runs: Option<u64>,
    /// The share of words with a part-of-speech tag, from 0 to 1. Numbers outside count as the nearest end.
    pub tagged: f64,
    /// The order of the lines.
    pub order: Order,
}

/// The layout of a line.
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

/// The order of the lines. [`Layout::Text`] ignores it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// In sorted runs, as in the real files
    #[default]
    Sorted,
    /// The same lines shuffled: the worst case for a counter
    Random,
}

/// The size of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Exactly this number of rows, i.e. pairs of a word and a year. In [`Layout::Text`], of lines.
    Rows(u64),
    /// About this number of bytes, within some percent. The number of rows is estimated from the lines of some thousand
    /// words. [`Layout::Text`] stops at the first line that reaches the size.
    Bytes(u64),
}

/// The totals of a written sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The number of bytes.
    pub bytes: u64,
    /// The number of lines.
    pub lines: u64,
    /// The number of pairs of a word and a year; in [`Layout::Text`], of lines.
    pub rows: u64,
    /// The number of distinct words; in [`Layout::Text`], the size of the vocabulary.
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
    /// Writes the sample in large blocks, so `to` needs no buffer.
    ///
    /// # Errors
    ///
    /// The errors of `to`, and [`io::ErrorKind::InvalidInput`] when the numbers contradict each other: fewer rows than
    /// words, more than 184 rows for a word, more than 2^32 words, more runs than half the words.
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

/// The writer of the lines, and the number of bytes written.
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
