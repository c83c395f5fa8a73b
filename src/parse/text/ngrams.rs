//! The N-grams of running text: N consecutive words of a line, a paragraph or a file.
//!
//! A counted N-gram has one space between its words. Most N-grams have one space in the text already, and need no copy;
//! we copy only the others. Where a line end stands for a space, the copy is one piece of the text, with the line end
//! replaced.

use crate::parse::run::{Emit, Run};
use crate::parse::text::edge::Edge;
use crate::parse::text::within::Within;
use crate::text_slice::{PADDING, TextSlice};

/// The numbers of words that an N-gram may have: from `min` to `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NgramLen {
    pub(crate) min: usize,
    pub(crate) max: usize,
}

impl NgramLen {
    /// Single words.
    pub(crate) const WORD: Self = Self { min: 1, max: 1 };
}

/// The last words of a line, paragraph or file.
pub(crate) struct Ngrams {
    len: NgramLen,
    within: Within,
    /// The beginning and the end of each word in the text: all words of the line, paragraph or file, or at least the last
    /// N of them.
    words: Vec<(usize, usize)>,
    /// The number of words at which only the last N are kept.
    max_words: usize,
    /// The number of last words with exactly one space between them.
    adjacent: usize,
    /// The buffer for an N-gram with other white space between its words.
    joined: Vec<u8>,
    /// The first words of the text, once they are known: N - 1 words, or fewer if a paragraph ends behind them.
    head: Option<Vec<(usize, usize)>>,
    /// The number of N-grams that `push` emitted.
    pub(crate) rows: u64,
}

/// The number of words that are kept at least, so that moving the last N of them is rare. Tests have short texts.
const KEPT_WORDS: usize = if cfg!(test) { 1 } else { 1 << 10 };

impl Ngrams {
    pub(crate) fn new(len: NgramLen, within: Within) -> Self {
        // No text has so many words that an empty range of lengths would count any.
        let len = if len.min > len.max { NgramLen { min: usize::MAX, ..len } } else { len };
        let max_words = len.max.saturating_mul(2).max(KEPT_WORDS);
        Self { len, within, words: Vec::new(), max_words, adjacent: 0, joined: Vec::new(), head: None, rows: 0 }
    }

    /// Takes the next word. Gives the N-grams that it completes to `sink`.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], start: usize, len: usize, sink: &mut impl Emit) {
        debug_assert!(start + len <= text.len(), "a word lies within its text");
        if let Some(&(_, end)) = self.words.last() {
            debug_assert!(end <= start, "words come in order, and do not overlap");
            let between = &text[end..start];
            if between != b" " {
                self.adjacent = 0;
                if self.within.ends_in(between) {
                    self.note_head();
                    self.words.clear();
                }
            }
        } else if self.within.ends_at_edge(&text[..start], true) {
            self.head = Some(Vec::new());
        }
        if self.words.len() == self.max_words {
            self.drop_first();
        }
        self.words.push((start, start + len));
        self.adjacent += 1;
        if self.words.len() >= self.len.min {
            self.emit_last(self.len.min, text, sink);
            // The other lengths, if there are any.
            for ngram_len in self.len.min + 1..=self.len.max.min(self.words.len()) {
                self.emit_last(ngram_len, text, sink);
            }
        }
    }

    /// Emits the N-gram of the last `ngram_len` words.
    #[inline]
    fn emit_last(&mut self, ngram_len: usize, text: &[u8], sink: &mut impl Emit) {
        self.rows += 1;
        let words = &self.words[self.words.len() - ngram_len..];
        let (begin, end) = (words[0].0, words[ngram_len - 1].1);
        if ngram_len == 1 {
            sink.emit_word(TextSlice::new(text, begin, end - begin));
        } else if self.adjacent >= ngram_len {
            sink.emit(Run::of_word(TextSlice::new(text, begin, end - begin)));
        } else {
            let len = join(words, text, &mut self.joined);
            sink.emit(Run::of_word(TextSlice::new(&self.joined, 0, len)));
        }
    }

    /// Notes the first words of the text, unless they are known. Up to the end of the first paragraph, `words` has them.
    fn note_head(&mut self) {
        if self.within != Within::Line && self.head.is_none() {
            self.head = Some(self.words.iter().copied().take(self.len.max - 1).collect());
        }
    }

    /// Drops all words but the last N - 1.
    #[cold]
    fn drop_first(&mut self) {
        self.note_head();
        self.words.drain(..self.words.len() - (self.len.max - 1));
    }

    /// The edge of the text, if N-grams span the ends of lines.
    pub(crate) fn into_edge(mut self, text: &[u8]) -> Option<Edge> {
        if self.within == Within::Line {
            return None;
        }
        match self.words.last() {
            Some(&(_, end)) if self.within.ends_at_edge(&text[end..], false) => {
                self.note_head();
                self.words.clear();
            }
            None if self.within.ends_at_edge(text, true) => self.note_head(),
            _ => {}
        }
        let max_words = self.len.max - 1;
        if self.words.len() >= max_words {
            self.note_head();
        }
        let word = |&(start, end): &(usize, usize)| &text[start..end];
        let last = self.words.iter().skip(self.words.len().saturating_sub(max_words)).map(word);
        Some(match &self.head {
            Some(head) => Edge::new(head.iter().map(word), Some(last)),
            None => Edge::new(self.words.iter().map(word), None::<std::iter::Empty<&[u8]>>),
        })
    }
}

/// Copies words into `joined`, with one space between them. Returns the length of the N-gram.
fn join(words: &[(usize, usize)], text: &[u8], joined: &mut Vec<u8>) -> usize {
    joined.clear();
    let (begin, end) = (words[0].0, words[words.len() - 1].1);
    if words.windows(2).all(|pair| pair[1].0 - pair[0].1 == 1) {
        joined.extend_from_slice(&text[begin..end]);
        for word in &words[1..] {
            joined[word.0 - begin - 1] = b' ';
        }
    } else {
        for &(start, end) in words {
            joined.extend_from_slice(&text[start..end]);
            joined.push(b' ');
        }
        joined.pop();
    }
    let len = joined.len();
    joined.extend_from_slice(&PADDING);
    len
}
