//! `Buckets`: the entries of a result, partitioned by a sample sort.
//!
//! ```text
//! lists        | block  block  block | block  block | block |      lists of the table, in blocks of 16,384 entries
//! sample       every n-th entry; some of the sorted samples are the splitters      -> splitters.rs
//! partition    in each block: the entries of bucket 0, then those of bucket 1, ... (all blocks in parallel)
//! sort         a bucket: collect its slice of each block, sort references to them  (all buckets in parallel)
//! ```
//!
//! All entries of a bucket come before those of the next bucket, so writing bucket after bucket writes the result in
//! order. We sort a bucket only just before it is iterated or written: its entries are then in the cache, and sorting
//! overlaps with writing. The entries stay in the lists of the table, so a large result is never in memory twice.
//!
//! Rayon's `par_sort_unstable_by` on one list of all entries would replace this file's buckets and the splitters. We
//! tried it and kept the sample sort. Measured on 2 threads of a busy machine, alternating runs of the whole command,
//! medians of processor time: 16,000,000 words by count 2.79 s against 4.41 s with Rayon's sort, by word 2.81 s against
//! 4.70 s, and 513 MiB against 546 MiB; 1,500,000 words by word 0.60 s against 0.75 s. Rayon's sort moves each entry of
//! 32 bytes about log2(n) times, and the sorted entries have left the cache when they are written.

use rayon::prelude::*;

use crate::result::order::Sort;
use crate::result::splitters::{BLOCK_LEN, BUCKET_LEN, Scratch, Splitters};
use crate::table::{Detail, Entry, Table};

/// Entries of ngrams, partitioned into buckets.
#[derive(Debug)]
pub(crate) struct Buckets<D> {
    /// The entries. [`Buckets::partition`] groups the entries of each block by bucket, without an order within a
    /// bucket.
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// The bytes of long ngrams and of details. Each entry names its arena by number.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the buckets, and of the entries within each. With [`Sort::None`], the lists follow each other
    /// unchanged.
    pub(crate) sort: Sort,
    /// For each block: the offset of each bucket, and then the length of the block. Empty with [`Sort::None`].
    bounds: Vec<Vec<u16>>,
}

impl<D: Detail> Buckets<D> {
    /// Buckets of entries without an order, and their arenas.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arenas: Vec<Vec<u8>>) -> Self {
        Self { lists, arenas, sort: Sort::None, bounds: Vec::new() }
    }

    /// Buckets of all entries of a table, without an order.
    pub(crate) fn of_table(table: Table<D>) -> Self {
        let (lists, arenas) = table.into_entries();
        Self::new(lists, arenas)
    }

    /// The number of ngrams.
    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// Partitions the entries into buckets, on the threads of the current pool.
    pub(crate) fn partition(&mut self, sort: Sort) {
        self.sort = sort;
        self.bounds.clear();
        if sort == Sort::None {
            return;
        }
        let splitters = Splitters::new(&self.lists, &self.arenas, sort);
        let blocks = self.lists.par_iter_mut().flat_map(|list| list.par_chunks_mut(BLOCK_LEN));
        self.bounds = blocks.map_init(Scratch::default, |scratch, block| splitters.partition(block, scratch)).collect();
    }

    /// All entries in order.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<D>> + Send {
        self.buckets().into_iter().flat_map(|bucket| self.sorted(bucket))
    }

    /// The buckets in order.
    pub(crate) fn buckets(&self) -> Vec<Bucket<'_, D>> {
        if self.sort == Sort::None {
            return self.lists.iter().flat_map(|list| list.chunks(BUCKET_LEN)).map(Bucket::Slice).collect();
        }
        let len = self.bounds.first().map_or(0, |bounds| bounds.len() - 1);
        debug_assert!(self.bounds.iter().all(|bounds| bounds.len() == len + 1), "each block has all buckets");
        (0..len).map(Bucket::Numbered).collect()
    }

    /// The entries of a bucket in order.
    pub(crate) fn sorted<'a>(&'a self, bucket: Bucket<'a, D>) -> Vec<&'a Entry<D>> {
        self.sort.sorted(&self.arenas, &self.slices(bucket))
    }

    /// The entries of a bucket without an order, as one slice of each block that has some.
    pub(crate) fn slices<'a>(&'a self, bucket: Bucket<'a, D>) -> Vec<&'a [Entry<D>]> {
        match bucket {
            Bucket::Slice(slice) => vec![slice],
            Bucket::Numbered(number) => {
                let blocks = self.lists.iter().flat_map(|list| list.chunks(BLOCK_LEN)).zip(&self.bounds);
                let slices = blocks.map(|(block, bounds)| &block[bounds[number].into()..bounds[number + 1].into()]);
                slices.filter(|slice| !slice.is_empty()).collect()
            }
        }
    }
}

/// A part of a result.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bucket<'a, D> {
    /// A part of an unpartitioned list.
    Slice(&'a [Entry<D>]),
    /// The bucket with this number. It has a slice of each block.
    Numbered(usize),
}

impl<D> Entry<D> {
    /// The ngram's bytes, in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        let arena: &[u8] = if self.key.is_long() { &arenas[usize::from(self.key.arena())] } else { &[] };
        self.key.ngram(arena)
    }
}

impl<D: Detail> Entry<D> {
    /// The arena of the detail.
    pub(crate) fn arena<'a>(&self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        arenas.get(usize::from(self.detail.arena())).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of some buckets of short and long ngrams. Many have equal counts and equal beginnings.
    fn table() -> Table {
        let mut table = Table::<()>::default();
        for number in 0..4 * BUCKET_LEN as u64 {
            let ngram = match number % 4 {
                0 => format!("{number}"),
                1 => format!("alike in the beginning {number}"),
                2 => format!("alike in {}", number / 3),
                _ => format!("alike {number:o} and too long for a key"),
            };
            table.add(ngram.as_bytes().into(), 1 + number % 3, |_| ());
        }
        table.compacted().expect("the sums are small")
    }

    fn pairs<'a>(entries: impl Iterator<Item = &'a Entry>, arenas: &'a [Vec<u8>]) -> Vec<(&'a [u8], u64)> {
        entries.map(|entry| (entry.ngram(arenas), entry.count)).collect()
    }

    #[test]
    fn all_entries_come_in_order() {
        for sort in [Sort::Count, Sort::Word, Sort::None] {
            let mut ordered = Buckets::of_table(table());
            let arenas = ordered.arenas.clone();
            let lists = ordered.lists.clone();
            let mut expected = pairs(lists.iter().flatten(), &arenas);
            match sort {
                Sort::Count => expected.sort_by_key(|&(ngram, count)| (std::cmp::Reverse(count), ngram)),
                Sort::Word => expected.sort(),
                Sort::None => {}
            }
            ordered.partition(sort);
            assert!(pairs(ordered.iter(), &arenas) == expected, "{sort:?}");
            assert!(ordered.buckets().len() > 2);
        }
    }

    #[test]
    fn buckets_are_of_about_the_same_length() {
        let mut ordered = Buckets::of_table(table());
        ordered.partition(Sort::Count);
        for bucket in ordered.buckets() {
            let len: usize = ordered.slices(bucket).iter().map(|slice| slice.len()).sum();
            assert!(len < 2 * crate::result::splitters::bucket_len(ordered.len()), "{len}");
        }
    }
}
