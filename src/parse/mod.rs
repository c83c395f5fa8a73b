//! The input formats: what a line looks like, and which number in it is counted.
//!
//! A format is chosen once for each input and dispatched once for each chunk; the loop over the lines knows it at
//! compile time.

mod detect;
mod digits;
mod layout;
mod rows;
mod run;
mod text;
mod v3;
mod year_filter;

use std::fmt;

pub(crate) use self::detect::{Guess, detect, is_table};
use self::rows::columns::{Counts, V1, V2, rows};
use self::rows::map;
pub(crate) use self::rows::search::{READ_WHOLE, lines_of};
pub(crate) use self::run::{Emit, Run};
pub(crate) use self::text::TextOptions;
pub use self::text::Tokens;
use self::year_filter::{All, YearRange};
use crate::filter::words::Needle;
use crate::filter::years::Years;
use crate::printable::quoted;
use crate::read::input::Compression;
use crate::read::line_numbers::ChunkReport;

/// How the lines of an input are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Google's version 20090715: `ngram TAB year TAB match_count TAB page_count TAB volume_count`. The match_count is
    /// counted.
    V1,
    /// Google's version 20120701: `ngram TAB year TAB match_count TAB volume_count`. The match_count is counted.
    V2,
    /// Google's version 20200217: `ngram`, then for each year a TAB and `year,match_count,volume_count`. The match_count
    /// is counted.
    V3,
    /// Counts made before: `ngram TAB count`, as this crate writes them.
    Counts,
    /// Running text, whose words are counted.
    Text,
}

/// How lines are taken, whatever their format.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParseOptions {
    /// Malformed lines are left out instead of ending the run.
    pub(crate) skip_malformed: bool,
    /// The years that count; `None` for all.
    pub(crate) years: Option<Years>,
    /// What is counted in text.
    pub(crate) text: TextOptions,
}

impl Format {
    /// Gives each run of lines of one ngram in `chunk`, which holds whole lines, to `emit`, and what was met to
    /// `report`. A malformed line ends the chunk, unless malformed lines are skipped.
    pub(crate) fn map(self, chunk: &[u8], options: &ParseOptions, report: &mut ChunkReport, emit: &mut impl Emit) {
        let skip = options.skip_malformed;
        match (self, options.years) {
            (Self::V1, None) => map::<V1>(chunk, All, skip, report, emit),
            (Self::V1, Some(years)) => map::<V1>(chunk, YearRange::new(years), skip, report, emit),
            (Self::V2, None) => map::<V2>(chunk, All, skip, report, emit),
            (Self::V2, Some(years)) => map::<V2>(chunk, YearRange::new(years), skip, report, emit),
            (Self::V3, None) => v3::map(chunk, All, skip, report, emit),
            (Self::V3, Some(years)) => v3::map(chunk, YearRange::new(years), skip, report, emit),
            (Self::Counts, _) => map::<Counts>(chunk, All, skip, report, emit),
            (Self::Text, _) => text::map(chunk, options.text, report, emit),
        }
    }

    /// As [`Format::map`], for the lines of `needles` alone, where lines have an ngram each; but all of the first `head`
    /// bytes are read.
    pub(crate) fn search(
        self,
        (chunk, head): (&[u8], usize),
        needles: &[Needle],
        options: &ParseOptions,
        report: &mut ChunkReport,
        emit: &mut impl Emit,
    ) {
        let (head, rest) = chunk.split_at(head);
        let skip = options.skip_malformed;
        self.map(head, options, report, emit);
        if report.malformed == 0 || skip {
            let mut searched = ChunkReport::default();
            rows::search::search(rest, needles, skip, &mut searched, |run, report| {
                self.map(run, options, report, emit);
            });
            report.append(searched);
        }
    }

    /// Gives the year, match_count and volume_count of each row of a run to `each`.
    pub(crate) fn rows(self, run: &Run<'_>, each: impl FnMut(u64, u64, u64)) {
        match self {
            Self::V1 => rows::<V1>(run, each),
            Self::V2 => rows::<V2>(run, each),
            Self::V3 => v3::rows(run, each),
            Self::Counts => rows::<Counts>(run, each),
            Self::Text => {}
        }
    }

    /// Whether its rows are of years.
    pub(crate) fn has_years(self) -> bool {
        match self {
            Self::V1 | Self::V2 | Self::V3 => true,
            Self::Counts | Self::Text => false,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
            Self::V3 => "v3",
            Self::Counts => "counts",
            Self::Text => "text",
        })
    }
}

/// Why a line is not in its input's format.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The line has too few or too many fields.
    Fields {
        /// The names of those it should have.
        expected: &'static [&'static str],
        /// How many it has.
        found: usize,
    },
    /// A field of version 20200217 that should be `year,match_count,volume_count` is not.
    Year {
        /// What stands there.
        found: Vec<u8>,
    },
    /// A field that should be a whole number, of ASCII digits alone, is none.
    Number {
        /// The field's name.
        field: &'static str,
        /// What stands there.
        found: Vec<u8>,
    },
    /// Compressed data begins in the line, as where `cat` joined a plain and a compressed file.
    Compressed {
        /// How it is compressed.
        compression: Compression,
    },
    /// A number passes 2^64-1.
    TooLarge {
        /// The field's name.
        field: &'static str,
        /// What stands there.
        found: Vec<u8>,
    },
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fields { expected, found } => {
                write!(f, "expected {} fields ({}), found {found}", expected.len(), expected.join(", "))
            }
            Self::Year { found } => write!(f, "expected year,match_count,volume_count, found {}", quoted(found)),
            Self::Number { field, found } => {
                write!(f, "expected {field} to be a whole number, found {}", quoted(found))
            }
            Self::Compressed { compression } => write!(
                f,
                "{compression} data begins in this line, as where cat joins a plain and a compressed file; name both \
                 files instead"
            ),
            Self::TooLarge { field, found } => {
                write!(f, "expected {field} to be at most 18446744073709551615 (2^64-1), found {}", quoted(found))
            }
        }
    }
}
