//! Chunks of a mapped file: nothing is copied, and what is done is unmapped.
//!
//! As with [`super::Ranges`], a chunk is the lines whose first byte lies in its range.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr;

use super::Chunk;
use super::claims::{Claim, Claims};
use crate::map::Map;

/// A part of a mapped file, given out chunk by chunk.
#[derive(Debug)]
pub(crate) struct Mapped {
    map: Map,
    claims: Claims,
    /// Memory before this byte was given back.
    released: AtomicU64,
}

/// How many bytes are given back at a time: each time interrupts all cores. As far behind the newest chunks all is thought
/// to be done; where it is not, pages are mapped again.
const STEP: u64 = 16 << 20;

impl Mapped {
    /// Chunks of `size` bytes from `start` to the end of the mapping.
    pub(crate) fn new(map: Map, start: u64, size: usize) -> Self {
        let end = map.len() as u64;
        Self { map, claims: Claims::new(start, end, size), released: AtomicU64::new(0) }
    }

    /// The next chunk; `None` when all are given out.
    pub(crate) fn next(&self) -> Option<Chunk> {
        let Claim { seq, begin, end } = self.claims.next()?;
        let lines = self.lines_from(begin as usize, end as usize);
        Some(Chunk { seq, lines, stored: end - begin })
    }

    /// How many lines of `file` come before a chunk.
    pub(crate) fn lines_before(&self, chunk: &Chunk, file: &File) -> io::Result<u64> {
        self.claims.lines_before(chunk.seq, file)
    }

    /// The bytes of a chunk.
    pub(crate) fn text(&self, lines: Range<usize>) -> &[u8] {
        &self.map[lines]
    }

    /// Takes down that a chunk is done, whose memory then can be given back.
    pub(crate) fn release(&self, chunk: &Chunk) {
        if chunk.stored >= STEP {
            return self.map.release(chunk.lines.clone());
        }
        let done = self.claims.begin(chunk.seq).saturating_sub(STEP);
        let before = self.released.load(Ordering::Relaxed);
        let is_due = done >= before + STEP;
        if is_due && self.released.compare_exchange(before, done, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.map.release(before as usize..done as usize);
        }
    }

    fn lines_from(&self, begin: usize, end: usize) -> Range<usize> {
        let head = if begin as u64 == self.claims.start {
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
