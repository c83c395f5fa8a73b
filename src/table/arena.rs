//! `Arena`: the bytes of a shard that are too many for an entry: long ngrams, and details such as years.
//!
//! Entries name a place in it, so bytes are only ever appended. A place stays right until the arena is compacted, or
//! appended to another one.

use super::key::{INLINE, Key};

/// How many bytes an arena may have: keys and details hold a place in so many bits.
const MAX_BYTES: usize = 1 << PLACE_BITS;
/// The bits of a place. The other 16 of a `u64` are the arena's number.
pub(super) const PLACE_BITS: u32 = 48;

/// The bytes of one shard, under the shard's number.
#[derive(Debug)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
    number: u16,
    /// How many of the bytes are ngrams of entries; the others are details.
    ngram_bytes: usize,
}

impl Arena {
    /// An empty arena, which keys and details will name by `number`.
    pub(crate) fn new(number: u16) -> Self {
        Self { bytes: Vec::new(), number, ngram_bytes: 0 }
    }

    /// The number by which keys and details name it.
    pub(super) fn number(&self) -> u16 {
        self.number
    }

    /// How many bytes it has, which is the place of the next one.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How many bytes are ngrams of entries.
    pub(super) fn ngram_bytes(&self) -> usize {
        self.ngram_bytes
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its bytes, to be overwritten or appended to.
    pub(super) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Appends the long ngram of an entry. Returns the entry's key.
    pub(super) fn push_ngram(&mut self, ngram: &[u8]) -> Key {
        debug_assert!(ngram.len() > INLINE, "a key holds a short ngram itself");
        self.ngram_bytes += ngram.len();
        let key = self.push(ngram);
        debug_assert!(self.ngram_bytes <= self.bytes.len());
        key
    }

    /// The key of an ngram of any length, which is part of a detail, or of an entry that no shard holds.
    pub(crate) fn key_of(&mut self, ngram: &[u8]) -> Key {
        Key::short(ngram).unwrap_or_else(|| self.push(ngram))
    }

    fn push(&mut self, ngram: &[u8]) -> Key {
        debug_assert!(self.bytes.len() + ngram.len() < MAX_BYTES);
        let key = Key::long(ngram, self.bytes.len(), self.number);
        self.bytes.extend_from_slice(ngram);
        key
    }

    /// Appends all of another arena. Returns how much farther behind its bytes lie now.
    pub(super) fn append(&mut self, other: &Self) -> usize {
        debug_assert_eq!(self.number, other.number, "keys name their arena by its number");
        let by = self.bytes.len();
        self.bytes.extend_from_slice(&other.bytes);
        self.ngram_bytes += other.ngram_bytes;
        by
    }

    /// Leaves an empty arena of the same number, and returns the bytes.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::replace(self, Self::new(self.number)).bytes
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
