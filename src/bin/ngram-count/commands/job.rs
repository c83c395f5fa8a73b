//! Turns the arguments into a job. Each group of options sets its part of the job. This file also reads lists of words
//! and files of totals.

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::os::unix::ffi::OsStringExt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ngram_count::internal::{is_table_url, memory};
use ngram_count::write::{Column, Condition};
use ngram_count::{Input, Job, MAX_THREADS, Outcome, Sort};
use rayon::ThreadPool;

use crate::args::{
    ByteRange, DatedOptions, InputOptions, LineOptions, MemoryLimit, MemoryOptions, MessageOptions, NgramLengths,
    PatternOptions, SortBy, TextOptions, When, WordOptions, WordRule, WorkOptions,
};
use crate::commands::map_files;
use crate::error::Error;
use crate::terminal::progress::Progress;

/// The message when the user names no input, and nothing is piped in.
pub(super) const NO_INPUT: &str = "no FILE is named, and standard input is a terminal (name - to type the input)";

/// A job that counts `files`, or standard input if there are none.
pub(super) fn of_files(files: &[OsString]) -> Job {
    match files {
        [] => Job::new().inputs([Input::Stdin]),
        files => Job::new().inputs(files.iter().map(Input::from_name)),
    }
}

/// A job that counts a part of one file.
///
/// # Errors
/// For several inputs, and for one that is no file.
pub(super) fn of_part(files: &[OsString], range: &ByteRange) -> Result<Job, Error> {
    match files {
        [file] if !is_stdin(file) && !is_table_url(file) => {
            Ok(Job::new().input(Input::from_range(file, range.0.clone())))
        }
        _ => Err(Error::Usage("--range needs one FILE, whose bytes it means".into())),
    }
}

impl InputOptions {
    pub(super) fn apply(&self, job: Job) -> Job {
        let job =
            job.encoding(self.encoding).raw(self.raw).skip_malformed(self.skip_malformed).keep_going(self.keep_going);
        match self.input_format.0 {
            Some(format) => job.format(format),
            None => job,
        }
    }
}

impl TextOptions {
    /// # Errors
    /// When the regular expression of words is invalid.
    pub(super) fn apply(&self, mut job: Job) -> Result<Job, Error> {
        job = match &self.tokens {
            Some(WordRule::Tokens(tokens)) => job.tokens(*tokens),
            Some(WordRule::Regex(regex)) => job.token_regex(regex)?,
            None => job,
        };
        if let Some(NgramLengths(lengths)) = &self.ngram {
            job = job.ngrams(lengths.clone());
        }
        Ok(self.within.into_iter().fold(job, Job::within))
    }
}

impl DatedOptions {
    /// # Errors
    /// When the regular expression is invalid.
    pub(super) fn apply(&self, job: Job) -> Result<Job, Error> {
        match &self.year_from {
            Some(regex) => Ok(job.year_from(regex)?),
            None => Ok(job),
        }
    }
}

impl WordOptions {
    /// # Errors
    /// When a list of words can't be read.
    pub(super) fn apply(&self, mut job: Job) -> Result<Job, Error> {
        if !self.word.is_empty() {
            job = job.words(self.word.iter().cloned().map(OsString::into_vec));
        }
        for list in &self.words_from {
            job = job.words_from(list)?;
        }
        for map in &self.map {
            job = job.headwords_from(map)?;
        }
        if self.ignore_case {
            job = job.ignore_case(self.spelling);
        }
        job = self.normalize.into_iter().fold(job, Job::normalize);
        Ok(match self.years {
            Some(years) => job.years(years),
            None => job,
        })
    }
}

impl PatternOptions {
    /// # Errors
    /// When a regular expression is invalid, or a list of words can't be read.
    pub(super) fn apply(&self, job: Job) -> Result<Job, Error> {
        let mut job = job.pos(self.pos);
        if let Some(prefix) = &self.prefix {
            job = job.prefix(prefix.clone().into_vec());
        }
        if let Some(regex) = &self.regex {
            job = job.regex(regex)?;
        }
        job = job.exclude(self.exclude.iter().cloned().map(OsString::into_vec));
        for list in &self.exclude_from {
            job = job.exclude_from(list)?;
        }
        Ok(match &self.exclude_regex {
            Some(regex) => job.exclude_regex(regex)?,
            None => job,
        })
    }
}

