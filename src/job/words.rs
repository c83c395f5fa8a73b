//! Which ngrams a job counts.

use ahash::AHashSet;

use super::Job;
use crate::error::{Error, Result};
use crate::filter::case::{Spelling, lower};
use crate::filter::pos::Pos;
use crate::filter::{Predicate, compile};
use crate::read::input::{Input, lines};

/// Which ngrams are counted. An ngram is counted if it passes all of these filters.
impl Job {
    /// One more ngram that is counted, exactly as written. With one or more, no others are counted.
    ///
    /// No ngram can hold a TAB or a line end: with such a word, the run returns
    /// [`Error::InvalidWord`] before it reads anything.
    pub fn word(self, word: impl Into<Vec<u8>>) -> Self {
        self.words([word])
    }

    /// More such ngrams. The result has them in this order, with 0 for those that do not occur.
    pub fn words(mut self, words: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.filter.words.get_or_insert_default().extend(words.into_iter().map(Into::into));
        self
    }

    /// The words in a file, one a line, without blank lines. `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`] when it can't be read, and [`Error::StdinTwice`].
    pub fn words_from(mut self, name: impl AsRef<std::ffi::OsStr>) -> Result<Self> {
        let list = Input::from_name(name);
        if list == Input::Stdin && std::mem::replace(&mut self.reads_words_from_stdin, true) {
            return Err(Error::StdinTwice);
        }
        let text = list.read(self.read_options.encoding, "a list of words")?;
        Ok(self.words(lines(&text)))
    }

    /// The words of all calls so far, in their order.
    pub fn words_asked(&self) -> &[Vec<u8>] {
        self.filter.words.as_deref().unwrap_or_default()
    }

    /// Removes repeats from the words so far. If [case is ignored](Job::ignore_case), words that differ in case alone are
    /// repeats.
    pub fn each_word_once(mut self) -> Self {
        let ignores_case = self.selection.ignore_case.is_some();
        let (mut seen, mut buffer) = (AHashSet::new(), Vec::new());
        if let Some(words) = &mut self.filter.words {
            words.retain(|word| {
                seen.insert(if ignores_case { lower(word, &mut buffer).to_vec() } else { word.clone() })
            });
        }
        self
    }

    /// Only ngrams that begin with these bytes.
    pub fn prefix(mut self, prefix: impl Into<Vec<u8>>) -> Self {
        self.filter.prefix = prefix.into();
        self
    }

    /// Only ngrams in which a regular expression matches somewhere. Its syntax is that of the crate `regex`; it sees bytes.
    ///
    /// # Errors
    /// [`Error::InvalidRegex`] for an expression with an error. An expression that is too large only if
    /// [case is ignored](Job::ignore_case) is an error of the run.
    pub fn regex(mut self, regex: impl AsRef<str>) -> Result<Self> {
        self.filter.regex = Some(compile(regex.as_ref())?);
        Ok(self)
    }

    /// Only ngrams that a closure accepts. If there are several closures, all of them must accept.
    ///
    /// The closure sees an ngram's bytes, and only ngrams that pass all other filters. Where
    /// [case is ignored](Job::ignore_case), it sees the ngram in lower case. All threads call it at the same time, in no
    /// order, and once or many times for equal ngrams. So its answer must depend on the ngram alone: else the result depends
    /// on chunks and threads.
    ///
    /// ```
    /// let long = ngram_count::Job::new().input("data/sample-v2.tsv").filter(|ngram| ngram.len() > 8).run()?;
    /// assert!(long.counts.iter().all(|(ngram, _)| ngram.len() > 8));
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn filter(mut self, accepts: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> Self {
        self.filter.predicates.push(Predicate::new(accepts));
        self
    }

    /// What becomes of ngrams with a part-of-speech tag. By default they are counted like all others.
    pub fn pos(mut self, pos: Pos) -> Self {
        self.filter.pos = pos;
        self
    }

    /// Counts case variants as one word, which is spelled so. Words, prefix and expression match in any case.
    pub fn ignore_case(mut self, spelling: Spelling) -> Self {
        self.selection.ignore_case = Some(spelling);
        self
    }
}
