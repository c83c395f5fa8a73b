//! The words that a job asks for. For a few words, the parser searches the text; for many, the filter looks each ngram
//! up in a hash table.

use std::fmt;

use ahash::AHashSet;
use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

use crate::filter::sieve::Sieve;
use crate::printable::quoted;

/// The words that count.
#[derive(Debug)]
pub(crate) struct Words {
    sieve: Sieve,
    all: AHashSet<Vec<u8>>,
    needles: Vec<Needle>,
}

/// A word to search for.
#[derive(Debug)]
pub(crate) struct Needle {
    pub(crate) word: Vec<u8>,
    /// Finds an LF and the word behind it.
    pub(crate) begin: Finder<'static>,
    /// Finders for an LF, the word, and one of the bytes that may end the word.
    pub(crate) each: Vec<Finder<'static>>,
}

/// The maximum number of words to search for. With more words, parsing all lines once is faster than a search for each
/// word.
const MAX_NEEDLES: usize = 3;

/// The error of a word with a TAB or a line end, which no ngram of any input holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidWord {
    word: Vec<u8>,
}

impl InvalidWord {
    /// The word.
    pub fn word(&self) -> &[u8] {
        &self.word
    }
}

impl fmt::Display for InvalidWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no ngram can hold a TAB or a line end, so {} is none", quoted(&self.word))
    }
}

impl std::error::Error for InvalidWord {}

impl Words {
    /// # Errors
    /// For a word that no line can hold.
    pub(crate) fn new(words: &[Vec<u8>]) -> Result<Self, InvalidWord> {
        if let Some(word) = words.iter().find(|word| word.iter().any(|byte| b"\t\n".contains(byte))) {
            return Err(InvalidWord { word: word.clone() });
        }
        let mut different: Vec<&Vec<u8>> = words.iter().collect();
        different.sort_unstable();
        different.dedup();
        let needles = if different.len() > MAX_NEEDLES {
            Vec::new()
        } else {
            different.into_iter().map(|word| needle(word)).collect()
        };
        Ok(Self { sieve: Sieve::new(words.iter().map(Vec::as_slice)), all: words.iter().cloned().collect(), needles })
    }

    /// Whether an ngram is one of the words.
    #[inline]
    pub(crate) fn contain(&self, ngram: &[u8]) -> bool {
        self.sieve.may_contain(ngram) && self.all.contains(ngram)
    }

    /// The words, where searching for them is faster than parsing all lines.
    pub(crate) fn needles(&self) -> Option<&[Needle]> {
        (!self.needles.is_empty()).then_some(&self.needles)
    }
}

fn needle(word: &[u8]) -> Needle {
    let finder = |behind: &[u8]| {
        let needle = [b"\n", word, behind].concat();
        FinderBuilder::new().build_forward_with_ranker(Rank, &needle).into_owned()
    };
    // The empty word with a line end behind it is a blank line, which holds no word.
    let behind: &[&[u8]] = if word.is_empty() { &[b"\t"] } else { &[b"\t", b"\n", b"\r"] };
    Needle { word: word.to_vec(), begin: finder(b""), each: behind.iter().map(|behind| finder(behind)).collect() }
}

/// The frequency rank of each byte in files of ngrams. The search looks for a word's two rarest bytes first. The
/// crate's default ranks TABs, line ends and digits as rare, but these files are full of them.
struct Rank;

impl HeuristicFrequencyRank for Rank {
    fn rank(&self, byte: u8) -> u8 {
        const LETTERS: &[u8; 26] = b"etaoinsrhldcumfpgwybvkxjqz";
        let letter = LETTERS.iter().position(|letter| *letter == byte.to_ascii_lowercase()).map(|place| place as u8);
        match (byte, letter) {
            (b'\t' | b'\n' | b'0'..=b'9', _) => 255,
            (b'a'..=b'z', Some(place)) => 250 - 5 * place,
            (b'A'..=b'Z', Some(place)) => 110 - 2 * place,
            (b'_', _) => 140,
            _ => 40,
        }
    }
}
