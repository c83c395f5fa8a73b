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
//! order. A result that memory can't hold has its buckets [on the disk](crate::result::disk_buckets). We sort a bucket
//! only just before it is iterated or written: its entries are then in the cache, and sorting overlaps with writing.
//! The entries stay in the lists of the table, so a large result is never in memory twice.
//!
//! Rayon's `par_sort_unstable_by` on one list of all entries would replace this file's buckets and the splitters. We
//! tried it and kept the sample sort. Measured on 2 threads of a busy machine, alternating runs of the whole command,
//! medians of processor time: 16,000,000 words by count 2.79 s against 4.41 s with Rayon's sort, by word 2.81 s against
//! 4.70 s, and 513 MiB against 546 MiB; 1,500,000 words by word 0.60 s against 0.75 s. Rayon's sort moves each entry of
//! 32 bytes about log2(n) times, and the sorted entries have left the cache when they are written.

use std::io;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::result::bucket::{Bucket, Loaded};
use crate::result::disk_buckets::{DiskBuckets, LoadedList};
use crate::result::order::{Arenas, Order, Sort};
use crate::result::splitters::{BLOCK_LEN, BUCKET_LEN, Scratch, Splitters};
use crate::table::{Detail, Entry};

/// Entries of ngrams, partitioned into buckets.
#[derive(Debug)]
pub(crate) struct Buckets<D> {
    /// The entries. [`Buckets::partition`] groups the entries of each block by bucket, without an order within a
    /// bucket.
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// The bytes of long ngrams and of details. Each entry names its arena by number.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the buckets, and of the entries within each. Without an order, the lists follow each other unchanged.
    pub(crate) order: Order,
    /// For each block: the offset of each bucket, and then the length of the block. Empty without an order.
    bounds: Vec<Vec<u16>>,
    /// All buckets, if the result is too large for memory; `lists` are empty then.
    disk: Option<DiskBuckets<D>>,
    /// The buckets of `disk` in memory, for callers that need all entries there.
    resident: OnceLock<Box<Self>>,
}

