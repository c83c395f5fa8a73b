//! What the program does: the count, and the other commands.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod count;
pub(crate) mod man;
pub(crate) mod plot;
pub(crate) mod usage;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use ngram_count::write::Destination;

use crate::error::Error;

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
    put(Destination::stdout()?, text.to_vec())?;
    Ok(Exit::Success)
}

/// Writes all that a destination gets. A reader that has read enough, as in `| head`, is no error.
fn put(destination: Destination, text: Vec<u8>) -> Result<(), Error> {
    put_all(vec![(destination, text)])
}

/// Writes several results. Files are replaced only when all of the results are written and on the disk, so that an error
/// leaves each of them as it was.
pub(crate) fn put_all(results: Vec<(Destination, Vec<u8>)>) -> Result<(), Error> {
    let (mut files, mut others): (Vec<_>, Vec<_>) = results.into_iter().partition(|(to, _)| to.is_replaced());
    for (destination, text) in files.iter_mut().chain(&mut others) {
        match destination.write_all(text) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(destination.error(error).into()),
            _ => destination.sync()?,
        }
    }
    Ok(files.into_iter().chain(others).try_for_each(|(destination, _)| destination.commit())?)
}
