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

#[cfg(any(test, feature = "unstable-stages"))]
impl Record<'_> {
    /// Reads the records of a block, and writes them again. `None` if the bytes are no records.
    pub(crate) fn rewrite_all<D: Detail>(mut bytes: &[u8]) -> Option<Vec<u8>> {
        let (mut arena, mut entries) = (Arena::new(0), Vec::<Entry<D>>::new());
        while !bytes.is_empty() {
            entries.push(Record::read_entry(&mut bytes, &mut arena)?);
        }
        let (arena, mut written) = (arena.into_bytes(), Vec::new());
        for entry in &entries {
            Record::write(entry, &arena, &mut written);
        }
        Some(written)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::{History, Uncovered};

    /// The record of "a", counted once, with these numbers behind it.
    fn record(numbers: &[u64]) -> Vec<u8> {
        let mut bytes = vec![1, b'a', 1];
        for &number in numbers {
            varint::write(&mut bytes, number);
        }
        bytes
    }

    #[test]
    fn records_with_years_are_written_again_as_they_were() {
        for numbers in [&[0, 0][..], &[0, 1, 1900, 7, 0], &[5, 2, 0, 7, 3, u64::MAX, u64::MAX, 2]] {
            let bytes = record(numbers);
            assert_eq!(Record::rewrite_all::<History>(&bytes), Some(bytes), "{numbers:?}");
        }
    }

    /// Such bytes pass the checksum only if we write them ourselves: they show a fault of our own.
    #[test]
    fn years_that_contradict_each_other_are_damaged() {
        let without_sum = [0, 1, 1900, 7, 2];
        let repeated_year = [2, 2, 1900, 7, 1, 0, 7, 1];
        let past_the_last_year = [2, 2, 1900, 7, 1, u64::MAX, 7, 1];
        for numbers in [&without_sum[..], &repeated_year, &past_the_last_year] {
            assert_eq!(Record::rewrite_all::<History>(&record(numbers)), None, "{numbers:?}");
        }
    }

    fn check<D: Detail>(bytes: &[u8]) {
        if let Some(written) = Record::rewrite_all::<D>(bytes) {
            assert_eq!(Record::rewrite_all::<D>(&written), Some(written));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_records_or_damaged(bytes in prop::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 0..40)) {
            check::<()>(&bytes);
            check::<Uncovered>(&bytes);
            check::<History>(&bytes);
        }
    }
}
