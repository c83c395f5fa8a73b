//! Runs a job: checks its settings, counts, and chooses the error or the result.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use rayon::ThreadPool;

use super::parts::PartFacts;
use super::shown::SortBy;
use super::table_limit::TableLimit;
use super::{Job, MAX_THREADS};
use crate::count::count;
use crate::error::{Error, Result, plain};
use crate::filter::Filter;
use crate::filter::years::{By, side_of};
use crate::parse::Tokenizer;
use crate::read::Reader;
use crate::read::input::Input;
use crate::result::buckets::Buckets;
use crate::result::corpus::Corpus;
use crate::result::counts::{Counts, Entries};
use crate::result::order::{Arenas, Sort};
use crate::result::rise::compare_texts;
use crate::result::select::Selected;
use crate::result::stats::{InputStats, Stats};
use crate::result::totals::BeyondTotals;
use crate::table::rows::{Parts, Period, Rows};
use crate::table::{Before, Detail, Entry, History};

/// The result of a run.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The selected ngrams and their counts, in order.
    pub counts: Counts,
    /// What the run read, and the time and memory that it took.
    pub stats: Stats,
    /// How many words the texts of each year have in all, and how many texts there are, in ascending order of the years.
    /// Filters do not matter, except that of [tags](Job::pos). Empty unless the job [counts them](Job::count_totals).
    pub own_totals: Vec<Period>,
    /// The years of the input that the [totals](Job::totals) lack; `None` if they lack none, or there are no totals.
    pub beyond_totals: Option<BeyondTotals>,
    /// The numbers of all words here and there of a [comparison](Job::against); of one of years, those after and before.
    /// Filters do not matter, except that of [tags](Job::pos). `None` without a comparison.
    pub compared: Option<[u128; 2]>,
    /// The first error of each input that can't be read, if the job [keeps going](Job::keep_going). With any error,
    /// `counts` are too low.
    pub errors: Vec<Error>,
    /// Whether the job asks for words, and no word occurs: all counts are 0.
    pub no_word_occurs: bool,
    /// Whether the words of the result make the share of all counts that the job [asks for](Job::coverage), before
    /// [`Job::top`]. True for a job that asks for none.
    pub is_covered: bool,
}

/// Running a job.
impl Job {
    /// Counts, on [threads](Job::threads) that the run starts and ends.
    ///
    /// # Errors
    /// - An input can't be opened or read, or a line is malformed, and the job does not
    ///   [keep going](Job::keep_going) or [skip the line](Job::skip_malformed).
    /// - An input lacks years, or is not text, and the job needs it.
    /// - A sum passes 2^64-1.
    /// - The run passes its bound of [memory](Job::memory), and the temporary file can't be made, written or read.
    /// - The caller [cancels](Job::cancel) the run.
    /// - The job's settings contradict each other.
    ///
    /// The error does not depend on chunks and threads. Among malformed lines and unreadable inputs, the first in the
    /// order of the inputs wins; among sums that are too large, that of the first ngram by its bytes.
    pub fn run(mut self) -> Result<Outcome> {
        let filter = self.prepare()?;
        let pool = self.start_threads()?;
        self.run_prepared(&filter, &pool)
    }

