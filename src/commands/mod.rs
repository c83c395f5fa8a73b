//! What the program does: the count, and the other commands.

pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod count;
pub(crate) mod man;
pub(crate) mod plot;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use ngram_count::Error;

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

/// Writes a text to standard output. A reader that has read enough, as in `| head`, is no error.
fn print(text: &[u8]) -> Result<Exit, Error> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => {
            Err(Error::Write { path: "standard output".into(), source })
        }
        _ => Ok(Exit::Success),
    }
}
