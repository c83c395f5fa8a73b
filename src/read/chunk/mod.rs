//! Line-aligned chunks: pieces of an input that hold whole lines.
//!
//! [`MappedChunks`] and [`PositionedChunks`] take a plain file by position, many workers side by side: from a mapping, or by reads
//! where there is none. [`StreamChunks`] reads a stream, one worker at a time.

mod mapped;
mod positioned;
mod ranges;
mod stream;

use std::ops::Range;

pub(crate) use self::mapped::MappedChunks;
pub(crate) use self::positioned::PositionedChunks;
pub(crate) use self::stream::StreamChunks;

/// Some whole lines of an input. The very last line of the input may lack its LF.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The chunk's number in its input, from 0.
    pub(crate) seq: u64,
    /// Where in the worker's buffer or the mapping the lines are; nowhere, where a line is longer than a chunk and
    /// belongs to an earlier one.
    pub(crate) lines: Range<usize>,
    /// Where in the input, decompressed, the lines begin, in bytes.
    pub(crate) offset: u64,
    /// How many bytes of the input, as it is stored, are done with this chunk.
    pub(crate) stored: u64,
}
