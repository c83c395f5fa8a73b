//! `Job`: what to count and how, set step by step, then run.

mod run;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ahash::AHashSet;

pub use self::run::Outcome;
use crate::error::{Error, Result};
use crate::filter::FilterOptions;
use crate::filter::case::{Spelling, lower};
use crate::filter::pos::Pos;
use crate::filter::years::{By, Years};
use crate::parse::{Format, ParseOptions, Tokens};
use crate::read::ReadOptions;
use crate::read::input::{Encoding, Input, lines};
use crate::result::select::Selection;
use crate::result::sort::Sort;
use crate::result::totals::Totals;

/// How long a chunk is by default, in bytes.
pub const DEFAULT_CHUNK_SIZE: NonZeroUsize = NonZeroUsize::new(1 << 20).expect("not zero");

/// The most threads that a job uses. Far more than pay; with tens of thousands a system comes to a stop.
pub const MAX_THREADS: usize = 1024;

/// A run of the counter, described.
///
/// ```
/// use ngram_count::{Job, Sort};
///
/// let outcome = Job::new()
///     .input("data/sample-v2.tsv")
///     .input("data/sample-v2.tsv.gz")
///     .min_count(1000)
///     .sort(Sort::Word)
///     .run()?;
/// assert!(outcome.counts.iter().all(|(_, count)| count >= 1000));
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "a job does nothing until it is run"]
pub struct Job {
    inputs: Vec<Input>,
    read_options: ReadOptions,
    filter: FilterOptions,
    by: By,
    /// Whether what is known of each year is kept.
    histories: bool,
    totals: Option<Totals>,
    selection: Selection,
    threads: Option<NonZeroUsize>,
    progress: Arc<AtomicU64>,
    /// Standard input was a list of words, and is at its end.
    reads_words_from_stdin: bool,
}

impl Default for Job {
    fn default() -> Self {
        let chunk_size = DEFAULT_CHUNK_SIZE.get();
        Self {
            inputs: Vec::new(),
            read_options: ReadOptions {
                format: None,
                encoding: Encoding::AUTO,
                chunk_size,
                parse: ParseOptions::default(),
                needs_years: false,
                needs_text: false,
                keep_going: false,
            },
            filter: FilterOptions::default(),
            by: By::Word,
            histories: false,
            totals: None,
            selection: Selection::default(),
            threads: None,
            progress: Arc::default(),
            reads_words_from_stdin: false,
        }
    }
}

impl Job {
    /// A job without inputs that counts every word, and gives the most frequent first.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more input: a path, `-` for standard input, or an [`Input`].
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// More inputs.
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = Input>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// The format of all inputs. By default each is looked at.
    pub fn format(mut self, format: Format) -> Self {
        self.read_options.format = Some(format);
        self
    }

