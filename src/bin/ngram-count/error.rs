//! The errors of the command.

use std::fmt;

use ngram_count::write::{InvalidColumns, SamePlace};

use crate::hint;

/// The reason why a command ends without a result.
#[derive(Debug)]
pub(crate) enum Error {
    /// An error of the library.
    Library(ngram_count::Error),
    /// Options contradict each other, or the system refuses something that the command needs. The text is the message.
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
