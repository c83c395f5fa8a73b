//! `Counts`: the result of a run, ngrams with how often they occur, in order.

use crate::table::{Entry, Key, SHARDS, Table};

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
    pub(crate) entries: Vec<Entry>,
    /// The bytes of the long ngrams, by the shard that their keys name; one more for those that were asked for.
    pub(crate) arenas: Vec<Vec<u8>>,
}

impl Counts {
    /// All of a table.
    pub(crate) fn of_table(table: Table) -> Self {
        let (entries, arenas) = table.into_entries();
        Self { entries, arenas }
    }

    /// Each of `words` in its place, with 0 where the table does not have it.
    pub(crate) fn of_words(words: &[Vec<u8>], table: &Table) -> Self {
        let mut arena = Vec::new();
        let entries = words
            .iter()
            .map(|word| {
                let key = Key::short(word).unwrap_or_else(|| {
                    arena.extend_from_slice(word);
                    Key::long(word, arena.len() - word.len(), SHARDS)
                });
                Entry { key, count: table.get(word, 0, word.len()).unwrap_or(0) }
            })
            .collect();
        let mut arenas = vec![Vec::new(); SHARDS];
        arenas.push(arena);
        Self { entries, arenas }
    }

    /// How many ngrams there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Each ngram's bytes, as they stood in the input, and its count.
    pub fn iter(&self) -> Iter<'_> {
        Iter { entries: self.entries.iter(), arenas: &self.arenas }
    }

    /// The result cut into pieces of `len` ngrams, the last one perhaps shorter; so that they can be written in parallel.
    pub(crate) fn pieces(&self, len: usize) -> Vec<Iter<'_>> {
        self.entries.chunks(len).map(|piece| Iter { entries: piece.iter(), arenas: &self.arenas }).collect()
    }
}

impl<'a> IntoIterator for &'a Counts {
    type Item = (&'a [u8], u64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Goes through [`Counts`] in their order.
#[derive(Debug, Clone)]
pub struct Iter<'a> {
    entries: std::slice::Iter<'a, Entry>,
    arenas: &'a [Vec<u8>],
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a [u8], u64);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|entry| (entry.ngram(self.arenas), entry.count))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl Entry {
    /// The ngram's bytes, which lie in the key or in one of `arenas`.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arenas: &'a [Vec<u8>]) -> &'a [u8] {
        let arena: &[u8] = if self.key.is_long() { &arenas[self.key.shard()] } else { &[] };
        self.key.ngram(arena)
    }
}
