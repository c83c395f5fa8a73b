//! `WordCache`: counts the frequent words of running text before they go into a table.
//!
//! A few thousand words make up nine tenths of a text. This cache counts such a word with one vector compare in one
//! cache line. A lookup in the table hashes and compares three machine words, and reads several cache lines. The cache
//! is set-associative, like a processor's own: a word's hash names its set, and the set has three ways. A set is one
//! cache line, and its first way belongs to its most frequent word.
//!
//! ```text
//! hit(word):      set = sets[hash(word)]                      3 words of 16 bytes, 3 counts, one count of misses
//!                 word is words[0]:   counts[0] += 1
//!                 word is words[n]:   counts[n] += 1; swap with n - 1 if it is the more frequent now
//! insert(word):   the set's rarest word (every 64th time, its most frequent one) goes to the table with its count
//!                 word takes its way, with a count of 1
//! ```
//!
//! An example. Three words share a set, and a fourth comes:
//!
//! ```text
//! text            words and counts of the set             to the table
//! ... of          of 71    cat 6   ran 1
//! ran             of 71    cat 6   ran 2
//! dog             of 71    cat 6   dog 1                  ran 2
//! of              of 72    cat 6   dog 1
//! ```
//!
//! If "ran" comes again, it gets a second entry in the table. The table sums both, as all duplicates.
//!
//! Measured: 553 MB of English, 100,005,690 words, take one thread 0.9 s. Three ways fill a cache line exactly: three
//! words of 16 bytes, and 16 bytes for three counts and the misses.

use wide::u8x16;

use super::key::Key;
use crate::text_slice::TextSlice;

/// Counts of short words.
#[derive(Debug, Default)]
pub(crate) struct WordCache {
    /// The sets; none before the first word, as only text has words.
    sets: Vec<CacheSet>,
    /// The number of each set that has words. A run by files empties the cache behind each file, and small files use
    /// few of its sets.
    used: Vec<u16>,
}

/// A set of the cache, one cache line: three words with the same hash bits.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct CacheSet {
    words: [[u8; VECTOR]; WAYS],
    /// The count of each word; 0 for a free way.
    counts: [u32; WAYS],
    /// The number of misses in this set.
    misses: u32,
}

const _: () = assert!(size_of::<CacheSet>() == 64);

/// A word of up to 15 bytes, padded with zeros, with its length in the last byte.
#[derive(Clone, Copy)]
pub(crate) struct CachedWord(u8x16);

/// The number of words in a set.
const WAYS: usize = 3;
/// The number of sets. They take 1 MiB, which fits most cores' own cache.
const SETS: usize = 1 << SET_BITS;
const SET_BITS: u32 = 14;
const _: () = assert!(SETS <= 1 << u16::BITS, "a set has a number of 16 bits");
/// The number of misses after which a set evicts its most frequent word, once, instead of its rarest. Otherwise a
/// frequent word of an earlier book would keep its way to the end. A word that is still frequent comes back at once.
/// 150 MB of one vocabulary and then 150 MB of another took 1.54 -> 1.25 s with one thread; a text of one vocabulary
/// took as long as before.
const RENEWAL: u32 = 64;
/// The length of a vector in bytes.
const VECTOR: usize = 16;
const LEN: usize = VECTOR - 1;

impl CachedWord {
    /// The word; `None` if it is too long, or if its text has fewer than 16 bytes from the word's first byte on.
    #[inline]
    pub(crate) fn of(word: TextSlice<'_>) -> Option<Self> {
        let [mask, ending] = MASKS.get(word.len)?;
        let bytes = word.load()?;
        Some(Self(u8x16::new(*bytes) & u8x16::new(*mask) | u8x16::new(*ending)))
    }

    fn key(word: &[u8; VECTOR]) -> Option<Key> {
        Key::short(&word[..usize::from(word[LEN])])
    }

    /// The number of its set.
    #[inline]
    fn set(self) -> usize {
        let bytes = self.0.to_array();
        let (words, _) = bytes.as_chunks();
        let [first, second] = [0, 1].map(|word| u64::from_le_bytes(words[word]));
        let product = u128::from(first ^ 0x9E37_79B9_7F4A_7C15) * u128::from(second ^ 0xD1B5_4A32_D192_ED03);
        ((product as u64 ^ (product >> 64) as u64) >> (64 - SET_BITS)) as usize
    }
}

impl WordCache {
    /// Adds one to the count of a cached word. Returns false on a cache miss, and if the count is full.
    #[inline]
    pub(crate) fn hit(&mut self, word: CachedWord) -> bool {
        let Some(CacheSet { words, counts, .. }) = self.sets.get_mut(word.set()) else { return false };
        let is_it = |way: usize| word.0.simd_eq(u8x16::new(words[way])).to_bitmask() == 0xFFFF;
        if is_it(0) {
            return increment(&mut counts[0]);
        }
        let Some(way) = (1..WAYS).find(|&way| is_it(way)) else { return false };
        let has_counted = increment(&mut counts[way]);
        if counts[way] > counts[way - 1] {
            words.swap(way, way - 1);
            counts.swap(way, way - 1);
        }
        has_counted
    }

