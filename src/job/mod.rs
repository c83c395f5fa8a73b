//! `Job`: what to count and how, set step by step, then run.

mod options;
mod run;
mod words;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};

pub use self::run::{Outcome, default_threads};
use crate::filter::FilterOptions;
use crate::filter::years::By;
use crate::parse::ParseOptions;
use crate::read::input::{Encoding, Input};
use crate::read::{Control, ReadOptions};
use crate::result::select::SelectOptions;
use crate::result::totals::Totals;

/// How long a chunk is by default, in bytes.
pub const DEFAULT_CHUNK_SIZE: NonZeroUsize = NonZeroUsize::new(1 << 20).expect("not zero");

/// The most threads that a job starts. This is far more than pay; tens of thousands stop a system.
pub const MAX_THREADS: usize = 1024;

/// What to count and how.
///
/// Set it step by step, then [run](Job::run) it. Each method that takes `self` returns the job with one more setting.
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
    read_options: ReadOptions,
    filter: FilterOptions,
    by: By,
    /// Whether the result holds the counts of each year.
    histories: bool,
    totals: Option<Totals>,
    selection: SelectOptions,
    threads: Option<NonZeroUsize>,
    control: Control,
    /// A list of words has read standard input to its end.
    reads_words_from_stdin: bool,
}

impl Default for Job {
    fn default() -> Self {
        let chunk_size = DEFAULT_CHUNK_SIZE.get();
        Self {
            inputs: Vec::new(),
            read_options: ReadOptions {
                format: None,
                encoding: Encoding::AUTO,
                chunk_size,
                parse: ParseOptions::default(),
                needs_years: false,
                needs_text: false,
                keep_going: false,
            },
            filter: FilterOptions::default(),
            by: By::Word,
            histories: false,
            totals: None,
            selection: SelectOptions::default(),
            threads: None,
            control: Control::default(),
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

    /// One more input: a path, `-` for standard input, or an [`Input`].
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// More inputs, each as for [`Job::input`].
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = impl Into<Input>>) -> Self {
        self.inputs.extend(inputs.into_iter().map(Into::into));
        self
    }

    /// How many threads [`Job::run`] starts, at most [`MAX_THREADS`]. By default as many as there are cores.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// About how long a chunk is, in bytes. By default [`DEFAULT_CHUNK_SIZE`].
    pub fn chunk_size(mut self, bytes: NonZeroUsize) -> Self {
        self.read_options.chunk_size = bytes.get();
        self
    }

    /// Whether to leave out malformed lines instead of ending the run. [`Stats::malformed`](crate::Stats::malformed) is
    /// their number.
    pub fn skip_malformed(mut self, yes: bool) -> Self {
        self.read_options.parse.skip_malformed = yes;
        self
    }

    /// Whether to leave out an input that can't be read instead of ending the run. [`Outcome::errors`] has the errors.
    ///
    /// The result has the ngrams that stand before the error. If no input can be read at all, the run ends with the errors.
    pub fn keep_going(mut self, yes: bool) -> Self {
        self.read_options.keep_going = yes;
        self
    }

    /// A counter to which the run adds the bytes that are done, as they are stored. It ends at [`Job::stored_bytes`].
    pub fn progress(mut self, done: Arc<AtomicU64>) -> Self {
        self.control.done = done;
        self
    }

    /// A flag by which another thread ends the run: when it becomes true, the workers stop at the next chunk, and the run
    /// returns [`Error::Cancelled`](crate::Error::Cancelled).
    ///
    /// A worker that waits for input, such as an idle pipe, sees the flag only when the input goes on or ends. A flag that
    /// becomes true when all input is counted has no effect.
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

    /// How many bytes the inputs have as they are stored, if all of them have a size: where [`Job::progress`] ends.
    pub fn stored_bytes(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.check().ok().flatten()).sum()
    }
}
