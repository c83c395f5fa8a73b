//! `Buckets`: the entries of a result, in order.
//!
//! A result stays in the lists of entries that its table had. It is cut into buckets, of which each comes before the
//! next: in each block of a list, the entries of a bucket are brought together. What is in order within a bucket is
//! made when the bucket is asked for: so blocks are cut side by side, buckets are sorted and written side by side, and
//! a large result is never in memory twice.

use ahash::AHashMap;
use rayon::prelude::*;

use crate::filter::case::lower;
use crate::result::order::Sort;
use crate::result::splitters::{Scratch, Splitters};
use crate::table::{Detail, Entry, Key, Table};

/// Ngrams and how often each occurs, and perhaps more.
#[derive(Debug)]
pub(crate) struct Buckets<D> {
    /// Once [arranged](Self::partition), entries of a bucket stand together in each block, in no order.
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// What the entries have elsewhere, by the numbers that they name.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the whole: with [`Sort::None`], one list after another.
    pub(crate) sort: Sort,
    /// Where in each block each bucket begins, and the last one ends; none with [`Sort::None`].
    bounds: Vec<Vec<u16>>,
}

impl<D: Detail> Buckets<D> {
    /// Entries in no order, and their arenas.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arenas: Vec<Vec<u8>>) -> Self {
        Self { lists, arenas, sort: Sort::None, bounds: Vec::new() }
    }

    /// All of a table, in no order.
    pub(crate) fn of_table(table: Table<D>) -> Self {
        let (lists, arenas) = table.into_entries();
        Self::new(lists, arenas)
    }

    /// Each of `words` in its place, with 0 where there is none. Where case is ignored, a word that occurs is spelled as
    /// the entries are, and one that does not as `spell` says.
    pub(crate) fn of_words(mut self, words: &[Vec<u8>], ignore_case: bool, spell: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        let fold = |ngram: &[u8]| if ignore_case { lower(ngram, &mut Vec::new()).to_vec() } else { ngram.to_vec() };
        let entries = self.lists.iter().flatten();
        let found: AHashMap<Vec<u8>, Entry<D>> =
            entries.map(|entry| (fold(entry.ngram(&self.arenas)), *entry)).collect();
        let (number, mut arena) = (self.arenas.len() as u16, Vec::new());
        let list = words.iter().map(|word| {
            found.get(&fold(word)).copied().unwrap_or_else(|| {
                let word = spell(word);
                let key = Key::short(&word).unwrap_or_else(|| Key::long(&word, arena.len(), number));
                if key.is_long() {
                    arena.extend_from_slice(&word);
                }
                Entry { key, count: 0, detail: D::NONE }
            })
        });
        self.lists = vec![list.collect()];
        self.arenas.push(arena);
        self
    }

    /// How many ngrams there are.
    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// Puts the result in order, on the threads of the current pool.
    pub(crate) fn partition(&mut self, sort: Sort) {
        self.sort = sort;
        if sort == Sort::None {
            return;
        }
        let splitters = Splitters::new(&self.lists, &self.arenas, sort);
        let blocks = self.lists.par_iter_mut().flat_map(|list| list.par_chunks_mut(BLOCK_LEN));
        self.bounds = blocks.map_init(Scratch::default, |scratch, block| splitters.partition(block, scratch)).collect();
    }

    /// All entries in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<D>> {
        self.buckets().into_iter().flat_map(|bucket| self.sort.sorted(&self.arenas, &self.slices(bucket)))
    }

    /// The buckets in order.
    pub(crate) fn buckets(&self) -> Vec<Bucket<'_, D>> {
        if self.sort == Sort::None {
            return self.lists.iter().flat_map(|list| list.chunks(BUCKET_LEN)).map(Bucket::Slice).collect();
        }
        let len = self.bounds.first().map_or(0, |bounds| bounds.len() - 1);
        (0..len).map(Bucket::Numbered).collect()
    }

    /// What the lists have of a bucket; [`Sort::sorted`] puts it in order.
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

/// About how many ngrams are put in order, and made into text, at a time: with more, they would not fit the cache.
pub(crate) const BUCKET_LEN: usize = 1 << 14;
/// With fewer, cutting a result into buckets costs more than it saves.
const MIN_BUCKET_LEN: usize = 1 << 10;
/// So many buckets for each thread, and no more than so many, are enough for all threads to end at about the same time.
const BUCKETS_PER_THREAD: usize = 16;
const MAX_BALANCING_BUCKETS: usize = 256;
/// About how many buckets there are at most, since each takes a place in each block: of more ngrams, they are larger.
pub(crate) const MAX_BUCKETS: usize = 1 << 12;
/// How many entries of a list are cut at a time, so that places in it are small numbers.
const BLOCK_LEN: usize = 1 << 14;
const _: () = assert!(BLOCK_LEN <= u16::MAX as usize);

/// About how long the buckets of a result of `len` ngrams are, for the threads of the current pool.
pub(crate) fn bucket_len(len: usize) -> usize {
    let enough = (BUCKETS_PER_THREAD * rayon::current_num_threads()).min(MAX_BALANCING_BUCKETS);
    (len / enough).clamp(MIN_BUCKET_LEN, BUCKET_LEN).max(len / MAX_BUCKETS)
}

/// A part of a result.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bucket<'a, D> {
    /// Of one list.
    Slice(&'a [Entry<D>]),
    /// What each block has of the bucket of that number.
    Numbered(usize),
}

impl<D> Entry<D> {
    /// The ngram's bytes, which lie in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        let arena: &[u8] = if self.key.is_long() { &arenas[usize::from(self.key.arena())] } else { &[] };
        self.key.ngram(arena)
    }
}

impl<D: Detail> Entry<D> {
    /// The arena that the detail lies in.
    pub(crate) fn arena<'a>(&self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        arenas.get(usize::from(self.detail.arena())).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some buckets of ngrams, many of which have equal counts and begin alike, short ones and long ones.
    fn table() -> Table {
        let mut table = Table::<()>::default();
        for number in 0..4 * BUCKET_LEN as u64 {
            let ngram = match number % 4 {
                0 => format!("{number}"),
                1 => format!("alike in the beginning {number}"),
                2 => format!("alike in {}", number / 3),
                _ => format!("alike {number:o} and too long for a key"),
            };
            table.add(ngram.as_bytes(), 0, ngram.len(), 1 + number % 3, |_, _| ());
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
    fn pieces_are_of_about_the_same_length() {
        let mut ordered = Buckets::of_table(table());
        ordered.partition(Sort::Count);
        for bucket in ordered.buckets() {
            let len: usize = ordered.slices(bucket).iter().map(|slice| slice.len()).sum();
            assert!(len < 2 * bucket_len(ordered.len()), "{len}");
        }
    }
}
