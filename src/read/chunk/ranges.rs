//! Which part of a plain file is next: the range of bytes in which a chunk's lines begin.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr_iter;

use crate::read::random_access::ReadAt;

/// A part of a file, cut into ranges of one size, and how many of them are given out.
#[derive(Debug)]
pub(super) struct Ranges {
    pub(super) start: u64,
    pub(super) end: u64,
    size: u64,
    /// The number of the next chunk.
    next: AtomicU64,
}

/// A range that a worker has taken. No other worker gets it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claimed {
    /// The number of the chunk, from 0.
    pub(super) seq: u64,
    pub(super) begin: u64,
    pub(super) end: u64,
}

impl Ranges {
    /// Ranges of `size` bytes, the last one perhaps shorter, of the bytes `start..end`.
    pub(super) fn new(start: u64, end: u64, size: usize) -> Self {
        Self { start, end, size: size as u64, next: AtomicU64::new(0) }
    }

    /// The next range; `None` when all are taken.
    pub(super) fn next(&self) -> Option<Claimed> {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        match seq.checked_mul(self.size).and_then(|offset| offset.checked_add(self.start)) {
            Some(begin) if begin < self.end => {
                Some(Claimed { seq, begin, end: begin.saturating_add(self.size).min(self.end) })
            }
            _ => {
                // Stay at the end, so that no number of calls brings the counter round.
                self.next.fetch_sub(1, Ordering::Relaxed);
                None
            }
        }
    }

    /// Where chunk number `seq`, which was given out, begins.
    pub(super) fn begin(&self, seq: u64) -> u64 {
        self.start + seq * self.size
    }

    /// How many lines come before the first line of chunk number `seq`, of what `file` holds.
    pub(super) fn lines_before(&self, seq: u64, file: &impl ReadAt) -> io::Result<u64> {
        let begin = self.begin(seq);
        let mut buffer = vec![0; 1 << 16];
        let (mut at, mut lines) = (self.start, u64::from(begin > self.start));
        // Each line but the first begins behind a line end, and these begin before the chunk's range.
        while at + 1 < begin {
            let wanted = (begin - 1 - at).min(buffer.len() as u64) as usize;
            file.read_exact_at(&mut buffer[..wanted], at)?;
            lines += memchr_iter(b'\n', &buffer[..wanted]).count() as u64;
            at += wanted as u64;
        }
        Ok(lines)
    }
}
