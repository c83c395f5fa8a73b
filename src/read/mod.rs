//! Reads inputs: turns them into line-aligned chunks for the workers.
//!
//! All workers share a plain file, chunk by chunk. Only one worker at a time can read a stream, so each worker opens
//! another input as long as there are unopened inputs. Then the workers share the streams that are left: one worker
//! decompresses a stream, the others parse its chunks. A worker opens an input only when its turn comes, so ten
//! thousand files need only a few descriptors.
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
pub(crate) mod names;
pub(crate) mod note;
mod open;
mod opened;
pub(crate) mod part;
mod peek;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod random_access;
mod shared_stream;
mod signature;
mod source;
mod stream;
pub(crate) mod table_url;
pub(crate) mod unpack;
mod worker;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

pub(crate) use self::detected::Found;
pub(crate) use self::worker::Worker;
use crate::error::Error;
use crate::lock::{into_inner, lock};
use crate::parse::report::ChunkReport;
use crate::parse::{Format, ParseOptions, Seams};
use crate::read::chunk::Span;
use crate::read::input::{Encoding, Input};
use crate::read::line_numbers::LineNumbers;
use crate::read::open::open;
use crate::read::source::Source;

/// How the bytes of an input become its text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Decoding {
    /// The encoding of text that is not UTF-8.
    pub(crate) encoding: Encoding,
    /// Whether the bytes are the text: not decompressed, not decoded, and with a byte-order mark.
    pub(crate) is_raw: bool,
}

/// What a job needs of each input, and some formats lack.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Needs {
    /// Rows with years.
    pub(crate) years: bool,
    /// Volumes. Earlier counts have none; a text is one.
    pub(crate) volumes: bool,
    /// Text: the user has set how it splits into words or N-grams.
    pub(crate) text: bool,
}

/// Settings for reading inputs.
#[derive(Debug, Clone)]
pub(crate) struct ReadOptions {
    /// The format of all inputs; `None` to detect the format of each.
    pub(crate) format: Option<Format>,
    pub(crate) decoding: Decoding,
    /// The approximate length of a chunk in bytes.
    pub(crate) chunk_size: usize,
    /// Settings of the parser.
    pub(crate) parse: ParseOptions,
    /// What the job needs of each input. An input without it is an error.
    pub(crate) needs: Needs,
    /// Whether to find out whether the lines of a text look wrapped.
    pub(crate) finds_wrapped: bool,
    /// Whether the run goes on without an input that can't be read.
    pub(crate) keep_going: bool,
    /// The connections for each table, and what a count needs of it.
    #[cfg(feature = "postgres")]
    pub(crate) tables: postgres::TableOptions,
}

/// The variables that a run shares with the caller's other threads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    /// The number of stored bytes of all chunks that are done, for the progress bar.
    pub(crate) done: Arc<AtomicU64>,
    /// Whether the caller has ended the run.
    pub(crate) cancelled: Arc<AtomicBool>,
}

/// All inputs of a run. It gives their chunks to the workers, and collects the reports and errors.
pub(crate) struct Reader {
    inputs: Vec<Input>,
    options: ReadOptions,
    control: Control,
    /// The number of the first input that ended the run. The workers give up this input and all behind it, and go on
    /// with those before it. The run thus reports its first error, however the system schedules the threads.
    stop: AtomicUsize,
    queue: Mutex<InputQueue>,
    /// The line numbers, facts and seams of each input.
    records: Vec<Record>,
    /// The first error of each input that failed.
    errors: Mutex<BTreeMap<usize, Error>>,
}

#[derive(Default)]
struct Record {
    line_numbers: Mutex<LineNumbers>,
    found: OnceLock<Found>,
    seams: Seams,
}

#[derive(Default)]
struct InputQueue {
    /// The number of the first input that no worker has taken.
    next: usize,
    /// The inputs that the workers are reading, in order.
    open: Vec<Arc<Source>>,
}

/// The report about an input, at the end of a run.
pub(crate) struct InputReport {
    pub(crate) input: Input,
    /// The facts about the input; `None` if no worker opened it.
    pub(crate) found: Option<Found>,
    /// The sum of its chunks' reports.
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

    /// The access of one worker to the chunks. Workers compete for them.
    pub(crate) fn worker(&self) -> Worker<'_> {
        Worker::new(self)
    }

    /// Whether the caller has ended the run.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.control.cancelled.load(Ordering::Relaxed)
    }

    /// The report of each input, and the first error of each input that failed, both in the order of the inputs.
    pub(crate) fn close_all(self) -> (Vec<InputReport>, Vec<Error>) {
        let mut errors = into_inner(self.errors);
        let mut reports = Vec::with_capacity(self.inputs.len());
        for (index, (input, Record { line_numbers, found, .. })) in
            self.inputs.into_iter().zip(self.records).enumerate()
        {
            let sum = into_inner(line_numbers).into_sum();
            let report = InputReport { input, found: found.into_inner(), sum };
            // A change of the file explains any other error in it.
            if !matches!(errors.get(&index), Some(Error::Changed { .. }))
                && let Some(error) = failure::in_content(&report, &self.options.parse)
            {
                errors.insert(index, error);
            }
            reports.push(report);
        }
        (reports, errors.into_values().collect())
    }

    /// The next source for a worker; `None` if no input is left.
    fn next_source(&self) -> Option<Arc<Source>> {
        let mut queue = lock(&self.queue);
        if let Some(parallel) = queue.open.iter().find(|source| source.is_parallel() && self.is_wanted(source)) {
            return Some(Arc::clone(parallel));
        }
        if queue.next < self.inputs.len().min(self.stop.load(Ordering::Relaxed)) {
            let source = Arc::new(Source::new(queue.next));
            queue.next += 1;
            queue.open.push(Arc::clone(&source));
            return Some(source);
        }
        queue.open.iter().find(|source| self.is_wanted(source)).map(Arc::clone)
    }

    /// The next chunk of a source. The first call opens the source. `None` at the end, and after a failure, whose error
    /// the reader records.
    fn next_span(&self, source: &Source, buffer: &mut Vec<u8>) -> Option<Span> {
        let fail = |error| self.fail(source.index, error);
        let opened = source.open_with(|| open(&self.inputs[source.index], &self.options).map_err(fail).ok())?;
        opened.next(buffer).map_err(fail).ok()?
    }

    /// Whether a source comes before the first input that ended the run.
    fn is_wanted(&self, source: &Source) -> bool {
        source.index < self.stop.load(Ordering::Relaxed)
    }

    /// Records an error of input number `index`. The error ends the run, or only this input if the run keeps going.
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

    /// Keeps the facts about an input beyond the lifetime of its source.
    fn keep_found(&self, source: &Source) {
        if let Some(open) = source.open() {
            self.records[source.index].found.get_or_init(|| open.found());
        }
    }
}
