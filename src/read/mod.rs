//! The feed: hands the chunks of all inputs to the workers, and keeps what went wrong.
//!
//! Workers share a plain file, chunk by chunk. Streams can be read by only one at a time, so each worker takes a stream
//! of its own as long as there are unopened inputs; then they help with the streams that are left: one decompresses,
//! the others map what it leaves to them. Inputs are opened when their turn comes, so that ten thousand files need no
//! more than a few descriptors.

pub(crate) mod chunk;
mod counting_reader;
pub(crate) mod decode;
mod detected;
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

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

pub(crate) use self::detected::Found;
pub(crate) use self::source::Source;
use crate::error::Error;
use crate::parse::{Format, Malformed, ParseOptions};
use crate::read::chunk::Span;
use crate::read::input::{Compression, Encoding, Input};
use crate::read::line_numbers::{ChunkReport, LineNumbers, Nul};
use crate::result::stats::InputStats;

/// How inputs are read.
#[derive(Debug, Clone)]
pub(crate) struct ReadOptions {
    /// The format of all inputs; where `None`, each is looked at.
    pub(crate) format: Option<Format>,
    /// The encoding of text that is not UTF-8.
    pub(crate) encoding: Encoding,
    /// About how long a chunk is, in bytes.
    pub(crate) chunk_size: usize,
    /// How lines are taken.
    pub(crate) parse: ParseOptions,
    /// Something was asked of years, which not all formats have.
    pub(crate) needs_years: bool,
    /// Something was asked of text.
    pub(crate) needs_text: bool,
    /// An input that can't be read does not end the run.
    pub(crate) keep_going: bool,
}

/// All inputs of a run, on their way to the workers.
pub(crate) struct Reader {
    inputs: Vec<Input>,
    pub(crate) options: ReadOptions,
    /// Bytes done, of the inputs as they are stored. The progress bar reads it.
    done: Arc<AtomicU64>,
    /// Inputs from this number on are given up, since this one failed. Those before it go on, so that the error that is
    /// told is always the first one, whatever the threads did.
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
    /// Inputs under way, in their order.
    open: Vec<Arc<Source>>,
}

impl Reader {
    pub(crate) fn new(inputs: Vec<Input>, options: ReadOptions, done: Arc<AtomicU64>) -> Self {
        let records = inputs.iter().map(|_| Record::default()).collect();
        Self {
            inputs,
            options,
            done,
            stop: AtomicUsize::new(usize::MAX),
            queue: Mutex::default(),
            records,
            errors: Mutex::default(),
        }
    }

    /// The next chunk for a worker, read into `buffer`, and where it is from: `last`, where there is more of it, or
    /// another. `None` when all is given out.
    pub(crate) fn next(&self, mut last: Option<Arc<Source>>, buffer: &mut Vec<u8>) -> Option<(Arc<Source>, Span)> {
        loop {
            let source = last.take().filter(|source| self.is_wanted(source)).or_else(|| self.next_source())?;
            match source.read(&self.options, buffer) {
                Ok(Some(chunk)) => return Some((source, chunk)),
                Ok(None) => self.close(&source),
                Err(error) => {
                    self.close(&source);
                    self.fail(source.index, error);
                }
            }
        }
    }

    /// Takes down what a chunk of `source`, with the lines `text`, held.
    pub(crate) fn finish(&self, source: &Source, chunk: &Span, text: &[u8], mut report: ChunkReport) {
        report.nul = report.nul.map(|nul| Nul { at: chunk.offset + nul.at, ..nul });
        let is_malformed = report.malformed > 0 && !self.options.parse.skip_malformed;
        if is_malformed || report.nul.is_some() {
            self.end_run(source, is_malformed);
        }
        source.release(chunk);
        let mut line_numbers = lock(&self.records[source.index].line_numbers);
        // What is wrong is told of the first malformed line of an input alone.
        if report.malformed > 0 && !line_numbers.has_malformed_before(chunk.seq) {
            self.explain(source, chunk, text, &mut report);
        }
        line_numbers.add(chunk.seq, report);
        self.done.fetch_add(chunk.stored, Ordering::Relaxed);
    }

