//! `Key`: an ngram in 24 bytes. Most lookups compare three machine words and follow no pointer.
//!
//! A short ngram of up to 23 bytes lies in the key itself, padded with zeros, with its length in the last byte. A
//! longer ngram lies in an arena, mostly that of its shard, and the key holds its offset:
//!
//! ```text
//! bytes    0 .. 8         8 .. 16        16 .. 21   21 .. 23   23
//! short    the ngram itself, then zeros .....................  length (0 ..= 23)
//! long     first 8 bytes  arena offset   length     arena      LONG
//! ```

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher};
use std::sync::LazyLock;

use ahash::RandomState;

use crate::text_slice::TextSlice;

/// The longest ngram that a key holds itself, in bytes.
pub(crate) const INLINE: usize = 23;
const LONG: u8 = 0xFF;

/// A short ngram, or the position of a long one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key([[u8; 8]; 3]);

/// Compares machine word by machine word, as a key may still be in registers.
impl PartialEq for Key {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.words() == other.words()
    }
}

impl Eq for Key {}

impl Key {
    /// The key of the empty ngram.
    pub(crate) const EMPTY: Self = Self([[0; 8]; 3]);

    /// The key of `ngram`; `None` if it is too long.
    #[inline]
    pub(crate) fn short(ngram: &[u8]) -> Option<Self> {
        if ngram.len() > INLINE {
            return None;
        }
        let mut key = Self::EMPTY;
        let bytes = key.0.as_flattened_mut();
        bytes[..ngram.len()].copy_from_slice(ngram);
        bytes[INLINE] = ngram.len() as u8;
        Some(key)
    }

    /// As [`Key::short`], by three whole-word loads if the text reaches far enough behind the ngram.
    #[inline]
    pub(crate) fn short_in(ngram: TextSlice<'_>) -> Option<Self> {
        if ngram.len > INLINE {
            return None;
        }
        let Some(&[first, second, third]) =
            ngram.load::<{ INLINE + 1 }>().and_then(|bytes| bytes.as_chunks().0.first_chunk())
        else {
            return Self::short(ngram.bytes());
        };
        let mask = &MASKS[ngram.len];
        let mut words = Self([first, second, third]).words();
        for (word, mask) in words.iter_mut().zip(mask) {
            *word &= mask;
        }
        words[2] |= (ngram.len as u64) << 56;
        Some(Self::from_words(words))
    }

    /// The ngram's hash. `arena` holds the bytes of the arena that the key names.
    #[inline]
    pub(crate) fn hash(&self, arena: &[u8]) -> u64 {
        if self.is_long() { hash_long(self.ngram(arena)) } else { self.hash_short() }
    }

    /// The hash of a short ngram.
    #[inline]
    pub(crate) fn hash_short(&self) -> u64 {
        let mut hasher = HASHING.build_hasher();
        for word in self.words() {
            hasher.write_u64(word);
        }
        hasher.finish()
    }

    /// The key of a long ngram whose bytes begin at `offset` in arena number `arena`.
    pub(crate) fn long(ngram: &[u8], offset: usize, arena: u16) -> Self {
        debug_assert!(ngram.len() > INLINE && ngram.len() < 1 << 40);
        let mut key = Self::EMPTY;
        let bytes = key.0.as_flattened_mut();
        bytes[..8].copy_from_slice(&ngram[..8]);
        bytes[8..16].copy_from_slice(&(offset as u64).to_le_bytes());
        bytes[16..21].copy_from_slice(&(ngram.len() as u64).to_le_bytes()[..5]);
        bytes[21..23].copy_from_slice(&arena.to_le_bytes());
        bytes[INLINE] = LONG;
        key
    }

    /// Whether the ngram's bytes lie in an arena.
    #[inline]
    pub(crate) fn is_long(&self) -> bool {
        self.last() == LONG
    }

    /// Adds `by` to a long ngram's offset in the arena.
    pub(crate) fn shift(&mut self, by: usize) {
        let [_, offset, _] = self.words();
        self.0[1] = (offset + by as u64).to_le_bytes();
    }

    /// The number of the arena that holds a long ngram.
    pub(crate) fn arena(&self) -> u16 {
        let [.., first, second, _] = self.0[2];
        u16::from_le_bytes([first, second])
    }

    /// The key as three little-endian words, for hashing and comparing.
    #[inline]
    pub(crate) fn words(&self) -> [u64; 3] {
        self.0.map(u64::from_le_bytes)
    }

    /// The ngram's first 8 bytes, padded with zeros, as a big-endian number. Its order is that of the bytes.
    #[inline]
    pub(crate) fn first(&self) -> u64 {
        self.words()[0].swap_bytes()
    }

    #[inline]
    fn last(&self) -> u8 {
        self.0[2][7]
    }

    #[inline]
    fn from_words(words: [u64; 3]) -> Self {
        Self(words.map(u64::to_le_bytes))
    }

