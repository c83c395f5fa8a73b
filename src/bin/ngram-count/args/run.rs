//! Options of the run itself: threads, chunks, and messages on standard error.

use std::num::NonZeroUsize;

use clap::Args;
use ngram_count::DEFAULT_CHUNK_SIZE;

use crate::args::size::Size;
use crate::args::values::{StatsFormat, When, parse_threads};

/// How the work is divided.
#[derive(Debug, Args)]
pub(crate) struct WorkOptions {
    /// Number of threads [default: all cores].
    #[arg(short = 'j', long, value_name = "N", value_parser = parse_threads)]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Size of a chunk, such as 64KiB, 1M or 4MB.
    ///
    /// The input is cut at line ends into chunks of about this size; one thread counts each. K, M and G, like KiB, MiB
    /// and GiB, are powers of 1024; KB, MB and GB are powers of 1000. The result never depends on it. The speed does, a
    /// little.
    #[arg(long, value_name = "SIZE", default_value_t = Size(DEFAULT_CHUNK_SIZE), hide_short_help = true)]
    pub(crate) chunk_size: Size,
}

/// What is said beside the result.
#[derive(Debug, Args)]
pub(crate) struct MessageOptions {
    /// Show a progress bar: auto, always or never.
    ///
    /// The bar goes to standard error. auto (the default) shows it if that is a terminal. always prints a line a second
    /// elsewhere.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) progress: When,

    /// Say what was read, and how fast: human or json.
    ///
    /// The statistics go to standard error, at the end: human for reading, json as one line for programs. They have the
    /// format found in each file, rows, words, bytes, seconds, MB/s, peak memory, threads and chunk size.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, hide_short_help = true)]
    pub(crate) stats: Option<StatsFormat>,

    /// No progress bar and no notes; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
