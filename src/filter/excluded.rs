//! The words that do not count: a list, and an expression.

use regex::bytes::Regex;

use crate::filter::words::{InvalidWord, Words};

/// What is left out. With case ignored, it sees the lower-cased ngram, as the other filters do.
#[derive(Debug)]
pub(super) struct Excluded {
    words: Option<Words>,
    regex: Option<Regex>,
}

impl Excluded {
    /// # Errors
    /// For a word that no line can hold.
    pub(super) fn new(words: &[Vec<u8>], regex: Option<Regex>) -> Result<Self, InvalidWord> {
        let words = if words.is_empty() { None } else { Some(Words::new(words)?) };
        Ok(Self { words, regex })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_none() && self.regex.is_none()
    }

    /// Whether an ngram is one of the words, or matches the expression.
    pub(super) fn contains(&self, ngram: &[u8]) -> bool {
        self.words.as_ref().is_some_and(|words| words.contain(ngram))
            || self.regex.as_ref().is_some_and(|regex| regex.is_match(ngram))
    }
}
