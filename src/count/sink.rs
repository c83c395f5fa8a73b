//! `Sink`: takes the parser's runs, and adds those that pass the filter to the worker's table.

use std::sync::Arc;

use crate::filter::Filter;
use crate::parse::{Emit, Format, Run};
use crate::table::rows::Rows;
use crate::table::spill::Spill;
use crate::table::{CachedWord, Detail, Key, Table, WordCache};
use crate::text_slice::TextSlice;

/// A worker's table, and the filter before it.
pub(crate) struct Sink<'a, D> {
    table: Table<D>,
    /// Words of running text on their way into the table.
    cache: WordCache,
    filter: &'a Filter,
    /// The rows of the current run, if the detail needs them.
    rows: Rows,
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
    }

    #[inline]
    fn emit(&mut self, run: Run<'_>) {
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
        Self { table, cache, filter, rows, format, scratch: Vec::new(), rewritten: Vec::new() }
    }

    /// Adds a run if the filter keeps its ngram, as the filter rewrites it.
    #[inline(never)]
    fn filter_run(&mut self, run: &Run<'_>) {
        let mut buffer = std::mem::take(&mut self.rewritten);
        let ngram = self.filter.rewrite(run.at, &mut buffer);
        if self.filter.matches(ngram.bytes(), &mut self.scratch) {
            self.add_run(ngram, run);
        } else if self.filter.sums_all() {
            self.leave_out(ngram.bytes(), run.count);
        }
        self.rewritten = buffer;
    }

    /// Adds a run under this ngram.
    #[inline]
    fn add_run(&mut self, ngram: TextSlice<'_>, run: &Run<'_>) {
        let rows = &mut self.rows;
        if D::NEEDS_ROWS {
            rows.clear();
            self.format.rows(run, rows.has_volumes(), rows);
            rows.finish();
        }
        match run.count {
            Some(count) if !D::overflows(rows) => {
                self.table.add(ngram, count, |arena| D::of_rows(rows, arena));
            }
            _ => self.table.note_overflow(ngram.bytes()),
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

    /// Adds a word that the cache has evicted. Running text has no years.
    fn add(&mut self, key: Key, count: u64) {
        let word = key.ngram(&[]);
        let mut buffer = std::mem::take(&mut self.rewritten);
        let ngram = self.filter.rewrite(word.into(), &mut buffer);
        if !self.filter.matches(ngram.bytes(), &mut self.scratch) {
            if self.filter.sums_all() {
                self.leave_out(ngram.bytes(), Some(count));
            }
        } else if ngram.bytes() == word {
            self.table.add_key(key, count, |_| D::NONE);
        } else {
            self.table.add(ngram, count, |_| D::NONE);
        }
        self.rewritten = buffer;
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

    /// The table of all runs.
    pub(crate) fn into_table(mut self) -> Table<D> {
        std::mem::take(&mut self.cache).into_counts().for_each(|(key, count)| self.add(key, count));
        self.table
    }
}
