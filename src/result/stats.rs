//! `Stats`: how much a run read, how long it took, and with what.

use std::time::Duration;

use serde::Serialize;

use crate::parse::Format;
use crate::read::InputReport;
use crate::read::input::Compression;
use crate::read::note::Note;
use crate::system::proc;

/// What a run read, and the time and memory that it needed.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// What each input was and held, in the order of the inputs.
    pub inputs: Vec<InputStats>,
    /// How many lines were counted; in text, how many words or N-grams.
    pub rows: u64,
    /// How many malformed lines were left out.
    pub malformed: u64,
    /// How many distinct ngrams were counted, before any selection among them. With case ignored, case variants are one.
    pub words: u64,
    /// The bytes of all inputs, decompressed.
    pub bytes: u64,
    /// The time from the first read to the last merge, in seconds. The command adds the time to the last byte written.
    pub seconds: f64,
    /// Millions of (decompressed) bytes a second.
    pub mb_per_second: f64,
    /// The peak of the process's resident memory so far, in bytes, if the system tells.
    pub peak_memory_bytes: Option<u64>,
    /// How many threads counted.
    pub threads: usize,
    /// About how long a chunk was, in bytes.
    pub chunk_size: usize,
}

/// What one input was and held.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct InputStats {
    /// Its name, as the user wrote it.
    pub name: String,
    /// Its format, as named or as found; `None` if it can't be opened.
    pub format: Option<Format>,
    /// How it is compressed.
    pub compression: Option<Compression>,
    /// How many lines were counted; in text, how many words or N-grams.
    pub rows: u64,
    /// How many malformed lines were left out.
    pub malformed: u64,
    /// The number of the first malformed line, and what is wrong with it.
    pub first_malformed: Option<(u64, String)>,
    /// Its bytes, decompressed and not yet decoded. `zcat FILE | wc -c` counts the same, or `wc -c` of a plain file.
    pub bytes: u64,
    /// What else a user should know.
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
            first_malformed: sum.first_malformed.as_ref().map(|(line, reason)| (*line, reason.to_string())),
            bytes: found.map_or(sum.bytes, |found| found.bytes(sum.bytes)),
            notes: found.map_or_else(Vec::new, |found| found.notes(sum.not_utf8)),
        }
    }
}

impl Stats {
    pub(crate) fn new(inputs: Vec<InputStats>, words: u64, threads: usize, chunk_size: usize) -> Self {
        let sum = |of: fn(&InputStats) -> u64| inputs.iter().map(of).sum();
        let [rows, malformed, bytes] =
            [sum(|input| input.rows), sum(|input| input.malformed), sum(|input| input.bytes)];
        Self {
            inputs,
            rows,
            malformed,
            words,
            bytes,
            seconds: 0.0,
            mb_per_second: 0.0,
            peak_memory_bytes: None,
            threads,
            chunk_size,
        }
    }

    /// Sets the time that the run took, and the peak of memory until now.
    pub fn finish(&mut self, elapsed: Duration) {
        self.seconds = elapsed.as_secs_f64();
        self.mb_per_second = if self.seconds > 0.0 { self.bytes as f64 / 1e6 / self.seconds } else { 0.0 };
        self.peak_memory_bytes = proc::peak_memory();
    }
}