    /// The ngram. `arena` holds the bytes of the arena that the key names.
    #[inline]
    pub(crate) fn ngram<'a>(&'a self, arena: &'a [u8]) -> &'a [u8] {
        if self.is_long() {
            let [_, offset, rest] = self.words();
            let len = (rest & 0xFF_FFFF_FFFF) as usize;
            &arena[offset as usize..offset as usize + len]
        } else {
            &self.0.as_flattened()[..usize::from(self.last())]
        }
    }

    /// Writes all bytes of the key to `to`, so that `to` begins with a short ngram. A copy of fixed length has no
    /// branch to mispredict. Returns whether the ngram is short; if not, `to` holds no ngram.
    #[inline]
    pub(crate) fn write_short(&self, to: &mut [u8; INLINE + 1]) -> bool {
        to.copy_from_slice(self.0.as_flattened());
        !self.is_long()
    }

    /// The order of two ngrams' bytes; `None` if it depends on the arenas.
    #[inline]
    pub(crate) fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.is_long() || other.is_long() {
            return match self.first().cmp(&other.first()) {
                Ordering::Equal => None,
                decided => Some(decided),
            };
        }
        // Padding with zeros and then the length: "a" < "a\0" < "b", as with the bytes themselves.
        let [a, b] = [self.words(), other.words()];
        Some(a.map(u64::swap_bytes).cmp(&b.map(u64::swap_bytes)))
    }
}

/// The hash of an ngram that is too long for a key.
pub(crate) fn hash_long(ngram: &[u8]) -> u64 {
    let mut hasher = HASHING.build_hasher();
    hasher.write(ngram);
    hasher.finish()
}

/// One random seed for the whole process. Tables with different seeds could not be merged shard by shard. A fixed seed
/// would let somebody write a file of words that all collide: 80,000 such words took 32 seconds, and the time grows
/// with the square of their number. Only the order of `--sort none` depends on the seed.
pub(super) static HASHING: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// For each length, a mask of the bits of a short key that hold the ngram.
static MASKS: [[u64; 3]; INLINE + 1] = masks();

const fn masks() -> [[u64; 3]; INLINE + 1] {
    let mut masks = [[0; 3]; INLINE + 1];
    let mut len = 0;
    while len <= INLINE {
        let mut byte = 0;
        while byte < len {
            masks[len][byte / 8] |= 0xFF << (8 * (byte % 8));
            byte += 1;
        }
        len += 1;
    }
    masks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn short_keys_give_their_ngram_back(ngram in prop::collection::vec(any::<u8>(), 0..=INLINE), behind: [u8; 24]) {
            let key = Key::short(&ngram).unwrap();
            prop_assert_eq!(key.ngram(&[]), &ngram[..]);
            for text in [[&b"xy"[..], &ngram, &behind].concat(), [&b"xy"[..], &ngram].concat()] {
                prop_assert_eq!(Key::short_in(TextSlice::new(&text, 2, ngram.len())), Some(key));
            }
        }

        #[test]
        fn short_keys_are_ordered_as_their_bytes(
            a in prop::collection::vec(0_u8..3, 0..=INLINE),
            b in prop::collection::vec(0_u8..3, 0..=INLINE),
        ) {
            let [key_a, key_b] = [&a, &b].map(|ngram| Key::short(ngram).unwrap());
            prop_assert_eq!(key_a.compare(&key_b), Some(a.cmp(&b)));
        }
    }

    /// The shards of as many words as there are shards. The words share the first 12 bits of a hash with a known seed.
    #[test]
    fn words_that_collide_under_a_known_seed_spread_over_the_shards() {
        let known = RandomState::with_seeds(1, 2, 3, 4);
        let hash = |ngram: &[u8]| {
            let mut hasher = known.build_hasher();
            for word in Key::short(ngram).unwrap().words() {
                hasher.write_u64(word);
            }
            hasher.finish()
        };
        let words = (0_u32..).map(|number| format!("w{number}")).filter(|word| hash(word.as_bytes()) >> 52 == 0);
        let words: Vec<String> = words.take(256).collect();
        let shards: BTreeSet<u64> =
            words.iter().map(|word| Key::short(word.as_bytes()).unwrap().hash_short() >> 56).collect();
        // Random words meet 162 of 256 shards, give or take 5.
        assert!(shards.len() > 100, "{}", shards.len());
    }

    #[test]
    fn long_keys_point_into_their_arena() {
        let arena = b"....a very long ngram with many words....";
        let key = Key::long(&arena[4..37], 4, 256);
        assert!(key.is_long());
        assert_eq!((key.ngram(arena), key.arena()), (&arena[4..37], 256));
        assert_eq!(key.compare(&Key::short(b"a very").unwrap()), Some(Ordering::Greater));
        assert_eq!(key.compare(&Key::short(b"a very long").unwrap()), None);
    }
}
