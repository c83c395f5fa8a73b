//! Settings of a job: how it reads inputs, and what the result holds.

use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::Job;
use crate::error::{Error, Result};
use crate::filter::compile;
use crate::filter::years::{By, Years};
use crate::parse::{Format, NgramLen, Tokenizer, Tokens, Within};
use crate::read::input::Encoding;
use crate::result::totals::Totals;
use crate::system::temp_file;

/// Settings for reading inputs.
impl Job {
    /// Sets the format of all inputs. By default the run detects the format of each input from its first lines.
    pub fn format(mut self, format: Format) -> Self {
        self.read_options.format = Some(format);
        self
    }

    /// Sets the encoding of inputs that are not UTF-8. By default the run decodes UTF-16 behind a byte-order mark, and
    /// counts all other bytes as they are.
    ///
    /// Later calls of [`Job::words_from`] decode lists of words from this encoding, too.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.read_options.decoding.encoding = encoding;
        self
    }

    /// Takes all inputs as they are if `yes`: a run then neither decompresses nor decodes them, and a byte-order mark is a
    /// part of the first word. Lines that another program cuts out of the middle of something larger need this: their first
    /// word may begin like compressed data.
    pub fn raw(mut self, yes: bool) -> Self {
        self.read_options.decoding.is_raw = yes;
        self
    }

    /// Sets how text splits into words. The default is [`Tokens::Whitespace`]. After this call, an input that is not in
    /// [`Format::Text`] is an error ([`Error::NoText`]).
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.read_options.needs.text = true;
        self.read_options.parse.text.tokens = tokens.into();
        self
    }

    /// Takes what a regular expression matches for the words of text. The syntax is that of the crate `regex`, on bytes.
    ///
    /// The expression sees one line after another, and the parts of a line between TABs one after another: no word spans a
    /// line end or a TAB. An empty match is no word. After this call, an input that is not in [`Format::Text`] is an error
    /// ([`Error::NoText`]).
    ///
    /// # Errors
    /// [`Error::InvalidRegex`] for an expression with an error.
    ///
    /// ```
    /// use ngram_count::{Input, Job};
    ///
    /// let post = Input::from_bytes("a post", "so #nice, #nice and @ann's");
    /// let outcome = Job::new().input(post).token_regex(r"[#@]\w+")?.run()?;
    /// assert_eq!(outcome.counts.iter().collect::<Vec<_>>(), [(&b"#nice"[..], 2), (b"@ann", 1)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn token_regex(mut self, regex: impl AsRef<str>) -> Result<Self> {
        self.read_options.needs.text = true;
        self.read_options.parse.text.tokens = Tokenizer::Regex(compile(regex.as_ref())?);
        Ok(self)
    }

    /// Counts N-grams of text: `words` consecutive words, with a space between them. The default is 1. After this call, an
    /// input that is not in [`Format::Text`] is an error ([`Error::NoText`]).
    pub fn ngram(self, words: NonZeroUsize) -> Self {
        self.ngrams(words..=words)
    }

    /// Counts the N-grams of several lengths in one pass, as [`Job::ngram`] counts those of one. The result is the sum of
    /// the results of each length. An empty range counts nothing.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// use ngram_count::{Input, Job};
    ///
    /// let [one, three] = [1, 3].map(|words| NonZeroUsize::new(words).expect("not zero"));
    /// let outcome = Job::new().input(Input::from_bytes("a poem", "a rose is a rose")).ngrams(one..=three).run()?;
    /// let found: Vec<(&[u8], u64)> = outcome.counts.iter().collect();
    /// assert_eq!(found[..3], [(&b"a"[..], 2), (b"a rose", 2), (b"rose", 2)]);
    /// assert_eq!(found.len(), 9);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn ngrams(mut self, words: RangeInclusive<NonZeroUsize>) -> Self {
        self.read_options.needs.text = true;
        self.read_options.parse.text.ngram_len = NgramLen { min: words.start().get(), max: words.end().get() };
        self
    }

    /// Sets what an N-gram of text stays within: a line, a paragraph or the whole input. The default is
    /// [`Within::Line`]. After this call, an input that is not in [`Format::Text`] is an error ([`Error::NoText`]).
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    ///
    /// use ngram_count::{Input, Job, Within};
    ///
    /// let text = "a rose is\na rose is\n\na rose";
    /// let pairs = Job::new().input(Input::from_bytes("a poem", text)).ngram(NonZeroUsize::new(2).expect("not zero"));
    /// let across_lines = pairs.within(Within::Paragraph).word("is a").run()?;
    /// assert_eq!(across_lines.counts.iter().collect::<Vec<_>>(), [(&b"is a"[..], 1)]);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn within(mut self, within: Within) -> Self {
        self.read_options.needs.text = true;
        self.within = Some(within);
        self
    }

    /// Counts only the rows of these years. After this call, an input without years is an error ([`Error::NoYears`]).
    pub fn years(mut self, years: Years) -> Self {
        self.read_options.parse.years = Some(years);
        self
    }
}

