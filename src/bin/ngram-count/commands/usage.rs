//! The parser's own output instead of a command: help, the version, or an error.

use std::io;

use super::Exit;
use super::results::print as print_text;
use crate::error::Error;
use crate::terminal::screen;

/// Prints help and version to standard output, and errors to standard error.
///
/// The parser itself would not notice a closed standard output.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn print(instead: &clap::Error) -> Result<Exit, Error> {
    if instead.use_stderr() {
        // If standard error is closed, only the exit status tells the error.
        let _ = instead.print();
        return Ok(Exit::Failure);
    }
    let text = instead.render();
    let text = if screen::is_colored(&io::stdout()) { text.ansi().to_string() } else { text.to_string() };
    print_text(text.as_bytes())
}
