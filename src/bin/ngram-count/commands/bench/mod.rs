//! The bench: counts the same files again and again, with several chunk sizes and numbers of threads, and says which
//! are best.
//!
//! ```text
//! points (chunk size x threads)  ->  sweep: interleaved runs, answers compared  ->  a summary of each point's times
//!                                ->  advice, warnings  ->  table and bars / json / csv / markdown / svg
//! ```

pub(crate) mod advice;
pub(crate) mod answer;
mod bars;
pub(crate) mod export;
pub(crate) mod machine;
pub(crate) mod measured;
mod picture;
mod plan;
pub(crate) mod report;
mod run;
pub(crate) mod statistics;
pub(crate) mod sweep;
pub(crate) mod table;
mod units;
pub(crate) mod warnings;

pub(crate) use self::run::run;
use std::fmt;
use std::num::NonZeroUsize;

use crate::args::Size;

/// The settings of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) threads: NonZeroUsize,
    pub(crate) chunk_size: Size,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.chunk_size, count_of_threads(self.threads))
    }
}

/// `1 thread`, `2 threads`.
fn count_of_threads(threads: NonZeroUsize) -> String {
    format!("{threads} {}", if threads.get() == 1 { "thread" } else { "threads" })
}
