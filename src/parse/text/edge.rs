//! The edge of a chunk: the words that N-grams across its ends need.
//!
//! N-grams of paragraphs and files span line ends, and so the ends of chunks. A worker counts the N-grams within its
//! chunk, and keeps the words at both ends. Where two chunks follow one another, the N-grams across the seam consist of
//! the last words of the one and the first words of the other. An example, for N = 3:
//!
//! ```text
//! chunk 0   a b c d          head: a b    tail: c d
//! chunk 1   e                fewer than N - 1 words: head and tail are the same
//! chunk 2   f g . h i j      a paragraph ends behind g: head: f g    tail: i j
//!
//! 0 and 1   c d + e          emits c d e;           head: a b    tail: d e
//! 01 and 2  d e + f g        emits d e f and e f g; head: a b    tail: i j
//! ```
//!
//! Joining is associative, so workers join chunks in the order in which they happen to finish. Each N-gram is emitted
//! once, by the join of the last seam that it spans.

use std::collections::VecDeque;

use crate::parse::run::{Emit, Run};
use crate::parse::text::ngrams::NgramLen;
use crate::text_slice::{PADDING, TextSlice};

type Words = VecDeque<Box<[u8]>>;

/// The words at the ends of a chunk, or of several that follow one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edge {
    /// The first words of the chunk, up to N - 1 of them, and none behind the end of a paragraph.
    head: Words,
    /// The last words, likewise; `None` if the chunk has fewer than N - 1 words and no paragraph ends in it. They are
    /// then those of `head`.
    tail: Option<Words>,
}

impl Edge {
    /// The edge of a chunk with these words at its ends.
    pub(super) fn new<'a>(head: impl Iterator<Item = &'a [u8]>, tail: Option<impl Iterator<Item = &'a [u8]>>) -> Self {
        Self { head: head.map(Box::from).collect(), tail: tail.map(|words| words.map(Box::from).collect()) }
    }

    /// The edge of this chunk and the one behind it. Gives the N-grams across the seam to `sink`, and adds their number
    /// to `rows`.
    pub(super) fn join(self, behind: Self, len: NgramLen, rows: &mut u64, sink: &mut impl Emit) -> Self {
        emit_across(self.tail.as_ref().unwrap_or(&self.head), &behind.head, len, rows, sink);
        let max_words = len.max - 1;
        match (self.tail, behind.tail) {
            (None, None) => {
                let mut all = self.head;
                all.extend(behind.head);
                if all.len() < max_words {
                    return Self { head: all, tail: None };
                }
                Self { head: all.iter().take(max_words).cloned().collect(), tail: Some(last(all, max_words)) }
            }
            (None, tail) => {
                let mut head = self.head;
                head.extend(behind.head);
                head.truncate(max_words);
                Self { head, tail }
            }
            (Some(mut tail), None) => {
                tail.extend(behind.head);
                Self { head: self.head, tail: Some(last(tail, max_words)) }
            }
            (Some(_), tail) => Self { head: self.head, tail },
        }
    }
}

/// The last words, up to `max_words` of them.
fn last(mut words: Words, max_words: usize) -> Words {
    words.drain(..words.len().saturating_sub(max_words));
    words
}

/// Emits the N-grams with words on both sides of a seam.
fn emit_across(before: &Words, behind: &Words, len: NgramLen, rows: &mut u64, sink: &mut impl Emit) {
    if before.is_empty() || behind.is_empty() {
        return;
    }
    let words: Vec<&[u8]> = before.iter().chain(behind).map(|word| &**word).collect();
    for ngram_len in len.min.max(2)..=len.max.min(words.len()) {
        for first in (before.len() + 1).saturating_sub(ngram_len)..before.len() {
            let Some(ngram) = words.get(first..first + ngram_len) else { break };
            let mut joined = ngram.join(&b' ');
            let bytes = joined.len();
            joined.extend_from_slice(&PADDING);
            *rows += 1;
            sink.emit(Run::of_word(TextSlice::new(&joined, 0, bytes)));
        }
    }
}
