//! Ranges of one size, which workers claim in order: the parts of a plain input.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr_iter;

use crate::read::random_access::ReadAt;

/// An input, or a part of one, cut into ranges of one size.
#[derive(Debug)]
pub(super) struct Ranges {
    pub(super) start: u64,
    pub(super) end: u64,
    size: u64,
    /// The number of the next range.
    next: AtomicU64,
}

/// A range that one worker has claimed: no other worker gets it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claimed {
    /// The number of the range, and of its chunk, from 0.
    pub(super) seq: u64,
    pub(super) begin: u64,
    pub(super) end: u64,
}

impl Ranges {
    /// Ranges of `size` bytes of the bytes `start..end`. The last one may be shorter.
    pub(super) fn new(start: u64, end: u64, size: usize) -> Self {
        debug_assert!(size > 0, "ranges without bytes never end");
        Self { start, end, size: size as u64, next: AtomicU64::new(0) }
    }

    /// The next range; `None` when all are claimed.
    pub(super) fn next(&self) -> Option<Claimed> {
        let seq = self.next.fetch_add(1, Ordering::Relaxed);
        match seq.checked_mul(self.size).and_then(|offset| offset.checked_add(self.start)) {
            Some(begin) if begin < self.end => {
                let end = begin.saturating_add(self.size).min(self.end);
                debug_assert!(self.start <= begin && begin < end && end <= self.end, "{begin}..{end}");
                Some(Claimed { seq, begin, end })
            }
            _ => {
                // Stay at the end, so that the counter never wraps around.
                self.next.fetch_sub(1, Ordering::Relaxed);
                None
            }
        }
    }

    /// The offset of range number `seq`, which a worker has claimed.
    pub(super) fn begin(&self, seq: u64) -> u64 {
        self.start + seq * self.size
    }

    /// The number of lines of `content` before the first line of chunk number `seq`.
    pub(super) fn lines_before(&self, seq: u64, content: &impl ReadAt) -> io::Result<u64> {
        let begin = self.begin(seq);
        let mut buffer = vec![0; 1 << 16];
        let (mut at, mut lines) = (self.start, u64::from(begin > self.start));
        // Each line but the first begins behind an LF. If a line begins before byte `begin`, the LF in front of it lies
        // before byte `begin - 1`.
        while at + 1 < begin {
            let wanted = (begin - 1 - at).min(buffer.len() as u64) as usize;
            content.read_exact_at(&mut buffer[..wanted], at)?;
            lines += memchr_iter(b'\n', &buffer[..wanted]).count() as u64;
            at += wanted as u64;
        }
        Ok(lines)
    }
}
