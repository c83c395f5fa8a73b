//! What the program does: the count, and the other commands.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod count;
pub(crate) mod man;
pub(crate) mod plot;
pub(crate) mod usage;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use ngram_count::Error;
use ngram_count::output::Destination;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// All was done and written.
    Success,
    /// Words were asked for, and none occurs.
    NotFound,
    /// Something was wrong; it has been said.
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

/// Writes a text to standard output.
fn print(text: &[u8]) -> Result<Exit, Error> {
    put(Destination::stdout()?, text)?;
    Ok(Exit::Success)
}

/// Writes all that a destination gets. A reader that has read enough, as in `| head`, is no error.
pub(crate) fn put(mut destination: Destination, text: &[u8]) -> Result<(), Error> {
    match destination.write_all(text) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(destination.error(error)),
        _ => destination.commit(),
    }
}

/// An error of the system without its number, which helps nobody.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or(&text).to_owned()
}
