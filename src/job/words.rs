//! Settings of a job: which ngrams it counts.

use std::ffi::OsStr;
use std::sync::Arc;

use ahash::AHashSet;

use super::Job;
use crate::error::{Error, Result};
use crate::filter::case::Spelling;
use crate::filter::headwords::{FormLine, Headwords, parse};
use crate::filter::normal_form::NormalForm;
use crate::filter::pos::Pos;
#[cfg(feature = "normalize")]
use crate::filter::unicode_form::Normalization;
use crate::filter::{Predicate, compile};
use crate::parse::numbered_lines;
use crate::read::input::{Input, lines};

/// Filters. The job counts an ngram that passes all of them.
impl Job {
    /// Asks for an ngram, exactly as written. A job that asks for ngrams counts no others.
    ///
    /// No ngram can hold a TAB or a line end: the run of a job with such a word returns [`Error::InvalidWord`] before
    /// it reads anything.
    pub fn word(self, word: impl Into<Vec<u8>>) -> Self {
        self.words([word])
    }

    /// Asks for several ngrams. The result has them in this order, with the count 0 for an ngram that does not occur.
    pub fn words(mut self, words: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.filter.words.get_or_insert_default().extend(words.into_iter().map(Into::into));
        self
    }

    /// Asks for the words of a file: each line is one word, and blank lines do not count. `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`] when the file can't be read, and [`Error::StdinTwice`] when standard input
    /// was read before.
    pub fn words_from(mut self, name: impl AsRef<OsStr>) -> Result<Self> {
        let text = self.list(name.as_ref())?;
        Ok(self.words(lines(&text)))
    }

    /// The text of a list of words.
    fn list(&mut self, name: &OsStr) -> Result<Vec<u8>> {
        let list = Input::from_name(name);
        if list == Input::Stdin && std::mem::replace(&mut self.reads_words_from_stdin, true) {
            return Err(Error::StdinTwice);
        }
        list.read(self.read_options.decoding.encoding, "a list of words")
    }

    /// Leaves several ngrams out, each exactly as written, or in any case if the job [ignores case](Job::ignore_case).
    pub fn exclude(mut self, words: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.filter.excluded_words.extend(words.into_iter().map(Into::into));
        self
    }

    /// Leaves out the words of a file, as [`Job::words_from`] reads it.
    ///
    /// # Errors
    /// As [`Job::words_from`].
    pub fn exclude_from(mut self, name: impl AsRef<OsStr>) -> Result<Self> {
        let text = self.list(name.as_ref())?;
        Ok(self.exclude(lines(&text)))
    }

    /// Leaves out the ngrams in which a regular expression matches somewhere.
    ///
    /// # Errors
    /// As [`Job::regex`].
    pub fn exclude_regex(mut self, regex: impl AsRef<str>) -> Result<Self> {
        self.filter.excluded_regex = Some(compile(regex.as_ref())?);
        Ok(self)
    }

    /// The words that the job asks for so far, in order.
    pub fn words_asked(&self) -> &[Vec<u8>] {
        self.filter.words.as_deref().unwrap_or_default()
    }

    /// Removes duplicates from the words so far. If the job [ignores case](Job::ignore_case), words that differ in case
    /// alone are duplicates; so are the forms of one [headword](Job::headwords),
    /// and words with the same [normal form](Job::normalize).
    pub fn each_word_once(mut self) -> Self {
        let (mut seen, mut buffer) = (AHashSet::new(), Vec::new());
        // The run has the error of a map that is none.
        let normal_form = self.normal_form().unwrap_or_default();
        let normalizer = normal_form.normalizer;
        if let Some(words) = &mut self.filter.words {
            words.retain(|word| seen.insert(normal_form.of(&normalizer.normalized(word), &mut buffer).to_vec()));
        }
        self
    }

    /// Counts only ngrams that begin with these bytes.
    pub fn prefix(mut self, prefix: impl Into<Vec<u8>>) -> Self {
        self.filter.prefix = prefix.into();
        self
    }

