//! A source: an input under way, that any number of workers take chunks from.

use std::fs::File;
use std::io;
use std::sync::OnceLock;

use super::Reading;
use super::stream::Shared;
use crate::chunk::{BYTE_ORDER_MARK, Chunk, Lines, Mapped, Ranges};
use crate::error::{Error, Result};
use crate::format::{Format, Guess, detect};
use crate::input::{Compression, Input, Opened};
use crate::map::Map;

/// An input, and its chunks once a worker has opened it.
pub(crate) struct Source {
    /// The input's number.
    pub(crate) index: usize,
    input: Input,
    /// `None` inside where the input could not be opened, which the worker that tried has reported.
    open: OnceLock<Option<Open>>,
}

/// What was found out about an input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nature {
    pub(crate) format: Format,
    /// Whether the format was asked for, or at least one of the first lines is in it.
    pub(crate) is_sure: bool,
    pub(crate) compression: Option<Compression>,
}

struct Open {
    nature: Nature,
    chunks: Chunks,
}

enum Chunks {
    /// A plain file, and its length when it was opened.
    Plain {
        by: By,
        file: File,
        len: u64,
    },
    Stream(Shared),
}

/// How the bytes of a plain file come to a worker.
enum By {
    Map(Mapped),
    Reads(Ranges),
}

/// How many bytes are looked at to tell the format, where that is enough.
const HEAD: usize = 16 << 10;
/// How many are looked at at the most, where the first line is long.
const MOST_HEAD: usize = 16 << 20;

impl Source {
    pub(super) fn new(input: Input, index: usize) -> Self {
        Self { index, input, open: OnceLock::new() }
    }

    /// Whether it is known that chunks can be read side by side.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self.open.get(), Some(Some(Open { chunks: Chunks::Plain { .. }, .. })))
    }

    /// What was found out about the input, once it is open.
    pub(crate) fn nature(&self) -> Option<Nature> {
        self.open.get()?.as_ref().map(|open| open.nature)
    }

    /// The next chunk, read into `buffer`; `None` at the end. The first call opens the input, and others wait for it.
    pub(super) fn read(&self, reading: &Reading, buffer: &mut Vec<u8>) -> Result<Option<Chunk>> {
        let mut error = None;
        let open = self.open.get_or_init(|| Open::new(&self.input, reading).map_err(|why| error = Some(why)).ok());
        match (open, error) {
            (_, Some(error)) => Err(error),
            (None, None) => Ok(None),
            (Some(open), None) => match &open.chunks {
                Chunks::Plain { by, file, len } => self.read_plain(by, file, *len, buffer),
                Chunks::Stream(stream) => stream.next(buffer).map_err(|source| self.error(source)),
            },
        }
    }

    /// The lines of a chunk, which `read` may have put into `buffer`.
    pub(crate) fn text<'a>(&'a self, chunk: &Chunk, buffer: &'a [u8]) -> &'a [u8] {
        match self.mapped() {
            Some(mapped) => mapped.text(chunk.lines.clone()),
            None => &buffer[chunk.lines.clone()],
        }
    }

    /// How many lines come before a chunk of a plain file. Those of a stream, which is read only once, must be counted.
    pub(super) fn lines_before(&self, chunk: &Chunk) -> Result<u64> {
        let Some(Some(Open { chunks: Chunks::Plain { by, file, .. }, .. })) = self.open.get() else { return Ok(0) };
        let lines = match by {
            By::Map(mapped) => mapped.lines_before(chunk, file),
            By::Reads(ranges) => ranges.lines_before(chunk, file),
        };
        lines.map_err(|source| self.error(source))
    }

    /// Gives back the memory of a chunk that is done.
    pub(super) fn release(&self, chunk: &Chunk) {
        if let Some(mapped) = self.mapped() {
            mapped.release(chunk);
        }
    }

    fn mapped(&self) -> Option<&Mapped> {
        match self.open.get() {
            Some(Some(Open { chunks: Chunks::Plain { by: By::Map(mapped), .. }, .. })) => Some(mapped),
            _ => None,
        }
    }

    fn read_plain(&self, by: &By, file: &File, before: u64, buffer: &mut Vec<u8>) -> Result<Option<Chunk>> {
        let chunk = match by {
            By::Map(mapped) => Ok(mapped.next()),
            By::Reads(ranges) => ranges.next(file, buffer),
        };
        if let Ok(Some(_)) = chunk {
            return chunk.map_err(|source| self.error(source));
        }
        // At the end, or where a read came to an end too early: is the file still the one that was opened?
        let now = file.metadata().map_err(|source| self.error(source))?.len();
        if now != before {
            return Err(Error::Changed { input: self.input.to_string(), before, now });
        }
        chunk.map_err(|source| match source.kind() {
            // As files of the system's own do, whose length is made up.
            io::ErrorKind::UnexpectedEof => self.error(io::Error::other(format!("ends before its {before} bytes do"))),
            _ => self.error(source),
        })
    }

    fn error(&self, source: io::Error) -> Error {
        Error::Read { input: self.input.to_string(), source }
    }
}

impl Open {
    fn new(input: &Input, reading: &Reading) -> Result<Self> {
        match input.open()? {
            Opened::Plain { file, start, end } => {
                let (skip, nature) = look_at(&mut Lines::new(&file, reading.chunk_size), reading, None);
                check(input, nature, reading)?;
                let (start, size) = (start + skip as u64, reading.chunk_size);
                let by = match Map::new(&file, end, &input.to_string()) {
                    Some(map) => By::Map(Mapped::new(map, start, size)),
                    None => By::Reads(Ranges::new(start, end, size)),
                };
                Ok(Self { nature, chunks: Chunks::Plain { by, file, len: end } })
            }
            Opened::Stream(stream) => {
                let compression = stream.compression;
                let mut lines = Lines::new(stream, reading.chunk_size);
                let (skip, nature) = look_at(&mut lines, reading, compression);
                check(input, nature, reading)?;
                lines.skip(skip);
                Ok(Self { nature, chunks: Chunks::Stream(Shared::new(lines)) })
            }
        }
    }
}

/// That an input has what is asked of it.
fn check(input: &Input, Nature { format, is_sure, .. }: Nature, reading: &Reading) -> Result<()> {
    let input = || input.to_string();
    if reading.needs_years && !format.has_years() {
        return Err(Error::NoYears { input: input(), format });
    }
    // One that is nothing, such as an empty one, is no table either.
    if reading.needs_text && is_sure && format != Format::Text {
        return Err(Error::NoText { input: input(), format });
    }
    Ok(())
}

/// How many bytes to pass over at the beginning of an input, and what it is. An error of reading is met again later.
fn look_at<R: io::Read>(lines: &mut Lines<R>, reading: &Reading, compression: Option<Compression>) -> (usize, Nature) {
    let has_mark = lines.peek(BYTE_ORDER_MARK.len()) == BYTE_ORDER_MARK;
    let skip = if has_mark { BYTE_ORDER_MARK.len() } else { 0 };
    let mut most = HEAD;
    let Guess { format, is_sure } = loop {
        if let Some(format) = reading.format {
            break Guess { format, is_sure: true };
        }
        let head = lines.peek(most);
        if let Some(guess) = detect(&head[skip..], head.len() < most || most >= MOST_HEAD) {
            break guess;
        }
        most *= 4;
    };
    (skip, Nature { format, is_sure, compression })
}
