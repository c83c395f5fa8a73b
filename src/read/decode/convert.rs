//! A reader that converts the bytes of another reader: it decodes text, or turns CSV into lines with TABs.

use std::io::{self, Read};

/// A conversion of bytes, piece by piece.
pub(crate) trait Convert {
    /// Converts `bytes`, and appends the result to `text`. `is_last` says that no more bytes will come.
    ///
    /// # Errors
    /// For bytes that can't be converted. `text` then has everything before them.
    fn push(&mut self, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) -> io::Result<()>;
}

/// A reader and its conversion.
pub(crate) struct Converted<R, C> {
    reader: R,
    convert: C,
    bytes: Box<[u8]>,
    text: Vec<u8>,
    /// The number of bytes of `text` that were read, at most its length.
    given: usize,
    /// The end or the error behind `text`; `None` while more bytes may come.
    end: Option<io::Result<()>>,
}

/// The number of bytes that we convert at once. Not tuned: the result stays in the cache.
const PIECE: usize = 32 << 10;

impl<R: Read, C: Convert> Converted<R, C> {
    pub(crate) fn new(reader: R, convert: C) -> Self {
        Self { reader, convert, bytes: vec![0; PIECE].into(), text: Vec::new(), given: 0, end: None }
    }
}

impl<R: Read, C: Convert> Read for Converted<R, C> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.given == self.text.len() {
            if let Some(end) = &mut self.end {
                return std::mem::replace(end, Ok(())).map(|()| 0);
            }
            let len = self.reader.read(&mut self.bytes)?;
            self.text.clear();
            self.given = 0;
            let converted = self.convert.push(&self.bytes[..len], len == 0, &mut self.text);
            if len == 0 || converted.is_err() {
                self.end = Some(converted);
            }
        }
        let len = (&self.text[self.given..]).read(buffer)?;
        self.given += len;
        Ok(len)
    }
}
