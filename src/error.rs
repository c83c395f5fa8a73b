//! What can go wrong. Each message is one line: where, what, and where it helps, what to do.

use std::io;
use std::path::PathBuf;

use crate::parse::{Format, Malformed};
use crate::printable::{printable, quoted};
use crate::read::unpack::Compression;

/// What a run can end with instead of a result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An input can't be opened.
    #[error("{input}: {}", explained(source, "reading"))]
    Open {
        /// The input's name, as the user wrote it.
        input: String,
        /// The operating system's reason.
        source: io::Error,
    },
    /// An input can't be read to its end. Damaged compressed data counts as that.
    #[error("{input}: {}", explained(source, "reading"))]
    Read {
        /// The input's name, as the user wrote it.
        input: String,
        /// The operating system's reason, or the decompressor's.
        source: io::Error,
    },
    /// A file is not as long as it was when the run began: its counts would be neither the old file's nor the new
    /// one's.
    #[error(
        "{input}: changed from {before} to {now} bytes while it was read; count it again when nothing writes to it"
    )]
    Changed {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its length at the start, in bytes.
        before: u64,
        /// Its length now, in bytes.
        now: u64,
    },
    /// What was taken for text is not.
    #[error(
        "{input}: holds a NUL byte at byte {at}{}",
        why_binary(*compression)
    )]
    Binary {
        /// The input's name, as the user wrote it.
        input: String,
        /// How many bytes come before the first NUL, in the (decompressed and decoded) input.
        at: u64,
        /// The compressed data that begins in the same line.
        compression: Option<Compression>,
    },
    /// A line is not in the input's format.
    #[error("{input}:{line}: {reason}{}", in_doubt(*guess))]
    Malformed {
        /// The input's name, as the user wrote it.
        input: String,
        /// The number of the line in the (decompressed) input; the first is 1.
        line: u64,
        /// What was expected, and what was found.
        reason: Malformed,
        /// What the input was taken for, if its content decided and fewer than half of its first lines fit.
        guess: Option<Format>,
    },
    /// Years were asked for, and an input has none.
    #[error(
        "{input}: its format ({format}) has no years and no volumes: --years, --by, plot and the columns year, volumes, \
         years, first, last, peak and spark need v1, v2 or v3; if it is one of these, say which with -i"
    )]
    NoYears {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its format, as asked or as found.
        format: Format,
    },
    /// It was said what the words of text are, and an input is none.
    #[error(
        "{input}: its format ({format}) is not text, which --tokens and --order are for; if it is text, say -i text"
    )]
    NoText {
        /// The input's name, as the user wrote it.
        input: String,
        /// Its format, as asked or as found.
        format: Format,
    },
    /// A sum passed 2^64-1.
    #[error("the sum of {} passes 18446744073709551615 (2^64-1), the largest count there is", quoted(ngram))]
    Overflow {
        /// The ngram whose sum it is.
        ngram: Vec<u8>,
    },
    /// An ngram was asked for that no input can hold, years that are none, or standard input was named twice.
    #[error("{0}")]
    Usage(String),
    /// A file is none of total counts.
    #[error("{place}: {reason}; is it a file of total counts?")]
    Totals {
        /// The file's name, as the user wrote it, and where in it.
        place: String,
        /// What was expected, and what was found.
        reason: String,
    },
    /// The result can't be written.
    #[error("{}: {}", printable(path.as_os_str()), explained(source, "writing"))]
    Write {
        /// Where it was to go.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Inputs that could not be read, which the job was to [pass over](crate::Job::keep_going), and then what ended it.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Several(Vec<Error>),
    /// The threads can't be started.
    #[error("can't start {threads} threads: {reason}; ask for fewer with --threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// The thread pool's reason.
        reason: String,
    },
}

fn why_binary(compression: Option<Compression>) -> String {
    match compression {
        Some(compression) => format!(
            ", where {compression} data begins, as where cat joins a plain and a compressed file; name both files instead"
        ),
        None => ", so it is binary, not text; to count it nevertheless, say -i text (or name its encoding, as in \
                 --encoding utf-16le)"
            .into(),
    }
}

fn in_doubt(guess: Option<Format>) -> String {
    guess.map_or_else(String::new, |format| format!("; the input was taken for {format}: name its format with -i"))
}

/// [`std::result::Result`] with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the system without the `(os error 2)` that helps nobody.
pub fn plain(text: &impl ToString) -> String {
    let text = text.to_string();
    match text.split_once(" (os error ") {
        Some((reason, _)) => reason.to_owned(),
        None => text,
    }
}

/// An error of the system; where its own words say too little, in others.
fn explained(source: &io::Error, use_of_it: &str) -> String {
    match source.raw_os_error() {
        Some(libc::EBADF) => format!("is closed, or not open for {use_of_it}"),
        Some(libc::EFBIG) => "would be larger than the file system, or the limit on files (ulimit -f), allows".into(),
        _ => plain(source),
    }
}

impl Error {
    /// Standard input can be only one thing.
    pub(crate) fn stdin_twice() -> Self {
        Self::Usage("standard input (-) is named twice, but can be read only once".into())
    }

    /// Whether one input can't be read, and others may still be.
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