    /// The encoding of inputs that are not UTF-8. By default UTF-16 is decoded where a byte-order mark says so, and all
    /// else is counted as it is. Lists of words that are read later are decoded from it, too, if they are not UTF-8.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.read_options.encoding = encoding;
        self
    }

    /// What the words of text are. By default [`Tokens::Whitespace`]. Inputs that are not in [`Format::Text`] are then
    /// errors.
    pub fn tokens(mut self, tokens: Tokens) -> Self {
        self.read_options.needs_text = true;
        self.read_options.parse.text.tokens = tokens;
        self
    }

    /// How many words of text that follow each other in a line are counted as one ngram, with a space between them. By
    /// default each word by itself. Inputs that are not in [`Format::Text`] are then errors.
    pub fn order(mut self, order: NonZeroUsize) -> Self {
        self.read_options.needs_text = true;
        self.read_options.parse.text.order = order;
        self
    }

    /// One more ngram that is counted, exactly as written. As soon as there is one, no others are.
    pub fn word(self, word: impl Into<Vec<u8>>) -> Self {
        self.words([word])
    }

    /// More such ngrams. The result has them in this order, with 0 for those that do not occur.
    pub fn words(mut self, words: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        self.filter.words.get_or_insert_default().extend(words.into_iter().map(Into::into));
        self
    }

    /// The words in a file, one a line, blank lines passed over; `-` is standard input.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`] when it can't be read.
    pub fn words_from(mut self, name: impl AsRef<std::ffi::OsStr>) -> Result<Self> {
        let list = Input::from_name(name);
        if list == Input::Stdin && std::mem::replace(&mut self.reads_words_from_stdin, true) {
            return Err(Error::stdin_twice());
        }
        let text = list.read(self.read_options.encoding, "a list of words")?;
        Ok(self.words(lines(&text)))
    }

    /// The words that were asked for so far, in the order asked.
    pub fn words_asked(&self) -> &[Vec<u8>] {
        self.filter.words.as_deref().unwrap_or_default()
    }

    /// Leaves out repeats among the words asked for so far; where case is ignored, also words that differ in case alone.
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

    /// Only ngrams that a regular expression matches somewhere, in the syntax of the crate `regex`, on bytes.
    pub fn regex(mut self, regex: impl Into<String>) -> Self {
        self.filter.regex = Some(regex.into());
        self
    }

    /// What becomes of ngrams with a part-of-speech tag. By default they are counted as they are.
    pub fn pos(mut self, pos: Pos) -> Self {
        self.filter.pos = pos;
        self
    }

    /// Case variants are one word, which is spelled so; and words, prefix and expression are found in any case.
    pub fn ignore_case(mut self, spelling: Spelling) -> Self {
        self.selection.ignore_case = Some(spelling);
        self
    }

    /// Only the rows of these years. Inputs without years are then errors.
    pub fn years(mut self, years: Years) -> Self {
        self.read_options.parse.years = Some(years);
        self
    }

    /// What makes up one line of the result: a word, or a word in one year or decade. For these, inputs without years are
    /// errors, and the order of the result is by default that of the words' bytes.
    pub fn by(mut self, by: By) -> Self {
        self.by = by;
        self
    }

    /// Whether what is known of each year is kept: needed for [`Counts::histories`](crate::Counts::histories), and for the columns that
    /// [say so](crate::write::Column::needs_histories). Inputs without years are then errors.
    pub fn histories(mut self, yes: bool) -> Self {
        self.histories = yes;
        self
    }

    /// How many words the corpus has in each year: needed for the column
    /// [`PerMillion`](crate::write::Column::PerMillion), which compares with these years alone; and
    /// [`Spark`](crate::write::Column::Spark) is then drawn per million words, too.
    pub fn totals(mut self, totals: Totals) -> Self {
        self.totals = Some(totals);
        self
    }

    /// Leaves out words that occur less often than this.
    pub fn min_count(mut self, min_count: u64) -> Self {
        self.selection.min_count = min_count;
        self
    }

    /// Leaves out all but so many of the most frequent; of equal counts, the first by their bytes are kept.
    pub fn top(mut self, top: usize) -> Self {
        self.selection.top = Some(top);
        self
    }

    /// The order of the result. By default the words' own where words were asked for, else [`Sort::Count`].
    pub fn sort(mut self, sort: Sort) -> Self {
        self.selection.sort = Some(sort);
        self
    }

    /// How many threads count, at most [`MAX_THREADS`]. By default as many as there are cores.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// About how long a chunk is, in bytes. By default [`DEFAULT_CHUNK_SIZE`].
    pub fn chunk_size(mut self, bytes: NonZeroUsize) -> Self {
        self.read_options.chunk_size = bytes.get();
        self
    }

    /// Whether malformed lines are left out ([`Stats::malformed`](crate::Stats::malformed) says how many there were) instead of ending the run.
    pub fn skip_malformed(mut self, yes: bool) -> Self {
        self.read_options.parse.skip_malformed = yes;
        self
    }

    /// Whether an input that can't be read is left out ([`Outcome::errors`] tells) instead of ending the run. What
    /// could be read of it until it failed is counted. Where nothing could be read of any input, the run ends nevertheless.
    pub fn keep_going(mut self, yes: bool) -> Self {
        self.read_options.keep_going = yes;
        self
    }

    /// A counter that is raised, during the run, by the bytes done, as they are stored.
    pub fn progress(mut self, done: Arc<AtomicU64>) -> Self {
        self.progress = done;
        self
    }

    /// How many bytes the inputs have as they are stored, where all of them have a size: what [`Job::progress`] ends
    /// at.
    pub fn stored_bytes(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.check().ok().flatten()).sum()
    }
}
