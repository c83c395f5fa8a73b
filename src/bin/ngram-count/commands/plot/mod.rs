//! Words drawn over the years: from the result of a count to lines in the terminal, in a picture, or as data.

pub(crate) mod data;
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
pub(crate) use self::terminal::{Look, draw};

/// So many lines can still be told apart. Data may have any number of words.
pub(crate) const MAX_LINES: usize = 12;
