//! `Hot`: counts of the words that running text has again and again, on their way into a table.
//!
//! A few thousand words make up nine tenths of a text. Here each of them has its place in one cache line, which to count
//! one more of it takes no more than to compare a vector: the first place of a line is that of its most frequent word.
//! A word that finds no place free has the rarest of the line moved into the table, where in the end all of them go.

use wide::u8x16;

use super::key::Key;
use crate::text_slice::TextSlice;

/// Counts of short words.
#[derive(Debug, Default)]
pub(crate) struct WordCache {
    /// None before the first word, as only text has words.
    sets: Vec<CacheSet>,
}

/// A cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct CacheSet {
    words: [[u8; VECTOR]; WAYS],
    /// 0 where the place is free.
    counts: [u32; WAYS],
    /// How many words were moved into the table.
    moved: u32,
}

/// A word of up to 15 bytes: these, zeros, and in the last byte their number.
#[derive(Clone, Copy)]
pub(crate) struct CachedWord(u8x16);

/// How many words a line holds.
const WAYS: usize = 3;
/// How many lines there are: 1 MiB of them, which a core's own cache mostly holds.
const SETS: usize = 1 << SET_BITS;
const SET_BITS: u32 = 14;
/// Of so many words that are moved, one is the most frequent of its line instead: where the text is another by now, such
/// as the next book, it would be in the way; else it comes back.
const RENEWAL: u32 = 64;
/// How many bytes a vector has.
const VECTOR: usize = 16;
const LEN: usize = VECTOR - 1;

impl CachedWord {
    /// The word, unless it is too long, or its text ends less than a vector behind the word's first byte.
    #[inline]
    pub(crate) fn of(word: TextSlice<'_>) -> Option<Self> {
        let [mask, ending] = MASKS.get(word.len)?;
        let bytes = word.load()?;
        Some(Self(u8x16::new(*bytes) & u8x16::new(*mask) | u8x16::new(*ending)))
    }

    fn key(word: &[u8; VECTOR]) -> Option<Key> {
        Key::short(&word[..usize::from(word[LEN])])
    }

    /// The line that it has its place in.
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
    /// Counts one more of a word that has a place. Returns whether it has.
    #[inline]
    pub(crate) fn hit(&mut self, word: CachedWord) -> bool {
        let Some(CacheSet { words, counts, .. }) = self.sets.get_mut(word.set()) else { return false };
        let is_it = |place: usize| word.0.simd_eq(u8x16::new(words[place])).to_bitmask() == 0xFFFF;
        if is_it(0) {
            return hit(&mut counts[0]);
        }
        let Some(place) = (1..WAYS).find(|&place| is_it(place)) else { return false };
        let has_room = hit(&mut counts[place]);
        if counts[place] > counts[place - 1] {
            words.swap(place, place - 1);
            counts.swap(place, place - 1);
        }
        has_room
    }

    /// Counts a word that [`WordCache::hit`] did not. Returns the word that had to make room for it, and its count.
    pub(crate) fn insert(&mut self, word: CachedWord) -> Option<(Key, u64)> {
        if self.sets.is_empty() {
            self.sets = vec![CacheSet::default(); SETS];
        }
        let CacheSet { words, counts, moved } = &mut self.sets[word.set()];
        let word = word.0.to_array();
        let place = words.iter().position(|other| *other == word).unwrap_or_else(|| {
            *moved = moved.wrapping_add(1);
            if moved.is_multiple_of(RENEWAL) { 0 } else { rarest(counts) }
        });
        let before = (words[place], counts[place]);
        (words[place], counts[place]) = (word, 1);
        entry(before)
    }

    /// All words that have a place, and their counts.
    pub(crate) fn into_counts(self) -> impl Iterator<Item = (Key, u64)> {
        self.sets.into_iter().flat_map(|set| set.words.into_iter().zip(set.counts)).filter_map(entry)
    }
}

/// One more, if that is not too many.
#[inline]
fn hit(count: &mut u32) -> bool {
    let sum = count.checked_add(1);
    *count = sum.unwrap_or(*count);
    sum.is_some()
}

fn rarest(counts: &[u32; WAYS]) -> usize {
    (0..WAYS).min_by_key(|&place| counts[place]).unwrap_or(0)
}

fn entry((word, count): ([u8; VECTOR], u32)) -> Option<(Key, u64)> {
    if count == 0 { None } else { Some((CachedWord::key(&word)?, u64::from(count))) }
}

/// For each length, the bytes that the word takes, and the last one.
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

    /// Counts as a worker does.
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
            cache.into_counts().for_each(|moved| add(&mut counts, moved));
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
        cache.into_counts().for_each(|moved| add(&mut counts, moved));
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
        cache.into_counts().for_each(|moved| add(&mut counts, moved));
        assert_eq!(counts[&b"the"[..]], u64::from(u32::MAX) + 3);
    }
}
