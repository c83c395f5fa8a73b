//! Inputs of a kind that this crate does not read, and their remedies.

use std::fmt;
use std::io;

/// The error for an input of a known kind that this crate does not read, such as an archive or a PDF document.
///
/// It is the inner error of the [`source`](std::error::Error::source) of an [`Error::Read`](crate::Error::Read); for the
/// URL of a table in a crate without the feature `postgres`, of an [`Error::Open`](crate::Error::Open) or an
/// [`Error::Write`](crate::Error::Write).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    what: String,
    remedy: Remedy,
}

/// The remedy for an unsupported input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// A shell command that writes the input's text to its standard output. `FILE` stands for the input.
    Command(String),
    /// The input is a JSON result of this crate. Write the result in TSV or CSV instead, which this crate reads.
    Tsv,
    /// The crate was built without this cargo feature.
    Feature(&'static str),
    /// No known remedy.
    None,
}

impl Unsupported {
    pub(crate) fn new(what: impl Into<String>, remedy: Remedy) -> Self {
        Self { what: what.into(), remedy }
    }

    /// The kind of the input, as the rest of a sentence that begins with its name.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The way to make the input readable.
    pub fn remedy(&self) -> &Remedy {
        &self.remedy
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, remedy } = self;
        match remedy {
            Remedy::Command(command) => write!(f, "{what}, as in: {command}"),
            Remedy::Tsv => write!(f, "{what}; write it as TSV or CSV to count it again"),
            Remedy::Feature(feature) => write!(f, "{what}; build it with the feature {feature}"),
            Remedy::None => f.write_str(what),
        }
    }
}

impl std::error::Error for Unsupported {}

/// The error for an input that a shell command makes readable.
pub(crate) fn unsupported(what: impl Into<String>, command: impl Into<String>) -> io::Error {
    io::Error::other(Unsupported::new(what, Remedy::Command(command.into())))
}
