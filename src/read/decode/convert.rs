//! A reader that gives out what another has, made into something else: decoded, or CSV made into lines with TABs.

use std::io::{self, Read};

/// Makes bytes into others, piece by piece.
pub(crate) trait Convert {
    /// Appends what becomes of `bytes` to `text`. `is_last` says that no more will come.
    ///
    /// # Errors
    /// For bytes that can't be converted; `text` then has what comes before them.
    fn push(&mut self, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) -> io::Result<()>;
}

/// See the module's text.
pub(crate) struct Converted<R, C> {
    reader: R,
    convert: C,
    bytes: Box<[u8]>,
    text: Vec<u8>,
    /// How many bytes of `text` were read.
    given: usize,
    /// Met behind `text`.
    end: Option<io::Result<()>>,
}

/// How many bytes are converted at once: what becomes of them stays in the cache.
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