impl<D: Detail> Buckets<D> {
    /// Buckets of entries without an order, and their arenas.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arenas: Vec<Vec<u8>>) -> Self {
        let order = Sort::None.into();
        Self { lists, arenas, order, bounds: Vec::new(), disk: None, resident: OnceLock::new() }
    }

    /// The buckets of a result on the disk, in an order.
    pub(crate) fn on_disk(disk: DiskBuckets<D>, order: Order) -> Self {
        Self { order, disk: Some(disk), ..Self::new(Vec::new(), Vec::new()) }
    }

    /// Whether the result is too large for memory.
    pub(crate) fn is_on_disk(&self) -> bool {
        self.disk.is_some()
    }

    /// The number of ngrams.
    pub(crate) fn len(&self) -> usize {
        self.disk.as_ref().map_or_else(|| self.lists.iter().map(Vec::len).sum(), DiskBuckets::len)
    }

    /// These buckets, or a copy in memory of those on the disk.
    ///
    /// # Panics
    /// When the temporary file can't be read.
    pub(crate) fn resident(&self) -> &Self {
        let Some(disk) = &self.disk else { return self };
        self.resident.get_or_init(|| match disk.load_all(&self.order) {
            // The list is in order already.
            Ok(LoadedList { list, arenas }) => Box::new(Self::new(vec![list], arenas.into())),
            Err(error) => panic!("{error}"),
        })
    }

    /// Partitions the entries into buckets, on the threads of the current pool.
    pub(crate) fn partition(&mut self, order: Order) {
        self.bounds.clear();
        self.order = order;
        if self.order.is_none() {
            return;
        }
        let (splitters, arenas) = (Splitters::new(&self.lists, &self.arenas, &self.order), &self.arenas);
        let blocks = self.lists.par_iter_mut().flat_map(|list| list.par_chunks_mut(BLOCK_LEN));
        self.bounds =
            blocks.map_init(Scratch::default, |scratch, block| splitters.partition(arenas, block, scratch)).collect();
    }

    /// All entries in order. The buckets must be in memory.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<D>> + Send {
        debug_assert!(!self.is_on_disk(), "a resident copy has the entries");
        self.buckets().into_iter().flat_map(|bucket| self.order.sorted(&self.arenas, &self.slices(bucket)))
    }

    /// The buckets in order.
    pub(crate) fn buckets(&self) -> Vec<Bucket<'_, D>> {
        if let Some(disk) = &self.disk {
            return (0..disk.buckets()).map(Bucket::OnDisk).collect();
        }
        if self.order.is_none() {
            return self.lists.iter().flat_map(|list| list.chunks(BUCKET_LEN)).map(Bucket::Slice).collect();
        }
        let len = self.bounds.first().map_or(0, |bounds| bounds.len() - 1);
        debug_assert!(self.bounds.iter().all(|bounds| bounds.len() == len + 1), "each block has all buckets");
        (0..len).map(Bucket::Numbered).collect()
    }

    /// The entries of a bucket, from memory or from the disk.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn load<'a>(&'a self, bucket: Bucket<'a, D>) -> io::Result<Loaded<'a, D>> {
        match (bucket, &self.disk) {
            (Bucket::OnDisk(number), Some(disk)) => {
                Ok(Loaded { buckets: self, slices: Vec::new(), own: Some(disk.load(number)?) })
            }
            _ => Ok(Loaded { buckets: self, slices: self.slices(bucket), own: None }),
        }
    }

    /// The sum of the counts of a bucket.
    pub(crate) fn sum(&self, bucket: Bucket<'_, D>) -> u128 {
        match (bucket, &self.disk) {
            (Bucket::OnDisk(number), Some(disk)) => disk.sum(number),
            _ => self.slices(bucket).into_iter().flatten().map(|entry| u128::from(entry.count)).sum(),
        }
    }

    /// Joins what `each` makes of each bucket, on the threads of the current pool.
    ///
    /// # Errors
    /// When the temporary file can't be read.
    pub(crate) fn fold<T: Send>(
        &self,
        identity: impl Fn() -> T + Sync,
        each: impl Fn(T, &Entry<D>, &Arenas) -> T + Sync,
        join: impl Fn(T, T) -> T + Sync,
    ) -> io::Result<T> {
        let of_bucket = |bucket| {
            let loaded = self.load(bucket)?;
            Ok(loaded.entries().fold(identity(), |all, entry| each(all, entry, loaded.arenas())))
        };
        self.buckets().into_par_iter().map(of_bucket).try_reduce(&identity, |one, other| Ok(join(one, other)))
    }

    /// The [slices](Self::slices) of all buckets in memory, in order.
    pub(super) fn slices_of_buckets(&self) -> impl Iterator<Item = Vec<&[Entry<D>]>> {
        self.buckets().into_iter().map(|bucket| self.slices(bucket))
    }

    /// The entries of a bucket in memory without an order, as one slice of each block that has some.
    fn slices<'a>(&'a self, bucket: Bucket<'a, D>) -> Vec<&'a [Entry<D>]> {
        match bucket {
            Bucket::OnDisk(_) => Vec::new(),
            Bucket::Slice(slice) => vec![slice],
            Bucket::Numbered(number) => {
                let blocks = self.lists.iter().flat_map(|list| list.chunks(BLOCK_LEN)).zip(&self.bounds);
                let slices = blocks.map(|(block, bounds)| &block[bounds[number].into()..bounds[number + 1].into()]);
                slices.filter(|slice| !slice.is_empty()).collect()
            }
        }
    }
}

impl<D> Entry<D> {
    /// The ngram's bytes, in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        self.key.ngram_in(arenas)
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
    use crate::table::Table;
    use crate::table::spill::Spill;

    /// A table of some buckets of short and long ngrams. Many have equal counts and equal beginnings.
    fn table() -> Table {
        let mut table = Table::<()>::new(&Spill::unbounded());
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
            let (lists, arenas) = table().into_entries();
            let mut ordered = Buckets::new(lists, arenas);
            let arenas = ordered.arenas.clone();
            let lists = ordered.lists.clone();
            let mut expected = pairs(lists.iter().flatten(), &arenas);
            match sort {
                Sort::Count => expected.sort_by_key(|&(ngram, count)| (std::cmp::Reverse(count), ngram)),
                Sort::Word => expected.sort(),
                Sort::None => {}
            }
            ordered.partition(sort.into());
            assert!(pairs(ordered.iter(), &arenas) == expected, "{sort:?}");
            assert!(ordered.buckets().len() > 2);
        }
    }

    #[test]
    fn buckets_are_of_about_the_same_length() {
        let (lists, arenas) = table().into_entries();
        let mut ordered = Buckets::new(lists, arenas);
        ordered.partition(Sort::Count.into());
        for bucket in ordered.buckets() {
            let len = ordered.load(bucket).unwrap().entries().count();
            assert!(len < 2 * crate::result::splitters::bucket_len(ordered.len()), "{len}");
        }
    }
}