    /// Adds to the first malformed line of a chunk what takes a second look: its number, and whether compressed data begins
    /// in it.
    fn explain(&self, source: &Source, chunk: &Span, text: &[u8], report: &mut ChunkReport) {
        if let Some((line, reason)) = &mut report.first_malformed
            && let Some(compression) = begins_within(text, *line)
        {
            *reason = Malformed::Compressed { compression };
        }
        if report.lacks_lines() {
            match source.lines_before(chunk) {
                Ok(lines) => report.lines_before = Some(lines),
                Err(error) => self.fail(source.index, error),
            }
        }
    }

    /// Takes down that a chunk ends the run with an error.
    fn end_run(&self, source: &Source, is_malformed: bool) {
        if let Some(changed) = source.changed() {
            // No wonder then.
            self.fail(source.index, changed);
        } else if is_malformed || !self.options.keep_going {
            self.stop.fetch_min(source.index, Ordering::Relaxed);
        }
        // Nobody may come to the end of it.
        self.keep_found(source);
    }

    /// Takes down that an error at input `index` ends the run, or just this input where the run is to keep going.
    pub(crate) fn fail(&self, index: usize, error: Error) {
        if !self.options.keep_going {
            self.stop.fetch_min(index, Ordering::Relaxed);
        }
        lock(&self.errors).entry(index).or_insert(error);
    }

    /// What each input held, and the first error of each that failed, in their order.
    pub(crate) fn close_all(self) -> (Vec<InputStats>, Vec<Error>) {
        let mut errors = self.errors.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut stats = Vec::with_capacity(self.inputs.len());
        for (index, (input, record)) in self.inputs.iter().zip(self.records).enumerate() {
            let mut line_numbers = record.line_numbers.into_inner().unwrap_or_else(PoisonError::into_inner);
            line_numbers.finish();
            let (sum, found) = (line_numbers.sum(), record.found.get());
            // A change explains whatever else is wrong.
            if !matches!(errors.get(&index), Some(Error::Changed { .. })) {
                errors.extend(error_within(input, sum, found, &self.options.parse).map(|error| (index, error)));
            }
            stats.push(InputStats::new(input, found, sum));
        }
        (stats, errors.into_values().collect())
    }

    /// Where a worker that has no source, or whose source is used up, reads next.
    fn next_source(&self) -> Option<Arc<Source>> {
        let mut queue = lock(&self.queue);
        if let Some(plain) = queue.open.iter().find(|source| source.is_plain() && self.is_wanted(source)) {
            return Some(Arc::clone(plain));
        }
        if queue.next < self.inputs.len().min(self.stop.load(Ordering::Relaxed)) {
            let source = Arc::new(Source::new(self.inputs[queue.next].clone(), queue.next));
            queue.next += 1;
            queue.open.push(Arc::clone(&source));
            return Some(source);
        }
        queue.open.iter().find(|source| self.is_wanted(source)).map(Arc::clone)
    }

    /// Whether an input comes before all that failed.
    fn is_wanted(&self, source: &Source) -> bool {
        source.index < self.stop.load(Ordering::Relaxed)
    }

    fn keep_found(&self, source: &Source) {
        if let Some(found) = source.found() {
            self.records[source.index].found.get_or_init(|| found);
        }
    }

    /// Takes down that `source` has no more chunks.
    fn close(&self, source: &Arc<Source>) {
        self.keep_found(source);
        lock(&self.queue).open.retain(|open| !Arc::ptr_eq(open, source));
    }
}

/// What is wrong with the content of an input.
fn error_within(input: &Input, sum: &ChunkReport, found: Option<&Found>, options: &ParseOptions) -> Option<Error> {
    if let Some(nul) = sum.nul {
        return Some(failure::binary(input, nul));
    }
    let (line, reason) = sum.first_malformed.clone().filter(|_| !options.skip_malformed)?;
    let guess = found.map(|found| found.detected).filter(|detected| !detected.is_sure).map(|detected| detected.format);
    Some(Error::Malformed { input: input.to_string(), line, reason, guess })
}

/// The compression of data that begins within line number `line` of some lines, as where `cat` joins files.
fn begins_within(lines: &[u8], line: u64) -> Option<Compression> {
    let number = usize::try_from(line.checked_sub(1)?).ok()?;
    Compression::within(lines.split(|&byte| byte == b'\n').nth(number)?)
}

/// Locks; a worker that panicked has left nothing half done, as each change is one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
