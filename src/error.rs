//! What can go wrong. No message names an option of the command, which adds these itself.

use std::io;
use std::path::PathBuf;

use crate::filter::words::InvalidWord;
use crate::filter::years::InvalidYears;
use crate::filter::{InvalidFilter, InvalidRegex};
use crate::parse::{Format, Malformed};
use crate::printable::{printable, quoted};
use crate::read::unpack::Compression;
use crate::table::Overflow;

/// Why a run has no result.
///
/// Each message is one line: the input, the reason, and the remedy where there is one. The reason can be matched on:
///
/// ```
/// use ngram_count::{Error, Job};
///
/// match Job::new().input("no such file.tsv").run() {
///     Ok(outcome) => println!("{} ngrams", outcome.counts.len()),
///     Err(Error::Open { input, source, .. }) => eprintln!("can't open {input}: {source}"),
///     Err(Error::Malformed { input, line, reason, .. }) => eprintln!("{input}, line {line}: {reason}"),
///     Err(error) => eprintln!("{error}"),
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input can't be opened.
    #[error("{input}: {}", explained(source, "reading"))]
    #[non_exhaustive]
    Open {
        /// The input's name, as the user wrote it.
        input: String,
        /// The operating system's reason.
        source: io::Error,
    },
    /// An input can't be read to its end, or its compressed data is damaged, or it is
    /// [of a kind that is not read](crate::Unsupported).
    #[error("{input}: {}", explained(source, "reading"))]
    #[non_exhaustive]
    Read {
        /// The input's name, as the user wrote it.
        input: String,
        /// The operating system's reason, or the decompressor's.
        source: io::Error,
    },
    /// A file has another length than at the start of the run. Its counts would be neither the old file's nor the new
    /// one's.
    #[error(
        "{input}: changed from {before} to {now} bytes while it was read; count it again when nothing writes to it"
    )]
    #[non_exhaustive]
    Changed {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its length at the start, in bytes.
        before: u64,
        /// Its length now, in bytes.
        now: u64,
    },
    /// Text holds a NUL byte, which no text does. With [`Job::format`](crate::Job::format), such an input is counted all
    /// the same.
    #[error("{input}: holds a NUL byte at byte {at}, {}", why_binary(*compression))]
    #[non_exhaustive]
    Binary {
        /// The input's name, as the user wrote it.
        input: String,
        /// How many bytes come before the first NUL, in the (decompressed and decoded) input.
        at: u64,
        /// The compression of data that begins in the same line.
        compression: Option<Compression>,
    },
    /// A line is not in the input's format.
    #[error("{input}:{line}: {reason}{}", in_doubt(*guess))]
    #[non_exhaustive]
    Malformed {
        /// The input's name, as the user wrote it.
        input: String,
        /// The number of the line in the (decompressed) input, from 1.
        line: u64,
        /// What was expected, and what was found.
        reason: Malformed,
        /// The input's format, if it was told from its first lines and fewer than half of them fit. Another one may be
        /// meant: [`Job::format`](crate::Job::format) names it.
        guess: Option<Format>,
    },
    /// The job asks for years, and the input's format has none.
    #[error("{input}: its format ({format}) has no years and no volumes")]
    #[non_exhaustive]
    NoYears {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its format, as named or as found.
        format: Format,
    },
    /// The job says what the words of text are, and the input is not text.
    #[error("{input}: its format ({format}) is not text")]
    #[non_exhaustive]
    NoText {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its format, as named or as found.
        format: Format,
    },
    /// A sum passes 2^64-1.
    #[error("the sum of {} passes 18446744073709551615 (2^64-1), the largest count there is", quoted(ngram))]
    #[non_exhaustive]
    Overflow {
        /// The ngram whose sum it is.
        ngram: Vec<u8>,
    },
    /// The job asks for a word that no input can hold.
    #[error(transparent)]
    InvalidWord(#[from] InvalidWord),
    /// The job's regular expression can't be read.
    #[error(transparent)]
    InvalidRegex(#[from] InvalidRegex),
    /// A text names no years.
    #[error(transparent)]
    InvalidYears(#[from] InvalidYears),
    /// No encoding has this name.
    #[error(
        "expected auto, none or an encoding such as utf-16le, latin1, windows-1251 or gbk, found {}",
        quoted(name.as_bytes())
    )]
    #[non_exhaustive]
    UnknownEncoding {
        /// The name.
        name: String,
    },
    /// A job reads standard input more than once.
    #[error("standard input (-) is named twice, but can be read only once")]
    StdinTwice,
    /// A file of total counts is malformed.
    #[error("{place}: {reason}; is it a file of total counts?")]
    #[non_exhaustive]
    Totals {
        /// The file's name, as the user wrote it, and the place in it.
        place: String,
        /// What was expected, and what was found.
        reason: String,
    },
    /// A result can't be written.
    #[error("{}: {}", printable(path.as_os_str()), explained(source, "writing"))]
    #[non_exhaustive]
    Write {
        /// Where it was to go.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Inputs that could not be read and that the job was to [pass over](crate::Job::keep_going); the last error ended the
    /// run.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Error>),
    /// The threads can't be started.
    #[error("can't start {threads} threads: {reason}")]
    #[non_exhaustive]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// The thread pool's reason.
        reason: String,
    },
    /// The caller [cancelled](crate::Job::cancel) the run.
    #[error("the run was cancelled")]
    Cancelled,
}

impl From<Overflow> for Error {
    fn from(Overflow { ngram }: Overflow) -> Self {
        Self::Overflow { ngram }
    }
}

fn why_binary(compression: Option<Compression>) -> String {
    match compression {
        Some(compression) => format!(
            "where {compression} data begins, as where cat joins a plain and a compressed file; name both files instead"
        ),
        None => "so it is binary, not text".into(),
    }
}

fn in_doubt(guess: Option<Format>) -> String {
    guess.map_or_else(String::new, |format| format!("; the input was taken for {format}"))
}

impl From<InvalidFilter> for Error {
    fn from(error: InvalidFilter) -> Self {
        match error {
            InvalidFilter::Word(error) => error.into(),
            InvalidFilter::Regex(error) => error.into(),
        }
    }
}

/// [`std::result::Result`] with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// A system error's message without its number, as in `(os error 2)`.
pub fn plain(text: &impl ToString) -> String {
    let text = text.to_string();
    match text.split_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

/// A system error's message, or a clearer one for some errors.
fn explained(source: &io::Error, use_of_it: &str) -> String {
    match source.raw_os_error() {
        Some(libc::EBADF) => format!("is closed, or not open for {use_of_it}"),
        Some(libc::EFBIG) => "would be larger than the file system, or the limit on files (ulimit -f), allows".into(),
        _ => plain(source),
    }
}

impl Error {
    /// Whether the error is of one input, and others may still be read.
    pub(crate) fn is_of_input(&self) -> bool {
        matches!(
            self,
            Self::Open { .. }
                | Self::Read { .. }
                | Self::Changed { .. }
                | Self::Binary { .. }
                | Self::NoYears { .. }
                | Self::NoText { .. }
        )
    }
}
