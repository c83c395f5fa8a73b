//! What the program does: the count, and the other commands.

pub(crate) mod count;
pub(crate) mod plot;

use std::process::ExitCode;

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
