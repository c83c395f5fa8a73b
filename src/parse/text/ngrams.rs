//! The N-grams of running text: N consecutive words of a line, a paragraph or a file.
//!
//! A counted N-gram has one space between its words. Most N-grams have one space in the text already, and need no copy;
//! we copy only the others.

use std::collections::VecDeque;

use crate::parse::run::{Emit, Run};
use crate::parse::text::edge::Edge;
use crate::parse::text::within::Within;
use crate::text_slice::TextSlice;

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

/// The last words of a line, paragraph or file, up to N of them.
pub(crate) struct Ngrams {
    len: NgramLen,
    within: Within,
    /// The beginning and the end of each word in the text.
    words: VecDeque<(usize, usize)>,
    /// The number of last words with exactly one space between them.
    adjacent: usize,
    /// The buffer for an N-gram with other white space between its words.
    joined: Vec<u8>,
    /// The first words of the text, once they are known: N - 1 words, or fewer if a paragraph ends behind them.
    head: Option<Vec<(usize, usize)>>,
    /// The number of N-grams that `push` emitted.
    pub(crate) rows: u64,
}

/// The bytes behind a copy. A table's key loads 24 bytes from an ngram's first byte on, whatever the ngram's length.
pub(super) const PADDING: [u8; 24] = [0; 24];

impl Ngrams {
    pub(crate) fn new(len: NgramLen, within: Within) -> Self {
        let words = VecDeque::new();
        Self { len, within, words, adjacent: 0, joined: Vec::new(), head: None, rows: 0 }
    }

    /// Takes the next word. Gives the N-grams that it completes to `sink`.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], start: usize, len: usize, sink: &mut impl Emit) {
        debug_assert!(start + len <= text.len(), "a word lies within its text");
        if let Some(&(_, end)) = self.words.back() {
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
        if self.words.len() == self.len.max {
            self.note_head();
            self.words.pop_front();
        }
        self.words.push_back((start, start + len));
        self.adjacent += 1;
        for ngram_len in self.len.min..=self.words.len() {
            self.emit_last(ngram_len, text, sink);
        }
    }

    /// Emits the N-gram of the last `ngram_len` words.
    #[inline]
    fn emit_last(&mut self, ngram_len: usize, text: &[u8], sink: &mut impl Emit) {
        self.rows += 1;
        let first = self.words.len() - ngram_len;
        if ngram_len == 1 {
            let (start, end) = self.words[first];
            sink.emit_word(TextSlice::new(text, start, end - start));
            return;
        }
        if self.adjacent < ngram_len {
            self.join(first, text, sink);
            return;
        }
        let (begin, end) = (self.words[first].0, self.words[self.words.len() - 1].1);
        sink.emit(Run::of_word(TextSlice::new(text, begin, end - begin)));
    }

    /// Copies the words from number `first` on, with one space between them, and gives the copy to `sink`.
    #[cold]
    fn join(&mut self, first: usize, text: &[u8], sink: &mut impl Emit) {
        self.joined.clear();
        for &(start, end) in self.words.range(first..) {
            self.joined.extend_from_slice(&text[start..end]);
            self.joined.push(b' ');
        }
        let len = self.joined.len() - 1;
        self.joined.extend_from_slice(&PADDING);
        sink.emit(Run::of_word(TextSlice::new(&self.joined, 0, len)));
    }

    /// Notes the first words of the text, unless they are known. They stand in `words` until one of them leaves it.
    fn note_head(&mut self) {
        if self.within != Within::Line && self.head.is_none() {
            self.head = Some(self.words.iter().copied().take(self.len.max - 1).collect());
        }
    }

    /// The edge of the text, if N-grams span the ends of lines.
    pub(crate) fn into_edge(mut self, text: &[u8]) -> Option<Edge> {
        if self.within == Within::Line {
            return None;
        }
        match self.words.back() {
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
