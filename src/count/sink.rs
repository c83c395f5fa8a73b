//! `Sink`: takes the parser's runs, and adds those that pass the filter to the worker's table.

use std::sync::Arc;

use crate::count::sizes::{Tallies, WorkerTallies};
use crate::filter::Filter;
use crate::filter::words::Needle;
use crate::parse::{Emit, Format, Run};
use crate::table::rows::Rows;
use crate::table::spill::Spill;
use crate::table::{Arena, CachedWord, Detail, Key, Table, WordCache};
use crate::text_slice::TextSlice;

/// A worker's table, and the filter before it.
pub(crate) struct Sink<'a, D> {
    table: Table<D>,
    /// Words of running text on their way into the table.
    cache: WordCache,
    filter: &'a Filter,
    /// The rows of the current run, if the detail needs them.
    rows: Rows,
    /// What is counted beside ngrams.
    tallies: WorkerTallies,
    /// The format of the current chunk.
    format: Format,
    /// The filter's scratch buffer.
    scratch: Vec<u8>,
    /// The buffer for a rewritten ngram.
    rewritten: Vec<u8>,
}

impl<D: Detail> Emit for Sink<'_, D> {
    const NEEDS_ROWS: bool = D::NEEDS_ROWS;

    fn begin(&mut self, format: Format) {
        self.format = format;
        self.rows.set_years(format.has_years());
    }

    #[inline]
    fn emit(&mut self, run: Run<'_>) {
        if D::NEEDS_ROWS && self.tallies.sizes.is_some() {
            self.add_size(&run);
        }
        if self.filter.takes_as_it_is(run.at.bytes()) {
            self.add_run(run.at, &run);
        } else {
            self.filter_run(&run);
        }
    }

    #[inline]
    fn emit_word(&mut self, word: TextSlice<'_>) {
        match CachedWord::of(word) {
            Some(cached) if self.cache.hit(cached) => {}
            Some(cached) => self.insert(cached),
            None => self.add_long(word),
        }
    }
}

impl<'a, D: Detail> Sink<'a, D> {
    /// A sink with an empty table, which takes its memory from `spill`. `rows` holds the years that count.
    pub(crate) fn new(filter: &'a Filter, rows: Rows, spill: &Arc<Spill>) -> Self {
        let (table, cache, format) = (Table::new(spill), WordCache::default(), Format::V2);
        let (tallies, scratch, rewritten) = (WorkerTallies::default(), Vec::new(), Vec::new());
        Self { table, cache, filter, rows, tallies, format, scratch, rewritten }
    }

    /// The same sink with these tallies. Its detail must need rows if there are some.
    pub(crate) fn with(self, tallies: &Tallies) -> Self {
        let tallies = tallies.of_worker();
        debug_assert!(D::NEEDS_ROWS || tallies.are_none(), "without rows, nobody knows the parts");
        Self { tallies, ..self }
    }

