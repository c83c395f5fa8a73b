//! Spilling of a shard: its entries go to the temporary file, and come back for the last step.
//!
//! ```text
//! to grow, while the tables have all their memory:
//!     if at most half of the entries are distinct:    compact; that makes room enough
//!     else:                                           write all entries to the file, and begin anew
//! ```
//!
//! A shard with less than a quarter of its equal share of the memory grows nevertheless: its blocks would be too small.

use std::io;
use std::slice;
use std::sync::Arc;

use super::Shard;
use crate::table::index::Index;
use crate::table::key::{Key, hash_long};
use crate::table::spill::{BlockWriter, Lease, Record, Spill, Spilled, damaged};
use crate::table::{Arena, Detail, Entry, Part, SHARDS, split_at};

/// The entries of a shard that lie in the temporary file, and its part of the memory of all tables.
#[derive(Debug)]
pub(super) struct DiskPart {
    pub(super) spilled: Spilled,
    lease: Lease,
    /// Whether the shard may spill when it grows.
    may_spill: bool,
}

impl DiskPart {
    pub(super) fn new(spill: &Arc<Spill>) -> Self {
        Self { spilled: Spilled::default(), lease: Lease::new(spill), may_spill: spill.is_bounded() }
    }
}

impl<D: Detail> Shard<D> {
    /// Whether any entry lies in the temporary file.
    pub(in crate::table) fn is_spilled(&self) -> bool {
        !self.disk.spilled.blocks.is_empty()
    }

    /// Whether the run has ended early.
    pub(in crate::table) fn has_ended(&self) -> bool {
        self.disk.lease.spill().has_ended()
    }

    /// The approximate memory of all entries, with the spilled ones, in bytes; too much if ngrams were spilled twice.
    pub(in crate::table) fn loaded_memory(&self) -> usize {
        let Spilled { entries, bytes, .. } = self.disk.spilled;
        self.memory() + entries * size_of::<Entry<D>>() + bytes
    }

    /// The approximate length of long ngrams and details, with the spilled ones, in bytes.
    pub(in crate::table) fn loaded_bytes(&self) -> usize {
        self.arena.len() + self.disk.spilled.bytes
    }

    /// The number of entries, with the spilled ones. An ngram may have several.
    pub(in crate::table) fn loaded_len(&self) -> usize {
        self.len() + self.disk.spilled.entries
    }

    /// Whether the spilled entries, with the others, take more than `most` bytes of memory.
    pub(in crate::table) fn is_larger(&self, most: usize) -> bool {
        self.is_spilled() && self.loaded_memory() > most
    }

    /// How often the table was divided to make this shard.
    pub(in crate::table) fn level(&self) -> u32 {
        self.level
    }

    /// The entries and their bytes, with the memory that they lease.
    pub(in crate::table) fn into_part(mut self) -> Part<D> {
        self.renew_lease();
        let number = self.arena.number();
        Part { lists: self.entries.into_segments(), arena: self.arena.into_bytes(), number, lease: self.disk.lease }
    }

    fn memory(&self) -> usize {
        let index = self.index.as_ref().map_or(0, Index::memory);
        self.entries.memory() + self.arena.memory() + index
    }

    /// Leases the memory that the shard has now.
    pub(super) fn renew_lease(&mut self) {
        if self.disk.lease.spill().is_bounded() {
            self.disk.lease.set(self.memory());
        }
        self.arena_leased = self.arena.memory();
    }

    /// Leases the memory of an indexed log that grows with the next entry. Spills the shard if the tables have all
    /// their memory.
    #[cold]
    pub(super) fn log_is_full(&mut self) {
        self.spill_if_memory_ends();
        self.renew_lease();
    }

    /// Leases the memory of an arena that has grown. Spills or compacts the shard if the tables have all their memory.
    #[cold]
    pub(super) fn arena_has_grown(&mut self) {
        self.spill_if_memory_ends();
        self.renew_lease();
    }

