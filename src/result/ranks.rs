//! `Ranks`: the place of each count among those of all words.

use std::sync::Mutex;

use ahash::AHashMap;

use crate::lock::lock;
use crate::table::Entry;

/// Each count, in ascending order, and the number of words with this count or a higher one. Few counts are distinct: n of
/// them have a sum of n * n / 2 at least.
#[derive(Debug, Default)]
pub(crate) struct Ranks(Vec<(u64, u64)>);

impl Ranks {
    /// The rank of a count: 1 plus the number of words with a higher count.
    pub(crate) fn of(&self, count: u64) -> u64 {
        let higher = self.0.partition_point(|&(other, _)| other <= count);
        self.0.get(higher).map_or(1, |&(_, words)| words + 1)
    }
}

/// The number of words of each count, which all threads add up.
#[derive(Debug, Default)]
pub(crate) struct CountsOfWords(Mutex<AHashMap<u64, u64>>);

impl CountsOfWords {
    /// Adds words.
    pub(crate) fn add<'a, D: 'a>(&self, words: impl IntoIterator<Item = &'a Entry<D>>) {
        let mut own: AHashMap<u64, u64> = AHashMap::default();
        for entry in words {
            *own.entry(entry.count).or_default() += 1;
        }
        let mut all = lock(&self.0);
        if all.len() < own.len() {
            std::mem::swap(&mut *all, &mut own);
        }
        for (count, words) in own {
            *all.entry(count).or_default() += words;
        }
    }

    /// The ranks among all words so far. No words are left.
    pub(crate) fn ranks(&self) -> Ranks {
        let mut ranks: Vec<(u64, u64)> = std::mem::take(&mut *lock(&self.0)).into_iter().collect();
        ranks.sort_unstable();
        ranks.iter_mut().rev().fold(0, |higher, (_, words)| {
            *words += higher;
            *words
        });
        Ranks(ranks)
    }
}
