//! The commands of the program: the count, and all others.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod count;
mod drawing;
mod empty;
pub(crate) mod files;
mod job;
pub(crate) mod man;
pub(crate) mod parse;
pub(crate) mod plot;
mod results;
mod shares;
mod threads;
mod totals;
pub(crate) mod usage;

use std::io;
use std::process::ExitCode;

use ngram_count::Job;
use ngram_count::internal::{memory, plain};

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
    interrupt::watch().map_err(|error| no_signals(&error))
}

/// Makes a job map its files, which is faster than reading them, unless they take more than a quarter of a limit on
/// addresses (`ulimit -v`).
///
/// # Errors
/// When the system does not permit to handle the signal of a file that shrinks.
fn map_files(job: &Job) -> Result<(), Error> {
    let fits = |left: u64| job.stored_bytes().is_some_and(|bytes| bytes <= left / 4);
    if memory::addresses_left().is_none_or(fits) {
        ngram_count::mmap::enable().map_err(|error| no_signals(&error))?;
    }
    Ok(())
}

fn no_signals(error: &io::Error) -> Error {
    Error::Usage(format!("can't wait for signals: {}", plain(error)))
}
