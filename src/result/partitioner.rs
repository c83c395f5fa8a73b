//! `Partitioner`: makes the buckets of a result on the disk of the parts of a table.
//!
//! ```text
//! first parts    a fair sample, as the hash spreads ngrams; some of the sorted samples are the splitters
//! some parts     grouped by bucket in memory  ->  bucket 0: a block,  bucket 1: a block, ...     -> the temporary file
//! more parts     ...
//! writing        bucket after bucket: read its blocks, sort, make the text
//! ```
//!
//! This is the sample sort of [`Buckets`](crate::result::buckets::Buckets), with a bucket for what a thread can sort in
//! its share of the memory.

use std::sync::{Arc, Mutex, OnceLock};

use crate::lock::{into_inner, lock};
use crate::result::disk_buckets::{DiskBucket, DiskBuckets};
use crate::result::order::Order;
use crate::result::splitters::{BLOCK_LEN, Sample, Scratch, Splitters};
use crate::table::spill::{BlockWriter, Spill};
use crate::table::{Arena, Detail, Entry, Part, SHARDS};

/// The fewest entries of a bucket, unless they are long. Not tuned: fewer make blocks short.
const MIN_BUCKET_LEN: usize = 1 << 12;
/// The entries that the parts written together have for each bucket at least: the list of blocks takes memory, too.
const MIN_BLOCK_LEN: usize = 16;
/// The bytes of a bucket from which on it may have fewer entries.
const MIN_BUCKET_BYTES: usize = 256 << 10;
/// The bytes of a year's line of text for each byte of its row in memory. An estimate: a line has some 20 bytes, a row
/// 3.
const TEXT_PER_ROW: usize = 6;
/// The most entries of a bucket, as far as [`MAX_BUCKETS`] allows. Not tuned.
const MAX_BUCKET_LEN: usize = 1 << 18;
/// The most buckets: the partitioning has a bound of two bytes for each bucket in each of its blocks.
const MAX_BUCKETS: usize = 1 << 14;
/// All threads' buckets in work may take a part of the memory: one in so many. Their text and their ranks come to three
/// times as much.
const BUCKET_PARTS: usize = 12;
/// All parts that threads write at the same time may take a part of the memory: one in so many. With less, the blocks
/// become shorter, and the list of blocks longer.
const WAITING_PARTS: usize = 4;
/// The most threads that we assume to write at the same time. Not tuned.
const MAX_WRITERS: usize = 16;
/// The number of samples for each bucket, as far as the first parts have so many.
const SAMPLES_PER_BUCKET: usize = 64;
/// The number of the arena with the bytes of the splitters, behind those of all shards.
const SPLITTERS: u16 = SHARDS as u16;

/// Makes [`DiskBuckets`] of parts, which come from all threads.
pub(crate) struct Partitioner<D> {
    spill: Arc<Spill>,
    order: Order,
    bucket_len: usize,
    /// The approximate number of buckets.
    buckets: usize,
    /// The splitters, and the bytes of their arena. The first parts give them.
    splitters: OnceLock<(Splitters, Vec<u8>)>,
    /// The parts that wait for more, and their memory in bytes.
    waiting: Mutex<(Vec<Part<D>>, usize)>,
    done: Mutex<Vec<DiskBucket>>,
}

impl<D: Detail> Partitioner<D> {
    /// Buckets for about so many entries, with so many bytes of long ngrams and details in all.
    pub(crate) fn new(spill: &Arc<Spill>, order: &Order, (entries, bytes): (usize, usize)) -> Self {
        let stored = bytes / entries.max(1);
        let each = size_of::<Entry<D>>() + if D::GROWS { TEXT_PER_ROW * stored } else { stored };
        let least = (MIN_BUCKET_BYTES / each).clamp(1, MIN_BUCKET_LEN);
        let len = spill.share(BUCKET_PARTS) / each;
        // The vectors of a part may have twice the capacity that they use.
        let held = 2 * (size_of::<Entry<D>>() + stored);
        let waiting = spill.share_among(MAX_WRITERS, WAITING_PARTS);
        let most = (waiting / held / MIN_BLOCK_LEN).clamp(1, MAX_BUCKETS);
        let bucket_len = len.clamp(least, MAX_BUCKET_LEN).max(entries / most);
        Self {
            spill: Arc::clone(spill),
            order: order.clone(),
            bucket_len,
            buckets: entries / bucket_len + 1,
            splitters: OnceLock::new(),
            waiting: Mutex::default(),
            done: Mutex::default(),
        }
    }

    /// Takes a part. Writes it, or keeps it for longer blocks together with others.
    pub(crate) fn take(&self, part: Part<D>) {
        let parts = {
            let mut waiting = lock(&self.waiting);
            waiting.1 += part.lease.bytes();
            waiting.0.push(part);
            if waiting.1 < self.spill.share_among(MAX_WRITERS, WAITING_PARTS) {
                return;
            }
            std::mem::take(&mut *waiting).0
        };
        self.write(parts);
    }

