//! Selects the entries of a table that memory can't hold: few of them go to memory, many to buckets on the disk.
//!
//! ```text
//! the words that the job asks for, or the top    memory: we keep the candidates of one part after the other
//! all, or all with a minimum count               disk: buckets in the result's order
//! a top too large for memory, or a coverage      disk: buckets by count, cut behind the top; then the result's order
//! words of some ranks                            disk: all; then those of these ranks, as above
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::{io, slice};

use crate::lock::{into_inner, lock};
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::disk_buckets::DiskBuckets;
use crate::result::order::{Arenas, Order, Sort};
use crate::result::partitioner::Partitioner;
use crate::result::ranks::CountsOfWords;
use crate::result::select::{SelectOptions, Test};
use crate::table::{Arena, Detail, Entry, Overflow, Part, Table};

/// The entries that may be in the result, without the final selection where they are in memory; the number of distinct
/// ngrams in the table; and whether entries on the disk make the share that is asked for. `unpack` makes the lists of the
/// result of those of the table.
///
/// # Errors
/// [`Overflow`] when a sum passes 2^64-1. If the temporary file fails, its [`Spill`](crate::table::spill::Spill) has
/// the error.
pub(super) fn select<T: Detail, D: Detail>(
    options: &SelectOptions,
    table: Table<T>,
    asks_for_words: bool,
    corpus: &Corpus,
    unpack: impl Fn(Vec<Entry<T>>, &Arenas) -> Vec<Entry<D>> + Sync,
) -> Result<(Buckets<D>, usize, bool), Overflow> {
    let (spill, size) = (Arc::clone(table.spill()), table.loaded_size());
    let (distinct, counts_of_words) = (AtomicUsize::new(0), CountsOfWords::default());
    // The ranks are known only after the last part.
    let (late, early): (Vec<_>, Vec<_>) = options.tests.iter().partition(|test| test.measure.needs_ranks());
    let parts = |part: Part<T>| {
        let mut part = part.map(&unpack);
        distinct.fetch_add(part.lists.iter().map(Vec::len).sum(), Ordering::Relaxed);
        if options.needs_ranks {
            counts_of_words.add(part.lists.iter().flatten());
        }
        if !asks_for_words {
            part.with_arenas(|lists, arenas| options.retain_in(lists, arenas, &early));
        }
        part
    };
    let order = options.order.clone().unwrap_or_else(|| Sort::Count.into());
    let is_few = |top: usize| top.saturating_mul(2 * size_of::<Entry<D>>()) < spill.share(8);
    let is_top_in_memory = options.coverage.is_none() && late.is_empty() && options.top.is_some_and(is_few);
    let (buckets, is_covered) = if asks_for_words || is_top_in_memory {
        let top = if asks_for_words { None } else { options.top };
        let candidates =
            Mutex::new(Candidates { list: Vec::new(), arena: Arena::new(0), top, order: options.top_order() });
        table.finish(|part| {
            let part = parts(part);
            lock(&candidates).add(&part);
        })?;
        set_ranks(options, corpus, &counts_of_words);
        let Candidates { list, arena, .. } = into_inner(candidates);
        (Buckets::new(vec![list], vec![arena.into_bytes()]), true)
    } else {
        let is_cut = options.top.is_some() || options.coverage.is_some();
        let first = if is_cut { options.top_order() } else { order.clone() };
        let partitioner = Partitioner::new(&spill, &first, size);
        table.finish(|part| partitioner.take(parts(part)))?;
        set_ranks(options, corpus, &counts_of_words);
        let cut = cut(options, partitioner.finish(), [&first, &order], &late, corpus.total);
        let (disk, is_covered) = cut.unwrap_or_else(|error| {
            spill.fail(error);
            (Partitioner::new(&spill, &order, (0, 0)).finish(), true)
        });
        (Buckets::on_disk(disk, order), is_covered)
    };
    Ok((buckets, distinct.into_inner(), is_covered))
}

/// The entries in buckets of the order `first` that pass the tests `late`, and are among the top and the covering ones, in
/// buckets of the order `last`; and whether they make the share of `total` that is asked for.
fn cut<D: Detail>(
    options: &SelectOptions,
    mut disk: DiskBuckets<D>,
    [first, last]: [&Order; 2],
    late: &[&Test],
    total: u128,
) -> io::Result<(DiskBuckets<D>, bool)> {
    if !late.is_empty() {
        disk = disk.reordered(first, |list, arenas| options.retain_in(slice::from_mut(list), arenas, late))?;
    }
    let mut is_covered = true;
    if let Some(share) = options.coverage {
        let len = disk.covering(first, |sum| share.is_reached(sum, total))?;
        is_covered = len.is_some();
        disk.truncate(len.unwrap_or(usize::MAX), first)?;
    }
    if let Some(top) = options.top {
        disk.truncate(top, first)?;
    }
    if !first.is_same(last) {
        disk = disk.reordered(last, |_, _| {})?;
    }
    Ok((disk, is_covered))
}

/// Makes the ranks of all words known, if they are asked for.
fn set_ranks(options: &SelectOptions, corpus: &Corpus, counts_of_words: &CountsOfWords) {
    if options.needs_ranks {
        let _ = corpus.ranks.set(counts_of_words.ranks());
    }
}

/// Entries that may be among the top, or all if there is no top.
struct Candidates<D> {
    list: Vec<Entry<D>>,
    arena: Arena,
    top: Option<usize>,
    /// The order of which the first are the top.
    order: Order,
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
        self.list.select_nth_unstable_by(top, |a, b| self.order.compare(&arenas, a, b));
        self.list.truncate(top + 1);
        for entry in &mut self.list {
            *entry = moved(entry, &arenas[0], &mut self.arena);
        }
    }
}

fn moved<D: Detail>(entry: &Entry<D>, from: &[u8], to: &mut Arena) -> Entry<D> {
    Entry { key: to.key_of(entry.key.ngram(from)), count: entry.count, detail: entry.detail.moved(from, to) }
}
