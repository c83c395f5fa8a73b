//! Chunks of a mapped file: nothing is copied, and what is done is unmapped.
//!
//! As with [`super::Ranges`], a chunk is the lines whose first byte lies in its range.

use std::ops::Range;

use memchr::memchr;

use super::Chunk;
use super::claims::{Claim, Claims};
use crate::map::Map;

/// A part of a mapped file, given out chunk by chunk.
#[derive(Debug)]
pub(crate) struct Mapped {
    map: Map,
    claims: Claims,
}

/// How many chunks behind the last ones all is thought to be done. Where it is not, pages are mapped again.
const BEHIND: u64 = 16;

impl Mapped {
    /// Chunks of `size` bytes from `start` to the end of the mapping.
    pub(crate) fn new(map: Map, start: u64, size: usize) -> Self {
        let end = map.len() as u64;
        Self { map, claims: Claims::new(start, end, size) }
    }

    /// The next chunk; `None` when all are given out.
    pub(crate) fn next(&self) -> Option<Chunk> {
        let Claim { seq, begin, end } = self.claims.next()?;
        let lines = self.lines_from(begin as usize, end as usize);
        Some(Chunk { seq, lines, stored: end - begin })
    }

    /// The bytes of a chunk.
    pub(crate) fn text(&self, lines: Range<usize>) -> &[u8] {
        &self.map[lines]
    }

    /// Gives the memory of a chunk back that is done.
    ///
    /// The kernel maps pages around those that are touched, so a chunk's first and last bytes bring back some that its
    /// neighbours have released before. From time to time all that lies well behind goes, too.
    pub(crate) fn release(&self, chunk: &Chunk) {
        self.map.release(chunk.lines.clone());
        if chunk.seq.is_multiple_of(BEHIND) {
            self.map.release(0..self.claims.begin(chunk.seq.saturating_sub(BEHIND)) as usize);
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
