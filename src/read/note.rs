//! Notes for the user about an input.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::read::input::Compression;

/// A note about an input. Its text is the rest of a sentence that begins with the input's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The name promises a compression, and the content has none or another one.
    Misnamed {
        /// The compression that the name promises.
        named: Compression,
        /// The content's compression, if any.
        found: Option<Compression>,
    },
    /// Some bytes are malformed in the encoding of the text.
    Replaced {
        /// The number of malformed sequences, which U+FFFD replaced.
        sequences: u64,
    },
    /// Some bytes of text are not UTF-8, and therefore belong to no word of
    /// [`Tokens::Unicode`](crate::Tokens::Unicode).
    NotUtf8 {
        /// The number of these bytes.
        bytes: u64,
    },
    /// The lines of a text look wrapped, and N-grams stay within a line, because the job does not say
    /// [otherwise](crate::Job::within).
    Wrapped,
    /// Fewer connections than asked for read a table.
    FewerConnections {
        /// The number of connections that read.
        used: usize,
        /// The number of connections asked for.
        asked: usize,
        /// Why there were not more.
        reason: FewerConnections,
    },
}

/// Why fewer connections than asked for read a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FewerConnections {
    /// The server takes no more connections.
    Limit,
    /// The server lets no two connections read the same state of the table, as some poolers do.
    NoSnapshot,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Misnamed { named, found: None } => write!(f, "is not {named}, in spite of its name; read as it is"),
            Self::Misnamed { named, found: Some(found) } => {
                write!(f, "is not {named} but {found}, in spite of its name; read as {found}")
            }
            Self::Replaced { sequences: 1 } => f.write_str("1 sequence can't be decoded and became U+FFFD"),
            Self::Replaced { sequences } => write!(f, "{sequences} sequences can't be decoded and became U+FFFD"),
            Self::NotUtf8 { bytes: 1 } => f.write_str("1 byte is not UTF-8 and was taken for no word"),
            Self::Wrapped => {
                f.write_str("its lines look wrapped, and N-grams across the ends of lines are not counted")
            }
            Self::FewerConnections { used, asked, reason } => {
                let why = match reason {
                    FewerConnections::Limit => "the server takes no more",
                    FewerConnections::NoSnapshot => "the server lets no two connections read the same state",
                };
                write!(f, "{used} of {asked} connections read it: {why}")
            }
            Self::NotUtf8 { bytes } => write!(f, "{bytes} bytes are not UTF-8 and were taken for no word"),
        }
    }
}

impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
