//! `Record`: an entry as bytes in the temporary file.
//!
//! ```text
//! length of the ngram    its bytes    count    detail (none, one number, or the years)
//! 3                      t h e        60       ...
//! ```
//!
//! All numbers are [varints](crate::table::varint), so the record of a short ngram without years has about as many
//! bytes as its line in the result, where the entry in memory has 32.

use crate::table::{Arena, Detail, Entry, Key, varint};

/// An entry that was read from the temporary file, before it has a place in memory.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) ngram: &'a [u8],
    pub(crate) count: u64,
}

impl<'a> Record<'a> {
    /// Appends the record of an entry to `to`. `arena` holds the bytes of the entry's ngram and detail.
    pub(crate) fn write<D: Detail>(entry: &Entry<D>, arena: &[u8], to: &mut Vec<u8>) {
        let ngram = entry.key.ngram(arena);
        varint::write(to, ngram.len() as u64);
        to.extend_from_slice(ngram);
        varint::write(to, entry.count);
        entry.detail.write(arena, to);
    }

    /// Takes the next record from `bytes`, up to its detail. `None` if the bytes are no record.
    pub(crate) fn read(bytes: &mut &'a [u8]) -> Option<Self> {
        let len = usize::try_from(varint::read(bytes)?).ok()?;
        let (ngram, rest) = bytes.split_at_checked(len)?;
        *bytes = rest;
        Some(Self { ngram, count: varint::read(bytes)? })
    }

    /// The entry of the next record, with its ngram and detail in `arena`. `None` if the bytes are no record.
    pub(crate) fn read_entry<D: Detail>(bytes: &mut &'a [u8], arena: &mut Arena) -> Option<Entry<D>> {
        let Self { ngram, count } = Self::read(bytes)?;
        let key = Key::short(ngram).unwrap_or_else(|| arena.push_ngram(ngram));
        Some(Entry { key, count, detail: D::read(bytes, arena)? })
    }
}
