//! The colours and characters of lines and axes in a terminal, in Unicode or ASCII.

use ratatui_core::style::Color;
use ratatui_core::symbols::Marker;

use crate::commands::plot::MAX_LINES;
use crate::terminal::screen::Screen;

/// Colours of the palette of 256 that are readable on black and on white: blue, red, green, purple, orange, teal,
/// brown, grey, violet, olive, rose, dark blue-green.
const COLORS: [u8; MAX_LINES] = [33, 160, 28, 133, 166, 30, 94, 243, 99, 100, 168, 66];
/// The marks of lines without colours.
const MARKS: [char; MAX_LINES] = ['●', '○', '▲', '△', '■', '□', '◆', '◇', '★', '☆', '✚', '×'];
const ASCII_MARKS: [char; MAX_LINES] = ['*', 'o', '+', 'x', '#', '@', '%', '=', '&', '$', '~', '^'];

const AXES: [&str; 5] = ["│", "┤", "└", "─", "┬"];
const ASCII_AXES: [&str; 5] = ["|", "+", "+", "-", "+"];

/// The characters of the axes: a vertical line without and with a tick, the corner, a horizontal line without and with
/// a tick.
pub(super) fn axes(screen: &Screen) -> [&'static str; 5] {
    if screen.has_unicode { AXES } else { ASCII_AXES }
}

/// The colour of a line, by its number from 0.
pub(super) fn color(screen: &Screen, number: usize) -> Color {
    if screen.is_colored { Color::Indexed(COLORS[number % MAX_LINES]) } else { Color::Reset }
}

/// The mark of a line, by its number from 0.
pub(super) fn marker(screen: &Screen, number: usize) -> Marker {
    match (screen.has_unicode, screen.is_colored) {
        (true, true) => Marker::Braille,
        (true, false) => Marker::Custom(MARKS[number % MAX_LINES]),
        (false, _) => Marker::Custom(ASCII_MARKS[number % MAX_LINES]),
    }
}

/// A piece of a line, for the legend.
pub(super) fn sample(screen: &Screen, number: usize) -> String {
    match marker(screen, number) {
        Marker::Custom(mark) => mark.into(),
        _ => "━━".into(),
    }
}
