//! Chunks of a mapped file, or of bytes in memory. We copy no byte, and return the pages of finished chunks to the
//! system.
//!
//! # Releasing memory
//! Pages of a mapped file stay resident after a read, so a count of 100 GB would show 100 GB of memory. Each release
//! interrupts all cores (a TLB shootdown), so we release [`STEP`] bytes at a time. Workers finish chunks nearly in
//! order: when the chunk at byte `begin` is done, each of the other threads is working on one earlier chunk at most. So
//! all bytes before `begin - threads * size` are done, with rare exceptions. An example with 4 threads, chunks of 1 MiB
//! and steps of 8 MiB:
//!
//! ```text
//! done at   released before   all is done before   released now
//!  3 MiB          0                  0             nothing
//! 11 MiB          0                  7 MiB         nothing: less than a step
//! 12 MiB          0                  8 MiB         0..8 MiB
//!  5 MiB          8 MiB              -             5..6 MiB: a straggler releases its own chunk
//! ```
//!
//! If another thread still reads released bytes, a page fault loads them again from the file.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr;

use crate::read::chunk::ranges::{Claimed, Ranges};
use crate::read::chunk::{Span, are_whole};
use crate::read::random_access::{RandomAccess, SharedContent};

/// A mapped file, or a part of one, cut into chunks.
#[derive(Debug)]
pub(crate) struct MappedChunks {
    map: SharedContent,
    /// The same content, for reads that must not make its pages resident.
    content: RandomAccess,
    ranges: Ranges,
    /// The offset before which all memory was released.
    released: AtomicU64,
    /// The number of bytes before a finished chunk that other workers may still read: a chunk for each thread.
    in_work: u64,
}

/// The number of bytes that we release at a time. Not tuned: with smaller steps, the workers would interrupt each other
/// more often.
const STEP: u64 = 8 << 20;

impl MappedChunks {
    /// The chunks of these ranges of the mapping `map`, for the threads of the current pool. `content` is the mapped
    /// file.
    pub(crate) fn new(map: SharedContent, content: RandomAccess, ranges: Ranges) -> Self {
        let in_work = ranges.size().saturating_mul(rayon::current_num_threads() as u64);
        Self { map, content, ranges, released: AtomicU64::new(0), in_work }
    }

    /// The next chunk; `None` at the end.
    pub(crate) fn next(&self) -> Option<Span> {
        let Claimed { seq, begin, end } = self.ranges.next()?;
        let lines = self.lines_from(begin as usize, end as usize);
        debug_assert!(are_whole(&self.map, &lines), "chunk {seq} ends within a line");
        Some(Span { seq, offset: lines.start as u64, lines, stored: end - begin })
    }

    /// The number of lines before a chunk. We read the file for it, because reads through the mapping would make the
    /// pages resident again.
    pub(crate) fn lines_before(&self, span: &Span) -> io::Result<u64> {
        self.ranges.lines_before(span.seq, &self.content)
    }

    /// The bytes of a chunk.
    pub(crate) fn text(&self, span: &Span) -> &[u8] {
        &self.map[span.lines.clone()]
    }

    /// Records that a chunk is done, and releases memory when a step is full.
    pub(crate) fn release(&self, span: &Span) {
        if let Some(bytes) = self.due(span) {
            debug_assert!(bytes.start <= bytes.end && bytes.end <= self.map.len() as u64, "{bytes:?}");
            self.map.release(bytes.start as usize..bytes.end as usize);
        }
    }

    /// The bytes to release when a chunk is done.
    fn due(&self, span: &Span) -> Option<Range<u64>> {
        let begin = self.ranges.begin(span.seq);
        let before = self.released.load(Ordering::Relaxed);
        if span.stored >= STEP || begin < before {
            // The chunk fills a step by itself, or the other workers are far ahead and release nothing here any more.
            return Some(begin..(begin + span.stored).max(span.lines.end as u64));
        }
        let done = begin.saturating_sub(self.in_work);
        let is_due = done >= before + STEP;
        let is_ours =
            is_due && self.released.compare_exchange(before, done, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        is_ours.then_some(before..done)
    }

    /// The lines whose first byte lies in `begin..end`.
    fn lines_from(&self, begin: usize, end: usize) -> Range<usize> {
        let head = if self.ranges.is_first(begin as u64) {
            begin
        } else {
            match memchr(b'\n', &self.map[begin - 1..end]) {
                Some(place) if begin + place < end => begin + place,
                // No line begins here: an earlier line is longer than a chunk.
                _ => return 0..0,
            }
        };
        let tail = memchr(b'\n', &self.map[end - 1..]).map_or(self.map.len(), |place| end + place);
        head..tail
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const CHUNK: u64 = 1 << 20;

    /// A sparse file without a line end: it takes no space on the disk.
    fn mapped(len: u64, size: usize) -> MappedChunks {
        crate::read::mmap::enable().unwrap();
        let file = tempfile::tempfile().unwrap();
        file.set_len(len).unwrap();
        let content = RandomAccess::of_file(&Arc::new(file)).unwrap();
        let ranges = Ranges::new(0, content.len, size);
        MappedChunks::new(content.share("empty").unwrap(), content, ranges)
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
