//! The options of `ngram-count bench`.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::thread;

use clap::{Args, ValueHint};
use ngram_count::{Input, Job};

use crate::args::input::{InputOptions, TextOptions};
use crate::args::result::LineOptions;
use crate::args::size::Size;
use crate::args::values::{When, parse_threads};
use crate::args::words::{PatternOptions, WordOptions};
use crate::commands::bench::Point;
use crate::commands::bench::export::{Export, Kind};
use crate::error::Error;

pub(super) const EXAMPLES: &str = "\
Examples:
  Which chunk size is best for a file on this machine:
      ngram-count bench googlebooks-eng-all-1gram-20120701-a.gz
  How much more threads help, for a look-up:
      ngram-count bench big.tsv --word Aardvark --threads 1,2,4,8 --chunk-sizes 1M
  The same as a picture, and each single time for a program:
      ngram-count bench big.tsv --svg bench.svg --export-json bench.json

What is timed is the whole count: from the opening of the files to the last byte
of the result, which is thrown away.";

/// What is measured, and how often.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// Files to count, again and again.
    ///
    /// Not standard input or a pipe, which can be read only once.
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    files: Vec<OsString>,

    /// Chunk sizes to try, such as 64KiB,1M,4M.
    ///
    /// With commas between them. By default 16KiB, 64KiB, 256KiB, 1MiB, 4MiB, 16MiB and 64MiB.
    #[arg(
        long,
        value_name = "SIZES",
        value_delimiter = ',',
        default_values_t = default_sizes(),
        hide_default_value = true
    )]
    chunk_sizes: Vec<Size>,

    /// Numbers of threads [default: 1 and all cores].
    ///
    /// With commas between them, such as 1,2,4. The speed-up is over one thread with the same chunk size, and is shown
    /// where that is measured, too.
    #[arg(short = 'j', long, value_name = "LIST", value_delimiter = ',', value_parser = parse_threads)]
    threads: Vec<NonZeroUsize>,

    /// How often each is measured.
    ///
    /// At least 2, as one time alone tells nothing of the noise. All take turns, so that a machine that becomes slower
    /// meanwhile does so for all of them.
    #[arg(short, long, value_name = "N", default_value_t = 5, value_parser = parse_runs)]
    runs: usize,

    /// Runs to warm up, before those that are measured.
    ///
    /// The first run brings the files into memory. Without it, some times are those of the disk. By default
    /// there is one.
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true, value_parser = parse_warmup)]
    warmup: usize,

    /// Write all results to FILE as JSON.
    ///
    /// Each single time is among them. What hyperfine's JSON has, too, has the same name: mean, stddev, median, min, max, times. Times are in seconds.
    /// With - it goes to standard output, instead of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    export_json: Option<PathBuf>,

    /// Write a line for each result to FILE as CSV.
    ///
    /// With - it goes to standard output, instead of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    export_csv: Option<PathBuf>,

    /// Write the table to FILE as Markdown.
    ///
    /// With - it goes to standard output, instead of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    export_markdown: Option<PathBuf>,

    /// Draw a picture to FILE: speed over chunk size.
    ///
    /// There is a line for each number of threads. With - it goes to standard output, instead of the table.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    svg: Option<PathBuf>,

    #[command(flatten)]
    input: InputOptions,

    #[command(flatten)]
    text: TextOptions,

    #[command(flatten)]
    asked: WordOptions,

    #[command(flatten)]
    like: PatternOptions,

    #[command(flatten)]
    lines: LineOptions,

    /// Show a progress bar: auto, always or never.
    ///
    /// It is one bar for all runs, and goes to standard error. auto (the default) shows it when that is a terminal.
    /// always prints a line a second where it is none.
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        hide_short_help = true
    )]
    progress: When,

    /// No progress bar and no warnings; only errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl BenchOptions {
    /// What is to be counted, apart from threads and chunk size.
    ///
    /// # Errors
    /// When an input can be read only once, a list of words can't be read, or options do not go together.
    pub(crate) fn job(&self) -> Result<Job, Error> {
        let inputs: Vec<Input> = self.files.iter().map(Input::from_name).collect();
        if let Some(input) = inputs.iter().find(|input| is_read_once(input)) {
            let name = if *input == Input::Stdin { "standard input (-)".into() } else { input.to_string() };
            return Err(Error::Usage(format!(
                "bench counts its input again and again, and {name} can be read only once: name a file"
            )));
        }
        let job = self.input.apply(Job::new().inputs(inputs));
        let job = self.text.apply(job);
        let job = self.asked.apply(job)?;
        let job = self.like.apply(job)?;
        Ok(self.lines.apply(job))
    }

    /// What is measured: each number of threads with each chunk size, none twice.
    pub(crate) fn points(&self) -> Vec<Point> {
        let mut threads = match self.threads.as_slice() {
            [] => vec![NonZeroUsize::MIN, all_cores()],
            threads => threads.to_vec(),
        };
        let mut sizes = self.chunk_sizes.clone();
        threads.sort_unstable();
        threads.dedup();
        sizes.sort_by_key(|size| size.0);
        sizes.dedup();
        let with_sizes = |threads| sizes.iter().map(move |size| Point { threads, chunk_size: *size });
        threads.into_iter().flat_map(with_sizes).collect()
    }

    /// How often each point is measured, and how many runs come before.
    pub(crate) fn runs(&self) -> (usize, usize) {
        (self.runs, self.warmup)
    }

    /// When there is a bar.
    pub(crate) fn progress(&self) -> When {
        if self.quiet { When::Never } else { self.progress }
    }

    /// The files that the results go to.
    ///
    /// # Errors
    /// When one can't be written.
    pub(crate) fn exports(&self) -> Result<Vec<Export>, Error> {
        let asked = [
            (Kind::Json, &self.export_json),
            (Kind::Csv, &self.export_csv),
            (Kind::Markdown, &self.export_markdown),
            (Kind::Svg, &self.svg),
        ];
        let asked = asked.into_iter().filter_map(|(kind, path)| Some((kind, path.as_ref()?)));
        asked.map(|(kind, path)| Export::open(kind, path)).collect()
    }
}

/// Whether an input is a stream: a pipe, a terminal or another device, a socket. It is not opened, which would take the
/// writer of a named pipe its reader.
fn is_read_once(input: &Input) -> bool {
    let Input::File(path) = input else { return true };
    let kind = path.metadata().map(|metadata| metadata.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_char_device() || kind.is_socket())
}

/// As many threads as the count takes by itself.
pub(crate) fn all_cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The powers of four from 16 KiB to 64 MiB.
fn default_sizes() -> Vec<Size> {
    (14..=26).step_by(2).filter_map(|bits| NonZeroUsize::new(1 << bits)).map(Size).collect()
}

/// More runs than anyone waits for.
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