    /// Inserts a word that [`WordCache::hit`] did not count. Returns the evicted word and its count, if a word had its
    /// way.
    pub(crate) fn insert(&mut self, word: CachedWord) -> Option<(Key, u64)> {
        if self.sets.is_empty() {
            self.sets = vec![CacheSet::default(); SETS];
        }
        let set = word.set();
        let CacheSet { words, counts, misses } = &mut self.sets[set];
        if *counts == [0; WAYS] {
            self.used.push(set as u16);
        }
        let word = word.0.to_array();
        let way = words.iter().position(|other| *other == word).unwrap_or_else(|| {
            *misses = misses.wrapping_add(1);
            if misses.is_multiple_of(RENEWAL) { 0 } else { rarest(counts) }
        });
        let before = (words[way], counts[way]);
        (words[way], counts[way]) = (word, 1);
        entry(before)
    }

    /// Takes the cached words and their counts out of the cache.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (Key, u64)> {
        let Self { sets, used } = self;
        let sets = used.drain(..).map(|set| std::mem::take(&mut sets[usize::from(set)]));
        sets.flat_map(|set| set.words.into_iter().zip(set.counts)).filter_map(entry)
    }
}

/// Adds one to a count unless it is full. Returns whether it did.
#[inline]
fn increment(count: &mut u32) -> bool {
    let sum = count.checked_add(1);
    *count = sum.unwrap_or(*count);
    sum.is_some()
}

fn rarest(counts: &[u32; WAYS]) -> usize {
    (0..WAYS).min_by_key(|&way| counts[way]).unwrap_or(0)
}

fn entry((word, count): ([u8; VECTOR], u32)) -> Option<(Key, u64)> {
    if count == 0 { None } else { Some((CachedWord::key(&word)?, u64::from(count))) }
}

/// For each length, a mask of the word's bytes, and a vector with the length in its last byte.
static MASKS: [[[u8; VECTOR]; 2]; LEN + 1] = masks();

const fn masks() -> [[[u8; VECTOR]; 2]; LEN + 1] {
    let mut masks = [[[0; VECTOR]; 2]; LEN + 1];
    let mut len = 0;
    while len <= LEN {
        let mut byte = 0;
        while byte < len {
            masks[len][0][byte] = 0xFF;
            byte += 1;
        }
        masks[len][1][LEN] = len as u8;
        len += 1;
    }
    masks
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    /// Counts a word as a worker does.
    fn count(cache: &mut WordCache, counts: &mut BTreeMap<Vec<u8>, u64>, text: &[u8], len: usize) {
        match CachedWord::of(TextSlice::new(text, 0, len)) {
            Some(word) if cache.hit(word) => {}
            Some(word) => cache.insert(word).into_iter().for_each(|moved| add(counts, moved)),
            None => *counts.entry(text[..len].to_vec()).or_default() += 1,
        }
    }

    fn add(counts: &mut BTreeMap<Vec<u8>, u64>, (key, count): (Key, u64)) {
        *counts.entry(key.ngram(&[]).to_vec()).or_default() += count;
    }

    proptest! {
        #[test]
        fn nothing_is_lost(words in prop::collection::vec((prop::collection::vec(0_u8..3, 1..20), 0_usize..20), 0..300)) {
            let (mut cache, mut counts, mut expected) = (WordCache::default(), BTreeMap::new(), BTreeMap::new());
            for (word, behind) in &words {
                let text = [&word[..], &vec![b'x'; *behind]].concat();
                count(&mut cache, &mut counts, &text, word.len());
                *expected.entry(word.clone()).or_insert(0) += 1;
            }
            cache.drain().for_each(|moved| add(&mut counts, moved));
            prop_assert_eq!(counts, expected);
        }
    }

    #[test]
    fn more_words_than_there_are_places_are_counted() {
        let (mut cache, mut counts) = (WordCache::default(), BTreeMap::new());
        let numbers = 2 * SETS * WAYS;
        for number in (0..numbers).chain(0..numbers / 2).chain(0..10) {
            count(&mut cache, &mut counts, format!("{number:8} and more").as_bytes(), 8);
        }
        assert!(!counts.is_empty());
        cache.drain().for_each(|moved| add(&mut counts, moved));
        assert_eq!(counts.len(), numbers);
        for (word, count) in counts {
            let number: usize = str::from_utf8(&word).unwrap().trim().parse().unwrap();
            assert_eq!(count, 1 + u64::from(number < numbers / 2) + u64::from(number < 10), "{number}");
        }
    }

    #[test]
    fn a_count_that_is_full_is_moved() {
        let (mut cache, mut counts) = (WordCache::default(), BTreeMap::new());
        let text = b"the and of                ";
        count(&mut cache, &mut counts, text, 3);
        let word = CachedWord::of(TextSlice::new(text, 0, 3)).unwrap();
        cache.sets[word.set()].counts[0] = u32::MAX - 1;
        (0..4).for_each(|_| count(&mut cache, &mut counts, text, 3));
        assert_eq!(counts[&b"the"[..]], u64::from(u32::MAX));
        cache.drain().for_each(|moved| add(&mut counts, moved));
        assert_eq!(counts[&b"the"[..]], u64::from(u32::MAX) + 3);
    }
}
