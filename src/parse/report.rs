//! What the parser reports about a chunk, beside its runs.

use memchr::{memchr, memrchr};

use crate::parse::malformed::Malformed;
use crate::read::unpack::Compression;

/// What the parser met in one chunk.
#[derive(Debug, Default)]
pub(crate) struct ChunkReport {
    /// The number of all lines, blank and malformed ones included. 0 if nobody counted them.
    pub(crate) lines: u64,
    /// How many lines come before the chunk, if the chunks before it did not count theirs.
    pub(crate) lines_before: Option<u64>,
    /// The number of well-formed lines; in text, of words or N-grams.
    pub(crate) rows: u64,
    /// The length of the chunk, decompressed.
    pub(crate) bytes: u64,
    /// How many lines were malformed.
    pub(crate) malformed: u64,
    /// The first malformed line: its number within the chunk, from 1, and what is wrong with it.
    pub(crate) first_malformed: Option<(u64, Malformed)>,
    /// The first NUL, if the input must not have one.
    pub(crate) nul: Option<Nul>,
    /// How many bytes of text are not UTF-8, and therefore in no word.
    pub(crate) not_utf8: u64,
}

/// A NUL in an input that was taken for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nul {
    /// How many bytes come before the NUL: in the chunk, when the parser reports it; in the input, when an error tells it.
    pub(crate) at: u64,
    /// The format of compressed data in the same line, which is there when `cat` joins a plain and a compressed file.
    pub(crate) compression: Option<Compression>,
}

impl Nul {
    /// The first NUL in `text`.
    pub(crate) fn first(text: &[u8]) -> Option<Self> {
        let at = memchr(0, text)?;
        let line = memrchr(b'\n', &text[..at]).map_or(0, |end| end + 1);
        Some(Self { at: at as u64, compression: Compression::within(&text[line..=at]) })
    }
}

impl ChunkReport {
    /// Reports that the next line is malformed.
    pub(crate) fn add_malformed(&mut self, reason: Malformed) {
        self.lines += 1;
        self.malformed += 1;
        self.first_malformed.get_or_insert((self.lines, reason));
    }

    /// Whether a malformed line was met, but nobody counted the lines before it.
    pub(crate) fn lacks_lines(&self) -> bool {
        self.malformed > 0 && self.lines == 0
    }

    /// Adds the report about the lines behind these.
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
