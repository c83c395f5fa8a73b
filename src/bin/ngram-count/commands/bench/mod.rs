//! The bench: counts the same inputs again and again, with several chunk sizes and numbers of threads, or event loops
//! and connections, and says which are best.
//!
//! ```text
//! plan: axes, points (chunk size x threads)  ->  sweep: interleaved runs, answers compared
//!   ->  a summary of each point's times  ->  advice, warnings  ->  table and bars / json / csv / markdown / svg
//! ```
//!
//! `axis.rs` knows each parameter: its names, its option, how a job takes it. All else asks the axes which are shown.

pub(crate) mod advice;
pub(crate) mod answer;
mod axis;
mod bars;
mod command_line;
pub(crate) mod export;
pub(crate) mod machine;
pub(crate) mod measured;
mod picture;
mod plan;
pub(crate) mod point;
pub(crate) mod report;
mod run;
pub(crate) mod statistics;
pub(crate) mod sweep;
pub(crate) mod table;
mod units;
pub(crate) mod warnings;

pub(crate) use self::run::run;
