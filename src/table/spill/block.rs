//! `Block`: some records that stand together in the temporary file, with a checksum.

use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;

use super::{Record, Spill};
use crate::system::temp_file;
use crate::table::key::HASHING;
use crate::table::{Detail, Entry};

/// The place of a block in the temporary file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    offset: u64,
    len: usize,
    entries: usize,
    checksum: u64,
}

impl Block {
    /// The number of records.
    pub(crate) fn entries(&self) -> usize {
        self.entries
    }

    /// The length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Replaces the content of `bytes` by the block's.
    ///
    /// # Errors
    /// The system's error, and an error of kind [`io::ErrorKind::InvalidData`] for bytes that are not those that were
    /// written.
    pub(crate) fn read(&self, spill: &Spill, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(self.len, 0);
        spill.create()?.read_exact_at(bytes, self.offset)?;
        if HASHING.hash_one(&bytes[..]) == self.checksum { Ok(()) } else { Err(damaged()) }
    }

    /// Gives the space of a block back that nobody reads again.
    pub(crate) fn free(&self, spill: &Spill) {
        if let Ok(file) = spill.create() {
            temp_file::release(file, self.offset, self.len as u64);
        }
    }
}

/// The error for bytes that differ from those that were written.
pub(crate) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "holds other bytes than were written to it (its disk may be failing)")
}

/// The length of what is written at a time, in bytes. Not tuned: the copy into the page cache costs more than the call.
const WRITE_LEN: usize = 256 << 10;

/// Makes blocks of entries and writes them. Each block has a `T`, such as the number of its bucket.
#[derive(Debug)]
pub(crate) struct BlockWriter<'a, T> {
    spill: &'a Spill,
    bytes: Vec<u8>,
    /// The blocks in `bytes`, with offsets from its beginning.
    waiting: Vec<(T, Block)>,
    /// The beginning of the current block in `bytes`, and the number of its entries.
    begin: usize,
    entries: usize,
    written: Vec<(T, Block)>,
}

impl<'a, T> BlockWriter<'a, T> {
    pub(crate) fn new(spill: &'a Spill) -> Self {
        Self { spill, bytes: Vec::new(), waiting: Vec::new(), begin: 0, entries: 0, written: Vec::new() }
    }

    /// Adds an entry to the current block. `arena` holds the bytes of its ngram and detail.
    #[inline]
    pub(crate) fn push<D: Detail>(&mut self, entry: &Entry<D>, arena: &[u8]) {
        Record::write(entry, arena, &mut self.bytes);
        self.entries += 1;
    }

    /// Whether the current block is so long that it should end.
    #[inline]
    pub(crate) fn is_long(&self) -> bool {
        self.bytes.len() - self.begin >= WRITE_LEN
    }

    /// Ends the current block. A block without entries does not count.
    pub(crate) fn end_block(&mut self, of: T) {
        let (begin, len) = (self.begin, self.bytes.len() - self.begin);
        if self.entries == 0 {
            return;
        }
        let checksum = HASHING.hash_one(&self.bytes[begin..]);
        self.waiting.push((of, Block { offset: begin as u64, len, entries: self.entries, checksum }));
        (self.begin, self.entries) = (self.bytes.len(), 0);
        if self.bytes.len() >= WRITE_LEN {
            self.write();
        }
    }

    /// Writes what is left. Returns all blocks. After a failure, which the [`Spill`] records, blocks are missing.
    pub(crate) fn finish(mut self) -> Vec<(T, Block)> {
        self.write();
        self.written
    }

    fn write(&mut self) {
        debug_assert_eq!(self.begin, self.bytes.len(), "the last block has ended");
        let len = self.bytes.len() as u64;
        let start = self.spill.written.fetch_add(len, Ordering::Relaxed);
        let written = self.spill.create().and_then(|file| file.write_all_at(&self.bytes, start));
        match written {
            Ok(()) => {
                let waiting = self.waiting.drain(..);
                self.written.extend(waiting.map(|(of, block)| (of, Block { offset: start + block.offset, ..block })));
            }
            Err(error) => {
                self.waiting.clear();
                self.spill.fail(error);
            }
        }
        self.bytes.clear();
        self.begin = 0;
    }
}
