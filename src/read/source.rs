//! A source: an input that is being read. Any number of workers take chunks from it.

use std::io;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::read::chunk::{MappedChunks, PositionedChunks, Span};
use crate::read::detected::{Detected, Found};
use crate::read::failure;
use crate::read::input::{Facts, Input, RandomAccess};
use crate::read::shared_stream::SharedStream;

/// The place of an input among the workers. The first of them opens it.
pub(super) struct Source {
    /// The input's number.
    pub(super) index: usize,
    /// `None` inside: the input can't be opened.
    open: OnceLock<Option<Open>>,
}

/// An open input.
pub(super) struct Open {
    pub(super) input: Input,
    pub(super) detected: Detected,
    /// The length of the byte-order mark, which belongs to no chunk.
    pub(super) skip: usize,
    /// The file, if the input is a regular one: compressed or not.
    pub(super) regular: Option<RandomAccess>,
    pub(super) chunks: Chunks,
}

/// How the bytes come to the workers.
pub(super) enum Chunks {
    /// Those of a plain file that is mapped.
    Mapped(MappedChunks),
    /// Those of a plain file that is read by position.
    Positioned(PositionedChunks),
    /// Those of a stream, and its counters.
    Stream(SharedStream, Arc<Facts>),
}

impl Source {
    pub(super) fn new(index: usize) -> Self {
        Self { index, open: OnceLock::new() }
    }

    /// The input, opened with `open` by the first worker that comes; others wait for it. `None` if that failed, which
    /// `open` must have reported.
    pub(super) fn open_with(&self, open: impl FnOnce() -> Option<Open>) -> Option<&Open> {
        self.open.get_or_init(open).as_ref()
    }

    /// The input, if it is open.
    pub(super) fn open(&self) -> Option<&Open> {
        self.open.get()?.as_ref()
    }

    /// Whether the input is known to be one whose chunks can be read side by side.
    pub(super) fn is_plain(&self) -> bool {
        self.open().is_some_and(Open::is_plain)
    }
}

impl Open {
    /// Whether chunks can be read side by side, and again.
    pub(super) fn is_plain(&self) -> bool {
        !matches!(self.chunks, Chunks::Stream(..))
    }

    /// What is known of the input so far.
    pub(super) fn found(&self) -> Found {
        let facts = match &self.chunks {
            Chunks::Mapped(_) | Chunks::Positioned(_) => None,
            Chunks::Stream(_, facts) => Some(Arc::clone(facts)),
        };
        Found { detected: self.detected, skip: self.skip, facts }
    }

    /// The next chunk, which is read into `buffer` unless the file is mapped; `None` at the end.
    pub(super) fn next(&self, buffer: &mut Vec<u8>) -> Result<Option<Span>> {
        let span = match &self.chunks {
            Chunks::Mapped(mapped) => Ok(mapped.next()),
            Chunks::Positioned(positioned) => positioned.next(buffer),
            Chunks::Stream(stream, _) => stream.next(buffer),
        };
        match span {
            // Is the file still as long as when it was opened? A decompressor would have noticed.
            Ok(None) if self.detected.compression.is_none() => self.changed().map_or(Ok(None), Err),
            span => span.map_err(|source| self.error(source)),
        }
    }

    /// The lines of a chunk that [`Open::next`] returned with this `buffer`.
    pub(super) fn text<'a>(&'a self, span: &Span, buffer: &'a [u8]) -> &'a [u8] {
        match &self.chunks {
            Chunks::Mapped(mapped) => mapped.text(span),
            Chunks::Positioned(_) | Chunks::Stream(..) => &buffer[span.lines.clone()],
        }
    }

    /// How many lines come before a chunk of a plain file, counted by reading it again. 0 for a stream, which is read
    /// only once: its lines are counted as they come.
    pub(super) fn lines_before(&self, span: &Span) -> Result<u64> {
        let lines = match &self.chunks {
            Chunks::Mapped(mapped) => mapped.lines_before(span),
            Chunks::Positioned(positioned) => positioned.lines_before(span),
            Chunks::Stream(..) => Ok(0),
        };
        lines.map_err(|source| self.error(source))
    }

    /// Gives back the memory of a chunk that is done.
    pub(super) fn release(&self, span: &Span) {
        if let Chunks::Mapped(mapped) = &self.chunks {
            mapped.release(span);
        }
    }

    /// The error for a file whose length has changed. It explains whatever else is wrong with the file.
    pub(super) fn changed(&self) -> Option<Error> {
        failure::changed(&self.input, self.regular.as_ref()?)
    }

    fn error(&self, source: io::Error) -> Error {
        failure::unreadable(&self.input, source, self.regular.as_ref())
    }
}
