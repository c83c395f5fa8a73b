//! The parser's report about a chunk, beside its runs.

use memchr::{memchr, memrchr};

use crate::parse::malformed::Malformed;
use crate::parse::text::edge::Edge;
use crate::read::unpack::Compression;

/// The parser's report about one chunk.
#[derive(Debug, Default)]
pub(crate) struct ChunkReport {
    /// The number of all lines, including blank and malformed ones. 0 if the parser counted no lines.
    pub(crate) lines: u64,
    /// The number of lines before the chunk, if the reports of earlier chunks lack their numbers of lines.
    pub(crate) lines_before: Option<u64>,
    /// The number of well-formed lines; in text, of words or N-grams.
    pub(crate) rows: u64,
    /// The decompressed length of the chunk in bytes.
    pub(crate) bytes: u64,
    /// The number of malformed lines.
    pub(crate) malformed: u64,
    /// The number of the first malformed line within the chunk, from 1, and its fault.
    pub(crate) first_malformed: Option<(u64, Malformed)>,
    /// The first NUL, in an input that must not have one.
    pub(crate) nul: Option<Nul>,
    /// The number of bytes of text that are not UTF-8, and therefore belong to no word.
    pub(crate) not_utf8: u64,
    /// The words at the ends of the chunk, if N-grams of text span the ends of chunks.
    pub(crate) edge: Option<Edge>,
}

/// A NUL in an input that was detected as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nul {
    /// The offset of the NUL in bytes: in the chunk for the parser's report, in the input for an error.
    pub(crate) at: u64,
    /// The compression of data in the same line, if there is any: `cat` may have joined a plain and a compressed file.
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

    /// Whether there is a malformed line, but no number of the lines before it.
    pub(crate) fn lacks_lines(&self) -> bool {
        self.malformed > 0 && self.lines == 0
    }

    /// Adds the report about the lines that follow.
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
