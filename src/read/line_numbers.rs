//! The ledger of an input: what its chunks held, put together in the order of the input, whatever the order in which
//! they were mapped. So line numbers are right although no chunk knows how many lines came before it.

use std::collections::BTreeMap;

use memchr::{memchr, memrchr};

use crate::parse::Malformed;
use crate::read::input::Compression;

/// What the map met in one chunk.
#[derive(Debug, Default)]
pub(crate) struct ChunkReport {
    /// All lines, blank and malformed ones too; or 0, where they were not counted.
    pub(crate) lines: u64,
    /// How many lines come before the chunk, where they were not counted.
    pub(crate) lines_before: Option<u64>,
    /// The lines that were counted; of text, its words or N-grams.
    pub(crate) rows: u64,
    /// The length of the chunk, decompressed.
    pub(crate) bytes: u64,
    /// How many lines were malformed.
    pub(crate) malformed: u64,
    /// The first of them: its number within the chunk, from 1, and what is wrong with it.
    pub(crate) first_malformed: Option<(u64, Malformed)>,
    /// The first NUL, if the input must not have any.
    pub(crate) nul: Option<Nul>,
    /// How many bytes of text are not UTF-8, and so in no word.
    pub(crate) not_utf8: u64,
}

/// A NUL in what was taken for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nul {
    /// How many bytes come before it: in the chunk at first, in the ledger in the input.
    pub(crate) at: u64,
    /// The compressed data that its line holds, as where `cat` joined a plain and a compressed file.
    pub(crate) compression: Option<Compression>,
}

impl Nul {
    /// The first one in `text`.
    pub(crate) fn first(text: &[u8]) -> Option<Self> {
        let at = memchr(0, text)?;
        let line = memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        Some(Self { at: at as u64, compression: Compression::within(&text[line..=at]) })
    }
}

impl ChunkReport {
    /// Takes down that the next line is malformed.
    pub(crate) fn malformed(&mut self, reason: Malformed) {
        self.lines += 1;
        self.malformed += 1;
        self.first_malformed.get_or_insert((self.lines, reason));
    }

    /// Whether there is a malformed line whose number in the input can't be told from the numbers of lines.
    pub(crate) fn lacks_lines(&self) -> bool {
        self.malformed > 0 && self.lines == 0
    }

    /// Adds what the lines behind these held.
    pub(crate) fn append(&mut self, behind: Self) {
        if let Some((line, reason)) = behind.first_malformed {
            self.first_malformed.get_or_insert((behind.lines_before.unwrap_or(self.lines) + line, reason));
        }
        self.lines += behind.lines;
        self.rows += behind.rows;
        self.bytes += behind.bytes;
        self.malformed += behind.malformed;
        self.nul = self.nul.or(behind.nul);
        self.not_utf8 += behind.not_utf8;
    }
}

/// What all chunks of an input held, as far as the chunks before them are known.
#[derive(Debug, Default)]
pub(crate) struct LineNumbers {
    /// The first chunk that is not in `sum` yet.
    next: u64,
    /// Chunks that were done before an earlier one.
    early: BTreeMap<u64, ChunkReport>,
    sum: ChunkReport,
}

impl LineNumbers {
    /// Enters chunk number `seq`, which begins at 0 and leaves none out.
    pub(crate) fn enter(&mut self, seq: u64, report: ChunkReport) {
        self.early.insert(seq, report);
        while let Some(report) = self.early.remove(&self.next) {
            self.next += 1;
            self.sum.append(report);
        }
    }

    /// Adds up what is left when all is done: what lies behind a chunk that could not be read, whose lines nobody
    /// knows.
    pub(crate) fn finish(&mut self) {
        for report in std::mem::take(&mut self.early).into_values() {
            self.sum.append(report);
        }
    }

    /// The sums over all chunks so far that have no gap before them.
    pub(crate) fn sum(&self) -> &ChunkReport {
        &self.sum
    }

    /// Whether a chunk before number `seq` has a malformed line, as far as is known.
    pub(crate) fn has_malformed_before(&self, seq: u64) -> bool {
        self.sum.malformed > 0 || self.early.range(..seq).any(|(_, report)| report.malformed > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_in_the_order_of_the_input() {
        let wrong = |found| Malformed::Fields { expected: &["ngram"], found };
        let mut last = ChunkReport { lines: 4, rows: 4, bytes: 40, ..ChunkReport::default() };
        last.malformed(wrong(7));
        let mut middle = ChunkReport { lines: 1, rows: 1, bytes: 30, ..ChunkReport::default() };
        middle.malformed(wrong(8));
        middle.malformed(wrong(9));
        let first = ChunkReport { lines: 10, rows: 9, bytes: 100, ..ChunkReport::default() };

        let mut line_numbers = LineNumbers::default();
        line_numbers.enter(2, last);
        line_numbers.enter(1, middle);
        assert_eq!((line_numbers.sum().lines, line_numbers.sum().malformed), (0, 0), "chunk 0 is still under way");
        line_numbers.enter(0, first);
        let sum = line_numbers.sum();
        assert_eq!(sum.first_malformed, Some((12, wrong(8))));
        assert_eq!((sum.lines, sum.rows, sum.bytes, sum.malformed), (18, 14, 170, 3));
        assert!(line_numbers.early.is_empty());
    }
}
