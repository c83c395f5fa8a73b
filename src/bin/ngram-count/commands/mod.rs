//! The commands of the program: the count, and all others.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod count;
mod drawing;
mod job;
pub(crate) mod man;
pub(crate) mod parse;
pub(crate) mod plot;
mod results;
mod totals;
pub(crate) mod usage;

use std::process::ExitCode;

use ngram_count::internal::plain;

use crate::error::Error;
use crate::terminal::interrupt;

/// The end of a run: its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The command has done and written everything.
    Success,
    /// The user asks for words, and none occurs.
    NotFound,
    /// Something went wrong. A message says what.
    Failure,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::NotFound => 1,
            Exit::Failure => 2,
        })
    }
}

/// Waits for signals that end a run, so that a run leaves no unfinished file behind.
///
/// # Errors
/// When the system does not permit it.
fn watch() -> Result<(), Error> {
    interrupt::watch()
        .and_then(|()| ngram_count::mmap::enable())
        .map_err(|error| Error::Usage(format!("can't wait for signals: {}", plain(&error))))
}
