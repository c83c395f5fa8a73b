//! The filter: which ngrams count. It sees the ngram alone, once for each run, before the table.

pub(crate) mod case;
mod excluded;
pub(crate) mod headwords;
pub(crate) mod normal_form;
pub(crate) mod normalize;
pub(crate) mod pos;
mod predicate;
mod regex_case;
mod regular;
mod sieve;
pub(crate) mod unicode_form;
pub(crate) mod words;
pub(crate) mod years;

use regex::bytes::Regex;

use self::case::letters;
use self::excluded::Excluded;
use self::headwords::FormLine;
use self::normal_form::NormalForm;
use self::pos::Pos;
pub(crate) use self::predicate::Predicate;
pub use self::regular::InvalidRegex;
pub(crate) use self::regular::{compile, compile_ignoring_case};
use self::words::{InvalidWord, Needle, Words};
use crate::text_slice::TextSlice;

/// The filters that a job asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct FilterOptions {
    /// The words to count, in the order asked for; `None` for all words.
    pub(crate) words: Option<Vec<Vec<u8>>>,
    /// The prefix of all ngrams that count.
    pub(crate) prefix: Vec<u8>,
    /// The expression that matches all ngrams that count.
    pub(crate) regex: Option<Regex>,
    /// The words that do not count.
    pub(crate) excluded_words: Vec<Vec<u8>>,
    /// The expression that matches no ngram that counts.
    pub(crate) excluded_regex: Option<Regex>,
    /// The rule for ngrams with a part-of-speech tag.
    pub(crate) pos: Pos,
    /// The caller's closures. All of them must accept an ngram.
    pub(crate) predicates: Vec<Predicate>,
    /// The lines of the map from forms to headwords.
    pub(crate) map_lines: Vec<FormLine>,
    /// What ngrams count as. Words, prefix and expressions see it. The run makes its map of `map_lines`.
    pub(crate) normal_form: NormalForm,
    /// Whether the sum of the whole input is asked for, with the ngrams that the filter leaves out.
    pub(crate) sums_all: bool,
}

/// The compiled filters.
#[derive(Debug)]
pub(crate) struct Filter {
    words: Option<Words>,
    /// The prefix, or its [`letters`] with case ignored.
    prefix: Vec<u8>,
    regex: Option<Regex>,
    excluded: Excluded,
    pos: Pos,
    predicates: Vec<Predicate>,
    normal_form: NormalForm,
    sums_all: bool,
    /// Whether there is no filter at all.
    matches_all: bool,
    /// Whether there is neither a filter nor anything to rewrite.
    is_idle: bool,
}

/// The reason why options make no filter.
#[derive(Debug)]
pub(crate) enum InvalidFilter {
    Word(InvalidWord),
    Regex(InvalidRegex),
}

impl FilterOptions {
    /// Rewrites what the user asks for as ngrams are rewritten.
    pub(crate) fn normalize(&mut self) {
        let words = self.words.iter_mut().flatten().chain(&mut self.excluded_words).chain([&mut self.prefix]);
        let normalizer = self.normal_form.normalizer;
        words.for_each(|word| *word = normalizer.normalized(word));
    }

    /// # Errors
    /// For a word that no line can hold, and for an expression that ignoring case makes too large.
    pub(crate) fn build(&self) -> Result<Filter, InvalidFilter> {
        let fold = |text: &[u8]| self.normal_form.of(text, &mut Vec::new()).to_vec();
        let words = match &self.words {
            Some(words) => {
                let words: Vec<_> = words.iter().map(|word| fold(word)).collect();
                Some(Words::new(&words).map_err(InvalidFilter::Word)?)
            }
            None => None,
        };
        let regex = self.folded(self.regex.as_ref())?;
        let excluded_words: Vec<_> = self.excluded_words.iter().map(|word| fold(word)).collect();
        let excluded = Excluded::new(&excluded_words, self.folded(self.excluded_regex.as_ref())?);
        let excluded = excluded.map_err(InvalidFilter::Word)?;
        let mut prefix = self.prefix.clone();
        if self.ignores_case() {
            letters(&self.prefix, &mut prefix);
        }
        let (pos, predicates, normal_form) = (self.pos, self.predicates.clone(), self.normal_form.clone());
        let matches_all = words.is_none()
            && prefix.is_empty()
            && regex.is_none()
            && excluded.is_empty()
            && pos == Pos::Keep
            && predicates.is_empty();
        let is_idle = matches_all && normal_form.normalizer.is_idle();
        Ok(Filter {
            words,
            prefix,
            regex,
            excluded,
            pos,
            predicates,
            normal_form,
            sums_all: self.sums_all,
            matches_all,
            is_idle,
        })
    }

