//! The N-grams of running text: N consecutive words of a line.
//!
//! A counted N-gram has one space between its words. Most N-grams have one space in the text already, and need no copy;
//! we copy only the others.

use std::collections::VecDeque;

use crate::parse::run::{Emit, Run};
use crate::text_slice::TextSlice;

/// The last words of a line, up to N of them.
pub(crate) struct Ngrams {
    ngram_len: usize,
    /// The beginning and the end of each word in the text.
    words: VecDeque<(usize, usize)>,
    /// The number of last words with exactly one space between them.
    adjacent: usize,
    /// The buffer for an N-gram with other white space between its words.
    joined: Vec<u8>,
    /// The number of N-grams that `push` emitted.
    pub(crate) rows: u64,
}

/// The bytes behind a copy. A table's key loads 24 bytes from an ngram's first byte on, whatever the ngram's length.
const PADDING: [u8; 24] = [0; 24];

impl Ngrams {
    pub(crate) fn new(ngram_len: usize) -> Self {
        Self { ngram_len, words: VecDeque::new(), adjacent: 0, joined: Vec::new(), rows: 0 }
    }

    /// Takes the next word. If it completes an N-gram, gives the N-gram to `sink`.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], start: usize, len: usize, sink: &mut impl Emit) {
        debug_assert!(start + len <= text.len(), "a word lies within its text");
        if let Some(&(_, end)) = self.words.back() {
            debug_assert!(end <= start, "words come in order, and do not overlap");
            let between = &text[end..start];
            if between != b" " {
                self.adjacent = 0;
                if between.contains(&b'\n') {
                    self.words.clear();
                }
            }
        }
        if self.words.len() == self.ngram_len {
            self.words.pop_front();
        }
        self.words.push_back((start, start + len));
        self.adjacent += 1;
        if self.words.len() < self.ngram_len {
            return;
        }
        self.rows += 1;
        if self.adjacent < self.ngram_len {
            self.join(text, sink);
            return;
        }
        let begin = self.words[0].0;
        sink.emit(Run::of_word(TextSlice::new(text, begin, start + len - begin)));
    }

    /// Copies the last words, with one space between them, and gives the copy to `sink`.
    #[cold]
    fn join(&mut self, text: &[u8], sink: &mut impl Emit) {
        self.joined.clear();
        for &(start, end) in &self.words {
            self.joined.extend_from_slice(&text[start..end]);
            self.joined.push(b' ');
        }
        let len = self.joined.len() - 1;
        self.joined.extend_from_slice(&PADDING);
        sink.emit(Run::of_word(TextSlice::new(&self.joined, 0, len)));
    }
}
