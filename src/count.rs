//! The MapReduce: every worker maps chunks into a table of its own, and the tables are merged pair by pair.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::feed::Feed;
use crate::filter::Asked;
use crate::format::{Emit, Format, Run, line_ends};
use crate::history::{History, Rows};
use crate::ledger::ChunkReport;
use crate::table::{Detail, Hot, HotWord, Key, Table};
use crate::years::{By, Years};

/// Counts all that `feed` has, with as many workers as the current thread pool has threads.
///
/// Inputs that fail are taken down by the feed; what is returned then lacks them.
///
/// # Errors
/// [`Error::Overflow`] when a sum passes 2^64-1.
pub(crate) fn count<K: Keep>(feed: &Feed, asked: &Asked, keep: &K) -> Result<Table<K::Detail>> {
    (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(feed, asked, keep.clone()))
        .try_reduce(Table::default, |a, b| Ok(a.merge(b)))?
        .settled()
}

/// The table of one worker: maps chunks as long as there are any.
fn map<K: Keep>(feed: &Feed, asked: &Asked, keep: K) -> Result<Table<K::Detail>> {
    let mut mapped = Mapped::new(asked, keep);
    let (mut source, mut buffer) = (None, Vec::new());
    while let Some((from, chunk)) = feed.next(source, &mut buffer) {
        let text = from.text(&chunk, &buffer);
        let mut report = ChunkReport { bytes: text.len() as u64, ..ChunkReport::default() };
        if let Some(nature) = from.nature() {
            mapped.format = nature.format;
            let taking = &feed.reading.taking;
            let done = match asked.needles() {
                Some(needles) if nature.format != Format::Text && !feed.is_in_head(&chunk) => {
                    if !from.is_plain() {
                        report.lines = line_ends(text);
                    }
                    nature.format.search(text, needles, taking, &mut report, &mut mapped)
                }
                _ => nature.format.map(text, taking, &mut report, &mut mapped),
            };
            done.inspect_err(|_| feed.stop())?;
        }
        feed.enter(&from, &chunk, text, report);
        source = Some(from);
    }
    mapped.into_table()
}

/// What is kept of a run.
pub(crate) trait Keep: Clone + Sync {
    type Detail: Detail;

    /// Adds a run of lines of `format` to a table.
    fn add(&mut self, table: &mut Table<Self::Detail>, format: Format, run: Run<'_>) -> Result<()>;
}

/// How often the ngram occurs.
#[derive(Debug, Clone)]
pub(crate) struct Sums;

impl Keep for Sums {
    type Detail = ();

    #[inline]
    fn add(&mut self, table: &mut Table, _format: Format, run: Run<'_>) -> Result<()> {
        table.add(run.text, run.start, run.len, run.count.ok_or_else(|| overflow(run))?, |_, _| ())
    }
}

/// That and its volume_counts, in each year.
#[derive(Debug, Clone)]
pub(crate) struct Histories {
    years: Option<Years>,
    by: By,
    rows: Box<Rows>,
}

impl Histories {
    /// Of these years, decade by decade where asked.
    pub(crate) fn new(years: Option<Years>, by: By) -> Self {
        Self { years, by, rows: Box::default() }
    }
}

impl Keep for Histories {
    type Detail = History;

    fn add(&mut self, table: &mut Table<History>, format: Format, run: Run<'_>) -> Result<()> {
        let Self { years, by, rows } = self;
        rows.clear();
        format.rows(&run, |year, count, volumes| {
            if years.is_none_or(|years| years.contains(year)) {
                rows.push(if *by == By::Decade { by.period(year) } else { year }, count, volumes);
            }
        });
        let count = rows.count().ok_or_else(|| overflow(run))?;
        table.add(run.text, run.start, run.len, count, |arena, number| rows.store(arena, number))
    }
}

fn overflow(run: Run<'_>) -> Error {
    Error::Overflow { ngram: run.ngram().to_vec() }
}

/// A worker's table, and which ngrams go into it.
pub(crate) struct Mapped<'a, K: Keep> {
    table: Table<K::Detail>,
    /// Words of running text that the table does not have yet.
    hot: Hot,
    asked: &'a Asked,
    keep: K,
    /// That of the chunk at hand.
    format: Format,
    /// Room for the filter to work in.
    room: Vec<u8>,
}

impl<K: Keep> Emit for Mapped<'_, K> {
    #[inline]
    fn emit(&mut self, run: Run<'_>) -> Result<()> {
        if self.asked.takes(run.ngram(), &mut self.room) {
            self.keep.add(&mut self.table, self.format, run)
        } else {
            Ok(())
        }
    }

    #[inline]
    fn emit_word(&mut self, text: &[u8], start: usize, len: usize) -> Result<()> {
        match HotWord::within(text, start, len) {
            Some(word) if self.hot.raise(word) => Ok(()),
            Some(word) => self.enter(word),
            None => self.add_long(text, start, len),
        }
    }
}

impl<'a, K: Keep> Mapped<'a, K> {
    pub(crate) fn new(asked: &'a Asked, keep: K) -> Self {
        let (table, hot, format, room) = (Table::default(), Hot::default(), Format::V2, Vec::new());
        Self { table, hot, asked, keep, format, room }
    }

    /// Counts a word that is not among the most frequent ones. Whether a word is wanted is asked when it is moved.
    #[inline(never)]
    fn enter(&mut self, word: HotWord) -> Result<()> {
        match self.hot.enter(word) {
            Some((key, count)) => self.add(key, count),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn add_long(&mut self, text: &[u8], start: usize, len: usize) -> Result<()> {
        self.emit(Run::of_word(text, start, len))
    }

    fn add(&mut self, key: Key, count: u64) -> Result<()> {
        if self.asked.takes(key.ngram(&[]), &mut self.room) {
            self.table.add_key(key, count, |_, _| K::Detail::NONE)
        } else {
            Ok(())
        }
    }

    pub(crate) fn into_table(mut self) -> Result<Table<K::Detail>> {
        std::mem::take(&mut self.hot).into_counts().try_for_each(|(key, count)| self.add(key, count))?;
        Ok(self.table)
    }
}
