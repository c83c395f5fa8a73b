//! Chunks of a mapped file: nothing is copied, and what is done is unmapped.
//!
//! As with [`crate::read::chunk::PositionedChunks`], a chunk is the lines whose first byte lies in its range.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr;

use crate::read::chunk::Span;
use crate::read::chunk::ranges::{Claimed, Ranges};
use crate::read::random_access::{ReadAt, SharedContent};

/// A part of a mapped file, given out chunk by chunk.
#[derive(Debug)]
pub(crate) struct MappedChunks {
    map: SharedContent,
    ranges: Ranges,
    /// Memory before this byte was given back.
    released: AtomicU64,
    /// How many bytes before a chunk that is done are in work, as a rule: each other thread has one chunk.
    in_work: u64,
}

/// How many bytes are given back at a time: each time interrupts all cores.
const STEP: u64 = 8 << 20;

impl MappedChunks {
    /// Chunks of `size` bytes from `start` to the end of the mapping, for the threads of the current pool.
    pub(crate) fn new(map: SharedContent, start: u64, size: usize) -> Self {
        let end = map.len() as u64;
        let in_work = (size as u64).saturating_mul(rayon::current_num_threads() as u64);
        Self { map, ranges: Ranges::new(start, end, size), released: AtomicU64::new(0), in_work }
    }

    /// The next chunk; `None` when all are given out.
    pub(crate) fn next(&self) -> Option<Span> {
        let Claimed { seq, begin, end } = self.ranges.next()?;
        let lines = self.lines_from(begin as usize, end as usize);
        Some(Span { seq, offset: lines.start as u64, lines, stored: end - begin })
    }

    /// How many lines of `file` come before a chunk.
    pub(crate) fn lines_before(&self, span: &Span, file: &impl ReadAt) -> io::Result<u64> {
        self.ranges.lines_before(span.seq, file)
    }

    /// The bytes of a chunk.
    pub(crate) fn text(&self, lines: Range<usize>) -> &[u8] {
        &self.map[lines]
    }

    /// Takes down that a chunk is done, whose memory then can be given back.
    pub(crate) fn release(&self, span: &Span) {
        if let Some(bytes) = self.due(span) {
            self.map.release(bytes.start as usize..bytes.end as usize);
        }
    }

    /// What is to be given back when a chunk is done. Where another thread is still in it, it is mapped again.
    fn due(&self, span: &Span) -> Option<Range<u64>> {
        let begin = self.ranges.begin(span.seq);
        let before = self.released.load(Ordering::Relaxed);
        if span.stored >= STEP || begin < before {
            // The others are far ahead, if it is not large by itself: nobody comes this way again.
            return Some(begin..(begin + span.stored).max(span.lines.end as u64));
        }
        let done = begin.saturating_sub(self.in_work);
        let is_due = done >= before + STEP;
        let is_ours =
            is_due && self.released.compare_exchange(before, done, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        is_ours.then_some(before..done)
    }

    fn lines_from(&self, begin: usize, end: usize) -> Range<usize> {
        let head = if begin as u64 == self.ranges.start {
            begin
        } else {
            match memchr(b'\n', &self.map[begin - 1..end]) {
                Some(place) if begin + place < end => begin + place,
                // No line begins here: a line is longer than a chunk.
                _ => return 0..0,
            }
        };
        let tail = memchr(b'\n', &self.map[end - 1..]).map_or(self.map.len(), |place| end + place);
        head..tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::mmap::MappedFile;

    const CHUNK: u64 = 1 << 20;

    /// A file without a line end, which takes no place on the disk.
    fn mapped(len: u64, size: usize) -> MappedChunks {
        crate::read::mmap::enable().unwrap();
        let file = tempfile::tempfile().unwrap();
        file.set_len(len).unwrap();
        MappedChunks::new(SharedContent::Mapped(MappedFile::new(&file, len, "empty").unwrap()), 0, size)
    }

    #[test]
    fn all_is_given_back_but_what_may_be_in_work() {
        let mapped = MappedChunks { in_work: 2 * CHUNK, ..mapped(64 * CHUNK, CHUNK as usize) };
        let chunks: Vec<Span> = std::iter::from_fn(|| mapped.next()).collect();
        let late = &chunks[5];
        for (number, chunk) in chunks.iter().enumerate().filter(|(number, _)| *number != 5) {
            let number = number as u64;
            let expected = (number > 2 && (number - 2).is_multiple_of(8)).then(|| {
                let done = (number - 2) * CHUNK;
                done - STEP..done
            });
            assert_eq!(mapped.due(chunk), expected, "{number}");
        }
        assert_eq!(late.lines, 0..0);
        assert_eq!(mapped.due(late), Some(5 * CHUNK..6 * CHUNK));
    }

    #[test]
    fn chunks_of_any_size_are_counted() {
        let mapped = mapped(10, usize::MAX);
        let chunk = mapped.next().unwrap();
        assert_eq!((chunk.lines.clone(), chunk.stored), (0..10, 10));
        assert_eq!(mapped.due(&chunk), None);
        assert_eq!(mapped.next(), None);
    }
}
