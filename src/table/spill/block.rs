//! `Block`: some records that stand together in the temporary file, with a checksum.
//!
//! Blocks are compressed while the disk is slow. Level 1 of zstd takes 200 MB/s of words and counts in a thread, and
//! leaves 46 % of them, so it pays where a thread's writes take longer than at 108 MB/s:
//!
//! ```text
//! 1 / 200 + 0.46 / speed  <  1 / speed        speed < 0.54 * 200
//! ```

use std::io;
use std::os::unix::fs::FileExt;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::{Record, Spill};
use crate::system::temp_file;
use crate::table::key::HASHING;
use crate::table::{Detail, Entry};

/// The place of a block in the temporary file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block {
    offset: u64,
    /// The length in the file, in bytes.
    stored: usize,
    /// The length of the records in bytes; more than `stored` if they are compressed.
    len: usize,
    entries: usize,
    checksum: u64,
}

impl Block {
    /// The number of records.
    pub(crate) fn entries(&self) -> usize {
        self.entries
    }

    /// The length of the records in bytes.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Replaces the content of `bytes` by the block's.
    ///
    /// # Errors
    /// The system's error, and an error of kind [`io::ErrorKind::InvalidData`] for bytes that are not those that were
    /// written.
    pub(crate) fn read(&self, spill: &Spill, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(self.stored, 0);
        spill.create()?.read_exact_at(bytes, self.offset)?;
        if HASHING.hash_one(&bytes[..]) != self.checksum {
            return Err(damaged());
        }
        if self.stored < self.len {
            *bytes = zstd::bulk::decompress(bytes, self.len)?;
        }
        Ok(())
    }

    /// Gives the space of a block back that nobody reads again.
    pub(crate) fn free(&self, spill: &Spill) {
        if let Ok(file) = spill.create() {
            temp_file::release(file, self.offset, self.stored as u64);
        }
    }
}

/// The error for bytes that differ from those that were written.
pub(crate) fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "holds other bytes than were written to it (its disk may be failing)")
}

/// The number of bytes to write at a time. Not tuned.
const WRITE_LEN: usize = 256 << 10;
/// The speed of a thread's writes below which blocks are compressed, in bytes a second.
pub(super) const SLOW: u64 = 108_000_000;
/// The level of compression: the fastest that is not made for other data.
const LEVEL: i32 = 1;

/// Makes blocks of entries and writes them. Each block has a `T`, such as the number of its bucket.
pub(crate) struct BlockWriter<'a, T> {
    spill: &'a Spill,
    bytes: Vec<u8>,
    /// The blocks in `bytes`, with offsets from its beginning.
    waiting: Vec<(T, Block)>,
    /// The beginning of the current block in `bytes`, and the number of its entries.
    begin: usize,
    entries: usize,
    written: Vec<(T, Block)>,
    compressor: Option<zstd::bulk::Compressor<'static>>,
}

impl<'a, T> BlockWriter<'a, T> {
    pub(crate) fn new(spill: &'a Spill) -> Self {
        let (bytes, waiting, written) = (Vec::new(), Vec::new(), Vec::new());
        Self { spill, bytes, waiting, begin: 0, entries: 0, written, compressor: None }
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

    /// Adds entries to the current block. `arena` holds the bytes of their ngrams and details.
    pub(crate) fn extend<D: Detail>(&mut self, entries: &[Entry<D>], arena: &[u8]) {
        for entry in entries {
            self.push(entry, arena);
        }
    }

    /// Ends the current block. A block without entries does not count.
    pub(crate) fn end_block(&mut self, of: T) {
        let (begin, len) = (self.begin, self.bytes.len() - self.begin);
        if self.entries == 0 {
            return;
        }
        if self.spill.is_slow.load(Ordering::Relaxed) {
            self.compress_block();
        }
        let (stored, checksum) = (self.bytes.len() - begin, HASHING.hash_one(&self.bytes[begin..]));
        self.waiting.push((of, Block { offset: begin as u64, stored, len, entries: self.entries, checksum }));
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

    /// Compresses the current block, unless it would become longer.
    fn compress_block(&mut self) {
        let compressor = match &mut self.compressor {
            Some(compressor) => compressor,
            none => match zstd::bulk::Compressor::new(LEVEL) {
                Ok(compressor) => none.insert(compressor),
                Err(_) => return,
            },
        };
        let records = &self.bytes[self.begin..];
        if let Some(compressed) = compressor.compress(records).ok().filter(|bytes| bytes.len() < records.len()) {
            self.bytes.truncate(self.begin);
            self.bytes.extend_from_slice(&compressed);
        }
    }

    fn write(&mut self) {
        debug_assert_eq!(self.begin, self.bytes.len(), "the last block has ended");
        let len = self.bytes.len() as u64;
        if len == 0 {
            return;
        }
        let start = self.spill.written.fetch_add(len, Ordering::Relaxed);
        let before = Instant::now();
        let written = self.spill.create().and_then(|file| file.write_all_at(&self.bytes, start));
        self.spill.has_written(len, before.elapsed());
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
