//! `Job`: what to count and how, set step by step, then run.

mod comparison;
mod options;
mod parts;
mod run;
mod shown;
mod table_limit;
#[cfg(feature = "postgres")]
mod tables;
mod texts;
mod words;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

use regex::bytes::Regex;

use self::comparison::Rise;
pub use self::run::{Outcome, default_threads};
pub use self::shown::ShareOf;
use self::shown::ShownOptions;
use crate::filter::FilterOptions;
use crate::filter::years::By;
use crate::parse::{ParseOptions, Within};
use crate::read::input::Input;
#[cfg(feature = "postgres")]
use crate::read::postgres::TableOptions;
use crate::read::{Control, Decoding, Needs, ReadOptions};
use crate::result::select::SelectOptions;
use crate::result::totals::Totals;

/// The default length of a chunk in bytes: 1 MiB.
pub const DEFAULT_CHUNK_SIZE: NonZeroUsize = NonZeroUsize::new(1 << 20).expect("not zero");

/// The largest number of threads that a job starts. Far fewer are enough for any machine; tens of thousands would stop
/// it.
pub const MAX_THREADS: usize = 1024;

/// What to count and how.
///
/// Set a job step by step, then [run](Job::run) it. Each method that takes `self` returns the job with one more
/// setting.
///
/// ```
/// use ngram_count::{Job, Sort};
///
/// let outcome = Job::new()
///     .input("data/sample-v2.tsv")
///     .input("data/sample-v2.tsv.gz")
///     .min_count(1000)
///     .sort(Sort::Word)
///     .run()?;
/// assert!(outcome.counts.iter().all(|(_, count)| count >= 1000));
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a job does nothing until it is run"]
pub struct Job {
    inputs: Vec<Input>,
    /// The inputs with which the others are compared.
    against: Vec<Input>,
    /// The number of the first of them, once the run has begun.
    first_there: Option<usize>,
    rise: Option<Rise>,
    read_options: ReadOptions,
    filter: FilterOptions,
    /// Finds the year of a text in its name.
    year_from: Option<Regex>,
    /// The year of each input, once the run has begun; empty without `year_from`.
    text_years: Vec<u64>,
    by: By,
    kept: Kept,
    /// Whether the run counts how many words the texts of each year have in all.
    counts_totals: bool,
    /// Whether the run counts all words of each part, to tell how evenly an ngram is spread over them.
    needs_sizes: bool,
    totals: Option<Totals>,
    selection: SelectOptions,
    shown: ShownOptions,
    threads: Option<NonZeroUsize>,
    /// The bound of the tables and the result, in bytes.
    memory: Option<u64>,
    temp_dir: Option<PathBuf>,
    control: Control,
    /// What an N-gram of text stays within, if the caller has said it.
    within: Option<Within>,
    /// [`Job::words_from`] has read standard input to its end.
    reads_words_from_stdin: bool,
}

/// What the result holds of each ngram beside its count.
#[derive(Debug, Clone, Copy)]
struct Kept {
    /// The counts of each year.
    years: bool,
    /// The counts of each file, unless there are those of each year.
    files: bool,
    /// The volumes of each of these.
    volumes: bool,
}

impl Default for Job {
    fn default() -> Self {
        let chunk_size = DEFAULT_CHUNK_SIZE.get();
        Self {
            inputs: Vec::new(),
            against: Vec::new(),
            first_there: None,
            rise: None,
            read_options: ReadOptions {
                format: None,
                decoding: Decoding::default(),
                chunk_size,
                parse: ParseOptions::default(),
                needs: Needs::default(),
                finds_wrapped: false,
                keep_going: false,
                #[cfg(feature = "postgres")]
                tables: TableOptions::default(),
            },
            filter: FilterOptions::default(),
            year_from: None,
            text_years: Vec::new(),
            by: By::Word,
            kept: Kept { years: false, files: false, volumes: true },
            counts_totals: false,
            needs_sizes: false,
            totals: None,
            selection: SelectOptions::default(),
            shown: ShownOptions::default(),
            threads: None,
            memory: None,
            temp_dir: None,
            control: Control::default(),
            within: None,
            reads_words_from_stdin: false,
        }
    }
}

/// Inputs, and how the run goes.
impl Job {
    /// A job without inputs that counts every word and puts the most frequent first.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an input: a path, `-` for standard input, or an [`Input`].
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Adds several inputs.
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        self.inputs.extend(inputs.into_iter().map(Into::into));
        self
    }

    /// Sets the number of threads that [`Job::run`] starts, at most [`MAX_THREADS`]. The default is
    /// [`default_threads`].
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets the approximate length of a chunk in bytes. The default is [`DEFAULT_CHUNK_SIZE`].
    pub fn chunk_size(mut self, bytes: NonZeroUsize) -> Self {
        self.read_options.chunk_size = bytes.get();
        self
    }

    /// Leaves out malformed lines if `yes`; otherwise such a line ends the run.
    /// [`Stats::malformed`](crate::Stats::malformed) is the number of lines that the run left out.
    pub fn skip_malformed(mut self, yes: bool) -> Self {
        self.read_options.parse.skip_malformed = yes;
        self
    }

    /// Leaves out an input that can't be read if `yes`; otherwise such an input ends the run. [`Outcome::errors`] has
    /// the errors.
    ///
    /// The result has the ngrams before the error. If no input can be read at all, the run ends with the errors.
    pub fn keep_going(mut self, yes: bool) -> Self {
        self.read_options.keep_going = yes;
        self
    }

    /// Sets a counter for progress. The run adds the number of bytes of each chunk that is done, as they are stored
    /// (compressed or not). The counter ends at [`Job::stored_bytes`], less the bytes that the run passes over: a
    /// byte-order mark, and the bytes before the position of an open file.
    pub fn progress(mut self, done: Arc<AtomicU64>) -> Self {
        self.control.done = done;
        self
    }

    /// Sets a flag by which another thread ends the run. When the flag becomes true, the workers stop at the next
    /// chunk, and the run returns [`Error::Cancelled`](crate::Error::Cancelled).
    ///
    /// A worker that waits for an idle pipe sees the flag only when the pipe delivers bytes or ends. While the run
    /// orders a result in memory, it does not look at the flag, and returns the error afterwards. The flag must stay
    /// true until the run ends.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicBool, Ordering};
    /// use ngram_count::{Error, Job};
    ///
    /// let cancel = Arc::new(AtomicBool::new(false));
    /// let job = Job::new().input("data/sample-v2.tsv").cancel(Arc::clone(&cancel));
    /// cancel.store(true, Ordering::Relaxed); // in a program, by another thread
    /// assert!(matches!(job.run(), Err(Error::Cancelled)));
    /// ```
    pub fn cancel(mut self, flag: Arc<AtomicBool>) -> Self {
        self.control.cancelled = flag;
        self
    }

    /// The sum of the inputs' lengths in bytes, as they are stored. [`Job::progress`] ends there. `None` if an input
    /// has no length, as a pipe.
    pub fn stored_bytes(&self) -> Option<u64> {
        let inputs = self.inputs.iter().chain(&self.against).filter(|input| self.reads(input));
        inputs.map(|input| input.check().ok().flatten()).sum()
    }
}
