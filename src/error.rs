//! The errors of the library. No message names an option of the command line: the command adds the option that helps.

use std::io;
use std::path::PathBuf;

use crate::filter::headwords::InvalidMap;
use crate::filter::words::InvalidWord;
use crate::filter::years::InvalidYears;
use crate::filter::{InvalidFilter, InvalidRegex};
use crate::parse::{Format, Malformed};
use crate::printable::{printable, quoted};
use crate::read::unpack::Compression;
use crate::table::Overflow;
use crate::table::spill::Spill;

/// The reason why a run has no result.
///
/// Each message is one line: the input, the reason, and the remedy if there is one. Programs match on the variant:
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
    /// Something wrote to a file during the run. The counts would be neither those of the old file nor those of the new
    /// one.
    #[error("{input}: {}; count it again when nothing writes to it", change(*before, *now))]
    #[non_exhaustive]
    Changed {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its length at the start, in bytes.
        before: u64,
        /// Its length now, in bytes. It may be the same.
        now: u64,
    },
    /// An input that looks like text holds a NUL byte, so it is binary. A job that names the
    /// [format](crate::Job::format) counts it all the same.
    #[error("{input}: holds a NUL byte at byte {at}, {}", why_binary(*compression))]
    #[non_exhaustive]
    Binary {
        /// The input's name, as the user wrote it.
        input: String,
        /// The offset of the first NUL in the decompressed and decoded input, in bytes.
        at: u64,
        /// The compression of the data that begins in the line of the NUL, if any does.
        compression: Option<Compression>,
    },
    /// A line is not in the input's format.
    #[error("{input}{}: {reason}{}", at_line(*line, reason), in_doubt(*guess))]
    #[non_exhaustive]
    Malformed {
        /// The input's name, as the user wrote it.
        input: String,
        /// The number of the line in the decompressed input, from 1. Rows of a table have no numbers: it is not that of a
        /// row.
        line: u64,
        /// What was expected, and what was found.
        reason: Malformed,
        /// The detected format, if fewer than half of the input's first lines fit it.
        /// [`Job::format`](crate::Job::format) names the right one.
        guess: Option<Format>,
    },
    /// The job asks for years or volumes, and the input's format has none. Text has no years, but each text is a volume.
    #[error("{input}: its format ({format}) has no years{}", if *format == Format::Text { "" } else { " and no volumes" })]
    #[non_exhaustive]
    NoYears {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its format, as named or as found.
        format: Format,
    },
    /// The job takes the year of a text from its name ([`Job::year_from`](crate::Job::year_from)), and the name has none.
    #[error("{input}: expected a year in its name, found {}", found.as_deref().map_or_else(|| "none".into(), quoted))]
    #[non_exhaustive]
    NoYearInName {
        /// The input's name, as the user wrote it.
        input: String,
        /// What the regular expression matches; `None` if it does not match.
        found: Option<Vec<u8>>,
    },
    /// The job measures dispersion over years or files, and its inputs have both.
    #[error("{dated} has years and {undated} has none, so there is no measure of the spread over both")]
    #[non_exhaustive]
    MixedParts {
        /// The first input with years.
        dated: String,
        /// The first input without years.
        undated: String,
    },
    /// The texts of a job have more words in all than a count can be.
    #[error("all words of the texts are more than 18446744073709551615 (2^64-1), the largest count there is")]
    TotalsOverflow,
    /// The job has a setting for text alone, such as [`Job::tokens`](crate::Job::tokens) or [`Job::ngram`](crate::Job::ngram),
    /// and the input is not text.
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
        /// The ngram with this sum.
        ngram: Vec<u8>,
    },
    /// The job asks for a word with a TAB or a line end. No input can hold one.
    #[error(transparent)]
    InvalidWord(#[from] InvalidWord),
    /// The job's regular expression has an error, or is too large.
    #[error(transparent)]
    InvalidRegex(#[from] InvalidRegex),
    /// The job's map from forms to headwords is none.
    #[error(transparent)]
    InvalidMap(#[from] InvalidMap),
    /// A job compares inputs, and asks for years, files, volumes or totals.
    #[error("a comparison has no years, files, volumes or totals")]
    Comparison,
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
        /// The unknown name.
        name: String,
    },
    /// A job reads standard input more than once.
    #[error("standard input (-) is named twice, but can be read only once")]
    StdinTwice,
    /// A file of total counts is malformed.
    #[error("{place}: {reason}; is it a file of total counts?")]
    #[non_exhaustive]
    Totals {
        /// The file's name, as the user wrote it, and the position of the error.
        place: String,
        /// What was expected, and what was found.
        reason: String,
    },
    /// A result can't be written.
    #[error("{}: {}", printable(path.as_os_str()), explained(source, "writing"))]
    #[non_exhaustive]
    Write {
        /// The path of the destination.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The run passes its bound of [memory](crate::Job::memory), and the temporary file can't be made, written or read.
    #[error("the temporary folder {}: {}{}", printable(folder.as_os_str()), explained(source, "writing"), after(*written))]
    #[non_exhaustive]
    TempFile {
        /// The [folder](crate::Job::temp_dir) of the temporary file.
        folder: PathBuf,
        /// The number of bytes that the run had written to the file before the error.
        written: u64,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The errors of inputs that the job [passed over](crate::Job::keep_going). The last error ended the run.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Error>),
    /// The threads can't be started.
    #[error("can't start {threads} threads: {reason}")]
    #[non_exhaustive]
    Threads {
        /// The number of threads that the job asks for.
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

/// The end of a message about a temporary file: how much of it was written.
fn after(written: u64) -> String {
    if written == 0 { String::new() } else { format!(", after {} bytes of temporary data", grouped(written)) }
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let (first, rest) = digits.split_at((digits.len() - 1) % 3 + 1);
    rest.as_bytes().chunks(3).fold(first.to_owned(), |text, group| text + "," + &String::from_utf8_lossy(group))
}

/// The place of a malformed line. A row of a table has none.
fn at_line(line: u64, reason: &Malformed) -> String {
    if reason.is_of_row() { String::new() } else { format!(":{line}") }
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

/// How a file has changed that had `before` bytes and now has `now`.
fn change(before: u64, now: u64) -> String {
    if before == now {
        "was written to while it was read".into()
    } else {
        format!("changed from {before} to {now} bytes while it was read")
    }
}

impl Error {
    /// The error of a run's temporary file. `source` may hold that error already, as one from a bucket that can't be
    /// read does.
    pub(crate) fn of_temp_file(spill: &Spill, source: io::Error) -> Self {
        let of_system = |source| Self::TempFile { folder: spill.folder().to_owned(), written: spill.written(), source };
        source.downcast().unwrap_or_else(of_system)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_of_a_temporary_file_says_where_and_how_much() {
        let message = |written, number| {
            let source = io::Error::from_raw_os_error(number);
            Error::TempFile { folder: "/x".into(), written, source }.to_string()
        };
        assert_eq!(message(0, libc::ENOENT), "the temporary folder /x: No such file or directory");
        assert_eq!(
            message(3 << 30, libc::ENOSPC),
            "the temporary folder /x: No space left on device, after 3,221,225,472 bytes of temporary data"
        );
    }

    #[test]
    fn thousands_are_grouped() {
        let cases = [(1, "1"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (123_456, "123,456")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    }
}
