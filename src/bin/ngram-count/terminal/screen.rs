//! The screen: the terminal's size, its colours, and its characters.

use std::env;
use std::io;

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use terminal_size::{Height, Width, terminal_size};

use crate::args::When;

/// The properties of standard output for drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Screen {
    /// The width in characters.
    pub(crate) width: usize,
    /// The height in lines.
    pub(crate) height: usize,
    /// Whether colours are wanted.
    pub(crate) is_colored: bool,
    /// Whether the terminal has Unicode's characters, not only ASCII.
    pub(crate) has_unicode: bool,
}

/// The width and height for an unknown terminal, or without a terminal.
const USUAL: (usize, usize) = (80, 24);

impl Screen {
    /// The screen of standard output, by the terminal and the environment.
    pub(crate) fn of_stdout() -> Self {
        let (width, height) = match terminal_size() {
            Some((Width(width), Height(height))) if width > 0 && height > 0 => (width.into(), height.into()),
            _ => (number("COLUMNS").unwrap_or(USUAL.0), number("LINES").unwrap_or(USUAL.1)),
        };
        Self { width, height, is_colored: is_colored(&io::stdout()), has_unicode: has_unicode() }
    }
}

/// Whether colours are wanted on a stream: `--color` decides, or else the environment and the terminal.
pub(crate) fn is_colored(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

/// Applies `--color` to all later output.
pub(crate) fn choose_color(when: When) {
    match when {
        // anstream alone would use colours on such a terminal if CI is set.
        When::Auto if is_dumb() && !is_forced() => ColorChoice::Never,
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    }
    .write_global();
}

/// Whether the terminal can only print lines.
pub(crate) fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|name| name == "dumb")
}

/// Whether the environment asks for colours in any output.
fn is_forced() -> bool {
    env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty())
}

/// Whether the locale, by the rules of POSIX, has UTF-8. Without any locale, as in a container, the answer is yes:
/// every terminal of today has UTF-8.
fn has_unicode() -> bool {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG")).map(|name| name.to_lowercase());
    locale.is_none_or(|name| name.contains("utf-8") || name.contains("utf8"))
}

fn number(name: &str) -> Option<usize> {
    env::var(name).ok()?.parse().ok().filter(|number| *number > 0)
}
