//! The input formats: what a line looks like, and which number in it is counted.
//!
//! A format is chosen once for each input and dispatched once for each chunk; the loop over the lines knows it at
//! compile time.

mod blanks;
mod columns;
mod cursor;
mod detect;
mod digits;
mod layout;
mod map;
mod ngrams;
mod search;
mod text;
mod unicode;

use std::fmt;

use self::columns::{Counts, V2};
pub(crate) use self::detect::detect;
pub(crate) use self::map::Emit;
use self::map::map;
pub(crate) use self::search::line_ends;
pub(crate) use self::text::TextOptions;
pub use self::text::Tokens;
use crate::error::{Result, quoted};
use crate::ledger::ChunkReport;
use crate::words::Needle;

/// How the lines of an input are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Google's version 20120701: `ngram TAB year TAB match_count TAB volume_count`. The match_count is counted.
    V2,
    /// Counts made before: `ngram TAB count`, as this crate writes them.
    Counts,
    /// Running text, whose words are counted.
    Text,
}

impl Format {
    /// Gives each run of lines of one ngram in `chunk`, which holds whole lines, to `emit`, and what was met to
    /// `report`. A malformed line ends the chunk, unless malformed lines are skipped.
    pub(crate) fn map(
        self,
        chunk: &[u8],
        skip_malformed: bool,
        text: TextOptions,
        report: &mut ChunkReport,
        emit: &mut impl Emit,
    ) -> Result<()> {
        match self {
            Self::V2 => map::<V2>(chunk, skip_malformed, report, emit),
            Self::Counts => map::<Counts>(chunk, skip_malformed, report, emit),
            Self::Text => text::map(chunk, text, report, emit),
        }
    }

    /// As [`Format::map`], for the lines that begin with one of `needles` alone, where lines have an ngram each.
    pub(crate) fn search(
        self,
        chunk: &[u8],
        needles: &[Needle],
        skip_malformed: bool,
        text: TextOptions,
        report: &mut ChunkReport,
        emit: &mut impl Emit,
    ) -> Result<()> {
        match self {
            Self::V2 => search::search::<V2>(chunk, needles, skip_malformed, report, emit),
            Self::Counts => search::search::<Counts>(chunk, needles, skip_malformed, report, emit),
            // A line has many words, not one that it begins with.
            Self::Text => text::map(chunk, text, report, emit),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V2 => "v2",
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
    /// A field that should be a whole number, of ASCII digits alone, is none.
    Number {
        /// The field's name.
        field: &'static str,
        /// What stands there.
        found: Vec<u8>,
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
            Self::Number { field, found } => {
                write!(f, "expected {field} to be a whole number, found {}", quoted(found))
            }
            Self::TooLarge { field, found } => {
                write!(f, "expected {field} to be at most 18446744073709551615 (2^64-1), found {}", quoted(found))
            }
        }
    }
}
