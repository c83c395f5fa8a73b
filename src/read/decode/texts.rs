//! `Texts`: the texts of an archive as one text.
//!
//! Each text counts as if it were a separate file: it may begin with a byte-order mark, which tells its encoding, and
//! its last line gets a missing LF if another text follows.

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::parse::BYTE_ORDER_MARK;
use crate::read::counting_reader::Facts;
use crate::read::decode::convert::Convert;
use crate::read::decode::{Decoder, Encoding, ForeignText, MARK};
use crate::read::unpack::members::{Codec, Members};

/// A reader of the members of an archive as texts, joined.
pub(crate) struct Texts<R, C> {
    members: Members<R, C>,
    encoding: Encoding,
    facts: Arc<Facts>,
    state: State,
    /// A buffer of bytes for the next reads: the beginning of a text, or decoded bytes.
    ready: Vec<u8>,
    /// The number of bytes of `ready` that were read, at most its length.
    given: usize,
    /// The last byte read.
    last: Option<u8>,
}

enum State {
    Between,
    /// In a text whose bytes stay as they are.
    AsTheyAre,
    /// In a text that goes through [`Texts::ready`].
    Decoded(Box<Decoder>),
    /// Behind the last text, or after an error.
    Ended,
}

/// The number of bytes that we decode at once. Not tuned: they stay in the first-level cache.
const PIECE: usize = 16 << 10;

impl<R: BufRead, C: Codec> Texts<R, C> {
    /// A reader that adds to `facts` the number of bytes before the decoding, and of malformed sequences.
    pub(crate) fn new(members: Members<R, C>, encoding: Encoding, facts: &Arc<Facts>) -> Self {
        let facts = Arc::clone(facts);
        Self { members, encoding, facts, state: State::Between, ready: Vec::new(), given: 0, last: None }
    }

    /// Reads the next bytes of the texts; 0 behind the last text.
    fn read_on(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.given < self.ready.len() {
                let len = (&self.ready[self.given..]).read(buffer)?;
                self.given += len;
                self.last = Some(buffer[len - 1]);
                return Ok(len);
            }
            let is_at_end = match &mut self.state {
                State::Ended => return Ok(0),
                State::Between => {
                    self.state = if self.members.next_member()? { self.begin()? } else { State::Ended };
                    false
                }
                State::AsTheyAre => {
                    let len = count(&self.facts, self.members.read_member(buffer)?);
                    if len > 0 {
                        self.last = Some(buffer[len - 1]);
                        return Ok(len);
                    }
                    true
                }
                State::Decoded(decoder) => {
                    let mut bytes = [0; PIECE];
                    let len = count(&self.facts, self.members.read_member(&mut bytes)?);
                    self.ready.clear();
                    self.given = 0;
                    decoder.push(&bytes[..len], len == 0, &mut self.ready)?;
                    len == 0
                }
            };
            if is_at_end {
                self.state = State::Between;
            }
        }
    }

    /// Reads the beginning of a text, joins it to the text before, and finds its encoding.
    fn begin(&mut self) -> io::Result<State> {
        let mut begin = [0; MARK];
        let mut len = 0;
        while len < begin.len() {
            match self.members.read_member(&mut begin[len..]) {
                Ok(0) => break,
                Ok(more) => len += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mut begin = &begin[..count(&self.facts, len)];
        self.ready.clear();
        self.given = 0;
        let foreign = self.encoding.of(begin)?;
        let is_first = self.last.is_none();
        if !is_first && !begin.is_empty() {
            if self.last != Some(b'\n') {
                self.ready.push(b'\n');
            }
            // The mark of the first text stays: the reader skips it later, like the mark of a plain file.
            begin = begin.strip_prefix(BYTE_ORDER_MARK).unwrap_or(begin);
        }
        let Some(ForeignText { encoding, mark }) = foreign else {
            self.ready.extend_from_slice(begin);
            return Ok(State::AsTheyAre);
        };
        let mut decoder = Decoder::new(encoding, &self.facts);
        decoder.push(&begin[if is_first { 0 } else { mark }..], false, &mut self.ready)?;
        Ok(State::Decoded(Box::new(decoder)))
    }
}

/// Counts bytes of a text, and returns their number.
fn count(facts: &Facts, len: usize) -> usize {
    facts.bytes.fetch_add(len as u64, Ordering::Relaxed);
    len
}

impl<R: BufRead, C: Codec> Read for Texts<R, C> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.read_on(buffer);
        if read.as_ref().is_err_and(|error| error.kind() != ErrorKind::Interrupted) {
            self.state = State::Ended;
            self.ready.clear();
            self.given = 0;
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use ::zip::ZipWriter;
    use ::zip::write::SimpleFileOptions;
    use std::io::{BufReader, Write};

    use super::*;
    use crate::read::unpack::zip::Zip;

    /// The joined texts of an archive, and their counted number of bytes.
    fn joined(texts: &[&[u8]]) -> (Vec<u8>, u64) {
        let mut writer = ZipWriter::new_stream(Vec::new());
        for (number, text) in texts.iter().enumerate() {
            writer.start_file(format!("books{number}"), SimpleFileOptions::DEFAULT).unwrap();
            writer.write_all(text).unwrap();
        }
        let archive = writer.finish().unwrap().into_inner();
        let results = [1, 2, 8192].map(|capacity| {
            let (facts, mut text) = (Arc::default(), Vec::new());
            let members = Members::new(BufReader::with_capacity(capacity, &archive[..]), Zip::new());
            let mut texts = Texts::new(members, Encoding::AUTO, &facts);
            texts.read_to_end(&mut text).unwrap();
            assert_eq!(texts.read(&mut [0]).unwrap(), 0, "after the end");
            (text, facts.bytes.load(Ordering::Relaxed))
        });
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        results.into_iter().next().unwrap()
    }

    #[test]
    fn each_text_is_read_as_a_file_of_its_own() {
        let gives = |texts: &[&str], expected: &str| {
            let texts: Vec<_> = texts.iter().map(|text| text.as_bytes()).collect();
            let bytes = texts.iter().map(|text| text.len() as u64).sum();
            assert_eq!(joined(&texts), (expected.as_bytes().to_vec(), bytes), "{texts:?}");
        };
        gives(&["a", "b", "", "c\n", "d", ""], "a\nb\nc\nd");
        gives(&["", "a"], "a");
        gives(&["one\r\ntwo", "three\r\n", "four"], "one\r\ntwo\nthree\r\nfour");
        gives(&["\u{feff}a", "\u{feff}b\n", "\u{feff}", "\u{feff}\u{feff}c"], "\u{feff}a\nb\n\u{feff}c");
    }

    #[test]
    fn each_text_is_decoded_by_its_own_mark() {
        let (text, bytes) = joined(&[b"a", b"\xFF\xFEb\0\n\0", b"c", b"\xFE\xFF\0d"]);
        assert_eq!((&text[..], bytes), (&b"a\nb\nc\nd"[..], 12));
    }
}
