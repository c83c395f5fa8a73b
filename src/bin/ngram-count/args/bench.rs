//! The options of `ngram-count bench`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::args::files::FileLists;
use crate::args::input::InputOptions;
use crate::args::result::LineOptions;
use crate::args::run::MemoryOptions;
use crate::args::size::Size;
use crate::args::text::TextOptions;
#[cfg(feature = "postgres")]
use crate::args::values::parse_connections;
use crate::args::values::{When, parse_threads};
use crate::args::words::{PatternOptions, WordOptions};

const EXAMPLES: &str = "\
Examples:
  Which chunk size is best for a file on this machine:
      ngram-count bench googlebooks-eng-all-1gram-20120701-a.gz
  How much more threads help, for a look-up:
      ngram-count bench big.tsv --word Aardvark --threads 1,2,4,8 --chunk-sizes 1M
  The same as a picture, and each single time for a program:
      ngram-count bench big.tsv --svg bench.svg --export-json bench.json
";

#[cfg(not(feature = "postgres"))]
const TABLE_EXAMPLES: &str = "";
#[cfg(feature = "postgres")]
const TABLE_EXAMPLES: &str = "  \
  How many event loops and connections are best for a table of PostgreSQL:
      ngram-count bench 'postgres://ann@localhost/corpus?table=ngrams'
  The same for some numbers of your own, with large chunks, too:
      ngram-count bench 'postgres://ann@localhost/corpus?table=ngrams' \\
          --event-loops 1,2 --connections 1,4,16 --chunk-sizes 1M,4M
";

const TIMED: &str = "
What is timed is the whole count: from the opening of the files to the last byte
of the result, which is thrown away.";

/// The end of the long help.
pub(super) fn after_help() -> String {
    [EXAMPLES, TABLE_EXAMPLES, TIMED].concat()
}

/// What is measured, and how often.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// Files to count, again and again.
    ///
    /// Standard input and pipes can be read only once, and are refused.
    #[cfg_attr(
        feature = "postgres",
        doc = "A URL such as postgres://user@host/db?table=ngrams names a table of PostgreSQL."
    )]
    #[arg(value_name = "FILE", required_unless_present_any = ["files_from", "files0_from"], value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<OsString>,

    #[command(flatten)]
    pub(crate) lists: FileLists,

    /// Chunk sizes to try, such as 64KiB,1M,4M.
    ///
    /// The default is 16KiB,64KiB,256KiB,1MiB,4MiB,16MiB,64MiB.
    #[cfg_attr(feature = "postgres", doc = "For tables of PostgreSQL, it is 1MiB.")]
    #[arg(long, value_name = "SIZES", value_delimiter = ',')]
    pub(crate) chunk_sizes: Vec<Size>,

    /// Numbers of threads [default: 1 and all cores].
    ///
    /// A list with commas, such as 1,2,4. Where one thread is measured with a chunk size, the others have their
    /// speed-up over it.
    #[cfg_attr(feature = "postgres", doc = "For tables of PostgreSQL, the default is all cores.")]
    #[arg(short = 'j', long, value_name = "LIST", value_delimiter = ',', value_parser = parse_threads)]
    pub(crate) threads: Vec<NonZeroUsize>,

    #[cfg(feature = "postgres")]
    #[command(flatten)]
    pub(crate) tables: TableLists,

    /// How often each is measured.
    ///
    /// At least 2, since one time alone tells nothing of the noise. All points take turns: if the machine becomes
    /// slower meanwhile, it does so for all of them.
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = parse_runs)]
    pub(crate) runs: usize,

    /// Runs to warm up, before those that are measured.
    ///
    /// The first run brings the files into memory. Without it, some times are those of the disk. The default is 1.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, value_parser = parse_warmup)]
    pub(crate) warmup: usize,

    /// Write all results to FILE as JSON.
    ///
    /// It has each single time, in seconds. Fields that hyperfine's JSON has, too, have the same names: mean, stddev,
    /// median, min, max, times. With -, it goes to standard output, in place of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) export_json: Option<PathBuf>,

    /// Write a line for each result to FILE as CSV.
    ///
    /// With -, it goes to standard output, in place of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) export_csv: Option<PathBuf>,

    /// Write the table to FILE as Markdown.
    ///
    /// With -, it goes to standard output, in place of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) export_markdown: Option<PathBuf>,

    /// Draw a picture to FILE: speed over chunk size.
    ///
    /// There is a line for each number of threads. With -, it goes to standard output, in place of the table.
    #[cfg_attr(
        feature = "postgres",
        doc = "For tables of PostgreSQL, it is the speed over the number of connections, with a line for each number of \
               event loops."
    )]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) svg: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) text: TextOptions,

    #[command(flatten)]
    pub(crate) words: WordOptions,

    #[command(flatten)]
    pub(crate) patterns: PatternOptions,

    #[command(flatten)]
    pub(crate) lines: LineOptions,

    #[command(flatten)]
    pub(crate) memory: MemoryOptions,

    /// Show a progress bar: auto, always or never.
    ///
    /// One bar for all runs goes to standard error. auto (the default) shows it if that is a terminal. always prints a
    /// line a second elsewhere.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub(crate) progress: When,

    /// No progress bar and no warnings; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl BenchOptions {
    /// When to show a progress bar.
    pub(crate) fn progress(&self) -> When {
        if self.quiet { When::Never } else { self.progress }
    }
}

/// How tables of PostgreSQL are read.
#[cfg(feature = "postgres")]
#[derive(Debug, Args)]
pub(crate) struct TableLists {
    /// Numbers of event loops that read a table.
    ///
    /// A list with commas, such as 1,2,4. If neither this list nor --connections is named, 1 and all cores are tried;
    /// with the other alone, all cores. Where one loop with one connection is measured, the others have their speed-up
    /// over it. Needs a table of PostgreSQL.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_threads, hide_short_help = true)]
    pub(crate) event_loops: Vec<NonZeroUsize>,

    /// Numbers of connections of each event loop.
    ///
    /// A list with commas, such as 1,3,6. If neither this list nor --event-loops is named, 1,2,6 are tried; with the
    /// other alone, 6. Needs a table of PostgreSQL.
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_connections, hide_short_help = true)]
    pub(crate) connections: Vec<NonZeroUsize>,
}

/// The maximum of `--runs` and `--warmup`: more runs than anyone waits for.
const MAX_RUNS: usize = 1_000_000;

fn parse_runs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(runs @ 2..=MAX_RUNS) => Ok(runs),
        Ok(0 | 1) => Err("expected at least 2 runs, as one time alone tells nothing of the noise".into()),
        _ => Err(format!("expected a number of runs from 2 to {MAX_RUNS}, such as 10")),
    }
}

fn parse_warmup(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|runs| *runs <= MAX_RUNS).ok_or_else(|| "expected a number of runs, such as 1".into())
}
