//! The words that were asked for, and how they are looked for: a few by searching the text for them, many by looking
//! each ngram up in a table.

use ahash::AHashSet;
use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::{Finder, FinderBuilder};

use crate::error::{Error, Result};
use crate::printable::quoted;

/// What is counted, where that is not everything.
#[derive(Debug)]
pub(crate) struct Words {
    all: AHashSet<Vec<u8>>,
    needles: Vec<Needle>,
}

/// A word to search for.
#[derive(Debug)]
pub(crate) struct Needle {
    pub(crate) word: Vec<u8>,
    /// Finds the LF of the line before, and the word.
    pub(crate) begin: Finder<'static>,
    /// Find the same with each of the bytes behind it that make it a line of the word.
    pub(crate) each: Vec<Finder<'static>>,
}

/// With more words than this, reading all lines once is faster than searching the text for each.
const NEEDLES: usize = 3;

impl Words {
    /// # Errors
    /// [`Error::Usage`] for a word that no line can hold.
    pub(crate) fn new(words: &[Vec<u8>]) -> Result<Self> {
        for word in words {
            if word.iter().any(|byte| b"\t\n".contains(byte)) {
                let word = quoted(word);
                return Err(Error::Usage(format!("no ngram can hold a TAB or a line end, so {word} can't be found")));
            }
        }
        let mut different: Vec<&Vec<u8>> = words.iter().collect();
        different.sort_unstable();
        different.dedup();
        let needles = if different.len() > NEEDLES {
            Vec::new()
        } else {
            different.into_iter().map(|word| needle(word)).collect()
        };
        Ok(Self { all: words.iter().cloned().collect(), needles })
    }

    /// Whether an ngram is one of them.
    #[inline]
    pub(crate) fn contain(&self, ngram: &[u8]) -> bool {
        self.all.contains(ngram)
    }

    /// The words, where it pays to search for them.
    pub(crate) fn needles(&self) -> Option<&[Needle]> {
        (!self.needles.is_empty()).then_some(&self.needles)
    }
}

fn needle(word: &[u8]) -> Needle {
    let finder = |behind: &[u8]| {
        let needle = [b"\n", word, behind].concat();
        FinderBuilder::new().build_forward_with_ranker(Rank, &needle).into_owned()
    };
    // An empty word alone is a blank line, which is no line of a word.
    let behind: &[&[u8]] = if word.is_empty() { &[b"\t"] } else { &[b"\t", b"\n", b"\r"] };
    Needle { word: word.to_vec(), begin: finder(b""), each: behind.iter().map(|behind| finder(behind)).collect() }
}

/// How common each byte is where ngrams are counted. The search looks for a word's rarest two bytes first; what it
/// takes for rare otherwise, TABs and line ends and digits, is what these files are full of.
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