    /// Counts only ngrams in which a regular expression matches somewhere. The syntax is that of the crate `regex`, on
    /// bytes.
    ///
    /// # Errors
    /// [`Error::InvalidRegex`] for an expression with an error. [Ignoring case](Job::ignore_case) makes an expression
    /// larger: if only this makes it too large, the run returns the error.
    pub fn regex(mut self, regex: impl AsRef<str>) -> Result<Self> {
        self.filter.regex = Some(compile(regex.as_ref())?);
        Ok(self)
    }

    /// Counts only ngrams that a closure accepts. If there are several closures, all of them must accept.
    ///
    /// The closure sees the bytes of each ngram that passes all other filters. If the job [ignores
    /// case](Job::ignore_case), the closure sees the ngram in lower case. All threads call the closure at the same
    /// time, in no order, once or more for equal ngrams. The answer must therefore depend on the ngram alone; otherwise
    /// the result depends on chunks and threads.
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

    /// Sets how ngrams with a part-of-speech tag count. The default is [`Pos::Keep`]: like all others.
    pub fn pos(mut self, pos: Pos) -> Self {
        self.filter.pos = pos;
        self
    }

    /// Counts words as one that differ only in the way in which Unicode writes their characters, and writes all of them in
    /// a normal form. Words, excluded words and the prefix that the job asks for become normal, too; expressions and
    /// closures see the normal form. Bytes that are not UTF-8 stay as they are.
    ///
    /// ```
    /// use ngram_count::{Input, Job, Normalization};
    ///
    /// let menu = Input::from_bytes("a menu", "caf\u{e9} cafe\u{301}");
    /// let outcome = Job::new().input(menu).normalize(Normalization::Nfc).run()?;
    /// assert_eq!(outcome.counts.iter().collect::<Vec<_>>(), [("café".as_bytes(), 2)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    #[cfg(feature = "normalize")]
    pub fn normalize(mut self, form: Normalization) -> Self {
        self.filter.normal_form.normalizer.form = Some(form);
        self
    }

    /// Counts case variants as one word, and sets its spelling in the result. Words, prefix and regular expressions
    /// then match in any case.
    pub fn ignore_case(mut self, spelling: Spelling) -> Self {
        self.filter.normal_form.ignore_case = Some(spelling);
        self
    }

    /// Counts each form under its headword, given as pairs of both: word forms, spellings, misprints. A form may be the
    /// whole ngram, or one of its words. Words that the job asks for, prefix, regular expressions and closures see the
    /// headword. A headword that is a form itself is replaced, too. With case ignored, forms match in any case.
    ///
    /// The run returns [`Error::InvalidMap`] for a form with two headwords, and for forms that lead back to themselves.
    ///
    /// ```
    /// use ngram_count::{Input, Job};
    ///
    /// let text = Input::from_bytes("a text", "He goes where she went");
    /// let outcome = Job::new().input(text).headwords([("goes", "go"), ("went", "go")]).run()?;
    /// assert_eq!(outcome.counts.get(b"go"), Some(2));
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn headwords(mut self, pairs: impl IntoIterator<Item = (impl Into<Vec<u8>>, impl Into<Vec<u8>>)>) -> Self {
        let line = |(number, (form, headword)): (u64, (_, _))| FormLine::of_pair(number, form, headword);
        self.filter.map_lines.extend((1..).zip(pairs).map(line));
        self
    }

    /// Adds the headwords of a file, with a form, a TAB and its headword in each line; blank lines do not count. `-` is
    /// standard input.
    ///
    /// # Errors
    /// As [`Job::words_from`], and [`Error::InvalidMap`] for a line with another number of fields.
    pub fn headwords_from(mut self, name: impl AsRef<OsStr>) -> Result<Self> {
        let text = self.list(name.as_ref())?;
        self.filter.map_lines.extend(parse(numbered_lines(&text), &Input::from_name(&name).to_string())?);
        Ok(self)
    }

    /// The rules by which ngrams count as one.
    pub(super) fn normal_form(&self) -> Result<NormalForm> {
        let case = self.filter.normal_form.clone();
        if self.filter.map_lines.is_empty() {
            return Ok(case);
        }
        let headwords = Headwords::new(&self.filter.map_lines, |word| case.folded(word))?;
        Ok(NormalForm { headwords: Some(Arc::new(headwords)), ..case })
    }
}