    /// Starts the [threads](Job::threads) that [`Job::run`] would start. A program that counts in this pool and then
    /// [writes](crate::write::write()) in it starts its threads once.
    ///
    /// # Errors
    /// [`Error::Threads`] when the system does not start so many.
    ///
    /// ```
    /// use ngram_count::Job;
    /// use ngram_count::write::{self, OutputFormat, OutputOptions};
    ///
    /// let job = Job::new().input("data/sample-v2.tsv");
    /// let pool = job.start_threads()?;
    /// let outcome = job.run_in(&pool)?;
    /// let (options, mut text) = (OutputOptions::new(OutputFormat::Tsv), Vec::new());
    /// pool.install(|| write::write(&outcome.counts, &options, &mut text))?;
    /// # assert!(!text.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start_threads(&self) -> Result<ThreadPool> {
        let threads = self.threads.unwrap_or_else(default_threads).get().min(MAX_THREADS);
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|number| format!("worker-{number}"))
            .build()
            .map_err(|error| Error::Threads { threads, reason: plain(&error) })
    }

    /// Counts on the threads of the caller's own pool, and ignores [`Job::threads`]. A program with many jobs then
    /// starts threads only once.
    ///
    /// # Errors
    /// As [`Job::run`].
    ///
    /// ```
    /// use ngram_count::Job;
    ///
    /// let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    /// for name in ["data/sample-v2.tsv", "data/sample-v3.tsv"] {
    ///     let outcome = Job::new().input(name).top(10).run_in(&pool)?;
    ///     assert_eq!(outcome.stats.threads, 2);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn run_in(mut self, pool: &ThreadPool) -> Result<Outcome> {
        let filter = self.prepare()?;
        self.run_prepared(&filter, pool)
    }

    /// Derives the settings that depend on others, and checks all of them.
    fn prepare(&mut self) -> Result<Filter> {
        self.prepare_comparison()?;
        self.date_texts()?;
        if self.by != By::Word && self.filter.words.is_none() {
            self.shown.sort.get_or_insert(SortBy::Sort(Sort::Word));
        }
        self.prepare_columns();
        // A comparison with totals needs years, and these have volumes, too.
        let compares = self.by == By::Word && (self.kept.files || self.needs_sizes) && self.totals.is_some();
        self.kept.years |= compares || matches!(self.by, By::Year | By::Decade);
        self.kept.files |= self.by == By::File;
        self.check_comparison()?;
        let are_dated = self.year_from.is_some();
        self.read_options.needs.years = !are_dated && (self.kept.years || self.read_options.parse.years.is_some());
        let text = &mut self.read_options.parse.text;
        text.finds_nul = self.read_options.format.is_none();
        text.within = self.within.unwrap_or_default();
        self.read_options.finds_wrapped = self.within.is_none() && text.ngram_len.max > 1;
        self.filter.normal_form.normalizer.plainly = matches!(text.tokens, Tokenizer::Unicode);
        self.filter.normalize();
        self.filter.normal_form = self.normal_form()?;
        self.selection.normal_form = self.filter.normal_form.clone();
        #[cfg(feature = "postgres")]
        self.prepare_tables();
        self.check()?;
        Ok(self.filter.build()?)
    }

    /// Chooses the [`Detail`] that the table keeps of each ngram, and counts.
    fn run_prepared(self, filter: &Filter, pool: &ThreadPool) -> Result<Outcome> {
        let (years, parts) = (self.wanted_years(), self.parts());
        // The totals may lack some years of a decade, and words are selected by their years.
        let needs_years = self.totals.is_some()
            || self.measured_columns().any(|column| column.needs_histories() || column.needs_sizes());
        let by = if needs_years || parts == Some(Parts::Files) { By::Year } else { self.by };
        let has_volumes = self.kept.volumes;
        let covered = self.totals.as_ref().map_or_else(Vec::new, |totals| self.covered(totals, parts));
        let rows = |parts| Rows::new(years, by).of(parts).with_volumes(has_volumes).covered_by(covered.clone());
        if let Some(periods) = self.compared_texts() {
            // What is not covered is summed: the words of the second period.
            let others = self.texts_of(|year| side_of(periods, year) != Some(0));
            let rows = Rows::new(years, By::Year).of(Parts::Files).with_volumes(false).covered_by(others);
            let dates = self.text_years.clone();
            let of_words = |list, arenas: &Arenas| compare_texts(list, arenas, periods, &dates);
            return self.run_keeping::<History, Before>(&rows, filter, pool, of_words, Entries::Risen);
        }
        if let Some(rise) = self.rise {
            let rows = Rows::new(years, By::Year).with_volumes(true).comparing(rise.years);
            return self.run_keeping(&rows, filter, pool, as_they_are, Entries::Risen);
        }
        if let Some(first_there) = self.first_there {
            let rows = rows(Parts::Files).with_volumes(false).there_from(first_there as u64);
            return self.run_keeping(&rows, filter, pool, as_they_are, Entries::Compared);
        }
        match (parts, &self.totals) {
            (Some(parts), _) => self.run_keeping(&rows(parts), filter, pool, as_they_are, Entries::Histories),
            (None, Some(_)) => {
                let rows = rows(Parts::Years).with_volumes(false);
                self.run_keeping(&rows, filter, pool, as_they_are, Entries::Uncovered)
            }
            // The totals of texts are those of each file. Any detail that needs rows will do.
            (None, None) if self.counts_own_totals() => {
                let rows = rows(Parts::Files).with_volumes(false);
                self.run_keeping(&rows, filter, pool, as_they_are, Entries::Uncovered)
            }
            (None, None) => self.run_keeping(&Rows::new(years, By::Word), filter, pool, as_they_are, Entries::Sums),
        }
    }

    /// Counts in a table with the detail `T`, and makes the result of its words.
    fn run_keeping<T: Detail, D: Detail>(
        mut self,
        rows: &Rows,
        filter: &Filter,
        pool: &ThreadPool,
        of_words: impl Fn(Vec<Entry<T>>, &Arenas) -> Vec<Entry<D>> + Sync,
        entries: fn(Buckets<D>) -> Entries,
    ) -> Result<Outcome> {
        let start = Instant::now();
        let (years, plan, tallies) = (self.wanted_years(), self.parts_plan(), self.tallies());
        let (chunk_size, keep_going) = (self.read_options.chunk_size, self.read_options.keep_going);
        let cancelled = Arc::clone(&self.control.cancelled);
        let unless_cancelled = || if cancelled.load(Relaxed) { Err(Error::Cancelled) } else { Ok(()) };
        #[cfg(feature = "postgres")]
        let connections = self.table_connections();
        #[cfg(not(feature = "postgres"))]
        let connections = 0;
        let reader = Reader::new(std::mem::take(&mut self.inputs), self.read_options.clone(), self.control.clone());

        let limit = TableLimit::of(self.memory, pool.current_num_threads(), connections, chunk_size);
        let spill = limit.spill(self.temp_dir.take(), Arc::clone(&cancelled))?;
        let counted = pool.install(|| count(&reader, filter, rows, &spill, &tallies));
        unless_cancelled()?;
        let (reports, mut errors) = reader.close_all();
        let inputs: Vec<InputStats> = reports.iter().map(InputStats::new).collect();
        let fatal = errors.iter().position(|error| !keep_going || !error.is_of_input());
        if let Some(fatal) = fatal {
            errors.truncate(fatal + 1);
            return Err(only_or_several(errors));
        }
        // An empty result would look like a real one, and could replace a right one.
        if !errors.is_empty() && errors.len() == inputs.len() && inputs.iter().all(|input| input.rows == 0) {
            return Err(only_or_several(errors));
        }
        let facts = match plan.facts(tallies, &reports) {
            Ok(facts) => facts,
            Err(error) => {
                errors.push(error);
                return Err(only_or_several(errors));
            }
        };
        let PartFacts { parts, sizes, own_totals, lacking, compared, selected: total } = facts;
        let compared = Some(compared).filter(|_| self.compares());
        let total = total.unwrap_or(counted.total());
        let words = self.filter.words.as_deref();
        let all = self.all_words(total, counted.left_out(), compared);
        let corpus = Corpus::new(all, self.totals.take(), self.by, years);
        let sides = compared.map(|words| words.map(|words| words as f64));
        let corpus = Arc::new(Corpus { parts, sizes, compared: sides, life_share: self.shown.life_share(), ..corpus });
        let selected = pool.install(|| self.selection(&corpus).apply(counted, words, &corpus, &of_words));
        unless_cancelled()?;
        // A temporary file that fails may hide a sum that is too large, and any ngram.
        let selected =
            spill.check().map_err(|source| Error::of_temp_file(&spill, source)).and(selected.map_err(Error::from));
        let Selected { words: ordered, distinct, is_covered } = match selected {
            Ok(selected) => selected,
            Err(error) => {
                errors.push(error);
                return Err(only_or_several(errors));
            }
        };
        let threads = pool.current_num_threads();
        let mut stats = Stats::new(inputs, distinct as u64, total, threads, chunk_size);
        (stats.memory_limit, stats.spilled_bytes) = (self.memory, spill.written());
        stats.finish(start.elapsed());
        // A word with the count 0 occurs in earlier counts, but in no text.
        let no_word_occurs = words.is_some() && total == 0;
        let beyond_totals = lacking.and_then(|lacking| BeyondTotals::new(&lacking, total));
        let counts = Counts::new(entries(ordered), self.by, corpus, threads);
        Ok(Outcome { counts, stats, own_totals, beyond_totals, compared, errors, no_word_occurs, is_covered })
    }

    /// Finds the errors that need no byte of the inputs.
    fn check(&self) -> Result<()> {
        let readers = self.inputs.iter().filter(|input| **input == Input::Stdin).count();
        if readers + usize::from(self.reads_words_from_stdin) > 1 {
            return Err(Error::StdinTwice);
        }
        self.check_temp_dir()?;
        if !self.read_options.keep_going {
            self.inputs.iter().try_for_each(|input| input.check().map(drop))?;
        }
        Ok(())
    }
}

/// The entries of a result that keeps what the table has of each word.
fn as_they_are<D>(list: Vec<Entry<D>>, _arenas: &Arenas) -> Vec<Entry<D>> {
    list
}

/// The error, or all errors where there are several.
fn only_or_several(mut errors: Vec<Error>) -> Error {
    if errors.len() == 1 { errors.swap_remove(0) } else { Error::Several(errors) }
}

/// The default number of threads: as many as the system can run at once.
pub fn default_threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
