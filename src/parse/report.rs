//! What the parser reports of a chunk, beside its runs.

use memchr::{memchr, memrchr};

use crate::parse::malformed::Malformed;
use crate::read::unpack::Compression;

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
    pub(crate) fn add_malformed(&mut self, reason: Malformed) {
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
