//! `Ordered`: the entries of a result, in order.
//!
//! A result stays in the lists of entries that its table had. It is cut into pieces, of which each comes before the
//! next: in each stretch of a list, the entries of a piece are brought together. What is in order within a piece is
//! made when the piece is asked for: so stretches are cut side by side, pieces are sorted and written side by side, and
//! a large result is never in memory twice.

use ahash::AHashMap;
use rayon::prelude::*;

use crate::filter::case::lower;
use crate::result::sort::Sort;
use crate::result::splitters::{Room, Splitters};
use crate::table::{Arena, Detail, Entry, Table};

/// Ngrams and how often each occurs, and perhaps more.
#[derive(Debug)]
pub(crate) struct Ordered<D> {
    /// Once [arranged](Self::arrange), entries of a piece stand together in each stretch, in no order.
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// What the entries have elsewhere, by the numbers that they name.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the whole: with [`Sort::None`], one list after another.
    pub(crate) sort: Sort,
    /// Where in each stretch each piece begins, and the last one ends; none with [`Sort::None`].
    cuts: Vec<Vec<u16>>,
}

impl<D: Detail> Ordered<D> {
    /// Entries in no order, and their arenas.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arenas: Vec<Vec<u8>>) -> Self {
        Self { lists, arenas, sort: Sort::None, cuts: Vec::new() }
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
        let mut arena = Arena::new(self.arenas.len() as u16);
        let list = words.iter().map(|word| {
            found.get(&fold(word)).copied().unwrap_or_else(|| Entry {
                key: arena.key_of(&spell(word)),
                count: 0,
                detail: D::NONE,
            })
        });
        self.lists = vec![list.collect()];
        self.arenas.push(arena.into_bytes());
        self
    }

    /// How many ngrams there are.
    pub(crate) fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// Puts the result in order, on the threads of the current pool.
    pub(crate) fn arrange(&mut self, sort: Sort) {
        self.sort = sort;
        if sort == Sort::None {
            return;
        }
        let splitters = Splitters::new(&self.lists, &self.arenas, sort);
        let stretches = self.lists.par_iter_mut().flat_map(|list| list.par_chunks_mut(STRETCH));
        self.cuts = stretches.map_init(Room::default, |room, stretch| splitters.cut(stretch, room)).collect();
    }

    /// All entries in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<D>> {
        self.pieces().into_iter().flat_map(|piece| self.sort.ordered(&self.arenas, &self.parts(piece)))
    }

    /// The pieces in order.
    pub(crate) fn pieces(&self) -> Vec<Piece<'_, D>> {
        if self.sort == Sort::None {
            return self.lists.iter().flat_map(|list| list.chunks(PIECE)).map(Piece::Part).collect();
        }
        let len = self.cuts.first().map_or(0, |cuts| cuts.len() - 1);
        (0..len).map(Piece::OfEach).collect()
    }

    /// What the lists have of a piece; [`Sort::ordered`] puts it in order.
    pub(crate) fn parts<'a>(&'a self, piece: Piece<'a, D>) -> Vec<&'a [Entry<D>]> {
        match piece {
            Piece::Part(part) => vec![part],
            Piece::OfEach(number) => {
                let stretches = self.lists.iter().flat_map(|list| list.chunks(STRETCH)).zip(&self.cuts);
                let parts = stretches.map(|(stretch, cuts)| &stretch[cuts[number].into()..cuts[number + 1].into()]);
                parts.filter(|part| !part.is_empty()).collect()
            }
        }
    }
}

/// About how many ngrams are put in order, and made into text, at a time: with more, they would not fit the cache.
pub(crate) const PIECE: usize = 1 << 14;
/// With fewer, cutting a result into pieces costs more than it saves.
const LEAST_PIECE: usize = 1 << 10;
/// So many pieces for each thread, and no more than so many, are enough for all threads to end at about the same time.
const EACH: usize = 16;
const ENOUGH: usize = 256;
/// About how many pieces there are at most, since each takes a place in each stretch: of more ngrams, they are larger.
pub(crate) const MAX_PIECES: usize = 1 << 12;
/// How many entries of a list are cut at a time, so that places in it are small numbers.
const STRETCH: usize = 1 << 14;
const _: () = assert!(STRETCH <= u16::MAX as usize);

/// About how long the pieces of a result of `len` ngrams are, for the threads of the current pool.
pub(crate) fn piece_len(len: usize) -> usize {
    let enough = (EACH * rayon::current_num_threads()).min(ENOUGH);
    (len / enough).clamp(LEAST_PIECE, PIECE).max(len / MAX_PIECES)
}

/// A part of a result.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece<'a, D> {
    /// Of one list.
    Part(&'a [Entry<D>]),
    /// What each stretch has of the piece of that number.
    OfEach(usize),
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

    /// Some pieces of ngrams, many of which have equal counts and begin alike, short ones and long ones.
    fn table() -> Table {
        let mut table = Table::<()>::default();
        for number in 0..4 * PIECE as u64 {
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
            let mut ordered = Ordered::of_table(table());
            let arenas = ordered.arenas.clone();
            let lists = ordered.lists.clone();
            let mut expected = pairs(lists.iter().flatten(), &arenas);
            match sort {
                Sort::Count => expected.sort_by_key(|&(ngram, count)| (std::cmp::Reverse(count), ngram)),
                Sort::Word => expected.sort(),
                Sort::None => {}
            }
            ordered.arrange(sort);
            assert!(pairs(ordered.iter(), &arenas) == expected, "{sort:?}");
            assert!(ordered.pieces().len() > 2);
        }
    }

    #[test]
    fn pieces_are_of_about_the_same_length() {
        let mut ordered = Ordered::of_table(table());
        ordered.arrange(Sort::Count);
        for piece in ordered.pieces() {
            let len: usize = ordered.parts(piece).iter().map(|part| part.len()).sum();
            assert!(len < 2 * piece_len(ordered.len()), "{len}");
        }
    }
}
