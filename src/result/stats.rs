//! `Stats`: the statistics of a run, such as its bytes, time and memory.

use std::time::Duration;

use serde::Serialize;

use crate::parse::Format;
use crate::read::InputReport;
use crate::read::input::Compression;
use crate::read::note::Note;
use crate::system::proc;

/// The statistics of a run: what it read, and the time and memory that it took.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// The statistics of each input, in the order of the inputs.
    pub inputs: Vec<InputStats>,
    /// The number of well-formed lines that the run parsed; in text, of words or N-grams.
    pub rows: u64,
    /// The number of malformed lines, which the run left out.
    pub malformed: u64,
    /// The number of distinct ngrams before the selection. With case ignored, case variants are one ngram.
    pub words: u64,
    /// The sum of the counts of these ngrams: in text, the number of tokens.
    pub counted: u128,
    /// The number of distinct ngrams divided by the sum of their counts: the type/token ratio of a text; 0 without any.
    pub type_token_ratio: f64,
    /// The number of bytes of all inputs, decompressed.
    pub bytes: u64,
    /// The time of counting, and of selecting and ordering the result, in seconds. The command replaces it by the time
    /// to the last byte written.
    pub seconds: f64,
    /// The speed in millions of (decompressed) bytes a second.
    pub mb_per_second: f64,
    /// The peak of the process's resident memory so far, in bytes, if the system tells.
    pub peak_memory_bytes: Option<u64>,
    /// The [bound](crate::Job::memory) of the tables and the result, in bytes; `None` if there is none.
    pub memory_limit: Option<u64>,
    /// The number of bytes that the run wrote to its temporary file, because they passed the bound.
    pub spilled_bytes: u64,
    /// The number of threads that counted.
    pub threads: usize,
    /// The approximate length of a chunk in bytes.
    pub chunk_size: usize,
}

/// The statistics of one input.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct InputStats {
    /// The input's name, as the user wrote it.
    pub name: String,
    /// The input's format, as named or detected; `None` if the input can't be opened.
    pub format: Option<Format>,
    /// The input's compression; `None` for plain data.
    pub compression: Option<Compression>,
    /// The number of well-formed lines that the run parsed; in text, of words or N-grams.
    pub rows: u64,
    /// The number of malformed lines, which the run left out.
    pub malformed: u64,
    /// The number of the first malformed line, from 1, and its fault. A row of a table has no number: it is 0.
    pub first_malformed: Option<(u64, String)>,
    /// The number of bytes, decompressed but not decoded, as `wc -c` of a plain file or `zcat FILE | wc -c` counts
    /// them.
    pub bytes: u64,
    /// Notes for the user.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl InputStats {
    pub(crate) fn new(InputReport { input, found, sum }: &InputReport) -> Self {
        let found = found.as_ref();
        let detected = found.map(|found| found.detected);
        Self {
            name: input.to_string(),
            format: detected.map(|detected| detected.format),
            compression: detected.and_then(|detected| detected.compression),
            rows: sum.rows,
            malformed: sum.malformed,
            first_malformed: sum.first_malformed.as_ref().map(|(line, reason)| {
                let line = if reason.is_of_row() { 0 } else { *line };
                (line, reason.to_string())
            }),
            bytes: found.map_or(sum.bytes, |found| found.bytes(sum.bytes)),
            notes: found.map_or_else(Vec::new, |found| found.notes(sum.not_utf8)),
        }
    }
}

impl Stats {
    /// `words` and `counted` are the number of distinct ngrams, and the sum of their counts.
    pub(crate) fn new(inputs: Vec<InputStats>, words: u64, counted: u128, threads: usize, chunk_size: usize) -> Self {
        let sum = |of: fn(&InputStats) -> u64| inputs.iter().map(of).sum();
        let [rows, malformed, bytes] =
            [sum(|input| input.rows), sum(|input| input.malformed), sum(|input| input.bytes)];
        Self {
            inputs,
            rows,
            malformed,
            words,
            counted,
            type_token_ratio: if counted > 0 { words as f64 / counted as f64 } else { 0.0 },
            bytes,
            seconds: 0.0,
            mb_per_second: 0.0,
            peak_memory_bytes: None,
            memory_limit: None,
            spilled_bytes: 0,
            threads,
            chunk_size,
        }
    }

    /// Sets the time that the run took, and the peak of memory so far.
    pub fn finish(&mut self, elapsed: Duration) {
        self.seconds = elapsed.as_secs_f64();
        self.mb_per_second = if self.seconds > 0.0 { self.bytes as f64 / 1e6 / self.seconds } else { 0.0 };
        self.peak_memory_bytes = proc::peak_memory();
    }
}
