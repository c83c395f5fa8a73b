//! What the parser of the command line says instead of a command: help, the version, or what is wrong.

use std::io;

use super::Exit;
use super::results::print as print_text;
use crate::error::Error;
use crate::terminal::screen;

/// Prints help and version to standard output, and errors to standard error.
///
/// The parser's own way takes no notice of a standard output that is closed.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn print(instead: &clap::Error) -> Result<Exit, Error> {
    if instead.use_stderr() {
        // Where standard error is closed there is nobody left to tell, and the exit status says it.
        let _ = instead.print();
        return Ok(Exit::Failure);
    }
    let text = instead.render();
    let text = if screen::is_colored(&io::stdout()) { text.ansi().to_string() } else { text.to_string() };
    print_text(text.as_bytes())
}
