//! `Sieve`: a bitmap that rejects nearly all ngrams that are not in a list, before the hash table is asked.
//!
//! The bits of the words in the list are set. A bit depends on a word's length, its first 8 bytes and its last 8 bytes,
//! which two loads give. An example with the list `the`, `of`:
//!
//! ```text
//! the   its bit is set     ask the hash table
//! tha   its bit is clear   not in the list
//! ```
//!
//! 20,000,000 rows in random order, without a list of 1,000 words to leave out: 1.32 s of processor time; with it: 1.50 s;
//! with the hash table alone: 1.60 s. In files whose rows stand together, and in text, a list costs nothing that shows.

/// Whether words may be in a list.
#[derive(Debug)]
pub(super) struct Sieve {
    /// The bits, or none if there are so many words that the bits would not fit a core's cache.
    bits: Vec<u64>,
    /// The number of bits of a hash that choose a bit.
    hash_bits: u32,
}

/// The minimum number of bits of a hash, for 8 KiB: a part of the first-level cache.
const MIN_HASH_BITS: u32 = 16;

/// The maximum number of words, for 512 KiB: a part of the second-level cache.
const MAX_WORDS: usize = 1 << 19;

impl Sieve {
    pub(super) fn new<'a>(words: impl ExactSizeIterator<Item = &'a [u8]>) -> Self {
        // At least eight bits for each word.
        let hash_bits = MIN_HASH_BITS.max((8 * words.len()).next_power_of_two().trailing_zeros());
        if words.len() > MAX_WORDS {
            return Self { bits: Vec::new(), hash_bits };
        }
        let mut bits = vec![0; 1 << (hash_bits - 6)];
        for word in words {
            let (place, bit) = place(word, hash_bits);
            bits[place] |= bit;
        }
        Self { bits, hash_bits }
    }

    /// Whether a word may be in the list. `false` is sure.
    #[inline]
    pub(super) fn may_contain(&self, word: &[u8]) -> bool {
        let (place, bit) = place(word, self.hash_bits);
        self.bits.get(place).is_none_or(|bits| bits & bit != 0)
    }
}

/// The index and the bit of a word.
#[inline]
fn place(word: &[u8], hash_bits: u32) -> (usize, u64) {
    let (first, last) = match (word.first_chunk::<8>(), word.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (word.first_chunk::<4>(), word.last_chunk::<4>()) {
            (Some(first), Some(last)) => (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last))),
            _ => (word.iter().fold(0, |bytes, byte| bytes << 8 | u64::from(*byte)), 0),
        },
    };
    // Two odd constants without a pattern; the high bits of the product depend on all bytes.
    let mixed = (first ^ last.rotate_left(29) ^ word.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let hash = (mixed ^ (mixed >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> (64 - hash_bits);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_word_of_the_list_is_rejected(words in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 0..50)) {
            let sieve = Sieve::new(words.iter().map(Vec::as_slice));
            for word in &words {
                prop_assert!(sieve.may_contain(word));
            }
        }
    }

    #[test]
    fn nearly_all_other_words_are_rejected() {
        let words: Vec<String> = (0..=MAX_WORDS).map(|number| format!("word{number}")).collect();
        for (listed, max_percent) in [(1000, 3), (16_384, 13), (100_000, 13)] {
            let sieve = Sieve::new(words[..listed].iter().map(String::as_bytes));
            let others = &words[listed..listed + 20_000];
            let passed = others.iter().filter(|word| sieve.may_contain(word.as_bytes())).count();
            assert!(passed < others.len() * max_percent / 100, "{listed} {passed}");
        }
        let all = Sieve::new(words.iter().map(String::as_bytes));
        assert!(words.iter().all(|word| all.may_contain(word.as_bytes())), "too many words are all asked for");
    }
}
