//! The settings of a run, from the first bytes of a fuzzer's data.

use std::io::{Cursor, Read};
use std::num::NonZeroUsize;
use std::sync::LazyLock;

use ngram_count::write::{self, OutputFormat, OutputOptions};
use ngram_count::{By, Format, Input, Job, Outcome, Result};
use rayon::ThreadPool;

const MAX_THREADS: usize = 3;

/// Starting threads would take longer than a run.
static POOLS: LazyLock<[ThreadPool; MAX_THREADS]> = LazyLock::new(|| {
    [1, 2, 3].map(|threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads"))
});

/// How to cut and read an input, and what to count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) format: Format,
    pub(crate) by: By,
    pub(crate) skip_malformed: bool,
    /// Bits for the target.
    pub(crate) flags: u8,
    chunk_size: NonZeroUsize,
    threads: usize,
    source: Source,
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Bytes,
    /// A reader that returns at most so many bytes at once.
    Reader(usize),
}

/// A reader of small steps.
struct Steps(Cursor<Vec<u8>>, usize);

impl Read for Steps {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let len = buffer.len().min(self.1);
        self.0.read(&mut buffer[..len])
    }
}

impl Plan {
    /// One thread, one chunk, bytes in memory.
    pub(crate) const SIMPLE: Self = Self {
        format: Format::Text,
        by: By::Word,
        skip_malformed: false,
        flags: 0,
        chunk_size: NonZeroUsize::new(1 << 20).expect("not zero"),
        threads: 1,
        source: Source::Bytes,
    };

    /// The settings and the rest of the data.
    pub(crate) fn of(data: &[u8]) -> Option<(Self, &[u8])> {
        let (&[what, how, chunk, flags], rest) = data.split_first_chunk()?;
        let formats = [Format::V2, Format::V1, Format::V3, Format::Counts, Format::Text];
        let size = usize::from(chunk);
        let plan = Self {
            format: formats[usize::from(what % 5)],
            by: [By::Word, By::Word, By::Year, By::Decade][usize::from(what / 5 % 4)],
            skip_malformed: what >= 128,
            flags,
            chunk_size: NonZeroUsize::new(if size < 128 { size + 1 } else { (size - 127) * 32 }).expect("not zero"),
            threads: usize::from(how) % MAX_THREADS + 1,
            source: if how < 128 { Source::Bytes } else { Source::Reader(usize::from(how) - 127) },
        };
        Some((plan, rest))
    }

    /// As [`Plan::of`], for tables and text that nobody may take for compressed data or for another encoding: a blank
    /// line comes first.
    pub(crate) fn with_text(data: &[u8]) -> Option<(Self, Vec<u8>)> {
        let (plan, rest) = Self::of(data)?;
        Some((plan, [b"\n", rest].concat()))
    }

    pub(crate) fn input(&self, text: &[u8]) -> Input {
        match self.source {
            Source::Bytes => Input::from_bytes("input", text.to_vec()),
            Source::Reader(step) => Input::from_reader("input", Steps(Cursor::new(text.to_vec()), step)),
        }
    }

    /// Runs a job over the inputs, cut so.
    pub(crate) fn run(&self, job: Job, inputs: impl IntoIterator<Item = Input>) -> Result<Outcome> {
        job.inputs(inputs).chunk_size(self.chunk_size).run_in(&POOLS[self.threads - 1])
    }

    /// Whether the text can be counted by [`Plan::by`].
    pub(crate) fn has_years(&self) -> bool {
        !matches!(self.format, Format::Counts | Format::Text)
    }
}

/// A result as the command writes it.
pub(crate) fn written(outcome: &Outcome, format: OutputFormat) -> Vec<u8> {
    written_as(outcome, &OutputOptions::new(format))
}

/// A result with these options.
pub(crate) fn written_as(outcome: &Outcome, options: &OutputOptions) -> Vec<u8> {
    let mut text = Vec::new();
    write::write(&outcome.counts, options, &mut text).expect("memory takes all");
    text
}
