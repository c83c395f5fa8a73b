//! Prose, as far as a counter can tell: the word of rank `r` occurs about `1/r` times as often as the first (Zipf's
//! law).

use std::io::{self, Write};

use super::random::{Shuffle, key, nth};
use super::words::Words;
use super::{Output, Sample, Size, plan};

/// The default size of the vocabulary.
const WORDS: u64 = 50_000;
/// The minimum length of a line in bytes. A line ends with the word that passes it and up to 15 more bytes.
const LINE: usize = 58;
/// The number of most frequent words that stay in memory. Most words of a text are among them.
const KEPT: u64 = 1 << 14;

/// The number of bytes that we write at a time.
const BLOCK: usize = 64 * 1024;

/// Punctuation marks. Each follows one word in 16.
const MARKS: [u8; 2] = *b".,";

/// The most frequent words.
#[rustfmt::skip]
const COMMON: [&[u8]; 31] = [
    b"the", b"of", b"and", b"to", b"in", b"a", b"is", b"that", b"was", b"it", b"for", b"as", b"with", b"he", b"be", b"on",
    b"I", b"by", b"his", b"at", b"not", b"which", b"are", b"this", b"from", b"or", b"had", b"have", b"but", b"an", b"they",
];

/// Writes lines of words. Returns the number of lines, and the size of the vocabulary.
pub(super) fn write<W: Write>(sample: &Sample, out: &mut Output<W>) -> io::Result<(u64, u64)> {
    let words = sample.words.unwrap_or(WORDS);
    plan::check_words(words)?;
    let mut prose = Prose::new(sample.seed, words);
    let mut block = Vec::new();
    let mut lines = 0;
    while match sample.size {
        Size::Rows(rows) => lines < rows,
        Size::Bytes(bytes) => out.bytes + (block.len() as u64) < bytes,
    } {
        prose.line(&mut block);
        lines += 1;
        if block.len() >= BLOCK {
            out.write(&block)?;
            block.clear();
        }
    }
    out.write(&block)?;
    Ok((lines, words))
}

struct Prose {
    key: u64,
    /// The number of random numbers used so far.
    used: u64,
    /// Whether a sentence starts.
    starts: bool,
    words: Words,
    shuffle: Shuffle,
    kept: Vec<Box<[u8]>>,
}

impl Prose {
    fn new(seed: u64, count: u64) -> Self {
        let words = Words::new(seed, count, 0.0);
        let shuffle = Shuffle::new(count, key(seed, 5));
        let mut word = Vec::new();
        let kept = (0..count.min(KEPT)).map(|rank| {
            word.clear();
            match COMMON.get(rank as usize) {
                Some(common) => word.extend_from_slice(common),
                None => words.write(shuffle.nth(rank), &mut word),
            }
            word.as_slice().into()
        });
        let kept = kept.collect();
        Self { key: key(seed, 6), used: 0, starts: true, words, shuffle, kept }
    }

    fn random(&mut self) -> u64 {
        self.used += 1;
        nth(self.key, self.used)
    }

    /// Appends words until the line is long enough, with a comma or a full stop after some.
    fn line(&mut self, line: &mut Vec<u8>) {
        let end = line.len() + LINE;
        let end = end + (self.random() % 16) as usize;
        loop {
            let bits = self.random();
            let start = line.len();
            self.append_word(line);
            if self.starts {
                line[start].make_ascii_uppercase();
            }
            let mark = MARKS.get((bits % 16) as usize);
            line.extend(mark);
            self.starts = mark == Some(&b'.');
            if line.len() >= end {
                line.push(b'\n');
                return;
            }
            line.push(b' ');
        }
    }

    fn append_word(&mut self, line: &mut Vec<u8>) {
        let rank = self.rank();
        if let Some(word) = self.kept.get(rank as usize) {
            line.extend_from_slice(word);
        } else {
            self.words.write(self.shuffle.nth(rank), line);
        }
    }

    /// A random rank. All octaves of ranks (1, 2 to 3, 4 to 7, ...) come equally often, and so do all ranks within an
    /// octave. We draw again instead of a rank beyond the vocabulary.
    fn rank(&mut self) -> u64 {
        let count = self.words.count();
        let octaves = u64::from(u64::BITS - count.leading_zeros());
        loop {
            let bits = self.random();
            let octave = 1 << (((bits >> 32) * octaves) >> 32);
            let rank = octave + (bits & (octave - 1));
            if rank <= count {
                return rank - 1;
            }
        }
    }
}
