//! `Arena`: the byte buffer of a shard, for data of variable length: long ngrams, and details such as years.
//!
//! Entries hold offsets into the arena, so an arena is append-only. An offset is valid until the shard compacts the
//! arena, or appends it to another one.

use super::key::{INLINE, Key};

/// The limit of an arena's length in bytes: keys and details hold an offset in [`PLACE_BITS`] bits.
const MAX_BYTES: usize = 1 << PLACE_BITS;
/// The number of bits of an offset. The other 16 bits of a `u64` hold the arena's number.
pub(super) const PLACE_BITS: u32 = 48;

/// The bytes of one shard, under the shard's number.
#[derive(Debug)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
    number: u16,
    /// The number of bytes that belong to ngrams of entries. The others belong to details.
    ngram_bytes: usize,
}

impl Arena {
    /// An empty arena. Keys and details name it by `number`.
    pub(crate) fn new(number: u16) -> Self {
        Self { bytes: Vec::new(), number, ngram_bytes: 0 }
    }

    /// The number by which keys and details name it.
    pub(super) fn number(&self) -> u16 {
        self.number
    }

    /// The length in bytes, which is the offset of the next byte.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The memory of the bytes, in bytes.
    #[inline]
    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The number of bytes that belong to ngrams of entries.
    pub(super) fn ngram_bytes(&self) -> usize {
        self.ngram_bytes
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes. The caller may overwrite them or append to them.
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

    /// The key of an ngram of any length, for a detail, or for an entry outside the shards. Appends a long ngram.
    pub(crate) fn key_of(&mut self, ngram: &[u8]) -> Key {
        Key::short(ngram).unwrap_or_else(|| self.push(ngram))
    }

    fn push(&mut self, ngram: &[u8]) -> Key {
        debug_assert!(self.bytes.len() + ngram.len() < MAX_BYTES);
        let key = Key::long(ngram, self.bytes.len(), self.number);
        self.bytes.extend_from_slice(ngram);
        key
    }

    /// Appends all of another arena. Returns the distance by which its offsets shift.
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