    /// The buckets of all parts.
    pub(crate) fn finish(self) -> DiskBuckets<D> {
        let rest = std::mem::take(&mut lock(&self.waiting).0);
        self.write(rest);
        let buckets = into_inner(self.done);
        DiskBuckets::new(self.spill, buckets)
    }

    fn write(&self, parts: Vec<Part<D>>) {
        if parts.is_empty() || self.spill.has_ended() {
            return;
        }
        if self.order.is_none() { self.write_unsorted(&parts) } else { self.write_by_bucket(parts) }
    }

    /// Writes parts as they are, in buckets of their own.
    fn write_unsorted(&self, parts: &[Part<D>]) {
        let mut writer = BlockWriter::new(&self.spill);
        let mut sums = Vec::new();
        for part in parts {
            for slice in part.lists.iter().flat_map(|list| list.chunks(self.bucket_len)) {
                writer.extend(slice, &part.arena);
                let bytes = writer.end_block(sums.len());
                sums.push((slice.len(), sum(slice), bytes));
            }
        }
        let buckets = writer.finish().into_iter().map(|(number, block)| {
            let (len, sum, bytes) = sums[number];
            DiskBucket { blocks: vec![block], len, sum, bytes }
        });
        lock(&self.done).extend(buckets);
    }

    /// Groups parts by bucket, and writes their entries of each bucket together.
    fn write_by_bucket(&self, mut parts: Vec<Part<D>>) {
        let (splitters, bytes) = self.splitters.get_or_init(|| self.splitters_of(&mut parts));
        let mut arenas = vec![Vec::new(); SHARDS + 1];
        arenas[usize::from(SPLITTERS)].clone_from(bytes);
        let mut scratch = Scratch::default();
        let mut bounds = Vec::new();
        for part in &mut parts {
            let number = usize::from(part.number);
            std::mem::swap(&mut arenas[number], &mut part.arena);
            let blocks = part.lists.iter_mut().flat_map(|list| list.chunks_mut(BLOCK_LEN));
            bounds.push(blocks.map(|block| splitters.partition(&arenas, block, &mut scratch)).collect::<Vec<_>>());
            std::mem::swap(&mut arenas[number], &mut part.arena);
        }
        let mut writer = BlockWriter::new(&self.spill);
        let mut sums = vec![(0, 0, 0); splitters.buckets()];
        for (number, (len, total, bytes)) in sums.iter_mut().enumerate() {
            for (part, bounds) in parts.iter().zip(&bounds) {
                let blocks = part.lists.iter().flat_map(|list| list.chunks(BLOCK_LEN)).zip(bounds);
                for (block, bounds) in blocks {
                    let slice = &block[bounds[number].into()..bounds[number + 1].into()];
                    writer.extend(slice, &part.arena);
                    *len += slice.len();
                    *total += sum(slice);
                }
            }
            *bytes = writer.end_block(number);
        }
        let blocks = writer.finish();
        let mut done = lock(&self.done);
        done.resize_with(splitters.buckets(), DiskBucket::default);
        for (number, block) in blocks {
            done[number].blocks.push(block);
        }
        for (bucket, (len, sum, bytes)) in done.iter_mut().zip(sums) {
            (bucket.len, bucket.sum, bucket.bytes) = (bucket.len + len, bucket.sum + sum, bucket.bytes + bytes);
        }
    }

    /// Splitters from a sample of some parts, and the bytes of their arena.
    fn splitters_of(&self, parts: &mut [Part<D>]) -> (Splitters, Vec<u8>) {
        let len: usize = parts.iter().flat_map(|part| &part.lists).map(Vec::len).sum();
        let step = (len / (SAMPLES_PER_BUCKET * self.buckets)).max(1);
        let mut arena = Arena::new(SPLITTERS);
        let mut samples = Vec::with_capacity(len / step + 1);
        let mut passed = 0_usize;
        for part in parts {
            part.with_arenas(|lists, arenas| {
                let entries = lists.iter().flatten();
                for entry in entries.skip(passed.next_multiple_of(step) - passed).step_by(step) {
                    let key = arena.key_of(entry.key.ngram_in(arenas));
                    samples.push(Sample { rank: self.order.rank(arenas, entry), key });
                }
                passed += lists.iter().map(Vec::len).sum::<usize>();
            });
        }
        let mut arenas = vec![Vec::new(); SHARDS + 1];
        arenas[usize::from(SPLITTERS)] = arena.into_bytes();
        Sample::sort(&mut samples, &arenas, &self.order);
        let splitters = Splitters::of_sample(&samples, self.buckets, &arenas, &self.order);
        (splitters, arenas.swap_remove(usize::from(SPLITTERS)))
    }
}

fn sum<D>(entries: &[Entry<D>]) -> u128 {
    entries.iter().map(|entry| u128::from(entry.count)).sum()
}
