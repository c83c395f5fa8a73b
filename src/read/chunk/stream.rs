//! Chunks of a stream, one after another. The bytes behind a chunk's last LF go into the next chunk.

use std::io::{self, Read};

use memchr::memrchr;

use crate::read::chunk::Span;
use crate::system::cleanup;

/// A stream, cut at line ends.
pub(crate) struct StreamChunks<R> {
    reader: R,
    /// The approximate length of a chunk in bytes. A longer line makes a longer chunk.
    size: usize,
    /// The bytes that belong to the next chunk: the beginning of a line.
    carry: Vec<u8>,
    /// The number of the next chunk.
    next: u64,
    /// The offset of the next chunk in the input.
    offset: u64,
    state: State,
}

enum State {
    Reading,
    /// The reader failed. The whole lines before the failure come first.
    Failed(io::Error),
    Ended,
}

/// The maximum length of a single read in bytes, so that a huge chunk size takes no more memory than the stream is
/// long.
const MAX_READ: usize = 1 << 20;

impl<R: Read> StreamChunks<R> {
    /// Chunks of about `size` bytes.
    pub(crate) fn new(reader: R, size: usize) -> Self {
        Self { reader, size, carry: Vec::new(), next: 0, offset: 0, state: State::Reading }
    }

    /// As [`StreamChunks::new`], for a reader that begins at offset `offset` of its input.
    pub(crate) fn from(offset: u64, reader: R, size: usize) -> Self {
        Self { offset, ..Self::new(reader, size) }
    }

    /// The reader.
    pub(crate) fn reader(&self) -> &R {
        &self.reader
    }

    /// The next chunk, read into `buffer`; `None` at the end. Its [`stored`](Span::stored) is 0, and the caller sets
    /// it.
    ///
    /// # Errors
    /// The errors of the reader, after all lines before the failure.
    pub(crate) fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        buffer.clear();
        std::mem::swap(buffer, &mut self.carry);
        let mut seen = 0;
        loop {
            while buffer.len() < self.size && self.read_into(buffer, self.size) {}
            if let State::Reading = self.state {
                if let Some(place) = memrchr(b'\n', &buffer[seen..]) {
                    self.cut(buffer, seen + place + 1);
                    break;
                }
                // The line is longer than a chunk. We double the buffer each time and search only the new bytes, so a
                // long line takes linear time.
                seen = buffer.len();
                self.read_into(buffer, seen.saturating_mul(2));
            } else {
                if let State::Failed(_) = self.state {
                    // The failure cut the last line off. Drop this line.
                    let whole = memrchr(b'\n', buffer).map_or(0, |place| place + 1);
                    buffer.truncate(whole);
                }
                break;
            }
        }
        if buffer.is_empty() {
            return match std::mem::replace(&mut self.state, State::Ended) {
                State::Failed(error) => Err(error),
                _ => Ok(None),
            };
        }
        let (seq, offset) = (self.next, self.offset);
        self.next += 1;
        self.offset += buffer.len() as u64;
        debug_assert!(buffer.ends_with(b"\n") || !matches!(self.state, State::Reading), "chunk {seq} ends in a line");
        Ok(Some(Span { seq, offset, lines: 0..buffer.len(), stored: 0 }))
    }

    /// Moves the bytes behind `end` to the next chunk.
    fn cut(&mut self, buffer: &mut Vec<u8>, end: usize) {
        debug_assert!(self.carry.is_empty() && end <= buffer.len(), "{end} of {}", buffer.len());
        self.carry.extend_from_slice(&buffer[end..]);
        buffer.truncate(end);
    }

    /// Reads until `buffer` has `goal` bytes or the stream ends. Returns whether more bytes may come.
    fn read_into(&mut self, buffer: &mut Vec<u8>, goal: usize) -> bool {
        let State::Reading = self.state else { return false };
        let want = (goal - buffer.len()).min(MAX_READ);
        match cleanup::with_fallible_alloc(|| buffer.try_reserve(want)).map_err(io::Error::from).and_then(|()| {
            // `read_to_end` retries interrupted reads, and does not zero the memory first.
            self.reader.by_ref().take(want as u64).read_to_end(buffer)
        }) {
            Ok(0) => self.state = State::Ended,
            Ok(_) => {}
            Err(error) => self.state = State::Failed(error),
        }
        matches!(self.state, State::Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that returns at most `step` bytes for each read, and fails at the end if `fails`.
    struct Steps<'a> {
        text: &'a [u8],
        step: usize,
        fails: bool,
    }

    impl Read for Steps<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            if self.fails && self.text.is_empty() {
                return Err(io::Error::other("broken"));
            }
            let len = self.step.min(to.len());
            self.text.read(&mut to[..len])
        }
    }

    fn chunks(lines: &mut StreamChunks<Steps<'_>>) -> (Vec<Vec<u8>>, Option<io::Error>) {
        let (mut chunks, mut buffer) = (Vec::new(), Vec::new());
        loop {
            match lines.next(&mut buffer) {
                Ok(Some(chunk)) => {
                    assert_eq!(chunk.seq, chunks.len() as u64);
                    assert_eq!(chunk.offset, chunks.iter().map(Vec::len).sum::<usize>() as u64);
                    chunks.push(buffer[chunk.lines].to_vec());
                }
                Ok(None) => return (chunks, None),
                Err(error) => return (chunks, Some(error)),
            }
        }
    }

    proptest! {
        #[test]
        fn chunks_are_whole_lines_and_all_of_them(
            text in "[ab\n]{0,60}", size in 1_usize..70, step in 1_usize..70,
        ) {
            let mut lines = StreamChunks::new(Steps { text: text.as_bytes(), step, fails: false }, size);
            let (chunks, error) = chunks(&mut lines);
            prop_assert!(error.is_none());
            prop_assert_eq!(chunks.concat(), text.as_bytes());
            for chunk in &chunks[..chunks.len().saturating_sub(1)] {
                prop_assert!(chunk.ends_with(b"\n"));
            }
        }

        #[test]
        fn lines_before_a_failure_are_given_out(text in "[ab\n]{0,60}", size in 1_usize..70, step in 1_usize..70) {
            let (chunks, error) = chunks(&mut StreamChunks::new(Steps { text: text.as_bytes(), step, fails: true }, size));
            let whole = text.rfind('\n').map_or(0, |place| place + 1);
            prop_assert_eq!(chunks.concat(), &text.as_bytes()[..whole]);
            prop_assert_eq!(error.unwrap().to_string(), "broken");
        }
    }

    #[test]
    fn a_huge_chunk_size_takes_what_there_is() {
        let mut lines = StreamChunks::new(Steps { text: b"a\nb", step: 1, fails: false }, usize::MAX);
        assert_eq!(chunks(&mut lines).0, [b"a\nb"]);
    }
}
