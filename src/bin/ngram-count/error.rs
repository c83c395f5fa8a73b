//! Why a command ends without what was asked for.

use std::fmt;

use ngram_count::write::{InvalidColumns, SamePlace};

use crate::hint;

/// What a command can end with instead of a result.
#[derive(Debug)]
pub(crate) enum Error {
    /// An error of the library.
    Library(ngram_count::Error),
    /// Options do not go together, or the system does not let the command do what it must. The text says all.
    Usage(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Library(error) => f.write_str(&hint::message(error)),
            Self::Usage(text) => f.write_str(text),
        }
    }
}

impl From<ngram_count::Error> for Error {
    fn from(error: ngram_count::Error) -> Self {
        Self::Library(error)
    }
}

impl From<InvalidColumns> for Error {
    fn from(error: InvalidColumns) -> Self {
        Self::Usage(hint::of_columns(error))
    }
}

impl From<SamePlace> for Error {
    fn from(error: SamePlace) -> Self {
        Self::Usage(error.to_string())
    }
}
