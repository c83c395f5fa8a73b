//! The MapReduce: every worker maps chunks into a table of its own, and the tables are merged pair by pair.

use memchr::memchr;
use rayon::prelude::*;

use crate::error::Result;
use crate::filter::Filter;
use crate::filter::years::{By, Years};
use crate::parse::{Emit, Format, READ_WHOLE, Run, lines_of};
use crate::read::Reader;
use crate::read::line_numbers::ChunkReport;
use crate::result::totals::Totals;
use crate::table::history::{History, Rows};
use crate::table::uncovered::Uncovered;
use crate::table::{CachedWord, Detail, Key, Table, WordCache};

/// Counts all that `feed` has, with as many workers as the current thread pool has threads.
///
/// Inputs that fail are taken down by the feed; what is returned then lacks them.
///
/// # Errors
/// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1: of several ngrams, the first by its bytes.
pub(crate) fn count<K: Keep>(reader: &Reader, filter: &Filter, keep: &K) -> Result<Table<K::Detail>> {
    (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(reader, filter, keep.clone()))
        .reduce(Table::default, Table::merge)
        .compacted()
}

/// The table of one worker: maps chunks as long as there are any.
fn map<K: Keep>(reader: &Reader, filter: &Filter, keep: K) -> Table<K::Detail> {
    let mut mapped = Mapped::new(filter, keep);
    let (mut source, mut buffer) = (None, Vec::new());
    while let Some((from, chunk)) = reader.next(source, &mut buffer) {
        let text = from.text(&chunk, &buffer);
        let mut report = ChunkReport { bytes: text.len() as u64, ..ChunkReport::default() };
        if let Some(detected) = from.detected() {
            mapped.format = detected.format;
            let parse_options = &reader.options.parse;
            match filter.needles() {
                Some(needles) if detected.format != Format::Text => {
                    let head = head_len(text, chunk.offset);
                    detected.format.search((text, head), needles, parse_options, &mut report, &mut mapped);
                    if !from.is_plain() {
                        report.lines += lines_of(&text[head..]);
                    }
                }
                _ => detected.format.map(text, parse_options, &mut report, &mut mapped),
            }
        }
        reader.finish(&from, &chunk, text, report);
        source = Some(from);
    }
    mapped.into_table()
}

/// How many bytes of a chunk that begins at byte `offset` of its input belong to lines that are read in any case.
fn head_len(text: &[u8], offset: u64) -> usize {
    let Some(last) = READ_WHOLE.checked_sub(offset + 1).filter(|last| *last < text.len() as u64) else {
        return if offset < READ_WHOLE { text.len() } else { 0 };
    };
    memchr(b'\n', &text[last as usize..]).map_or(text.len(), |place| last as usize + place + 1)
}

/// What is kept of a run.
pub(crate) trait Keep: Clone + Sync {
    type Detail: Detail;

    /// Adds a run of lines of `format` to a table.
    fn add(&mut self, table: &mut Table<Self::Detail>, format: Format, run: Run<'_>);
}

/// How often the ngram occurs.
#[derive(Debug, Clone)]
pub(crate) struct Sums;

impl Keep for Sums {
    type Detail = ();

    #[inline]
    fn add(&mut self, table: &mut Table, _format: Format, run: Run<'_>) {
        match run.count {
            Some(count) => table.add(run.text, run.start, run.len, count, |_, _| ()),
            None => table.note_overflow(run.ngram()),
        }
    }
}

/// That, and how often in years that the totals lack.
#[derive(Debug, Clone)]
pub(crate) struct Covered<'a> {
    pub(crate) totals: &'a Totals,
    pub(crate) years: Years,
}

impl Keep for Covered<'_> {
    type Detail = Uncovered;

    fn add(&mut self, table: &mut Table<Uncovered>, format: Format, run: Run<'_>) {
        let Some(count) = run.count else { return table.note_overflow(run.ngram()) };
        let mut uncovered = 0;
        // Counts made before are of years that nobody knows.
        if format.has_years() {
            format.rows(&run, |year, count, _| {
                if self.years.contains(year) && !self.totals.cover(year) {
                    uncovered += count;
                }
            });
        }
        table.add(run.text, run.start, run.len, count, |_, _| Uncovered(uncovered));
    }
}

/// That and its volume_counts, in each year.
#[derive(Debug, Clone)]
pub(crate) struct Histories {
    years: Years,
    by: By,
    rows: Box<Rows>,
}

impl Histories {
    /// Of these years, decade by decade where asked.
    pub(crate) fn new(years: Years, by: By) -> Self {
        Self { years, by, rows: Box::default() }
    }
}

impl Keep for Histories {
    type Detail = History;

    fn add(&mut self, table: &mut Table<History>, format: Format, run: Run<'_>) {
        let Self { years, by, rows } = self;
        rows.clear();
        format.rows(&run, |year, count, volumes| {
            if years.contains(year) {
                rows.push(if *by == By::Decade { by.period(year) } else { year }, count, volumes);
            }
        });
        match rows.count() {
            Some(count) => {
                table.add(run.text, run.start, run.len, count, |arena, number| rows.store(arena, number));
            }
            None => table.note_overflow(run.ngram()),
        }
    }
}

/// A worker's table, and which ngrams go into it.
pub(crate) struct Mapped<'a, K: Keep> {
    table: Table<K::Detail>,
    /// Words of running text that the table does not have yet.
    cache: WordCache,
    filter: &'a Filter,
    keep: K,
    /// That of the chunk at hand.
    format: Format,
    /// Room for the filter to work in.
    room: Vec<u8>,
}

impl<K: Keep> Emit for Mapped<'_, K> {
    #[inline]
    fn emit(&mut self, run: Run<'_>) {
        if self.filter.matches(run.ngram(), &mut self.room) {
            self.keep.add(&mut self.table, self.format, run);
        }
    }

    #[inline]
    fn emit_word(&mut self, text: &[u8], start: usize, len: usize) {
        match CachedWord::within(text, start, len) {
            Some(word) if self.cache.hit(word) => {}
            Some(word) => self.enter(word),
            None => self.add_long(text, start, len),
        }
    }
}

impl<'a, K: Keep> Mapped<'a, K> {
    pub(crate) fn new(filter: &'a Filter, keep: K) -> Self {
        let (table, cache, format, room) = (Table::default(), WordCache::default(), Format::V2, Vec::new());
        Self { table, cache, filter, keep, format, room }
    }

    /// Counts a word that is not among the most frequent ones. Whether a word is wanted is asked when it is moved.
    #[inline(never)]
    fn enter(&mut self, word: CachedWord) {
        if let Some((key, count)) = self.cache.enter(word) {
            self.add(key, count);
        }
    }

    #[inline(never)]
    fn add_long(&mut self, text: &[u8], start: usize, len: usize) {
        self.emit(Run::of_word(text, start, len));
    }

    fn add(&mut self, key: Key, count: u64) {
        if self.filter.matches(key.ngram(&[]), &mut self.room) {
            self.table.add_key(key, count, |_, _| K::Detail::NONE);
        }
    }

    pub(crate) fn into_table(mut self) -> Table<K::Detail> {
        std::mem::take(&mut self.cache).into_counts().for_each(|(key, count)| self.add(key, count));
        self.table
    }
}
