//! The last step of a table that memory could not hold: its entries part by part, each ngram once.
//!
//! ```text
//! for each shard, on all threads:
//!     if it fits the thread's share of the memory:    load its blocks, compact it, hand it on as a part
//!     else:                                           divide it into 256 shards of the next level, and finish each
//! ```
//!
//! Hashes spread ngrams evenly, so each part is also a fair sample of all entries.

use std::io;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;

use super::index::Index;
use super::shard::Shard;
use super::spill::{Lease, Spill};
use super::{Detail, Entry, FirstOverflow, Overflow, Table};
use crate::lock::{into_inner, lock};

/// Some entries of a table, each ngram once.
#[derive(Debug)]
pub(crate) struct Part<D> {
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// The bytes of long ngrams and of details.
    pub(crate) arena: Vec<u8>,
    /// The number by which the entries name the arena.
    pub(crate) number: u16,
    /// The memory of the part.
    pub(crate) lease: Lease,
}

impl<D> Part<D> {
    /// A part of entries whose bytes lie in `arena`, under a number.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arena: Vec<u8>, number: u16, spill: &Arc<Spill>) -> Self {
        let mut part = Self { lists, arena, number, lease: Lease::new(spill) };
        let entries: usize = part.lists.iter().map(Vec::len).sum();
        part.lease.set(entries * size_of::<Entry<D>>() + part.arena.len());
        part
    }

    /// Calls `each` with the lists, and with arenas as the entries name them.
    pub(crate) fn with_arenas<T>(&mut self, each: impl FnOnce(&mut [Vec<Entry<D>>], &[Vec<u8>]) -> T) -> T {
        let mut arenas = vec![Vec::new(); usize::from(self.number) + 1];
        std::mem::swap(&mut arenas[usize::from(self.number)], &mut self.arena);
        let made = each(&mut self.lists, &arenas);
        std::mem::swap(&mut arenas[usize::from(self.number)], &mut self.arena);
        made
    }

    /// The part with other lists, made of these and of arenas as the entries name them.
    pub(crate) fn map<T>(mut self, of: impl Fn(Vec<Entry<D>>, &[Vec<u8>]) -> Vec<Entry<T>>) -> Part<T> {
        let lists =
            self.with_arenas(|lists, arenas| lists.iter_mut().map(|list| of(std::mem::take(list), arenas)).collect());
        Part { lists, arena: self.arena, number: self.number, lease: self.lease }
    }
}

/// The deepest level of shards. With fewer bits than these, a hash could not tell its ngram from many others, and no
/// machine has tables that need so many shards (2^32).
const MAX_LEVEL: u32 = 3;

impl<D: Detail> Table<D> {
    /// Whether any entry lies in the temporary file.
    pub(crate) fn is_spilled(&self) -> bool {
        self.shards.iter().any(Shard::is_spilled)
    }

    /// The number of entries, with the spilled ones, and at most about the length of their long ngrams and details in
    /// bytes. Both are too large if ngrams have several entries.
    pub(crate) fn loaded_size(&self) -> (usize, usize) {
        let sizes = self.shards.iter().map(|shard| (shard.loaded_len(), shard.loaded_bytes()));
        sizes.fold((0, 0), |sum, size| (sum.0 + size.0, sum.1 + size.1))
    }

    /// Calls `take` with all entries, part by part, from all threads of the current pool. It ends early when
    /// the run [has ended](Spill::has_ended).
    ///
    /// While `take` holds a lock, it must not wait for other threads of the pool, as Rayon's iterators do: the thread
    /// would meanwhile take another part, and wait for its own lock.
    ///
    /// # Errors
    /// [`Overflow`] when a sum passes 2^64-1. Of several such ngrams, it names the first by its bytes.
    pub(crate) fn finish(mut self, take: impl Fn(Part<D>) + Sync) -> Result<(), Overflow> {
        let spill = self.spill;
        let largest = self.shards.iter().filter(|shard| shard.is_spilled()).map(Shard::loaded_memory).max();
        let (threads, most) = spill.finishers(largest.unwrap_or(0));
        if largest.is_some_and(|largest| largest > most / 2) {
            // The shards that are still in memory have all of it. What the limit leaves of the job's bound is enough to
            // load small shards, but not for these.
            self.shards.par_iter_mut().filter(|_| !spill.has_ended()).for_each(Shard::spill);
        }
        let overflow = Mutex::new(self.overflow);
        let shards = Mutex::new(self.shards.into_iter());
        (0..threads).into_par_iter().with_max_len(1).for_each(|_thread| {
            let mut index = Index::default();
            let next = || lock(&shards).next().filter(|_| !spill.has_ended());
            while let Some(shard) = next() {
                let finished = finish(shard, most, &mut index, &overflow, &take);
                finished.unwrap_or_else(|error| spill.fail(error));
            }
        });
        match into_inner(overflow).0 {
            Some(ngram) => Err(Overflow { ngram: ngram.into_vec() }),
            None => Ok(()),
        }
    }
}

/// Finishes a shard, or the shards that it is divided into if it takes more than `most` bytes. `index` is scratch
/// memory.
fn finish<D: Detail>(
    mut shard: Shard<D>,
    most: usize,
    index: &mut Index,
    overflow: &Mutex<FirstOverflow>,
    take: &impl Fn(Part<D>),
) -> io::Result<()> {
    if shard.loaded_len() == 0 || shard.has_ended() {
        return Ok(());
    }
    if shard.is_larger(most) && shard.level() < MAX_LEVEL {
        return shard.divide()?.into_iter().try_for_each(|shard| finish(shard, most, index, overflow, take));
    }
    shard.load()?;
    shard.compact(index);
    lock(overflow).merge(shard.take_overflow());
    take(shard.into_part());
    Ok(())
}
