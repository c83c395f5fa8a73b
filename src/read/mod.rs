//! From inputs to the line-aligned chunks that the workers parse.
//!
//! Which worker reads what: all workers share a plain file, chunk by chunk. Only one at a time can read a stream, so each
//! worker opens an input of its own while there are unopened ones. Then the workers help with the streams that are left:
//! one decompresses, the others parse the chunks. An input is opened when its turn comes, so that ten thousand files
//! need only a few descriptors.
//!
//! ```text
//! Reader  -> Worker ->  Chunk -> parse -> Chunk::done
//!   |  the next Source       (its lines)      |
//!   '-- Source, LineNumbers, errors  <--------'
//! ```

pub(crate) mod chunk;
mod counting_reader;
pub(crate) mod decode;
pub(crate) mod detected;
mod failure;
pub(crate) mod input;
pub(crate) mod line_numbers;
pub mod mmap;
pub(crate) mod named_input;
pub(crate) mod note;
mod open;
mod opened;
mod peek;
mod random_access;
mod shared_stream;
mod signature;
mod source;
mod stream;
pub(crate) mod unpack;
mod worker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

pub(crate) use self::detected::Found;
pub(crate) use self::worker::Worker;
use crate::error::Error;
use crate::parse::report::ChunkReport;
use crate::parse::{Format, ParseOptions};
use crate::read::chunk::Span;
use crate::read::input::{Encoding, Input};
use crate::read::line_numbers::LineNumbers;
use crate::read::open::open;
use crate::read::source::Source;

/// How inputs are read.
#[derive(Debug, Clone)]
pub(crate) struct ReadOptions {
    /// The format of all inputs; `None` to detect it for each.
    pub(crate) format: Option<Format>,
    /// The encoding of text that is not UTF-8.
    pub(crate) encoding: Encoding,
    /// About how long a chunk is, in bytes.
    pub(crate) chunk_size: usize,
    /// How the lines are parsed.
    pub(crate) parse: ParseOptions,
    /// The result needs years, which some formats lack.
    pub(crate) needs_years: bool,
    /// The user said what the words of text are, so an input in another format is an error.
    pub(crate) needs_text: bool,
    /// The run goes on without an input that can't be read.
    pub(crate) keep_going: bool,
}

/// What a run shares with the caller's other threads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    /// How many bytes are done, of the inputs as they are stored. The progress bar reads it.
    pub(crate) done: Arc<AtomicU64>,
    /// The caller ends the run.
    pub(crate) cancelled: Arc<AtomicBool>,
}

/// All inputs of a run, on their way to the workers.
pub(crate) struct Reader {
    inputs: Vec<Input>,
    options: ReadOptions,
    control: Control,
    /// The first input that failed: it and all behind it are given up. Those before it go on, so the first error of the
    /// run is reported, however the threads were scheduled.
    stop: AtomicUsize,
    queue: Mutex<Queue>,
    /// What is known of each input.
    records: Vec<Record>,
    /// The first error of each input that failed.
    errors: Mutex<BTreeMap<usize, Error>>,
}

#[derive(Default)]
struct Record {
    line_numbers: Mutex<LineNumbers>,
    found: OnceLock<Found>,
}

#[derive(Default)]
struct Queue {
    /// The first input that no worker has taken.
    next: usize,
    /// The inputs that are being read, in their order.
    open: Vec<Arc<Source>>,
}

/// What an input was and held, at the end of a run.
pub(crate) struct InputReport {
    pub(crate) input: Input,
    /// `None` if it was not opened.
    pub(crate) found: Option<Found>,
    /// The sum over its chunks.
    pub(crate) sum: ChunkReport,
}

impl Reader {
    pub(crate) fn new(inputs: Vec<Input>, options: ReadOptions, control: Control) -> Self {
        let records = inputs.iter().map(|_| Record::default()).collect();
        Self {
            inputs,
            options,
            control,
            stop: AtomicUsize::new(usize::MAX),
            queue: Mutex::default(),
            records,
            errors: Mutex::default(),
        }
    }

    /// The chunks of one worker: as many as it takes before the others take them.
    pub(crate) fn worker(&self) -> Worker<'_> {
        Worker::new(self)
    }

    /// Whether the caller has ended the run.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.control.cancelled.load(Ordering::Relaxed)
    }

    /// What each input held, and the first error of each that failed, in their order.
    pub(crate) fn close_all(self) -> (Vec<InputReport>, Vec<Error>) {
        let mut errors = self.errors.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut reports = Vec::with_capacity(self.inputs.len());
        for (index, (input, Record { line_numbers, found })) in self.inputs.into_iter().zip(self.records).enumerate() {
            let sum = line_numbers.into_inner().unwrap_or_else(PoisonError::into_inner).into_sum();
            let report = InputReport { input, found: found.into_inner(), sum };
            // A file that changed while it was read: that explains whatever else is wrong with it.
            if !matches!(errors.get(&index), Some(Error::Changed { .. }))
                && let Some(error) = failure::in_content(&report, &self.options.parse)
            {
                errors.insert(index, error);
            }
            reports.push(report);
        }
        (reports, errors.into_values().collect())
    }

    /// The source for a worker that has none, or whose source is used up.
    fn next_source(&self) -> Option<Arc<Source>> {
        let mut queue = lock(&self.queue);
        if let Some(plain) = queue.open.iter().find(|source| source.is_plain() && self.is_wanted(source)) {
            return Some(Arc::clone(plain));
        }
        if queue.next < self.inputs.len().min(self.stop.load(Ordering::Relaxed)) {
            let source = Arc::new(Source::new(queue.next));
            queue.next += 1;
            queue.open.push(Arc::clone(&source));
            return Some(source);
        }
        queue.open.iter().find(|source| self.is_wanted(source)).map(Arc::clone)
    }

    /// The next chunk of a source, which the first call opens. `None` at its end, and where it fails: the error is
    /// recorded then.
    fn next_span(&self, source: &Source, buffer: &mut Vec<u8>) -> Option<Span> {
        let fail = |error| self.fail(source.index, error);
        let opened = source.open_with(|| open(&self.inputs[source.index], &self.options).map_err(fail).ok())?;
        opened.next(buffer).map_err(fail).ok()?
    }

    /// Whether a source comes before all inputs that ended the run.
    fn is_wanted(&self, source: &Source) -> bool {
        source.index < self.stop.load(Ordering::Relaxed)
    }

    /// Records an error of input number `index`. It ends the run, or just this input if the run is to keep going.
    fn fail(&self, index: usize, error: Error) {
        if !self.options.keep_going {
            self.stop_at(index);
        }
        lock(&self.errors).entry(index).or_insert(error);
    }

    /// Gives up input number `index` and all behind it.
    fn stop_at(&self, index: usize) {
        self.stop.fetch_min(index, Ordering::Relaxed);
    }

    /// Records that a source has no more chunks.
    fn close(&self, source: &Arc<Source>) {
        self.keep_found(source);
        lock(&self.queue).open.retain(|open| !Arc::ptr_eq(open, source));
    }

    /// Keeps what was found out about an input longer than its source lives.
    fn keep_found(&self, source: &Source) {
        if let Some(open) = source.open() {
            self.records[source.index].found.get_or_init(|| open.found());
        }
    }
}

/// Locks. A worker that panicked has left nothing half done, because each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
