//! `Prefix`: the beginning of all lines of a run, that is, the ngram and a TAB.

use wide::u8x16;

/// The length of a vector in bytes.
pub(super) const VECTOR: usize = 16;

/// The ngram and the TAB, ready to be compared with the next line.
///
/// Two vectors of 16 bytes cover up to 32 bytes: one for the first 16, one for the last 16, which may overlap. In a
/// million rows of Google's 1-grams, 84 % of the ngrams need one vector, and 99.98 % need no more than two. The cursor
/// follows runs of longer ngrams in a separate loop: a loop or a call here would push the vectors of every run out of
/// their registers.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    pub(super) len: usize,
    /// The first 16 bytes of the run's first line. The prefix may be shorter.
    first: u8x16,
    /// A bit for each byte of `first` behind the prefix, and all higher bits.
    other: u32,
}

impl Prefix {
    /// The longest prefix that two vectors cover.
    const MAX_LEN: usize = 2 * VECTOR;
    /// The prefix before the first run.
    pub(super) const NONE: Self = Self { len: 0, first: u8x16::ZERO, other: 0 };

    /// The first `len` bytes of the line `text[start..]`. `None` if `len` is too large, or fewer than 16 bytes of text
    /// are left.
    #[inline]
    pub(super) fn new(text: &[u8], start: usize, len: usize) -> Option<Self> {
        debug_assert!(start + len <= text.len(), "a prefix lies within its text");
        let first = u8x16::new(*text[start..].first_chunk()?);
        (len <= Self::MAX_LEN).then_some(Self {
            len,
            first,
            other: if len < VECTOR { !0 << len } else { !0 << VECTOR },
        })
    }

    /// Whether `line` begins with the prefix, which also begins `text[start..]`. `line` is at least 16 bytes and at
    /// least as long as the prefix.
    #[inline]
    pub(super) fn matches(&self, line: &[u8], text: &[u8], start: usize) -> bool {
        debug_assert!(line.len() >= VECTOR.max(self.len), "both vectors lie within the line");
        debug_assert!(start + self.len <= text.len(), "the prefix lies within its text");
        let Some(bytes) = line.first_chunk() else { return false };
        if self.first.simd_eq(u8x16::new(*bytes)).to_bitmask() | self.other != !0 {
            return false;
        }
        let Some(last) = self.len.checked_sub(VECTOR) else { return true };
        let [a, b] = [&line[last..], &text[start + last..]].map(<[u8]>::first_chunk);
        let (Some(a), Some(b)) = (a, b) else { return false };
        u8x16::new(*a).simd_eq(u8x16::new(*b)).to_bitmask() == 0xFFFF
    }
}
