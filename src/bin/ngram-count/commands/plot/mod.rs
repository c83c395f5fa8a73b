//! Draws words over the years: turns the result of a count into lines in the terminal, a picture, or data.

pub(crate) mod data;
mod legend;
mod marks;
mod picture;
mod png;
mod run;
mod series;
mod smooth;
mod terminal;
mod ticks;

pub(crate) use self::picture::svg;
pub(crate) use self::png::png;
pub(crate) use self::run::run;
pub(crate) use self::series::{Chart, Plan};
pub(crate) use self::terminal::draw;
use crate::commands::drawing::COLORS;

/// The maximum number of lines in a chart: more would look alike. `--data` may have any number of words.
pub(crate) const MAX_LINES: usize = COLORS.len();