    /// The words to search for; `None` if all lines must be parsed, or if this is faster.
    pub(crate) fn needles(&self) -> Option<&'a [Needle]> {
        self.filter.needles().filter(|_| self.tallies.sizes.is_none())
    }

    /// Takes chunks of input number `file` from now on.
    pub(crate) fn enter(&mut self, file: usize) {
        if (D::NEEDS_ROWS || D::COMPARES) && self.rows.file() != file as u64 {
            if self.rows.are_files() {
                // The words in the cache belong to the file before.
                self.flush();
            }
            self.rows.set_file(file as u64);
        }
    }

    /// Makes the rows of a run.
    #[inline]
    fn take_rows(&mut self, run: &Run<'_>) {
        let Self { rows, format, .. } = self;
        let has_volumes = rows.has_volumes();
        rows.clear();
        if has_volumes || !rows.are_files() {
            format.rows(run, has_volumes, rows);
            rows.finish();
        }
        // A word that earlier counts have with 0 does not occur in that file.
        if rows.are_files() && (format.has_years() || run.count != Some(0)) {
            rows.sum_in_file(run.count.unwrap_or_default());
        }
    }

    /// Adds a run if the filter keeps its ngram, as the filter rewrites it.
    #[inline(never)]
    fn filter_run(&mut self, run: &Run<'_>) {
        let mut buffer = std::mem::take(&mut self.rewritten);
        let ngram = self.filter.rewrite(run.at, &mut buffer);
        if self.filter.matches(ngram.bytes(), &mut self.scratch) {
            self.add_run(ngram, run);
        } else if D::COMPARES {
            self.compare(ngram, run, false);
        } else if self.filter.sums_all() {
            self.leave_out(ngram.bytes(), run.count);
        }
        self.rewritten = buffer;
    }

    /// Adds a run under this ngram.
    #[inline]
    fn add_run(&mut self, ngram: TextSlice<'_>, run: &Run<'_>) {
        if D::COMPARES {
            return self.compare(ngram, run, true);
        }
        if D::NEEDS_ROWS {
            self.take_rows(run);
        }
        if D::NEEDS_ROWS
            && let Some(lacking) = &mut self.tallies.lacking
        {
            lacking.add_rows(self.rows.periods().iter().filter(|row| !self.rows.covers(row.year)));
        }
        let rows = &self.rows;
        match run.count {
            Some(count) if !D::overflows(rows) => {
                self.table.add(ngram, count, |arena| D::of_rows(rows, arena));
            }
            _ => self.table.note_overflow(ngram.bytes()),
        }
    }

    /// Adds a run of a comparison to the words of its side, and to its ngram unless the filter leaves it out.
    #[inline(never)]
    fn compare(&mut self, ngram: TextSlice<'_>, run: &Run<'_>, is_kept: bool) {
        if !is_kept && !self.filter.is_of_input(ngram.bytes()) {
            return;
        }
        if D::NEEDS_ROWS {
            self.take_rows(run);
        }
        let Some(count) = run.count.filter(|_| !D::overflows(&self.rows)) else {
            return self.table.note_overflow(ngram.bytes());
        };
        let [here, there, volumes] = self.rows.compared(count);
        self.tallies.compare(here, there);
        if is_kept {
            self.table.add(ngram, here, |_| D::of_compared(there, volumes));
        }
    }

    /// Adds a run to the sizes of its parts, whatever the filter of words says.
    #[inline(never)]
    fn add_size(&mut self, run: &Run<'_>) {
        let mut buffer = std::mem::take(&mut self.rewritten);
        let is_of_input = self.filter.is_of_input(self.filter.rewrite(run.at, &mut buffer).bytes());
        self.rewritten = buffer;
        if !is_of_input {
            return;
        }
        self.take_rows(run);
        if let Some(sizes) = &mut self.tallies.sizes {
            match run.count {
                // Rows of a file are one sum, which is not known here.
                None if self.rows.are_files() => sizes.add(self.rows.file(), 1 << 64),
                _ => sizes.add_rows(self.rows.periods().iter()),
            }
        }
    }

    /// Counts a word on a cache miss. The filter sees only the word that the cache evicts.
    #[inline(never)]
    fn insert(&mut self, word: CachedWord) {
        if let Some((key, count)) = self.cache.insert(word) {
            self.add(key, count);
        }
    }

    #[inline(never)]
    fn add_long(&mut self, word: TextSlice<'_>) {
        self.emit(Run::of_word(word));
    }

    /// Adds a word that the cache has evicted. Running text has no years, but files.
    fn add(&mut self, key: Key, count: u64) {
        let Self { filter, scratch, rewritten, rows, table, tallies, .. } = self;
        let word = key.ngram(&[]);
        let ngram = filter.rewrite(word.into(), rewritten);
        if let Some(sizes) = tallies.sizes.as_mut().filter(|_| filter.is_of_input(ngram.bytes())) {
            sizes.add(rows.file(), count.into());
        }
        let is_kept = filter.matches(ngram.bytes(), scratch);
        let key = Some(key).filter(|_| ngram.bytes() == word);
        if D::COMPARES {
            let [here, there, volumes] = rows.compared(count);
            if is_kept || filter.is_of_input(ngram.bytes()) {
                tallies.compare(here, there);
            }
            if is_kept {
                add(table, key, ngram, here, |_| D::of_compared(there, volumes));
            }
            return;
        }
        if !is_kept {
            if filter.sums_all() && filter.is_of_input(ngram.bytes()) {
                table.leave_out(count);
            }
            return;
        }
        if let Some(lacking) = tallies.lacking.as_mut().filter(|_| rows.are_files() && !rows.covers(rows.file())) {
            lacking.add(rows.file(), count.into());
        }
        let are_files = D::NEEDS_ROWS && rows.are_files();
        if are_files {
            rows.clear();
            rows.sum_in_file(count);
        }
        add(table, key, ngram, count, |arena| if are_files { D::of_rows(rows, arena) } else { D::NONE });
    }

    /// Adds the count of an ngram that the filter leaves out to the sum of the input.
    #[inline(never)]
    fn leave_out(&mut self, ngram: &[u8], count: Option<u64>) {
        if !self.filter.is_of_input(ngram) {
            return;
        }
        match count {
            Some(count) => self.table.leave_out(count),
            None => self.table.note_overflow(ngram),
        }
    }

    /// Adds all words of the cache, which is empty then.
    fn flush(&mut self) {
        let mut cache = std::mem::take(&mut self.cache);
        cache.drain().for_each(|(key, count)| self.add(key, count));
        self.cache = cache;
    }

    /// The table of all runs. Adds what is counted beside it to `tallies`.
    pub(crate) fn into_table(mut self, tallies: &Tallies) -> Table<D> {
        self.flush();
        tallies.merge(self.tallies);
        self.table
    }
}

/// Adds an ngram that the cache has evicted: by its key, unless the filter has rewritten it.
#[inline]
fn add<D: Detail>(
    table: &mut Table<D>,
    key: Option<Key>,
    ngram: TextSlice<'_>,
    count: u64,
    detail: impl FnOnce(&mut Arena) -> D,
) {
    match key {
        Some(key) => table.add_key(key, count, detail),
        None => table.add(ngram, count, detail),
    }
}