/// Settings for the result and its order.
impl Job {
    /// Sets what one line of the result is: a word, or a word in one year, decade or file. The default order is then that
    /// of the words' bytes. For years and decades, an input without years is an error ([`Error::NoYears`]).
    pub fn by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// Keeps the counts of each year if `yes`. [`Counts::histories`](crate::Counts::histories) and some
    /// [columns](crate::write::Column::needs_histories) need them. An input without years is then an error
    /// ([`Error::NoYears`]).
    pub fn histories(mut self, yes: bool) -> Self {
        self.kept.years = yes;
        self
    }

    /// Leaves volume_counts out: the result has 0 for them. A run with years is then faster and takes less memory.
    ///
    /// ```
    /// use ngram_count::Job;
    ///
    /// let outcome = Job::new().input("data/sample-v2.tsv").histories(true).without_volumes().run()?;
    /// let has_volumes = |(_, years): (_, Vec<ngram_count::Period>)| years.iter().any(|year| year.volumes > 0);
    /// assert!(!outcome.counts.histories().any(has_volumes));
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn without_volumes(mut self) -> Self {
        self.kept.volumes = false;
        self
    }

    /// Sets the number of words of the corpus in each year. The column [`PerMillion`](crate::write::Column::PerMillion)
    /// needs it and covers these years alone. The column [`Spark`](crate::write::Column::Spark) then shows counts per
    /// million words, too.
    pub fn totals(mut self, totals: Totals) -> Self {
        self.totals = Some(totals);
        self
    }

    /// Leaves out words with a count above `max_count`.
    pub fn max_count(mut self, max_count: u64) -> Self {
        self.selection.max_count = Some(max_count);
        self
    }

    /// Leaves out words with a count below `min_count`.
    pub fn min_count(mut self, min_count: u64) -> Self {
        self.selection.min_count = min_count;
        self
    }

    /// Keeps only the `top` most frequent words. Among words of equal count, the first by their bytes stay.
    pub fn top(mut self, top: usize) -> Self {
        self.selection.top = Some(top);
        self
    }
}

/// What the run counts beside ngrams.
impl Job {
    /// Counts how many words the texts of each year have in all if `yes`, for [`Outcome::own_totals`](crate::Outcome).
    /// This needs [`Job::year_from`].
    ///
    /// ```
    /// use ngram_count::{Input, Job};
    ///
    /// let texts = [Input::from_bytes("1851.txt", "a rose is a rose"), Input::from_bytes("1851b.txt", "a daisy")];
    /// let outcome = Job::new().inputs(texts).year_from("[0-9]{4}")?.word("rose").count_totals(true).run()?;
    /// let totals: Vec<_> = outcome.own_totals.iter().map(|year| (year.year, year.count, year.volumes)).collect();
    /// assert_eq!(totals, [(1851, 7, 2)]); // seven words in two texts
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn count_totals(mut self, yes: bool) -> Self {
        self.counts_totals = yes;
        self
    }
}

/// Settings for memory.
impl Job {
    /// Bounds the memory of the count's tables and of the result, in bytes. The process takes at most about so much and
    /// 64 MiB more, if there are 16 MiB for each [thread](Job::threads). By default there is no bound.
    ///
    /// What passes the bound goes to a temporary file without a name, in [`Job::temp_dir`]. The result is the same, and
    /// takes longer. [`Stats::spilled_bytes`](crate::Stats::spilled_bytes) is the number of bytes that the run wrote to
    /// the temporary file. If they can't be written, the run ends with [`Error::TempFile`].
    ///
    /// ```
    /// use ngram_count::Job;
    ///
    /// let outcome = Job::new().input("data/sample-v2.tsv").memory(256 << 20).temp_dir("/var/tmp").run()?;
    /// assert_eq!(outcome.stats.spilled_bytes, 0); // the sample is far smaller
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// Sets the folder of the temporary file. The default is that of the environment variable `TMPDIR`, or else
    /// `/var/tmp`, or else `/tmp`.
    ///
    /// A folder that takes no files is an error at once ([`Error::TempFile`]), even if the run
    /// stays within the bound of [`Job::memory`]. A folder in memory (tmpfs), as `/tmp` on many systems, saves no
    /// memory.
    pub fn temp_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.temp_dir = Some(folder.into());
        self
    }

    /// Checks that the folder for the temporary file takes files, so that a wrong name gives an error at once, not when
    /// the memory is full.
    pub(super) fn check_temp_dir(&self) -> Result<()> {
        let Some(folder) = &self.temp_dir else { return Ok(()) };
        let made = temp_file::create(folder);
        made.map(drop).map_err(|source| Error::TempFile { folder: folder.clone(), written: 0, source })
    }
}