impl LineOptions {
    /// # Errors
    /// For a column without an order, which the parser of the command line does not let pass.
    pub(super) fn apply(&self, job: Job) -> Result<Job, Error> {
        let mut job = job.by(self.by).min_count(self.min_count);
        job = self.max_count.into_iter().fold(job, Job::max_count);
        job = self.conditions.iter().copied().fold(job, Job::condition);
        job = self.life_share.into_iter().fold(job, Job::life_share);
        job = self.coverage.into_iter().fold(job, Job::coverage).share_of(self.share_of);
        if let Some(top) = self.top {
            job = job.top(usize::try_from(top).unwrap_or(usize::MAX));
        }
        job = job.reverse(self.reverse);
        Ok(match self.sort {
            Some(SortBy::Sort(sort)) => job.sort(sort),
            Some(SortBy::Column(column)) => job.sort_by(column)?,
            None => job,
        })
    }

    /// The columns by which words are sorted and selected.
    pub(super) fn measured_columns(&self) -> impl Iterator<Item = Column> {
        let sorted = if let Some(SortBy::Column(column)) = self.sort { Some(column) } else { None };
        self.conditions.iter().map(Condition::column).chain(sorted)
    }

    /// Checks that there is an order to reverse.
    ///
    /// # Errors
    /// Without an order.
    pub(super) fn check_order(&self, asks_for_words: bool) -> Result<(), Error> {
        let has_order = match self.sort {
            Some(sort) => sort != SortBy::Sort(Sort::None),
            None => !asks_for_words,
        };
        if self.reverse && !has_order {
            return Err(Error::Usage("--reverse needs an order to reverse, as in --sort count".into()));
        }
        Ok(())
    }
}

impl WorkOptions {
    pub(super) fn apply(&self, job: Job) -> Job {
        let threads = self.threads();
        #[cfg(feature = "postgres")]
        let job = self.tables.apply(job);
        self.memory.apply(job.chunk_size(self.chunk_size.0).threads(threads), threads)
    }
}

#[cfg(feature = "postgres")]
impl crate::args::TableOptions {
    fn apply(&self, job: Job) -> Job {
        let job = job.connections(self.connections);
        self.event_loops.into_iter().fold(job, Job::event_loops)
    }
}

impl MemoryOptions {
    /// The bound for a job on at most this number of threads. Lists of words are in memory by now, so that the default
    /// takes them into account.
    pub(super) fn apply(&self, job: Job, threads: NonZeroUsize) -> Job {
        let bytes = match self.memory {
            Some(MemoryLimit(bytes)) => bytes,
            None => memory::default_limit(threads.get().min(MAX_THREADS)),
        };
        let job = bytes.into_iter().fold(job, Job::memory);
        self.temp_dir.iter().fold(job, Job::temp_dir)
    }
}

/// Whether a name means standard input.
pub(super) fn is_stdin(name: &OsString) -> bool {
    name == "-"
}

/// Runs a job with a progress bar, and counts the bytes that are done. There is no bar while the user types the input
/// into the terminal.
///
/// # Errors
/// The errors of the job.
pub(super) fn run(
    job: Job,
    pool: &ThreadPool,
    files: &[OsString],
    messages: &MessageOptions,
    done: Arc<AtomicU64>,
) -> Result<Outcome, Error> {
    let is_typed = files.iter().any(is_stdin) && io::stdin().is_terminal();
    let when = if messages.quiet || is_typed { When::Never } else { messages.progress };
    let job = job.progress(Arc::clone(&done));
    let _bar = (when != When::Never).then(|| Progress::start(when, job.stored_bytes(), done));
    map_files(&job)?;
    Ok(job.run_in(pool)?)
}
