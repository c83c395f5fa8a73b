//! The splitters of the sample sort. They tell [`Buckets`](crate::result::buckets::Buckets) the bucket of each entry.
//!
//! Finding an entry's bucket dominated partitioning because of branch mispredictions. The splitters are therefore an
//! implicit binary tree searched without branches (Sanders and Winkel, Super Scalar Sample Sort, 2004):
//!
//! ```text
//! sorted ranks       10  20  30  40  50  60  70  MAX          a power of two, filled up with the highest rank
//! tree     [1]               40
//!          [2..4]       20        60                          the children of node n are 2n and 2n + 1
//!          [4..8]     10  30    50  70
//!
//! node = 1
//! three times (log2 of 8): node = 2 * node + (tree[node] < rank)
//! bucket = node - 8                                           each comparison gives one bit of the bucket
//!
//! rank 45: 40 < 45, node 3;  60 < 45 is false, node 6;  50 < 45 is false, node 12;  bucket 4, since 4 ranks are lower
//! ```
//!
//! A rank has 8 bytes, not the 16 of [`Order::rank`], so a level of the tree takes half the cache lines. If an entry has
//! the rank of a splitter, we compare both in full.
//!
//! Measured on 2 threads, 16,000,000 words by count: partitioning fell from 495 to 151 ms against a binary search with
//! branches among ranks of 16 bytes; 1,431,641 words: from 30 to 12 ms. Tried and lost: a mask in place of the tree,
//! because the compiler turned the mask into branches (412 ms).

use std::cmp::Ordering;

use crate::result::order::{Arenas, Order, Scale};
use crate::table::{Detail, Entry, Key};

/// The approximate number of ngrams in a bucket. The entries of a larger bucket, and their text, would not fit the
/// cache.
pub(crate) const BUCKET_LEN: usize = 1 << 14;
/// The minimum length of a bucket: partitioning into shorter buckets costs more than it saves.
pub(crate) const MIN_BUCKET_LEN: usize = 1 << 10;
/// The number of buckets for each thread in a small result, so that all threads end at about the same time. Measured on
/// 2 threads, 166,000 words: 32 buckets instead of 10 reduced writing from 6.0 to 4.5 ms.
const BUCKETS_PER_THREAD: usize = 16;
/// The limit of [`BUCKETS_PER_THREAD`] times the threads. More buckets would not balance the threads better.
const MAX_BALANCING_BUCKETS: usize = 256;
/// The approximate maximum number of buckets, since each block keeps a bound for each bucket. Larger results have
/// larger buckets.
pub(crate) const MAX_BUCKETS: usize = 1 << 12;
/// The number of entries that we partition at a time.
pub(crate) const BLOCK_LEN: usize = 1 << 14;
/// A bound of a block has two bytes.
const _: () = assert!(BLOCK_LEN <= u16::MAX as usize);

/// The approximate length of the buckets of a result of `len` ngrams, for the threads of the current pool.
pub(crate) fn bucket_len(len: usize) -> usize {
    let balancing = (BUCKETS_PER_THREAD * rayon::current_num_threads()).min(MAX_BALANCING_BUCKETS);
    (len / balancing).clamp(MIN_BUCKET_LEN, BUCKET_LEN).max(len / MAX_BUCKETS)
}

/// An entry as far as its place in an order depends on it. The detail of the entry may be long, and is left behind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// The [rank](Order::rank) of the entry.
    pub(crate) rank: u128,
    pub(crate) key: Key,
}

impl Sample {
    /// Sorts samples.
    pub(crate) fn sort(samples: &mut [Self], arenas: &Arenas, order: &Order) {
        samples.sort_unstable_by(|a, b| a.compare(b, arenas, order));
    }

    fn compare(&self, other: &Self, arenas: &Arenas, order: &Order) -> Ordering {
        order.compare_ranked(arenas, (self.rank, &self.key), (other.rank, &other.key))
    }
}

/// The last entry of each bucket but the last one.
pub(crate) struct Splitters {
    entries: Vec<Sample>,
    /// The ranks of the splitters in ascending order. The highest rank pads them, at least once, to a power of two.
    ranks: Vec<u64>,
    /// The ranks without the last one, level by level: node 1 is the root, nodes `2n` and `2n + 1` are children of `n`.
    tree: Vec<u64>,
    scale: Scale,
    order: Order,
}

