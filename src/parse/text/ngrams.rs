//! The N-grams of running text: N words that follow each other in a line. Mostly they stand in the text as they are
//! counted, one space apart, and no word of them is copied.

use std::collections::VecDeque;

use crate::parse::run::{Emit, Run};
use crate::text_slice::TextSlice;

/// The last words of a line, as many as an N-gram has.
pub(crate) struct Ngrams {
    order: usize,
    /// Where each of them begins, and where it ends.
    words: VecDeque<(usize, usize)>,
    /// How many words there are since the last two that stand not just one space apart.
    adjacent: usize,
    /// An N-gram that does not stand in the text as it is counted.
    joined: Vec<u8>,
    /// How many N-grams there were.
    pub(crate) rows: u64,
}

/// What a table loads, at most, from behind an ngram's first byte.
const PADDING: [u8; 24] = [0; 24];

impl Ngrams {
    pub(crate) fn new(order: usize) -> Self {
        Self { order, words: VecDeque::new(), adjacent: 0, joined: Vec::new(), rows: 0 }
    }

    /// Takes the word behind those before, and gives the N-gram that it is the last word of, if there is one, to `sink`.
    #[inline]
    pub(crate) fn push(&mut self, text: &[u8], start: usize, len: usize, sink: &mut impl Emit) {
        if let Some(&(_, end)) = self.words.back() {
            let between = &text[end..start];
            if between != b" " {
                self.adjacent = 0;
                if between.contains(&b'\n') {
                    self.words.clear();
                }
            }
        }
        if self.words.len() == self.order {
            self.words.pop_front();
        }
        self.words.push_back((start, start + len));
        self.adjacent += 1;
        if self.words.len() < self.order {
            return;
        }
        self.rows += 1;
        if self.adjacent < self.order {
            self.join(text, sink);
            return;
        }
        let begin = self.words[0].0;
        sink.emit(Run::of_word(TextSlice::new(text, begin, start + len - begin)));
    }

    /// Gives the last words, with one space between them.
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