    fn ignores_case(&self) -> bool {
        self.normal_form.ignore_case.is_some()
    }

    /// An expression that matches in any case, if case is ignored.
    fn folded(&self, regex: Option<&Regex>) -> Result<Option<Regex>, InvalidFilter> {
        match regex {
            Some(regex) if self.ignores_case() => {
                compile_ignoring_case(regex.as_str()).map(Some).map_err(InvalidFilter::Regex)
            }
            regex => Ok(regex.cloned()),
        }
    }
}

impl Filter {
    /// Whether an ngram counts as it is, because there is no filter and nothing to rewrite in it. `false` is not sure.
    #[inline]
    pub(crate) fn takes_as_it_is(&self, ngram: &[u8]) -> bool {
        self.is_idle || self.matches_all && self.normal_form.normalizer.leaves(ngram)
    }

    /// The ngram as it counts: itself, or a copy in `buffer`. The filters see this form.
    #[inline]
    pub(crate) fn rewrite<'a>(&self, ngram: TextSlice<'a>, buffer: &'a mut Vec<u8>) -> TextSlice<'a> {
        let normalizer = self.normal_form.normalizer;
        if normalizer.is_idle() { ngram } else { normalizer.normalize(ngram, buffer) }
    }

    /// Whether an ngram passes all filters. `buffer` is scratch memory.
    #[inline]
    pub(crate) fn matches(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        self.matches_all || self.passes_each(ngram, buffer)
    }

    /// Whether an ngram passes each filter that the options ask for, the cheapest first.
    fn passes_each(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        self.pos.matches(ngram)
            && self.matches_prefix(ngram, buffer)
            && self.matches_words(ngram, buffer)
            && self.matches_regex(ngram, buffer)
            && !self.excludes(ngram, buffer)
            && self.matches_predicates(ngram, buffer)
    }

    /// Whether the regular expression matches, or there is none. With case ignored, it sees the lower-cased ngram, i.e.
    /// what the result will contain, so that re-counting a result selects the same ngrams.
    fn matches_regex(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        let Some(regex) = &self.regex else { return true };
        regex.is_match(self.folded(ngram, buffer))
    }

    fn matches_prefix(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        if self.prefix.is_empty() {
            return true;
        }
        if self.normal_form.ignore_case.is_none() {
            return self.folded(ngram, buffer).starts_with(&self.prefix);
        }
        if self.normal_form.headwords.is_some() {
            let headword = self.folded(ngram, buffer).to_vec();
            letters(&headword, buffer);
        } else {
            letters(ngram, buffer);
        }
        buffer.starts_with(&self.prefix)
    }

    fn matches_words(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        let Some(words) = &self.words else { return true };
        words.contain(self.folded(ngram, buffer))
    }

    fn excludes(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        !self.excluded.is_empty() && self.excluded.contains(self.folded(ngram, buffer))
    }

    /// Whether all closures of the caller accept the ngram. This filter comes last, because closures may take long.
    fn matches_predicates(&self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        if self.predicates.is_empty() {
            return true;
        }
        let ngram = self.folded(ngram, buffer);
        self.predicates.iter().all(|predicate| predicate.accepts(ngram))
    }

    /// What the ngram counts as.
    fn folded<'a>(&'a self, ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        self.normal_form.of(ngram, buffer)
    }

    /// The words to search for; `None` if parsing all lines is faster, or if all lines are asked for.
    pub(crate) fn needles(&self) -> Option<&[Needle]> {
        self.words.as_ref().filter(|_| self.normal_form.is_ngram() && !self.sums_all).and_then(Words::needles)
    }

    /// Whether the sum of the whole input is asked for, with the ngrams that the filter leaves out.
    #[inline]
    pub(crate) fn sums_all(&self) -> bool {
        self.sums_all
    }

    /// Whether an ngram is a part of the input of which the sum is asked for. The rule for tags decides: tagged ngrams
    /// count the words of the input once more.
    pub(crate) fn is_of_input(&self, ngram: &[u8]) -> bool {
        self.pos.matches(ngram)
    }
}
