//! Ranges of one size, which workers claim in order: the parts of a plain input.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memchr_iter;

use crate::read::random_access::ReadAt;

/// An input, or a part of one, cut into ranges of one size.
#[derive(Debug)]
pub(crate) struct Ranges {
    /// The offset of the text: a line begins here without an LF before it.
    text: u64,
    /// The offset of the first range.
    start: u64,
    /// The offset behind the last range. The last line may end behind it.
    end: u64,
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
    /// Ranges of `size` bytes of the bytes `text..len`. The last one may be shorter.
    pub(crate) fn new(text: u64, len: u64, size: usize) -> Self {
        debug_assert!(size > 0, "ranges without bytes never end");
        Self { text, start: text, end: len, size: size as u64, next: AtomicU64::new(0) }
    }

    /// The ranges of the lines whose first byte lies in `part`. The first line begins at byte 0, with the byte-order mark
    /// before the text. An example, with a text from byte 3 to 9:
    ///
    /// ```text
    /// part 0..2   ranges from 3 to 4: the first line, which begins at byte 0
    /// part 2..5   ranges from 4 to 5: the first line is not among them
    /// part 5..99  ranges from 5 to 9
    /// ```
    pub(crate) fn within(mut self, part: &Range<u64>) -> Self {
        let len = self.end;
        self.end = part.end.min(len);
        if part.start > 0 {
            self.start = part.start.max(self.text + 1);
        } else if part.end > 0 {
            self.end = self.end.max(self.text + 1).min(len);
        }
        self
    }

    /// The length of a range in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Whether the first line begins at offset `begin`.
    pub(super) fn is_first(&self, begin: u64) -> bool {
        begin == self.text
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
        let (mut at, mut lines) = (self.text, u64::from(begin > self.text));
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
