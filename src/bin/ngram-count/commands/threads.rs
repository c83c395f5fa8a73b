//! The threads of a run, and how many there are: fewer by default where a limit on memory (`ulimit`) leaves little, and
//! fewer in any case where --memory does.

use std::num::NonZeroUsize;

use indicatif::HumanBytes;
use ngram_count::internal::memory;
use ngram_count::{Job, default_threads};
use rayon::ThreadPool;

use crate::args::{MemoryLimit, WorkOptions};
use crate::error::Error;
use crate::terminal::messages;

/// What a thread takes to start, in bytes: its stack, a second one for the report of a full stack, and its first
/// allocations.
const START: u64 = (2 << 20) + (128 << 10);
/// What must be left beside the threads, in bytes: with less, nothing can be counted.
const REST: u64 = 4 << 20;
/// What a thread takes for its work, in bytes: its stack, chunks, buffers and the beginning of a table.
const WORK: u64 = 8 << 20;

/// What each thread needs of the bound of memory and of [`BESIDE`], in bytes. With less, most of the bound would go to
/// the beginnings of tables: with 16 MiB, 32 threads took 453 MiB.
const SHARE: u64 = 16 << 20;
/// What threads may take beside the bound, in bytes.
const BESIDE: u64 = 16 << 20;

impl WorkOptions {
    /// The number of threads: as the user says, or one for each core, as far as a limit on memory leaves enough; and no
    /// more than share the bound of memory. A default bound lowers only a default number.
    pub(super) fn threads(&self) -> NonZeroUsize {
        let threads = self.threads.unwrap_or_else(|| match memory::left_by_limits() {
            Some(left) => default_threads().min(fitting(left)),
            None => default_threads(),
        });
        let bound = match self.memory.memory {
            Some(MemoryLimit(bytes)) => bytes,
            None if self.threads.is_some() => None,
            None => memory::default_limit(threads.get()),
        };
        bound.map_or(threads, |bytes| threads.min(sharing(bytes, self.chunk_size.0.get() as u64)))
    }

    /// Tells the user that fewer threads worked than asked for.
    pub(super) fn note_threads(&self) {
        let (asked, threads) = (self.threads, self.threads());
        if let Some(asked) = asked.filter(|&asked| asked > threads) {
            messages::say(format_args!("{threads} of {asked} threads worked: --memory has no room for more"));
        }
    }
}

/// The number of threads that share a bound of memory. Chunks take at most half of what a thread has.
fn sharing(bytes: u64, chunk_size: u64) -> NonZeroUsize {
    at_least_one(bytes.saturating_add(BESIDE) / SHARE.max(chunk_size.saturating_mul(2)))
}

/// The number of threads that work within half of what a limit leaves.
fn fitting(left: u64) -> NonZeroUsize {
    at_least_one(left / 2 / WORK)
}

/// A number of threads, at least one.
fn at_least_one(threads: u64) -> NonZeroUsize {
    usize::try_from(threads).ok().and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN)
}

/// Starts the threads of a job. They have all started when this returns: a thread that gets no memory while it starts
/// can't report an error, but only abort the process.
///
/// # Errors
/// When the system does not start so many, or has not enough memory for them.
pub(super) fn start(job: &Job, threads: NonZeroUsize) -> Result<ThreadPool, Error> {
    let Some(left) = memory::left_by_limits() else { return Ok(job.start_threads()?) };
    if left < threads.get() as u64 * START + REST {
        let left = HumanBytes(left);
        return Err(Error::Usage(format!(
            "can't start {threads} threads: the limit on memory (ulimit) leaves {left}; ask for fewer with --threads"
        )));
    }
    let pool = job.start_threads()?;
    pool.broadcast(|_| ());
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_threads_fit_into_little_memory() {
        for (mebibytes, threads) in [(0, 1), (15, 1), (16, 1), (48, 3), (1024, 64)] {
            assert_eq!(fitting(mebibytes << 20).get(), threads, "{mebibytes} MiB");
        }
    }

    #[test]
    fn few_threads_share_a_small_bound() {
        for (mebibytes, chunk, threads) in [(16, 1, 2), (100, 1, 7), (1024, 1, 65), (100, 10, 5), (100, 64, 1)] {
            assert_eq!(sharing(mebibytes << 20, chunk << 20).get(), threads, "{mebibytes} MiB");
        }
        assert_eq!(sharing(16 << 20, u64::MAX).get(), 1);
    }
}
