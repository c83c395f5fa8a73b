//! `Ordered`: the entries of a result, in order.
//!
//! A result stays in the lists of entries that its table had, each sorted by itself. What is in order as a whole is made
//! piece by piece, when it is asked for: so the lists can be sorted side by side, the pieces be written side by side, and
//! a large result is never in memory twice.

use ahash::AHashMap;

use crate::case::lower;
use crate::sort::Sort;
use crate::table::{Detail, Entry, Key, Table};

/// Ngrams and how often each occurs, and perhaps more.
#[derive(Debug)]
pub(crate) struct Ordered<D> {
    /// Each sorted by `sort`.
    pub(crate) lists: Vec<Vec<Entry<D>>>,
    /// What the entries have elsewhere, by the numbers that they name.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the whole: with [`Sort::None`], one list after another.
    pub(crate) sort: Sort,
}

impl<D: Detail> Ordered<D> {
    /// Entries in no order, and their arenas.
    pub(crate) fn new(lists: Vec<Vec<Entry<D>>>, arenas: Vec<Vec<u8>>) -> Self {
        Self { lists, arenas, sort: Sort::None }
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

    /// All entries in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry<D>> {
        self.pieces(PIECE).into_iter().flat_map(|piece| self.sort.merge(&self.arenas, &piece.parts))
    }

    /// The result cut into pieces of about `len` ngrams, which in turn are in order.
    pub(crate) fn pieces(&self, len: usize) -> Vec<Piece<'_, D>> {
        if self.sort == Sort::None {
            let pieces = self.lists.iter().flat_map(|list| list.chunks(len));
            return pieces.map(|part| Piece { parts: vec![part] }).collect();
        }
        let mut rest: Vec<&[Entry<D>]> = self.lists.iter().map(Vec::as_slice).collect();
        let mut pieces = Vec::new();
        for last in self.splitters(len) {
            let parts = rest.iter_mut().filter_map(|rest| {
                let end = rest.partition_point(|entry| self.sort.compare(&self.arenas, entry, last).is_le());
                rest.split_off(..end).filter(|part| !part.is_empty())
            });
            pieces.push(Piece { parts: parts.collect() });
        }
        pieces.push(Piece { parts: rest });
        pieces
    }

    /// The last entry of each piece but the last piece: some of those that stand at equal distances in their lists,
    /// which hashing has made samples of the whole.
    fn splitters(&self, len: usize) -> Vec<&Entry<D>> {
        let step = (len / OVERSAMPLING).max(1);
        let mut samples: Vec<&Entry<D>> =
            self.lists.iter().flat_map(|list| list.iter().skip(step / 2).step_by(step)).collect();
        samples.sort_unstable_by(|a, b| self.sort.compare(&self.arenas, a, b));
        samples.into_iter().skip(OVERSAMPLING).step_by(OVERSAMPLING).collect()
    }
}

/// How many ngrams are put in order at a time where they are gone through one by one.
const PIECE: usize = 1 << 14;
/// How many samples there are for each piece, so that pieces are of about the same length.
const OVERSAMPLING: usize = 64;

/// A part of a result; [`Sort::merge`] puts it in order.
#[derive(Debug, Clone)]
pub(crate) struct Piece<'a, D> {
    /// What each list has of the piece.
    pub(crate) parts: Vec<&'a [Entry<D>]>,
}

impl<D> Piece<'_, D> {
    /// How many ngrams there are.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }
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
