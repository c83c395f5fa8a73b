//! `Source`: an input that the workers are reading. Any number of workers take chunks from it.

use std::io;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::parse::Malformed;
use crate::read::chunk::{MappedChunks, PositionedChunks, Span};
use crate::read::detected::{Detected, Found};
use crate::read::failure;
use crate::read::input::{Facts, Input, RandomAccess};
#[cfg(feature = "postgres")]
use crate::read::postgres::{self, TableChunks};
use crate::read::shared_stream::SharedStream;
use crate::read::unpack::Compression;

/// An input that is open, or that the first worker opens.
pub(super) struct Source {
    /// The input's number.
    pub(super) index: usize,
    /// The open input; not set before the opening, and set to `None` if the input can't be opened.
    open: OnceLock<Option<Open>>,
}

/// An open input.
pub(super) struct Open {
    pub(super) input: Input,
    pub(super) detected: Detected,
    /// The length of the byte-order mark in bytes. The mark belongs to no chunk.
    pub(super) skip: usize,
    /// Whether the bytes count as they are, so that compressed data among them is no mistake.
    pub(super) is_raw: bool,
    /// The regular file or the bytes in memory, plain or compressed; `None` for other inputs.
    pub(super) regular: Option<RandomAccess>,
    pub(super) chunks: Chunks,
}

/// The chunks of an input, by the way to read them.
pub(super) enum Chunks {
    /// The chunks of a mapped plain file, or of plain bytes in memory.
    Mapped(MappedChunks),
    /// The chunks of a plain file, read by position.
    Positioned(PositionedChunks),
    /// The chunks of a stream, and its counters.
    Stream(SharedStream, Arc<Facts>),
    /// The blocks of a table.
    #[cfg(feature = "postgres")]
    Table(TableChunks),
}

impl Source {
    pub(super) fn new(index: usize) -> Self {
        Self { index, open: OnceLock::new() }
    }

    /// The open input. The first worker calls `open`, and other workers wait. `None` if `open` failed; it must have
    /// recorded the error.
    pub(super) fn open_with(&self, open: impl FnOnce() -> Option<Open>) -> Option<&Open> {
        self.open.get_or_init(open).as_ref()
    }

    /// The input, if it is open.
    pub(super) fn open(&self) -> Option<&Open> {
        self.open.get()?.as_ref()
    }

    /// Whether the input is open and workers can take its chunks in parallel.
    pub(super) fn is_parallel(&self) -> bool {
        self.open().is_some_and(Open::is_parallel)
    }
}

impl Open {
    /// Whether workers can take the chunks in parallel, and need not count the lines of each: those of a plain file can be
    /// counted later, and those of a table have no numbers.
    pub(super) fn is_parallel(&self) -> bool {
        !matches!(self.chunks, Chunks::Stream(..))
    }

    /// The facts about the input so far.
    pub(super) fn found(&self) -> Found {
        let facts = match &self.chunks {
            Chunks::Mapped(_) | Chunks::Positioned(_) => None,
            Chunks::Stream(_, facts) => Some(Arc::clone(facts)),
            #[cfg(feature = "postgres")]
            Chunks::Table(_) => None,
        };
        let note = match &self.chunks {
            #[cfg(feature = "postgres")]
            Chunks::Table(table) => table.note(),
            _ => None,
        };
        Found { detected: self.detected, skip: self.skip, facts, note }
    }

    /// The next chunk; `None` at the end. The chunk's bytes are in `buffer`, unless the file is mapped.
    pub(super) fn next(&self, buffer: &mut Vec<u8>) -> Result<Option<Span>> {
        let span = match &self.chunks {
            Chunks::Mapped(mapped) => Ok(mapped.next()),
            Chunks::Positioned(positioned) => positioned.next(buffer),
            Chunks::Stream(stream, _) => stream.next(buffer),
            #[cfg(feature = "postgres")]
            Chunks::Table(table) => table.next(buffer),
        };
        match span {
            // Check that nothing has written to the file since the opening. A decompressor does not notice a file that
            // was cut between two members.
            Ok(None) => self.changed().map_or(Ok(None), Err),
            span => span.map_err(|source| self.error(source)),
        }
    }

    /// The lines of a chunk that [`Open::next`] returned with this `buffer`.
    pub(super) fn text<'a>(&'a self, span: &Span, buffer: &'a [u8]) -> &'a [u8] {
        match &self.chunks {
            Chunks::Mapped(mapped) => mapped.text(span),
            _ => &buffer[span.lines.clone()],
        }
    }

    /// The number of lines before a chunk of a plain file, by reading the file again. 0 for a stream: the parser counts
    /// all its lines, because it can be read only once. 0 for a table, whose rows have no numbers.
    pub(super) fn lines_before(&self, span: &Span) -> Result<u64> {
        let lines = match &self.chunks {
            Chunks::Mapped(mapped) => mapped.lines_before(span),
            Chunks::Positioned(positioned) => positioned.lines_before(span),
            Chunks::Stream(..) => Ok(0),
            #[cfg(feature = "postgres")]
            Chunks::Table(_) => Ok(0),
        };
        lines.map_err(|source| self.error(source))
    }

    /// Explains a malformed line: a table has rows and columns; in a file, compressed data may begin in the line, as
    /// after `cat` of several files.
    pub(super) fn explain(&self, line: &[u8], reason: &mut Malformed) {
        match &self.chunks {
            #[cfg(feature = "postgres")]
            Chunks::Table(_) => *reason = postgres::fault(line, reason.clone()),
            _ => {
                let found = if self.is_raw { None } else { Compression::within(line) };
                if let Some(compression) = found {
                    *reason = Malformed::Compressed { compression };
                }
            }
        }
    }

    /// Releases the memory of a finished chunk.
    pub(super) fn release(&self, span: &Span) {
        if let Chunks::Mapped(mapped) = &self.chunks {
            mapped.release(span);
        }
    }

    /// The error for a file that something has written to. The change explains any other error in the file.
    pub(super) fn changed(&self) -> Option<Error> {
        failure::changed(&self.input, self.regular.as_ref()?)
    }

    fn error(&self, source: io::Error) -> Error {
        failure::unreadable(&self.input, source, self.regular.as_ref())
    }
}
