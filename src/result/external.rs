//! Selects the entries of a table that memory can't hold: few of them go to memory, many to buckets on the disk.
//!
//! ```text
//! the words that the job asks for, or the top    memory: we keep the candidates of one part after the other
//! all, or all with a minimum count               disk: buckets in the result's order
//! a top too large for memory                     disk: buckets by count, cut behind the top; then the result's order
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::lock::{into_inner, lock};
use crate::result::buckets::Buckets;
use crate::result::order::Sort;
use crate::result::partitioner::Partitioner;
use crate::result::select::SelectOptions;
use crate::table::{Arena, Detail, Entry, Overflow, Part, Table};

/// The entries that may be in the result, without the final selection where they are in memory; and the number of
/// distinct ngrams in the table. `unpack` makes the lists of the result of those of the table.
///
/// # Errors
/// [`Overflow`] when a sum passes 2^64-1. If the temporary file fails, its [`Spill`](crate::table::spill::Spill) has
/// the error.
pub(super) fn select<T: Detail, D: Detail>(
    options: &SelectOptions,
    table: Table<T>,
    asks_for_words: bool,
    unpack: impl Fn(Vec<Entry<T>>) -> Vec<Entry<D>> + Sync,
) -> Result<(Buckets<D>, usize), Overflow> {
    let (spill, size) = (Arc::clone(table.spill()), table.loaded_size());
    let distinct = AtomicUsize::new(0);
    let parts = |part: Part<T>| {
        let mut part = part.map(&unpack);
        distinct.fetch_add(part.lists.iter().map(Vec::len).sum(), Ordering::Relaxed);
        if !asks_for_words {
            options.retain_in(&mut part.lists);
        }
        part
    };
    let sort = options.sort.unwrap_or(Sort::Count);
    let is_few = |top: usize| top.saturating_mul(2 * size_of::<Entry<D>>()) < spill.share(8);
    let buckets = if asks_for_words || options.top.is_some_and(is_few) {
        let top = if asks_for_words { None } else { options.top };
        let candidates = Mutex::new(Candidates { list: Vec::new(), arena: Arena::new(0), top });
        table.finish(|part| {
            let part = parts(part);
            lock(&candidates).add(&part);
        })?;
        let Candidates { list, arena, .. } = into_inner(candidates);
        Buckets::new(vec![list], vec![arena.into_bytes()])
    } else {
        let first = if options.top.is_some() { Sort::Count } else { sort };
        let partitioner = Partitioner::new(&spill, first, size);
        table.finish(|part| partitioner.take(parts(part)))?;
        let mut disk = partitioner.finish();
        if let Some(top) = options.top {
            let truncated = disk.truncate(top, first);
            let sorted = truncated.and_then(|()| if first == sort { Ok(disk) } else { disk.sorted_by(sort) });
            disk = sorted.unwrap_or_else(|error| {
                spill.fail(error);
                Partitioner::new(&spill, sort, (0, 0)).finish()
            });
        }
        Buckets::on_disk(disk, sort)
    };
    Ok((buckets, distinct.into_inner()))
}

/// Entries that may be among the top, or all if there is no top.
struct Candidates<D> {
    list: Vec<Entry<D>>,
    arena: Arena,
    top: Option<usize>,
}

/// The number of candidates beyond twice the top from which on most of them are dropped.
const MIN_DROPPED: usize = 1 << 16;

impl<D: Detail> Candidates<D> {
    fn add(&mut self, part: &Part<D>) {
        for entry in part.lists.iter().flatten() {
            self.list.push(moved(entry, &part.arena, &mut self.arena));
            if self.top.is_some_and(|top| self.list.len() > 2 * top + MIN_DROPPED) {
                self.drop_most();
            }
        }
    }

    /// Drops all candidates but the top and the first loser, with their bytes.
    fn drop_most(&mut self) {
        let Some(top) = self.top else { return };
        let arenas = [std::mem::replace(&mut self.arena, Arena::new(0)).into_bytes()];
        self.list.select_nth_unstable_by(top, |a, b| Sort::Count.compare(&arenas, a, b));
        self.list.truncate(top + 1);
        for entry in &mut self.list {
            *entry = moved(entry, &arenas[0], &mut self.arena);
        }
    }
}

fn moved<D: Detail>(entry: &Entry<D>, from: &[u8], to: &mut Arena) -> Entry<D> {
    Entry { key: to.key_of(entry.key.ngram(from)), count: entry.count, detail: entry.detail.moved(from, to) }
}
