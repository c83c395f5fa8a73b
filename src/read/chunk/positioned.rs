//! Chunks of a plain file, read by position: all workers read at the same time, each into its own buffer.
//!
//! A chunk consists of the lines whose first byte lies in its range; see [`crate::read::chunk`]. A worker also reads
//! the byte before the range, which tells whether a line begins with the range, and the bytes behind the range, up to
//! the end of the last line.

use std::io;
use std::ops::Range;

use memchr::memchr;

use crate::read::chunk::Span;
use crate::read::chunk::ranges::{Claimed, Ranges};
use crate::read::random_access::{RandomAccess, ReadAt};
use crate::system::cleanup;

/// A file, or a part of one, cut into chunks.
#[derive(Debug)]
pub(crate) struct PositionedChunks {
    file: RandomAccess,
    ranges: Ranges,
}

/// The length in bytes of the first read behind a range, for the end of the last line. Each further read is twice as
/// long. One page: nearly all lines are shorter.
const READ_AHEAD: u64 = 4096;

impl PositionedChunks {
    /// The chunks of these ranges of a file.
    pub(crate) fn new(file: RandomAccess, ranges: Ranges) -> Self {
        Self { file, ranges }
    }

    /// The next chunk, read into `buffer`; `None` at the end.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when the file has become shorter.
    pub(crate) fn next(&self, buffer: &mut Vec<u8>) -> io::Result<Option<Span>> {
        let Some(Claimed { seq, begin, end }) = self.ranges.next() else { return Ok(None) };
        let from = if self.ranges.is_first(begin) { begin } else { begin - 1 };
        let lines = self.lines_from(from, begin, end, buffer)?;
        Ok(Some(Span { seq, offset: from + lines.start as u64, lines, stored: end - begin }))
    }

    /// The number of lines before a chunk.
    pub(crate) fn lines_before(&self, span: &Span) -> io::Result<u64> {
        self.ranges.lines_before(span.seq, &self.file)
    }

    /// Reads the bytes from `from` on into `buffer`. Returns the range in `buffer` of the lines that begin in
    /// `begin..end`.
    fn lines_from(&self, from: u64, begin: u64, end: u64, buffer: &mut Vec<u8>) -> io::Result<Range<usize>> {
        let all = self.file.len;
        let mut filled = 0;
        fill(&self.file, from, end.saturating_add(READ_AHEAD).min(all), &mut filled, buffer)?;
        // The number of these bytes before the end of the range.
        let own = (end - from) as usize;
        debug_assert!(0 < own && own <= filled && filled <= buffer.len(), "{own} of {filled} bytes");

        let head = if self.ranges.is_first(begin) {
            0
        } else {
            match memchr(b'\n', &buffer[..own]) {
                Some(place) if place + 1 < own => place + 1,
                // No line begins here: an earlier line is longer than a chunk.
                _ => return Ok(0..0),
            }
        };
        let (mut seen, mut ahead) = (own - 1, READ_AHEAD);
        let tail = loop {
            if let Some(place) = memchr(b'\n', &buffer[seen..filled]) {
                break seen + place + 1;
            }
            seen = filled;
            let have = from + filled as u64;
            if have == all {
                break filled;
            }
            ahead *= 2;
            fill(&self.file, from, have.saturating_add(ahead).min(all), &mut filled, buffer)?;
        };
        debug_assert!(head < tail && tail <= filled, "{head}..{tail} of {filled}");
        Ok(head..tail)
    }
}

/// Reads on until `buffer[..filled]` holds the bytes `from..to` of `file`.
fn fill(file: &impl ReadAt, from: u64, to: u64, filled: &mut usize, buffer: &mut Vec<u8>) -> io::Result<()> {
    let want = usize::try_from(to - from).map_err(|_| io::ErrorKind::OutOfMemory)?;
    debug_assert!(*filled <= want, "{filled} of {want} bytes are there");
    if buffer.len() < want {
        cleanup::with_fallible_alloc(|| buffer.try_reserve(want - buffer.len()))?;
        buffer.resize(want, 0);
    }
    file.read_exact_at(&mut buffer[*filled..want], from + *filled as u64)?;
    *filled = want;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use super::*;
    use proptest::prelude::*;

    fn chunks(text: &[u8], size: usize) -> Vec<Vec<u8>> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        // The reader treats an empty file as a stream.
        let Some(file) = RandomAccess::of_file(&Arc::new(file)) else { return Vec::new() };
        let ranges = Ranges::new(0, file.len, size);
        let ranges = PositionedChunks::new(file, ranges);
        let mut buffer = Vec::new();
        let mut chunks = Vec::new();
        while let Some(chunk) = ranges.next(&mut buffer).unwrap() {
            assert_eq!(chunk.seq, chunks.len() as u64);
            let before = chunks.iter().map(Vec::len).sum::<usize>() as u64;
            assert!(chunk.lines.is_empty() || chunk.offset == before);
            chunks.push(buffer[chunk.lines].to_vec());
        }
        assert_eq!(ranges.next(&mut buffer).unwrap(), None, "the end stays the end");
        chunks
    }

    proptest! {
        #[test]
        fn chunks_are_whole_lines_and_all_of_them(text in "[ab\n]{0,60}", size in 1_usize..70) {
            let chunks = chunks(text.as_bytes(), size);
            prop_assert_eq!(chunks.concat(), text.as_bytes());
            prop_assert_eq!(chunks.len(), text.len().div_ceil(size));
            let mut begin = 0;
            for (number, chunk) in chunks.iter().enumerate().filter(|(_, chunk)| !chunk.is_empty()) {
                let end = begin + chunk.len();
                prop_assert!(end == text.len() || chunk.ends_with(b"\n"));
                prop_assert_eq!(begin / size, number, "a chunk begins in its own range");
                begin = end;
            }
        }
    }

    #[test]
    fn a_line_far_longer_than_a_chunk_is_one_line() {
        let text = [&b"a\n"[..], &[b'x'; 10_000], b"\nb\n"].concat();
        for size in [1, 2, 3, 4096, 10_001, 10_002] {
            let chunks = chunks(&text, size);
            assert_eq!(chunks.concat(), text, "{size}");
            assert_eq!(chunks.iter().filter(|chunk| chunk.contains(&b'x')).count(), 1);
        }
    }

    #[test]
    fn a_file_that_shrank_is_an_error() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"a\nb\n").unwrap();
        let file = Arc::new(file);
        let ranges = PositionedChunks::new(RandomAccess::of_file(&file).unwrap(), Ranges::new(0, 4, 100));
        file.set_len(3).unwrap();
        let error = ranges.next(&mut Vec::new()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }
}
