//! `Block`: some records that stand together in the temporary file, with a checksum.
//!
//! ```text
//! records, compressed or not    length before compression    number of records    checksum of all before it
//! ```
//!
//! Each number takes 8 bytes. They are in the file, so a block takes 16 bytes of memory: a result in buckets may have
//! millions of blocks.
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
}

impl Block {
    /// Replaces the content of `bytes` by the block's records. Returns their number.
    ///
    /// # Errors
    /// The system's error, and an error of kind [`io::ErrorKind::InvalidData`] for bytes that are not those that were
    /// written.
    pub(crate) fn read(&self, spill: &Spill, bytes: &mut Vec<u8>) -> io::Result<u64> {
        bytes.resize(self.stored, 0);
        spill.create()?.read_exact_at(bytes, self.offset).map_err(|error| match error.kind() {
            // The file has become shorter.
            io::ErrorKind::UnexpectedEof => damaged(),
            _ => error,
        })?;
        if take_number(bytes) != Some(HASHING.hash_one(&bytes[..])) {
            return Err(damaged());
        }
        let (Some(entries), Some(len)) = (take_number(bytes), take_number(bytes)) else { return Err(damaged()) };
        let len = usize::try_from(len).map_err(|_| damaged())?;
        if bytes.len() < len {
            *bytes = zstd::bulk::decompress(bytes, len)?;
        }
        Ok(entries)
    }

    /// Gives the space of a block back that nobody reads again.
    pub(crate) fn free(&self, spill: &Spill) {
        if let Ok(file) = spill.create() {
            temp_file::release(file, self.offset, self.stored as u64);
        }
    }
}

/// Takes a number from the end of `bytes`.
fn take_number(bytes: &mut Vec<u8>) -> Option<u64> {
    let number = bytes.last_chunk().map(|number| u64::from_le_bytes(*number));
    bytes.truncate(bytes.len().saturating_sub(size_of::<u64>()));
    number
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
    entries: u64,
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

    /// Ends the current block. A block without entries does not count. Returns the length of its records in bytes.
    pub(crate) fn end_block(&mut self, of: T) -> usize {
        let (begin, len) = (self.begin, self.bytes.len() - self.begin);
        if self.entries == 0 {
            return 0;
        }
        if self.spill.is_slow.load(Ordering::Relaxed) {
            self.compress_block();
        }
        for number in [len as u64, self.entries] {
            self.bytes.extend_from_slice(&number.to_le_bytes());
        }
        let checksum = HASHING.hash_one(&self.bytes[begin..]);
        self.bytes.extend_from_slice(&checksum.to_le_bytes());
        self.waiting.push((of, Block { offset: begin as u64, stored: self.bytes.len() - begin }));
        (self.begin, self.entries) = (self.bytes.len(), 0);
        if self.bytes.len() >= WRITE_LEN {
            self.write();
        }
        len
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
