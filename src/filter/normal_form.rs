//! `NormalForm`: what an ngram is counted as, with its case ignored, and by the map of forms to headwords.

use std::borrow::Cow;
use std::sync::Arc;

use crate::filter::case::Spelling;
use crate::filter::headwords::Headwords;
use crate::filter::normalize::Normalizer;

/// The rules by which different ngrams count as one. Filters see the normal form.
#[derive(Debug, Clone, Default)]
pub(crate) struct NormalForm {
    /// How ngrams are rewritten before anything else sees them.
    pub(crate) normalizer: Normalizer,
    /// The spelling of a word with case ignored; `None` if case variants are different words.
    pub(crate) ignore_case: Option<Spelling>,
    /// The map, if there is one: of lower-cased forms with case ignored.
    pub(crate) headwords: Option<Arc<Headwords>>,
}

impl NormalForm {
    /// Whether each ngram is its own normal form.
    pub(crate) fn is_ngram(&self) -> bool {
        self.normalizer.is_idle() && self.ignore_case.is_none() && self.headwords.is_none()
    }

    /// The normal form of an ngram. `buffer` is scratch memory.
    #[inline]
    pub(crate) fn of<'a>(&'a self, ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        match &self.headwords {
            None => self.folded_in(ngram, buffer),
            Some(headwords) => match headwords.of(self.folded_in(ngram, buffer)) {
                None => self.folded_in(ngram, buffer),
                Some(Cow::Borrowed(headword)) => headword,
                Some(Cow::Owned(headword)) => {
                    *buffer = headword;
                    buffer
                }
            },
        }
    }

    /// How a word is written in the result if it does not occur.
    pub(crate) fn spelled<'a>(&'a self, word: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        if self.ignore_case == Some(Spelling::Commonest) { self.variant(word, buffer) } else { self.of(word, buffer) }
    }

    /// The spelling of an ngram that competes with other case variants: its headword if it is a form, otherwise its own.
    pub(crate) fn variant<'a>(&'a self, ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let is_form = self.headwords.as_ref().is_some_and(|map| map.of(self.folded_in(ngram, buffer)).is_some());
        if is_form { self.of(ngram, buffer) } else { ngram }
    }

    /// A rewritten ngram in lower case if case is ignored, whatever the map has.
    fn folded_in<'a>(&self, ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        if self.ignore_case.is_some() { self.normalizer.lower(ngram, buffer) } else { ngram }
    }

    /// As [`Self::folded_in`], for an ngram that is not rewritten yet.
    pub(crate) fn folded<'a>(&self, ngram: &'a [u8]) -> Cow<'a, [u8]> {
        let changes_nothing = self.normalizer.is_idle() && self.ignore_case.is_none();
        if changes_nothing {
            return Cow::Borrowed(ngram);
        }
        let rewritten = self.normalizer.normalized(ngram);
        Cow::Owned(self.folded_in(&rewritten, &mut Vec::new()).to_vec())
    }
}
