//! `Spill`: the memory that all tables of a run may take, and the temporary file for what passes it.
//!
//! ```text
//! map       a shard grows while the tables have all their memory: it writes its entries to the file, and starts anew
//! finish    shard by shard, on all threads: read its blocks back, sum duplicates, hand the entries on
//!           a shard too large for memory: divide it by the next 8 bits of the hash into 256, and finish these alike
//! ```
//!
//! The hash spreads ngrams evenly, so all shards grow alike. The one that needs memory next therefore spills, and no
//! thread waits for another. An entry goes to the file once, and again for each division: with a bound of 1 GiB, tables
//! of some TiB are divided at most once.
//!
//! The idea is that of external aggregation by hash partitions, as in DuckDB (Kuiper, Boncz and Mühleisen, Robust
//! External Hash Aggregation in the Solid State Age, 2024), and of the bins of k-mer counters such as KMC.

mod block;
mod lease;
mod record;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

pub(crate) use self::block::{Block, BlockWriter, damaged};
pub(crate) use self::lease::Lease;
pub(crate) use self::record::Record;
use super::SHARDS;
use crate::lock::lock;
use crate::system::temp_file;

/// The memory of all tables of a run, and their temporary file.
#[derive(Debug)]
pub(crate) struct Spill {
    /// The memory that the tables may take, in bytes; [`usize::MAX`] without a bound.
    limit: usize,
    /// The memory that the tables have, in bytes.
    pub(super) used: AtomicUsize,
    threads: usize,
    folder: PathBuf,
    /// Whether the caller has ended the run.
    cancelled: Arc<AtomicBool>,
    /// The unnamed temporary file. The first block creates it.
    file: OnceLock<io::Result<File>>,
    /// The length of the file in bytes.
    written: AtomicU64,
    /// The time of the last writes in nanoseconds. Each write leaves 15 parts in 16 of the sum before it.
    write_time: AtomicU64,
    /// The bytes of the last writes, summed in the same way.
    write_bytes: AtomicU64,
    /// Whether the last writes were so slow that compression pays.
    is_slow: AtomicBool,
    has_failed: AtomicBool,
    failure: Mutex<Option<io::Error>>,
}

/// The least memory of a shard that spills, in bytes. See [`Spill::min_shard`].
const MIN_SHARD: usize = 4 << 10;
/// The number of threads that finish shards at least, if there are so many.
const MIN_FINISHERS: usize = 4;

impl Spill {
    /// Memory of `limit` bytes for the tables of `threads` threads, and a temporary file in `folder`. `cancelled` tells
    /// that the caller has ended the run.
    pub(crate) fn new(limit: usize, threads: usize, folder: PathBuf, cancelled: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            limit,
            used: AtomicUsize::new(0),
            threads: threads.max(1),
            folder,
            cancelled,
            file: OnceLock::new(),
            written: AtomicU64::new(0),
            write_time: AtomicU64::new(0),
            write_bytes: AtomicU64::new(0),
            is_slow: AtomicBool::new(false),
            has_failed: AtomicBool::new(false),
            failure: Mutex::new(None),
        })
    }

    /// Tables that may take all memory there is.
    #[cfg(any(test, feature = "unstable-stages"))]
    pub(crate) fn unbounded() -> Arc<Self> {
        Self::new(usize::MAX, 1, PathBuf::new(), Arc::default())
    }

    /// Whether there is a limit.
    pub(crate) fn is_bounded(&self) -> bool {
        self.limit != usize::MAX
    }

    /// Whether the tables have all the memory that they may take.
    pub(super) fn is_full(&self) -> bool {
        self.used.load(Ordering::Relaxed) >= self.limit
    }

    /// The memory of a shard, in bytes, below which spilling it would make the blocks too small: a quarter of its equal
    /// share, but at least 4 KiB, unless the limit is tiny.
    pub(super) fn min_shard(&self) -> usize {
        (self.limit / (4 * SHARDS * self.threads)).max(MIN_SHARD.min(self.limit / 1024))
    }

    /// The number of threads that finish shards of up to `largest` bytes, so that they take at most half of the limit;
    /// and the memory of each, in bytes, beyond which it divides its shard. Some threads always work: dividing in
    /// parallel beats waiting for one.
    pub(super) fn finishers(&self, largest: usize) -> (usize, usize) {
        let fitting = self.limit / 2 / largest.max(1);
        let threads = fitting.clamp(self.threads.min(MIN_FINISHERS), self.threads);
        (threads, self.limit / 2 / threads)
    }

    /// A thread's equal part of `1 / parts` of the limit, in bytes.
    pub(crate) fn share(&self, parts: usize) -> usize {
        self.share_among(usize::MAX, parts)
    }

    /// As [`Self::share`], if at most so many threads take theirs.
    pub(crate) fn share_among(&self, threads: usize, parts: usize) -> usize {
        self.limit / (parts * self.threads.min(threads))
    }

    /// The folder of the temporary file.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The number of bytes that the run has written to the temporary file.
    pub(crate) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Creates the temporary file, unless it exists. Without this call, the first block creates it.
    ///
    /// # Errors
    /// The system's error for the folder.
    pub(crate) fn create(&self) -> io::Result<&File> {
        let file = self.file.get_or_init(|| temp_file::create(&self.folder));
        file.as_ref().map_err(|error| match error.raw_os_error() {
            Some(number) => io::Error::from_raw_os_error(number),
            None => io::Error::new(error.kind(), error.to_string()),
        })
    }

    /// Records a write, to tell whether the disk is slow. Threads may overwrite each other's figures, which are
    /// estimates.
    pub(super) fn has_written(&self, bytes: u64, time: Duration) {
        let time =
            self.write_time.load(Ordering::Relaxed) / 16 * 15 + u64::try_from(time.as_nanos()).unwrap_or(u64::MAX / 16);
        let bytes = self.write_bytes.load(Ordering::Relaxed) / 16 * 15 + bytes;
        self.write_time.store(time, Ordering::Relaxed);
        self.write_bytes.store(bytes, Ordering::Relaxed);
        let speed = u128::from(bytes) * 1_000_000_000 / u128::from(time.max(1));
        self.is_slow.store(speed < u128::from(block::SLOW), Ordering::Relaxed);
    }

    /// Records that the temporary file can't be written or read. The run has no result then.
    pub(crate) fn fail(&self, error: io::Error) {
        lock(&self.failure).get_or_insert(error);
        self.has_failed.store(true, Ordering::Relaxed);
    }

    /// Whether the run has ended early: the temporary file has failed, or the caller has ended it. What the workers
    /// make is useless then.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed) || self.cancelled.load(Ordering::Relaxed)
    }

    /// The first failure of the temporary file.
    ///
    /// # Errors
    /// That failure, once.
    pub(crate) fn check(&self) -> io::Result<()> {
        lock(&self.failure).take().map_or(Ok(()), Err)
    }
}

/// The entries of a shard that lie in the temporary file.
#[derive(Debug, Default)]
pub(crate) struct Spilled {
    pub(super) blocks: Vec<Block>,
    /// The number of entries. An ngram may have several.
    pub(super) entries: usize,
    /// The length of the records in bytes.
    pub(super) bytes: usize,
}

impl Spilled {
    pub(super) fn append(&mut self, other: Self) {
        self.entries += other.entries;
        self.bytes += other.bytes;
        self.blocks.extend(other.blocks);
    }
}