    /// Makes room in the shard if the tables have all their memory. Returns whether the shard has room for more entries
    /// now.
    #[cold]
    pub(super) fn spill_if_memory_ends(&mut self) -> bool {
        let spill = self.disk.lease.spill();
        if !self.disk.may_spill || !spill.is_full() || self.memory() < spill.min_shard() || self.len() == 0 {
            return false;
        }
        if self.index.is_none() && self.estimate() <= self.len() / 2 {
            self.compact_and_index();
            return !self.entries.is_full();
        }
        self.spill();
        false
    }

    /// Moves all entries to the temporary file.
    pub(in crate::table) fn spill(&mut self) {
        let (mut writer, mut bytes) = (BlockWriter::new(self.disk.lease.spill()), 0);
        for entry in self.entries.iter() {
            writer.push(entry, self.arena.bytes());
            if writer.is_long() {
                bytes += writer.end_block(());
            }
        }
        bytes += writer.end_block(());
        let blocks = writer.finish().into_iter().map(|((), block)| block).collect();
        self.disk.spilled.append(Spilled { blocks, entries: self.len(), bytes });
        self.clear();
    }

    /// Removes all entries from memory.
    fn clear(&mut self) {
        let empty = Self::new(self.arena.number(), self.level, &Arc::clone(self.disk.lease.spill()));
        let Self { disk, overflow, .. } = std::mem::replace(self, empty);
        (self.disk, self.overflow) = (disk, overflow);
        self.renew_lease();
    }

    /// Reads all spilled entries back, whatever memory the tables have.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(in crate::table) fn load(&mut self) -> io::Result<()> {
        self.disk.may_spill = false;
        let (spilled, spill) = (std::mem::take(&mut self.disk.spilled), Arc::clone(self.disk.lease.spill()));
        read_into(slice::from_mut(self), &spilled, &spill)
    }

    /// Divides all entries among 256 shards of the next level, which may spill.
    ///
    /// # Errors
    /// When the temporary file can't be written or read.
    pub(in crate::table) fn divide(mut self) -> io::Result<Vec<Self>> {
        self.spill();
        let spill = Arc::clone(self.disk.lease.spill());
        let new = |_| Self::new(self.arena.number(), self.level + 1, &spill);
        let mut shards: Vec<Self> = (0..SHARDS).map(new).collect();
        shards[0].overflow = self.take_overflow();
        read_into(&mut shards, &self.disk.spilled, &spill)?;
        Ok(shards)
    }
}

/// Adds spilled entries to the shards of a table, or to a shard alone. Frees their blocks.
fn read_into<D: Detail>(shards: &mut [Shard<D>], spilled: &Spilled, spill: &Spill) -> io::Result<()> {
    let mut bytes = Vec::new();
    for block in &spilled.blocks {
        let entries = block.read(spill, &mut bytes)?;
        let mut records = &bytes[..];
        for _ in 0..entries {
            add_record(shards, &mut records).ok_or_else(damaged)?;
        }
        block.free(spill);
    }
    Ok(())
}

/// Adds the entry of the first record of `bytes`. `None` if the bytes are no record.
fn add_record<D: Detail>(shards: &mut [Shard<D>], bytes: &mut &[u8]) -> Option<()> {
    let Record { ngram, count } = Record::read(bytes)?;
    let key = Key::short(ngram);
    let hash = key.map_or_else(|| hash_long(ngram), |key| key.hash_short());
    let (number, tag) = split_at(shards[0].level, hash);
    let shard = if let [only] = shards { only } else { &mut shards[number] };
    let mut is_whole = true;
    let detail = |arena: &mut Arena| {
        D::read(bytes, arena).unwrap_or_else(|| {
            is_whole = false;
            D::NONE
        })
    };
    match key {
        Some(key) => shard.add(tag, key, count, detail),
        None => shard.add_long(tag, ngram, count, detail),
    }
    is_whole.then_some(())
}
