//! `Counts`: the result of a run, ngrams with how often they occur, in order.
//!
//! A result stays in the lists of entries that its table had, each sorted by itself. What is in order as a whole is made
//! piece by piece, when it is asked for: so the lists can be sorted side by side, the pieces be written side by side, and
//! a large result is never in memory twice.

use std::iter::Flatten;
use std::sync::Arc;

use ahash::AHashMap;
use rayon::ThreadPool;

use crate::sort::Sort;
use crate::table::{Entry, Key, Table};

/// Ngrams and how often each occurs, in the order that was asked for.
///
/// ```
/// let outcome = ngram_count::Job::new().input("data/sample-v2.tsv").top(3).run()?;
/// for (ngram, count) in &outcome.counts {
///     println!("{}: {count}", String::from_utf8_lossy(ngram));
/// }
/// # assert_eq!(outcome.counts.len(), 3);
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug)]
pub struct Counts {
    /// Each sorted by `sort`.
    pub(crate) lists: Vec<Vec<Entry>>,
    /// The bytes of the long ngrams, by the shard that their keys name.
    pub(crate) arenas: Vec<Vec<u8>>,
    /// The order of the whole: with [`Sort::None`], one list after another.
    pub(crate) sort: Sort,
    /// The threads that counted, for what else can be done side by side.
    pub(crate) pool: Arc<ThreadPool>,
}

impl Counts {
    /// All of a table.
    pub(crate) fn of_table(table: Table, pool: Arc<ThreadPool>) -> Self {
        let (lists, arenas) = table.into_entries();
        Self { lists, arenas, sort: Sort::None, pool }
    }

    /// Each of `words` in its place, with 0 where the table does not have it.
    pub(crate) fn of_words(words: &[Vec<u8>], table: Table, pool: Arc<ThreadPool>) -> Self {
        let found = Self::of_table(table, pool);
        let counts: AHashMap<&[u8], u64> = found.iter().collect();
        let mut arena = Vec::new();
        let entries = words
            .iter()
            .map(|word| {
                let key = Key::short(word).unwrap_or_else(|| {
                    arena.extend_from_slice(word);
                    Key::long(word, arena.len() - word.len(), 0)
                });
                Entry { key, count: counts.get(word.as_slice()).copied().unwrap_or(0) }
            })
            .collect();
        drop(counts);
        Self { lists: vec![entries], arenas: vec![arena], sort: Sort::None, pool: found.pool }
    }

    /// How many ngrams there are.
    pub fn len(&self) -> usize {
        self.lists.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Each ngram's bytes, as they stood in the input, and its count.
    pub fn iter(&self) -> Iter<'_> {
        Iter { rows: self.pieces(PIECE).into_iter().flatten() }
    }

    /// The result cut into pieces of about `len` ngrams, which in turn are in order.
    pub(crate) fn pieces(&self, len: usize) -> Vec<Piece<'_>> {
        if self.sort == Sort::None {
            let pieces = self.lists.iter().flat_map(|list| list.chunks(len));
            return pieces.map(|part| Piece { counts: self, parts: vec![part] }).collect();
        }
        let mut rest: Vec<&[Entry]> = self.lists.iter().map(Vec::as_slice).collect();
        let mut pieces = Vec::new();
        for last in self.splitters(len) {
            let parts = rest.iter_mut().filter_map(|rest| {
                let end = rest.partition_point(|entry| self.sort.compare(&self.arenas, entry, last).is_le());
                rest.split_off(..end).filter(|part| !part.is_empty())
            });
            pieces.push(Piece { counts: self, parts: parts.collect() });
        }
        pieces.push(Piece { counts: self, parts: rest });
        pieces
    }

    /// The last entry of each piece but the last piece: some of those that stand at equal distances in their lists,
    /// which hashing has made samples of the whole.
    fn splitters(&self, len: usize) -> Vec<&Entry> {
        let step = (len / OVERSAMPLING).max(1);
        let mut samples: Vec<&Entry> =
            self.lists.iter().flat_map(|list| list.iter().skip(step / 2).step_by(step)).collect();
        samples.sort_unstable_by(|a, b| self.sort.compare(&self.arenas, a, b));
        samples.into_iter().skip(OVERSAMPLING).step_by(OVERSAMPLING).collect()
    }
}

/// How many ngrams are put in order at a time where they are gone through one by one.
const PIECE: usize = 1 << 14;
/// How many samples there are for each piece, so that pieces are of about the same length.
const OVERSAMPLING: usize = 64;

/// A part of a result that is put in order by [`Piece::into_iter`].
#[derive(Debug, Clone)]
pub(crate) struct Piece<'a> {
    counts: &'a Counts,
    /// What each list has of the piece.
    parts: Vec<&'a [Entry]>,
}

impl Piece<'_> {
    /// How many ngrams there are.
    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(|part| part.len()).sum()
    }
}

impl<'a> IntoIterator for Piece<'a> {
    type Item = (&'a [u8], u64);
    type IntoIter = Rows<'a>;

    fn into_iter(self) -> Rows<'a> {
        let Counts { arenas, sort, .. } = self.counts;
        Rows { entries: sort.merge(arenas, &self.parts).into_iter(), arenas }
    }
}

/// The ngrams of a [`Piece`].
#[derive(Debug, Clone)]
pub(crate) struct Rows<'a> {
    entries: std::vec::IntoIter<&'a Entry>,
    arenas: &'a [Vec<u8>],
}

impl<'a> Iterator for Rows<'a> {
    type Item = (&'a [u8], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|entry| (entry.ngram(self.arenas), entry.count))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

/// Goes through [`Counts`] in their order.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    rows: Flatten<std::vec::IntoIter<Piece<'a>>>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a [u8], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

impl<'a> IntoIterator for &'a Counts {
    type Item = (&'a [u8], u64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl Entry {
    /// The ngram's bytes, which lie in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        let arena: &[u8] = if self.key.is_long() { &arenas[self.key.shard()] } else { &[] };
        self.key.ngram(arena)
    }
}
