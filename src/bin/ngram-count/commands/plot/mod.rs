//! Words drawn over the years: from the result of a count to lines in the terminal, in a picture, or as data.

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

/// How many lines a chart can have: more could not be told apart. `--data` may have any number of words.
pub(crate) const MAX_LINES: usize = COLORS.len();
