//! Where a result is cut into pieces: between entries that are found by sampling it.
//!
//! To find the piece of an entry took longer than all the rest of the cutting, by waiting for branches that no processor
//! can foresee. So there are none: ranks of 8 bytes stand in a tree, where each comparison gives one more bit of the place.

use crate::result::buckets::{MAX_PIECES, piece_len};
use crate::result::order::{Scale, Sort};
use crate::table::{Detail, Entry};

/// The last entry of each piece but the last piece.
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

/// Memory to cut stretches in.
pub(crate) struct Room<D> {
    pieces: Vec<u16>,
    entries: Vec<Entry<D>>,
}

impl<D> Default for Room<D> {
    fn default() -> Self {
        Self { pieces: Vec::new(), entries: Vec::new() }
    }
}

/// How many samples there are for each piece, so that pieces are of about the same length.
const OVERSAMPLING: usize = 64;
/// Numbers of pieces take two bytes; short lists make some more pieces.
const _: () = assert!(MAX_PIECES < u16::MAX as usize / 4);

impl<'a, D: Detail> Splitters<'a, D> {
    /// Some of the entries that stand at equal distances in their lists.
    pub(crate) fn new(lists: &[Vec<Entry<D>>], arenas: &'a [Vec<u8>], sort: Sort) -> Self {
        let len: usize = lists.iter().map(Vec::len).sum();
        let step = piece_len(len) / OVERSAMPLING;
        let samples = lists.iter().enumerate().flat_map(|(number, list)| {
            // Short lists have samples, too.
            let first = step * number / lists.len();
            list.iter().skip(first).step_by(step).copied()
        });
        let samples: Vec<Entry<D>> = samples.collect();
        let samples = sort.ordered(arenas, &[&samples]);
        let [least, most] = [samples.first(), samples.last()].map(|end| end.map_or(0, |entry| sort.rank(entry)));
        let entries = samples.into_iter().skip(OVERSAMPLING).step_by(OVERSAMPLING).copied().collect();
        Self::of(entries, [least, most], arenas, sort)
    }

    /// These entries, which are in order, with their ranks scaled to some range.
    fn of(entries: Vec<Entry<D>>, [least, most]: [u128; 2], arenas: &'a [Vec<u8>], sort: Sort) -> Self {
        let scale = Scale::new(least, most);
        let mut ranks: Vec<u64> = entries.iter().map(|splitter| scale.of(sort.rank(splitter))).collect();
        ranks.resize((ranks.len() + 1).next_power_of_two(), u64::MAX);
        let tree = tree(&ranks);
        Self { entries, ranks, tree, scale, sort, arenas }
    }

    /// Brings the entries of each piece together, and returns where each begins, and where the last one ends.
    pub(crate) fn cut(&self, stretch: &mut [Entry<D>], room: &mut Room<D>) -> Vec<u16> {
        let mut cuts = vec![0; self.entries.len() + 2];
        if self.entries.is_empty() {
            cuts[1] = stretch.len() as u16;
            return cuts;
        }
        room.pieces.clear();
        room.pieces.extend(stretch.iter().map(|entry| self.piece(entry) as u16));
        for &piece in &room.pieces {
            cuts[usize::from(piece) + 1] += 1;
        }
        for piece in 1..cuts.len() {
            cuts[piece] += cuts[piece - 1];
        }
        let mut next = cuts.clone();
        room.entries.clear();
        room.entries.extend_from_slice(stretch);
        for (&piece, &entry) in room.pieces.iter().zip(&room.entries) {
            let next = &mut next[usize::from(piece)];
            stretch[usize::from(*next)] = entry;
            *next += 1;
        }
        cuts
    }

    /// The number of an entry's piece: that of splitters before the entry.
    #[inline]
    fn piece(&self, entry: &Entry<D>) -> usize {
        let rank = self.scale.of(self.sort.rank(entry));
        let mut node = 1;
        for _ in 0..self.tree.len().trailing_zeros() {
            node = 2 * node + usize::from(self.tree[node] < rank);
        }
        let before = node - self.tree.len();
        if self.ranks[before] == rank { self.exact_piece(entry, before, rank) } else { before }
    }

    /// The same where some splitters, from that on, have the entry's rank.
    fn exact_piece(&self, entry: &Entry<D>, first: usize, rank: u64) -> usize {
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
            let splitters: Vec<Entry> = sort.ordered(&[], &[&splitters]).into_iter().copied().collect();
            // What is beyond the scale has the rank of one of its ends.
            let ends = if narrow { [splitters.len() / 3, splitters.len() / 2] } else { [0, splitters.len().max(1) - 1] };
            let ends = ends.map(|end| splitters.get(end).map_or(0, |splitter| sort.rank(splitter)));
            let splitters = Splitters::of(splitters, ends, &[], sort);
            for other in others.iter().chain(&splitters.entries) {
                let before = |splitter: &&Entry| sort.compare(&[], splitter, other).is_lt();
                prop_assert_eq!(splitters.piece(other), splitters.entries.iter().filter(before).count());
            }
        }
    }
}
