//! `TableLimit`: the part of a job's bound of memory that its tables may take.
//!
//! ```text
//! bound 100 MiB, 8 threads, chunks of 1 MiB    8 threads x 3 MiB, of which 8 MiB are free: 16 MiB beside the tables
//!                                              5 eighths of the other 84 MiB: 52 MiB for tables
//! ```

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::error::{Error, Result};
use crate::system::temp_file;
use crate::table::spill::Spill;

/// The part of a job's bound that its tables may take while they count, in eighths. The rest is for what comes behind:
/// each thread's shard in the last step, the entries on their way to the buckets, the buckets on their way to the
/// output.
const TABLES_EIGHTHS: usize = 5;
/// The memory of a thread beside its tables, in bytes: its stack, its buffers and the beginning of a table. Each of 64
/// threads took 2.7 MiB with chunks of 1 MiB, which count too.
const THREAD: usize = 2 << 20;
/// The memory of a connection to a server beside its chunk, in bytes: its buffers.
const CONNECTION: usize = 512 << 10;
/// The memory of threads and chunks that is not taken from the bound, in bytes.
const FREE_OF_BOUND: usize = 8 << 20;

/// The memory of a run's tables.
pub(super) struct TableLimit {
    /// The bytes of all tables; [`usize::MAX`] without a bound.
    bytes: usize,
    threads: usize,
}

impl TableLimit {
    /// The part of a job's bound that tables may take, for so many threads and connections to servers, with chunks of
    /// `chunk_size` bytes.
    pub(super) fn of(memory: Option<u64>, threads: usize, connections: usize, chunk_size: usize) -> Self {
        let Some(bound) = memory else { return Self { bytes: usize::MAX, threads } };
        let bound = usize::try_from(bound).unwrap_or(usize::MAX);
        let all = |number: usize, each: usize| number.saturating_mul(each.saturating_add(chunk_size));
        let beside = all(threads, THREAD).saturating_add(all(connections, CONNECTION)).saturating_sub(FREE_OF_BOUND);
        let bytes = (bound.saturating_sub(beside) / 8 * TABLES_EIGHTHS).max(bound / 8);
        Self { bytes, threads }
    }

    /// The memory, with a temporary file in `folder`.
    ///
    /// # Errors
    /// When the job names a folder that takes no temporary file.
    pub(super) fn spill(self, folder: Option<PathBuf>, cancelled: Arc<AtomicBool>) -> Result<Arc<Spill>> {
        let is_named = folder.is_some();
        let folder = folder.unwrap_or_else(temp_file::default_folder);
        let spill = Spill::new(self.bytes, self.threads, folder, cancelled);
        if is_named && spill.is_bounded() {
            spill.create().map_err(|source| Error::of_temp_file(&spill, source))?;
        }
        Ok(spill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_and_their_chunks_leave_less_for_tables() {
        let mebibytes = |bound: u64, threads, chunk_size: usize| {
            TableLimit::of(Some(bound << 20), threads, 0, chunk_size << 20).bytes >> 20
        };
        assert_eq!([mebibytes(100, 2, 1), mebibytes(100, 8, 1), mebibytes(100, 64, 1)], [62, 52, 12]);
        assert_eq!([mebibytes(16, 1, 1), mebibytes(100, 1, 64), mebibytes(100, 8, 1 << 40)], [10, 26, 12]);
        assert_eq!(TableLimit::of(Some(100 << 20), 2, 12, 1 << 20).bytes >> 20, 52);
        assert_eq!(TableLimit::of(None, 64, 0, 1 << 20).bytes, usize::MAX);
    }
}