/// Scratch memory for partitioning. A thread reuses it for each block.
pub(crate) struct Scratch<D> {
    /// The bucket of each entry of the block.
    buckets: Vec<u16>,
    /// The entries in their old order.
    entries: Vec<Entry<D>>,
}

impl<D> Default for Scratch<D> {
    fn default() -> Self {
        Self { buckets: Vec::new(), entries: Vec::new() }
    }
}

/// The number of samples for each bucket. More samples make the buckets more equal.
const SAMPLES_PER_BUCKET: usize = 64;
/// The number of a bucket has two bytes. Short lists may add some buckets to [`MAX_BUCKETS`].
const _: () = assert!(MAX_BUCKETS < u16::MAX as usize / 4);

impl Splitters {
    /// Chooses splitters among samples, which we take at equal distances from the lists.
    pub(crate) fn new<D: Detail>(lists: &[Vec<Entry<D>>], arenas: &Arenas, order: &Order) -> Self {
        let len: usize = lists.iter().map(Vec::len).sum();
        let step = bucket_len(len) / SAMPLES_PER_BUCKET;
        let samples = lists.iter().enumerate().flat_map(|(number, list)| {
            // The first sample of each list has another offset, so that lists shorter than a step give samples, too.
            let first = step * number / lists.len();
            list.iter().skip(first).step_by(step)
        });
        let samples = samples.map(|entry| Sample { rank: order.rank(arenas, entry), key: entry.key });
        let mut samples: Vec<Sample> = samples.collect();
        Sample::sort(&mut samples, arenas, order);
        let splitters = samples.iter().skip(SAMPLES_PER_BUCKET).step_by(SAMPLES_PER_BUCKET);
        Self::with_scale(splitters.copied().collect(), ends(&samples), arenas, order)
    }

    /// Splitters of about `buckets` buckets, chosen at equal distances from sorted samples, which are fair.
    pub(crate) fn of_sample(sorted: &[Sample], buckets: usize, arenas: &Arenas, order: &Order) -> Self {
        let step = (sorted.len() / buckets.max(1)).max(1);
        let splitters = sorted.iter().skip(step).step_by(step).copied();
        Self::with_scale(splitters.collect(), ends(sorted), arenas, order)
    }

    /// The number of buckets.
    pub(crate) fn buckets(&self) -> usize {
        self.entries.len() + 1
    }

    /// Sorted splitters, with their ranks scaled to a range.
    fn with_scale(entries: Vec<Sample>, [least, most]: [u128; 2], arenas: &Arenas, order: &Order) -> Self {
        debug_assert!(entries.is_sorted_by(|a, b| a.compare(b, arenas, order).is_le()), "a search needs order");
        let scale = Scale::new(least, most);
        let mut ranks: Vec<u64> = entries.iter().map(|splitter| scale.of(splitter.rank)).collect();
        ranks.resize((ranks.len() + 1).next_power_of_two(), u64::MAX);
        let tree = tree(&ranks);
        Self { entries, ranks, tree, scale, order: order.clone() }
    }

    /// Groups the entries of a block by bucket, with a counting sort. Returns the offset of each bucket, and then the
    /// length of the block. `arenas` holds the bytes of the block and of the splitters.
    pub(crate) fn partition<D: Detail>(
        &self,
        arenas: &Arenas,
        block: &mut [Entry<D>],
        scratch: &mut Scratch<D>,
    ) -> Vec<u16> {
        debug_assert!(block.len() <= BLOCK_LEN, "bounds have two bytes");
        let mut bounds = vec![0; self.entries.len() + 2];
        if self.entries.is_empty() {
            bounds[1] = block.len() as u16;
            return bounds;
        }
        let Scratch { buckets, entries } = scratch;
        buckets.clear();
        buckets.extend(block.iter().map(|entry| self.bucket(arenas, entry) as u16));
        for &bucket in &*buckets {
            bounds[usize::from(bucket) + 1] += 1;
        }
        for bucket in 1..bounds.len() {
            bounds[bucket] += bounds[bucket - 1];
        }
        let mut next = bounds.clone();
        entries.clear();
        entries.extend_from_slice(block);
        for (&bucket, &entry) in buckets.iter().zip(&*entries) {
            let next = &mut next[usize::from(bucket)];
            block[usize::from(*next)] = entry;
            *next += 1;
        }
        debug_assert_eq!(next[..next.len() - 1], bounds[1..], "each bucket ends where the next one begins");
        bounds
    }

