//! The words that a job asks for. A few are searched for in the text; with many, each ngram is looked up in a table.

use std::fmt;

use ahash::AHashSet;
use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

use crate::printable::quoted;

/// The words that are counted.
#[derive(Debug)]
pub(crate) struct Words {
    all: AHashSet<Vec<u8>>,
    needles: Vec<Needle>,
}

/// A word to search for.
#[derive(Debug)]
pub(crate) struct Needle {
    pub(crate) word: Vec<u8>,
    /// Finds the LF of the line before and the word.
    pub(crate) begin: Finder<'static>,
    /// Each finds the same and one of the bytes that may end the word.
    pub(crate) each: Vec<Finder<'static>>,
}

/// With more words than this, parsing all lines once is faster than one search of the text for each word. Measured: 300 MB
/// of generated rows of v2, processor time of one thread in user mode, medians of five: a search for one word takes
/// 0.036 s, for two 0.047, for three 0.057; parsing all lines takes 0.075.
const MAX_NEEDLES: usize = 3;

/// A word holds a byte that no ngram of any input holds: a TAB or a line end.
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
        write!(f, "no ngram can hold a TAB or a line end, so {} can't be found", quoted(&self.word))
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
        Ok(Self { all: words.iter().cloned().collect(), needles })
    }

    /// Whether an ngram is one of the words.
    #[inline]
    pub(crate) fn contain(&self, ngram: &[u8]) -> bool {
        self.all.contains(ngram)
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
    // An empty word with a line end behind it is a blank line, which holds no word.
    let behind: &[&[u8]] = if word.is_empty() { &[b"\t"] } else { &[b"\t", b"\n", b"\r"] };
    Needle { word: word.to_vec(), begin: finder(b""), each: behind.iter().map(|behind| finder(behind)).collect() }
}

/// How common each byte is in files of ngrams. The search looks for a word's two rarest bytes first. Its own ranking takes
/// TABs, line ends and digits for rare; these files are full of them.
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
