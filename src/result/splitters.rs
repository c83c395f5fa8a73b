//! Where a result is cut into buckets: between entries that are found by sampling it.
//!
//! To find the bucket of an entry took longer than all the rest of the cutting, by waiting for branches that no processor
//! can foresee. So there are none: ranks of 8 bytes stand in a tree, where each comparison gives one more bit of the place.

use crate::result::buckets::{MAX_BUCKETS, bucket_len};
use crate::result::order::{Scale, Sort};
use crate::table::{Detail, Entry};

/// The last entry of each bucket but the last bucket.
pub(crate) struct Splitters<'a, D> {
    entries: Vec<Entry<D>>,
    /// Their ranks, and behind them the highest, once or more often: a power of two.
    ranks: Vec<u64>,
    /// All of these but the last as a search tree: the root is at 1, and what is below a node at twice its place, and the
    /// next.
    tree: Vec<u64>,
    scale: Scale,
    sort: Sort,
    arenas: &'a [Vec<u8>],
}

/// Memory to cut blocks in.
pub(crate) struct Scratch<D> {
    buckets: Vec<u16>,
    entries: Vec<Entry<D>>,
}

impl<D> Default for Scratch<D> {
    fn default() -> Self {
        Self { buckets: Vec::new(), entries: Vec::new() }
    }
}

/// How many samples there are for each bucket, so that buckets are of about the same length.
const SAMPLES_PER_BUCKET: usize = 64;
/// Numbers of buckets take two bytes; short lists make some more buckets.
const _: () = assert!(MAX_BUCKETS < u16::MAX as usize / 4);

impl<'a, D: Detail> Splitters<'a, D> {
    /// Some of the entries that stand at equal distances in their lists.
    pub(crate) fn new(lists: &[Vec<Entry<D>>], arenas: &'a [Vec<u8>], sort: Sort) -> Self {
        let len: usize = lists.iter().map(Vec::len).sum();
        let step = bucket_len(len) / SAMPLES_PER_BUCKET;
        let samples = lists.iter().enumerate().flat_map(|(number, list)| {
            // Short lists have samples, too.
            let first = step * number / lists.len();
            list.iter().skip(first).step_by(step).copied()
        });
        let samples: Vec<Entry<D>> = samples.collect();
        let samples = sort.sorted(arenas, &[&samples]);
        let [least, most] = [samples.first(), samples.last()].map(|end| end.map_or(0, |entry| sort.rank(entry)));
        let entries = samples.into_iter().skip(SAMPLES_PER_BUCKET).step_by(SAMPLES_PER_BUCKET).copied().collect();
        Self::with_scale(entries, [least, most], arenas, sort)
    }

    /// These entries, which are in order, with their ranks scaled to some range.
    fn with_scale(entries: Vec<Entry<D>>, [least, most]: [u128; 2], arenas: &'a [Vec<u8>], sort: Sort) -> Self {
        let scale = Scale::new(least, most);
        let mut ranks: Vec<u64> = entries.iter().map(|splitter| scale.of(sort.rank(splitter))).collect();
        ranks.resize((ranks.len() + 1).next_power_of_two(), u64::MAX);
        let tree = tree(&ranks);
        Self { entries, ranks, tree, scale, sort, arenas }
    }

    /// Brings the entries of each bucket together, and returns where each begins, and where the last one ends.
    pub(crate) fn partition(&self, block: &mut [Entry<D>], scratch: &mut Scratch<D>) -> Vec<u16> {
        let mut bounds = vec![0; self.entries.len() + 2];
        if self.entries.is_empty() {
            bounds[1] = block.len() as u16;
            return bounds;
        }
        scratch.buckets.clear();
        scratch.buckets.extend(block.iter().map(|entry| self.bucket(entry) as u16));
        for &bucket in &scratch.buckets {
            bounds[usize::from(bucket) + 1] += 1;
        }
        for bucket in 1..bounds.len() {
            bounds[bucket] += bounds[bucket - 1];
        }
        let mut next = bounds.clone();
        scratch.entries.clear();
        scratch.entries.extend_from_slice(block);
        for (&bucket, &entry) in scratch.buckets.iter().zip(&scratch.entries) {
            let next = &mut next[usize::from(bucket)];
            block[usize::from(*next)] = entry;
            *next += 1;
        }
        bounds
    }

    /// The number of an entry's bucket: that of splitters before the entry.
    #[inline]
    fn bucket(&self, entry: &Entry<D>) -> usize {
        let rank = self.scale.of(self.sort.rank(entry));
        let mut node = 1;
        for _ in 0..self.tree.len().trailing_zeros() {
            node = 2 * node + usize::from(self.tree[node] < rank);
        }
        let before = node - self.tree.len();
        if self.ranks[before] == rank { self.exact_bucket(entry, before, rank) } else { before }
    }

    /// The same where some splitters, from that on, have the entry's rank.
    fn exact_bucket(&self, entry: &Entry<D>, first: usize, rank: u64) -> usize {
        let equal = self.ranks[first..self.entries.len()].partition_point(|&other| other == rank);
        let is_before = |splitter: &Entry<D>| self.sort.compare(self.arenas, splitter, entry).is_lt();
        first + self.entries[first..first + equal].partition_point(is_before)
    }
}

/// The search tree of sorted ranks, a power of two, but the last.
fn tree(ranks: &[u64]) -> Vec<u64> {
    let mut tree = vec![0; ranks.len()];
    let mut step = ranks.len();
    // Level by level: the root is the middle, and so on.
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
    use crate::table::Key;
    use proptest::prelude::*;

    fn entry(count: u64, ngram: &str) -> Entry {
        Entry { key: Key::short(ngram.as_bytes()).expect("a short ngram"), count, detail: () }
    }

    /// Counts from one end to the other, and ngrams that begin alike.
    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let count = prop_oneof![1_u64..4, Just(u64::MAX), any::<u64>()];
        let ngram = "(alike in the |)[a-c]{0,4}";
        prop::collection::vec((count, ngram).prop_map(|(count, ngram)| entry(count, &ngram)), 0..200)
    }

    proptest! {
        #[test]
        fn the_piece_is_the_number_of_splitters_before(
            splitters in entries(), others in entries(), narrow: bool, by_word: bool,
        ) {
            let sort = if by_word { Sort::Word } else { Sort::Count };
            let splitters: Vec<Entry> = sort.sorted(&[], &[&splitters]).into_iter().copied().collect();
            // What is beyond the scale has the rank of one of its ends.
            let ends = if narrow { [splitters.len() / 3, splitters.len() / 2] } else { [0, splitters.len().max(1) - 1] };
            let ends = ends.map(|end| splitters.get(end).map_or(0, |splitter| sort.rank(splitter)));
            let splitters = Splitters::with_scale(splitters, ends, &[], sort);
            for other in others.iter().chain(&splitters.entries) {
                let before = |splitter: &&Entry| sort.compare(&[], splitter, other).is_lt();
                prop_assert_eq!(splitters.bucket(other), splitters.entries.iter().filter(before).count());
            }
        }
    }
}
