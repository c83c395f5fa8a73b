//! Running a job: what is checked first, and what becomes of errors at the end.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use super::{Job, MAX_THREADS};
use crate::count::{Covered, Histories, Keep, Sums, count};
use crate::error::{Error, Result, plain};
use crate::filter::years::By;
use crate::read::Reader;
use crate::read::input::Input;
use crate::result::counts::{Counts, Entries};
use crate::result::ordered::Ordered;
use crate::result::select::Selected;
use crate::result::sort::Sort;
use crate::result::stats::Stats;
use crate::result::totals::Totals;

/// What a run came to.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The wanted ngrams in the wanted order.
    pub counts: Counts,
    /// What was read, and what it took.
    pub stats: Stats,
    /// What could not be read, one error an input, where the job was to [keep going](Job::keep_going). Where this is
    /// not empty, `counts` are too low.
    pub errors: Vec<Error>,
    /// Whether words were asked for and none of them occurs.
    pub no_word_occurs: bool,
}

impl Job {
    /// Counts.
    ///
    /// # Errors
    /// When an input can't be opened or read, a line is malformed, or a sum passes 2^64-1, unless the job is set to
    /// pass over that. Of several malformed lines and unreadable inputs, the first in the order of the inputs is
    /// returned; of several sums that are too large, that of the first ngram by its bytes. [`Job::keep_going`] is no help
    /// where nothing at all could be read.
    pub fn run(mut self) -> Result<Outcome> {
        self.filter.ignore_case = self.selection.ignore_case.is_some();
        if self.by != By::Word && self.filter.words.is_none() {
            self.selection.sort.get_or_insert(Sort::Word);
        }
        self.histories |= self.by != By::Word;
        self.read_options.needs_years = self.histories || self.read_options.parse.years.is_some();
        self.read_options.parse.text.finds_nul = self.read_options.format.is_none();
        self.check()?;
        let (years, totals) = (self.read_options.parse.years.unwrap_or_default(), self.totals.take());
        if self.histories {
            // Of a decade, the totals may lack some years.
            let by = if totals.is_some() { By::Year } else { self.by };
            self.run_keeping(&Histories::new(years, by), totals.clone(), Entries::Histories)
        } else if let Some(totals) = &totals {
            self.run_keeping(&Covered { totals, years }, Some(totals.clone()), Entries::Covered)
        } else {
            self.run_keeping(&Sums, None, Entries::Sums)
        }
    }

    fn run_keeping<K: Keep>(
        self,
        keep: &K,
        totals: Option<Totals>,
        entries: fn(Ordered<K::Detail>) -> Entries,
    ) -> Result<Outcome> {
        let filter = self.filter.build()?;
        let start = Instant::now();
        let threads = self.threads.unwrap_or_else(default_threads).get().min(MAX_THREADS);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|number| format!("worker-{number}"))
            .build()
            .map_err(|error| Error::Threads { threads, reason: plain(&error.to_string()) })?;
        let years = self.read_options.parse.years.unwrap_or_default();
        let (chunk_size, keep_going) = (self.read_options.chunk_size, self.read_options.keep_going);
        let reader = Reader::new(self.inputs, self.read_options, self.progress);

        let counted = pool.install(|| count(&reader, &filter, keep));
        let (inputs, mut errors) = reader.close_all();
        let fatal = errors.iter().position(|error| !keep_going || !error.is_of_input());
        if let Some(fatal) = fatal {
            errors.truncate(fatal + 1);
            return Err(only_or_several(errors));
        }
        // An empty result would be taken for one, and replace a file that may be right.
        if !errors.is_empty() && errors.len() == inputs.len() && inputs.iter().all(|input| input.rows == 0) {
            return Err(only_or_several(errors));
        }
        let words = self.filter.words.as_deref();
        let selected = counted.and_then(|table| pool.install(|| self.selection.apply(table, words)));
        let Selected { words: ordered, different, total } = match selected {
            Ok(selected) => selected,
            Err(overflow) => {
                errors.push(overflow);
                return Err(only_or_several(errors));
            }
        };
        let mut stats = Stats::new(inputs, different as u64, threads, chunk_size);
        stats.finish(start.elapsed());
        let no_word_occurs = words.is_some() && different == 0;
        let counts = Counts { words: entries(ordered), by: self.by, years, totals, total, pool: Arc::new(pool) };
        Ok(Outcome { counts, stats, errors, no_word_occurs })
    }

    /// Finds what is wrong before the first byte is read.
    fn check(&self) -> Result<()> {
        let readers = self.inputs.iter().filter(|input| **input == Input::Stdin).count();
        if readers + usize::from(self.reads_words_from_stdin) > 1 {
            return Err(Error::stdin_twice());
        }
        if !self.read_options.keep_going {
            self.inputs.iter().try_for_each(|input| input.check().map(drop))?;
        }
        Ok(())
    }
}

/// The error, or all of them where there are several.
fn only_or_several(mut errors: Vec<Error>) -> Error {
    if errors.len() == 1 { errors.swap_remove(0) } else { Error::Several(errors) }
}

/// As many threads as the system lets this process run at once.
fn default_threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
