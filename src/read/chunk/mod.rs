//! Cuts an input into line-aligned chunks, so that workers can parse them in parallel.
//!
//! [`MappedChunks`] and [`PositionedChunks`] cut a plain file into ranges of one size. A chunk consists of the lines
//! whose first byte lies in its range. Each worker finds the line ends itself, and no worker waits for another. An
//! example, with ranges of 4 bytes:
//!
//! ```text
//! byte    0   4   8   12
//! text    a_1$bbbb_2$c_3$              $ is LF
//! chunk 0 a_1$                         begins with the file
//! chunk 1     bbbb_2$                  byte 3 is LF: a line begins at 4; it ends behind the range
//! chunk 2            c_3$              the first line that begins in 8..12 begins at 11
//! chunk 3                              no line begins in 12..15: the chunk is empty
//! ```
//!
//! [`StreamChunks`] cuts a stream, which only one worker at a time can read.

mod mapped;
mod positioned;
mod ranges;
mod stream;

use std::ops::Range;

pub(crate) use self::mapped::MappedChunks;
pub(crate) use self::positioned::PositionedChunks;
pub(crate) use self::ranges::Ranges;
pub(crate) use self::stream::StreamChunks;

/// The position of a chunk's lines. All of them are whole lines; only the last line of an input may lack its LF.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The chunk's number in its input, from 0.
    pub(crate) seq: u64,
    /// The lines, in the worker's buffer or in the mapped file. Empty if no line begins in the chunk's range.
    pub(crate) lines: Range<usize>,
    /// The offset of the lines in the decompressed input, in bytes.
    pub(crate) offset: u64,
    /// The number of stored bytes of the input that this chunk completes, for progress.
    pub(crate) stored: u64,
}

/// Whether `lines` of a text are whole lines: they end with LF or at the end of the text.
fn are_whole(text: &[u8], lines: &Range<usize>) -> bool {
    lines.is_empty() || lines.end == text.len() || text.get(lines.end - 1) == Some(&b'\n')
}
