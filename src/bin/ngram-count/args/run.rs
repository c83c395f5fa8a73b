//! Options of the run itself: threads, chunks, and messages on standard error.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueHint};
use ngram_count::DEFAULT_CHUNK_SIZE;
#[cfg(feature = "postgres")]
use ngram_count::DEFAULT_CONNECTIONS;

use crate::args::headings;
use crate::args::size::Size;
#[cfg(feature = "postgres")]
use crate::args::values::parse_connections;
use crate::args::values::{MemoryLimit, StatsFormat, When, parse_threads};

/// How the work is divided.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::MACHINE)]
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

    #[command(flatten)]
    pub(crate) memory: MemoryOptions,

    #[cfg(feature = "postgres")]
    #[command(flatten)]
    pub(crate) tables: TableOptions,
}

/// How tables of PostgreSQL are read.
#[cfg(feature = "postgres")]
#[derive(Debug, Args)]
#[command(next_help_heading = headings::MACHINE)]
pub(crate) struct TableOptions {
    /// Threads that read a PostgreSQL table [default: all cores].
    ///
    /// Each has an event loop of its own, and the connections of --connections. They wait for the server, so they may be
    /// as many as the cores even where the server runs on the same machine.
    #[arg(long, value_name = "N", value_parser = parse_threads, hide_short_help = true)]
    pub(crate) event_loops: Option<NonZeroUsize>,

    /// Connections of each event loop.
    ///
    /// If the server takes fewer, those are used, and a note says so.
    #[arg(long, value_name = "M", default_value_t = DEFAULT_CONNECTIONS, value_parser = parse_connections, hide_short_help = true)]
    pub(crate) connections: NonZeroUsize,
}

/// Where the words and counts are kept.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::MACHINE)]
pub(crate) struct MemoryOptions {
    /// Memory for words and counts, such as 512MiB or 4G.
    ///
    /// What does not fit goes to a temporary file (--temp-dir). The result is the same, and takes longer. The program
    /// takes at most about 64 MiB more than SIZE, which is at least 16MiB. The default is a share of what the machine,
    /// the container and ulimit leave. With none, there is no bound. With little memory, fewer threads work.
    #[arg(long, value_name = "SIZE", hide_short_help = true)]
    pub(crate) memory: Option<MemoryLimit>,

    /// Folder for the temporary file of --memory.
    ///
    /// The file has no name, and is gone when the program ends. A folder in memory (tmpfs), as /tmp on many systems,
    /// saves none. The default is that of TMPDIR, or else /var/tmp, or else /tmp.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, hide_short_help = true)]
    pub(crate) temp_dir: Option<PathBuf>,
}

/// What is said beside the result.
#[derive(Debug, Args)]
#[command(next_help_heading = headings::MESSAGES)]
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
    /// format found in each file, rows, words, bytes, seconds, MB/s, peak memory, what went to a temporary file, threads
    /// and chunk size.
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, hide_short_help = true)]
    pub(crate) stats: Option<StatsFormat>,

    /// No progress bar and no notes; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}
