//! `DiskBuckets`: the buckets of a result that memory can't hold, in the temporary file. A
//! [`Partitioner`] makes them.

use std::io;
use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::Error;
use crate::result::cover::covering;
use crate::result::order::{Arenas, Order};
use crate::result::partitioner::Partitioner;
use crate::table::spill::{Block, BlockWriter, Record, Spill, damaged};
use crate::table::{Arena, Detail, Entry, Part};

/// The buckets of a result in the temporary file, in order. Entries within a bucket have no order.
#[derive(Debug)]
pub(crate) struct DiskBuckets<D> {
    spill: Arc<Spill>,
    buckets: Vec<DiskBucket>,
    detail: PhantomData<D>,
}

/// Entries that were read from the temporary file.
#[derive(Debug)]
pub(crate) struct LoadedList<D> {
    pub(crate) list: Vec<Entry<D>>,
    /// The only arena, number 0.
    pub(crate) arenas: [Vec<u8>; 1],
}

/// A bucket in the temporary file.
#[derive(Debug, Default)]
pub(super) struct DiskBucket {
    pub(super) blocks: Vec<Block>,
    /// The number of entries.
    pub(super) len: usize,
    /// The sum of all counts.
    pub(super) sum: u128,
    /// The length of the records in bytes.
    pub(super) bytes: usize,
}

impl<D: Detail> DiskBuckets<D> {
    pub(super) fn new(spill: Arc<Spill>, buckets: Vec<DiskBucket>) -> Self {
        Self { spill, buckets, detail: PhantomData }
    }

    /// The number of entries.
    pub(crate) fn len(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.len).sum()
    }

    /// The number of buckets.
    pub(crate) fn buckets(&self) -> usize {
        self.buckets.len()
    }

    /// The sum of the counts of a bucket.
    pub(crate) fn sum(&self, number: usize) -> u128 {
        self.buckets[number].sum
    }

    /// The entries of a bucket.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn load(&self, number: usize) -> io::Result<LoadedList<D>> {
        let mut arena = Arena::new(0);
        let list = self.load_with(number, &mut arena)?;
        Ok(LoadedList { list, arenas: [arena.into_bytes()] })
    }

    /// All entries in order.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn load_all(&self, order: &Order) -> io::Result<LoadedList<D>> {
        let (mut arena, mut ends, mut list) = (Arena::new(0), vec![0], Vec::with_capacity(self.len()));
        for number in 0..self.buckets.len() {
            list.extend(self.load_with(number, &mut arena)?);
            ends.push(list.len());
        }
        let arenas = [arena.into_bytes()];
        for ends in ends.windows(2) {
            let bucket = &mut list[ends[0]..ends[1]];
            let sorted: Vec<Entry<D>> = order.sorted(&arenas, &[bucket]).into_iter().copied().collect();
            bucket.copy_from_slice(&sorted);
        }
        Ok(LoadedList { list, arenas })
    }

    fn load_with(&self, number: usize, arena: &mut Arena) -> io::Result<Vec<Entry<D>>> {
        let unreadable = |source: io::Error| io::Error::new(source.kind(), Error::of_temp_file(&self.spill, source));
        self.read(number, arena).map_err(unreadable)
    }

    fn read(&self, number: usize, arena: &mut Arena) -> io::Result<Vec<Entry<D>>> {
        let bucket = &self.buckets[number];
        let (mut list, mut bytes) = (Vec::with_capacity(bucket.len), Vec::new());
        for block in &bucket.blocks {
            let entries = block.read(&self.spill, &mut bytes)?;
            let mut records = &bytes[..];
            for _ in 0..entries {
                list.push(Record::read_entry(&mut records, arena).ok_or_else(damaged)?);
            }
        }
        Ok(list)
    }

    /// Drops all but the first `top` entries. `order` is the order of the buckets.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn truncate(&mut self, top: usize, order: &Order) -> io::Result<()> {
        let (mut kept, mut left) = (0, top);
        while let Some(bucket) = self.buckets.get(kept).filter(|bucket| bucket.len <= left) {
            left -= bucket.len;
            kept += 1;
        }
        let mut edge = DiskBucket::default();
        if kept < self.buckets.len() && left > 0 {
            let LoadedList { list, arenas } = self.load(kept)?;
            let first: Vec<Entry<D>> = order.sorted(&arenas, &[&list]).into_iter().take(left).copied().collect();
            let mut writer = BlockWriter::new(&self.spill);
            writer.extend(&first, &arenas[0]);
            let bytes = writer.end_block(());
            let sum = first.iter().map(|entry| u128::from(entry.count)).sum();
            let blocks = writer.finish().into_iter().map(|((), block)| block).collect();
            edge = DiskBucket { blocks, len: left, sum, bytes };
        }
        for bucket in self.buckets.drain(kept..) {
            bucket.blocks.iter().for_each(|block| block.free(&self.spill));
        }
        self.buckets.extend(Some(edge).filter(|edge| edge.len > 0));
        Ok(())
    }

    /// How many of the first entries have counts that `is_enough` says yes to, when they are summed up in order;
    /// `None` if all are not enough. `order` is the order of the buckets.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn covering(&self, order: &Order, is_enough: impl Fn(u128) -> bool) -> io::Result<Option<usize>> {
        let (mut sum, mut len) = (0, 0);
        if is_enough(sum) {
            return Ok(Some(len));
        }
        for (number, bucket) in self.buckets.iter().enumerate() {
            if is_enough(sum + bucket.sum) {
                let LoadedList { list, arenas } = self.load(number)?;
                return Ok(Some(len + covering(&order.sorted(&arenas, &[&list]), sum, is_enough)));
            }
            (sum, len) = (sum + bucket.sum, len + bucket.len);
        }
        Ok(None)
    }

    /// All entries that `keep` keeps in buckets for another order.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn reordered(self, order: &Order, keep: impl Fn(&mut Vec<Entry<D>>, &Arenas)) -> io::Result<Self> {
        let bytes = self.buckets.iter().map(|bucket| bucket.bytes).sum();
        let parts = Partitioner::new(&self.spill, order, (self.len(), bytes));
        for (number, bucket) in self.buckets.iter().enumerate().take_while(|_| !self.spill.has_ended()) {
            let LoadedList { mut list, arenas } = self.load(number)?;
            keep(&mut list, &arenas);
            let [arena] = arenas;
            parts.take(Part::new(vec![list], arena, 0, &self.spill));
            bucket.blocks.iter().for_each(|block| block.free(&self.spill));
        }
        Ok(parts.finish())
    }
}