    /// The number of an entry's bucket: the number of splitters before the entry.
    #[inline]
    fn bucket<D: Detail>(&self, arenas: &Arenas, entry: &Entry<D>) -> usize {
        let exact = self.order.rank(arenas, entry);
        let rank = self.scale.of(exact);
        debug_assert_eq!((self.tree.len(), self.tree.len().count_ones()), (self.ranks.len(), 1));
        let mut node = 1;
        for _ in 0..self.tree.len().trailing_zeros() {
            node = 2 * node + usize::from(self.tree[node] < rank);
        }
        let before = node - self.tree.len();
        let sample = Sample { rank: exact, key: entry.key };
        if self.ranks[before] == rank { self.exact_bucket(arenas, &sample, before, rank) } else { before }
    }

    /// The number of an entry's bucket, if the splitters from `first` on may have the same rank as the entry.
    fn exact_bucket(&self, arenas: &Arenas, entry: &Sample, first: usize, rank: u64) -> usize {
        let equal = self.ranks[first..self.entries.len()].partition_point(|&other| other == rank);
        let is_before = |splitter: &Sample| splitter.compare(entry, arenas, &self.order).is_lt();
        first + self.entries[first..first + equal].partition_point(is_before)
    }
}

/// The ranks of the first and the last of some sorted samples.
fn ends(sorted: &[Sample]) -> [u128; 2] {
    [sorted.first(), sorted.last()].map(|end| end.map_or(0, |sample| sample.rank))
}

/// The search tree of sorted ranks without the last rank. The number of ranks must be a power of two.
fn tree(ranks: &[u64]) -> Vec<u64> {
    debug_assert!(ranks.len().is_power_of_two() && ranks.is_sorted());
    let mut tree = vec![0; ranks.len()];
    let mut step = ranks.len();
    // Level by level: the root is the median of all ranks, its children are the medians of both halves, and so on.
    for level in (0..).map(|level| 1 << level).take_while(|&level| level < ranks.len()) {
        for (node, ranks) in tree[level..2 * level].iter_mut().zip(ranks.chunks(step)) {
            *node = ranks[step / 2 - 1];
        }
        step /= 2;
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::order::Sort;
    use proptest::prelude::*;

    fn entry(count: u64, ngram: &str) -> Entry {
        Entry { key: Key::short(ngram.as_bytes()).expect("a short ngram"), count, detail: () }
    }

    /// Entries with counts over the whole range, and ngrams with equal beginnings.
    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let count = prop_oneof![1_u64..4, Just(u64::MAX), any::<u64>()];
        let ngram = "(alike in the |)[a-c]{0,4}";
        prop::collection::vec((count, ngram).prop_map(|(count, ngram)| entry(count, &ngram)), 0..200)
    }

    proptest! {
        #[test]
        fn the_bucket_is_the_number_of_splitters_before(
            these in entries(), others in entries(), narrow: bool, by_word: bool, reversed: bool,
        ) {
            let order = Order::from(if by_word { Sort::Word } else { Sort::Count }).reversed(reversed);
            let sample = |entry: &Entry| Sample { rank: order.rank(&[], entry), key: entry.key };
            let splitters: Vec<Sample> = order.sorted(&[], &[&these]).into_iter().map(sample).collect();
            // An entry beyond the scale has the rank of one end.
            let ends = if narrow { [splitters.len() / 3, splitters.len() / 2] } else { [0, splitters.len().max(1) - 1] };
            let ends = ends.map(|end| splitters.get(end).map_or(0, |splitter| splitter.rank));
            let equal = splitters.clone();
            let splitters = Splitters::with_scale(splitters, ends, &[], &order);
            for other in others.iter().chain(&these) {
                let before = |splitter: &&Sample| splitter.compare(&sample(other), &[], &order).is_lt();
                prop_assert_eq!(splitters.bucket(&[], other), equal.iter().filter(before).count());
            }
        }
    }
}
