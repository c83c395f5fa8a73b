//! A source: an input under way, that any number of workers take chunks from.

use std::io;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::read::chunk::{MappedChunks, PositionedChunks, Span};
use crate::read::detected::{Detected, Found};
use crate::read::input::{Facts, Input, RandomAccess};
use crate::read::shared_stream::SharedStream;
use crate::read::{ReadOptions, failure};

/// An input, and its chunks once a worker has opened it.
pub(crate) struct Source {
    /// The input's number.
    pub(crate) index: usize,
    input: Input,
    /// `None` inside where the input could not be opened, which the worker that tried has reported.
    open: OnceLock<Option<Open>>,
}

/// An input that is open.
pub(super) struct Open {
    pub(super) detected: Detected,
    /// How many bytes at its beginning belong to no chunk.
    pub(super) skip: usize,
    pub(super) chunks: Chunks,
}

pub(super) enum Chunks {
    /// Those of a regular file that is read by position.
    Plain(By, RandomAccess),
    /// Those of a stream, and the file that it comes from, where that is a regular one.
    Stream(SharedStream, Arc<Facts>, Option<RandomAccess>),
}

/// How the bytes of a plain file come to a worker.
pub(super) enum By {
    MappedFile(MappedChunks),
    Reads(PositionedChunks),
}

impl Source {
    pub(super) fn new(input: Input, index: usize) -> Self {
        Self { index, input, open: OnceLock::new() }
    }

    /// Whether it is known that chunks can be read side by side.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.open.get(), Some(Some(Open { chunks: Chunks::Plain(..), .. })))
    }

    /// What was found out about the input, once it is open.
    pub(crate) fn detected(&self) -> Option<Detected> {
        self.open.get()?.as_ref().map(|open| open.detected)
    }

    /// What was found out about the input, once it is open.
    pub(super) fn found(&self) -> Option<Found> {
        let Open { detected, skip, chunks, .. } = self.open.get()?.as_ref()?;
        let facts = match chunks {
            Chunks::Plain(..) => None,
            Chunks::Stream(_, facts, _) => Some(Arc::clone(facts)),
        };
        Some(Found { detected: *detected, skip: *skip, facts })
    }

    /// The next chunk, read into `buffer`; `None` at the end. The first call opens the input, and others wait for it.
    pub(super) fn read(&self, options: &ReadOptions, buffer: &mut Vec<u8>) -> Result<Option<Span>> {
        let mut error = None;
        let open = self.open.get_or_init(|| Open::new(&self.input, options).map_err(|why| error = Some(why)).ok());
        let open = match (open, error) {
            (_, Some(error)) => return Err(error),
            (None, None) => return Ok(None),
            (Some(open), None) => open,
        };
        let chunk = match &open.chunks {
            Chunks::Plain(By::MappedFile(mapped), _) => Ok(mapped.next()),
            Chunks::Plain(By::Reads(ranges), regular) => ranges.next(regular, buffer),
            Chunks::Stream(stream, ..) => stream.next(buffer),
        };
        // At the end, is the file still the one that was opened?
        match chunk {
            Ok(None) if open.detected.compression.is_none() => self.changed().map_or(Ok(None), Err),
            chunk => chunk.map_err(|source| self.error(source)),
        }
    }

    /// The error for a file whose length is another now, which explains whatever else is wrong with it.
    pub(super) fn changed(&self) -> Option<Error> {
        failure::changed(&self.input, self.regular()?)
    }

    /// The file, where the input is a regular one.
    fn regular(&self) -> Option<&RandomAccess> {
        match &self.open.get()?.as_ref()?.chunks {
            Chunks::Plain(_, regular) => Some(regular),
            Chunks::Stream(.., regular) => regular.as_ref(),
        }
    }

    /// The lines of a chunk, which `read` may have put into `buffer`.
    pub(crate) fn text<'a>(&'a self, chunk: &Span, buffer: &'a [u8]) -> &'a [u8] {
        match self.mapped() {
            Some(mapped) => mapped.text(chunk.lines.clone()),
            None => &buffer[chunk.lines.clone()],
        }
    }

    /// How many lines come before a chunk of a plain file. Those of a stream, which is read only once, must be counted.
    pub(super) fn lines_before(&self, chunk: &Span) -> Result<u64> {
        let Some(Some(Open { chunks: Chunks::Plain(by, regular), .. })) = self.open.get() else { return Ok(0) };
        let lines = match by {
            By::MappedFile(mapped) => mapped.lines_before(chunk, regular),
            By::Reads(ranges) => ranges.lines_before(chunk, regular),
        };
        lines.map_err(|source| self.error(source))
    }

    /// Gives back the memory of a chunk that is done.
    pub(super) fn release(&self, chunk: &Span) {
        if let Some(mapped) = self.mapped() {
            mapped.release(chunk);
        }
    }

    fn mapped(&self) -> Option<&MappedChunks> {
        match self.open.get() {
            Some(Some(Open { chunks: Chunks::Plain(By::MappedFile(mapped), _), .. })) => Some(mapped),
            _ => None,
        }
    }

    fn error(&self, source: io::Error) -> Error {
        failure::unreadable(&self.input, source, self.regular())
    }
}
