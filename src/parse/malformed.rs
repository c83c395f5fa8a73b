//! The faults of malformed lines, and their messages.

use std::fmt;

use crate::printable::quoted;
use crate::read::unpack::Compression;

/// The reason why a line is not in its input's format.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Malformed {
    /// The line has too few or too many fields.
    Fields {
        /// The names of the expected fields.
        expected: &'static [&'static str],
        /// The number of fields in the line.
        found: usize,
    },
    /// A field of version 20200217 should be `year,match_count,volume_count`, but is not.
    Year {
        /// The field as it stands in the line.
        found: Vec<u8>,
    },
    /// A field should be a whole number, which has only ASCII digits, but is not.
    Number {
        /// The field's name.
        field: &'static str,
        /// The field as it stands in the line.
        found: Vec<u8>,
    },
    /// Compressed data begins in the line. This happens when `cat` joins a plain and a compressed file.
    Compressed {
        /// The format of the compressed data.
        compression: Compression,
    },
    /// A number passes 2^64-1.
    TooLarge {
        /// The field's name.
        field: &'static str,
        /// The field as it stands in the line.
        found: Vec<u8>,
    },
    /// A field of a row of a table is NULL.
    Null {
        /// The field's name.
        field: &'static str,
    },
    /// The ngram of a row of a table holds a TAB or a line end.
    LineEnd {
        /// The ngram, with `\t` for a TAB and `\n` for a line end.
        ngram: Vec<u8>,
    },
    /// A row of a table has a fault. Rows of a table have no numbers, so the ngram tells which row it is.
    Row {
        /// The row's ngram.
        ngram: Vec<u8>,
        /// The fault.
        fault: Box<Malformed>,
    },
}

impl Malformed {
    /// Whether this is the fault of a row of a table. Such rows have no line numbers.
    pub(crate) fn is_of_row(&self) -> bool {
        matches!(self, Self::Row { .. } | Self::LineEnd { .. } | Self::Null { .. })
    }
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
            Self::Null { field } => write!(f, "expected {field} to have a value, found NULL"),
            Self::LineEnd { ngram } => {
                write!(f, "an ngram can't hold a TAB or a line end, found \"{}\"", ngram.escape_ascii())
            }
            Self::Row { ngram, fault } => write!(f, "in a row of {}: {fault}", quoted(ngram)),
        }
    }
}
