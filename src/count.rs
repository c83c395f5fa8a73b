//! The MapReduce: every worker maps chunks into a table of its own, and the tables are merged pair by pair.

use rayon::prelude::*;

use crate::error::Result;
use crate::feed::Feed;
use crate::format::{Emit, Format, line_ends};
use crate::ledger::ChunkReport;
use crate::table::{Hot, HotWord, Key, Table};
use crate::words::Words;

/// Counts all that `feed` has, with as many workers as the current thread pool has threads.
///
/// Inputs that fail are taken down by the feed; what is returned then lacks them.
///
/// # Errors
/// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1.
pub(crate) fn count(feed: &Feed, words: Option<&Words>) -> Result<Table> {
    (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(feed, words))
        .try_reduce(Table::default, Table::merge)?
        .settled()
}

/// The table of one worker: maps chunks as long as there are any. With `words`, of these alone.
fn map(feed: &Feed, words: Option<&Words>) -> Result<Table> {
    let mut mapped = Mapped::new(words);
    let (mut source, mut buffer) = (None, Vec::new());
    while let Some((from, chunk)) = feed.next(source, &mut buffer) {
        let text = from.text(&chunk, &buffer);
        let mut report = ChunkReport { bytes: text.len() as u64, ..ChunkReport::default() };
        if let Some(nature) = from.nature() {
            let (skip, options) = (feed.reading.skip_malformed, feed.reading.text);
            let done = match words.and_then(Words::needles) {
                Some(needles) if nature.format != Format::Text && !feed.is_in_head(&chunk) => {
                    if !from.is_plain() {
                        report.lines = line_ends(text);
                    }
                    nature.format.search(text, needles, skip, options, &mut report, &mut mapped)
                }
                _ => nature.format.map(text, skip, options, &mut report, &mut mapped),
            };
            done.inspect_err(|_| feed.stop())?;
        }
        feed.enter(&from, &chunk, report);
        source = Some(from);
    }
    mapped.into_table()
}

/// A worker's table, and which ngrams go into it.
pub(crate) struct Mapped<'a> {
    table: Table,
    /// What the table does not have yet.
    hot: Hot,
    words: Option<&'a Words>,
}

impl Emit for Mapped<'_> {
    #[inline]
    fn emit(&mut self, text: &[u8], start: usize, len: usize, count: u64) -> Result<()> {
        if self.words.is_some_and(|words| !words.contain(&text[start..start + len])) {
            return Ok(());
        }
        self.table.add(text, start, len, count)
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

impl<'a> Mapped<'a> {
    pub(crate) fn new(words: Option<&'a Words>) -> Self {
        Self { table: Table::default(), hot: Hot::default(), words }
    }

    /// Counts a word that is not among the most frequent ones. Whether a word is wanted is asked when it is moved.
    #[inline(never)]
    fn enter(&mut self, word: HotWord) -> Result<()> {
        match self.hot.enter(word) {
            Some((key, count)) => self.add(&key, count),
            None => Ok(()),
        }
    }

    #[inline(never)]
    fn add_long(&mut self, text: &[u8], start: usize, len: usize) -> Result<()> {
        self.emit(text, start, len, 1)
    }

    fn add(&mut self, key: &Key, count: u64) -> Result<()> {
        if self.words.is_some_and(|words| !words.contain(key.ngram(&[]))) {
            return Ok(());
        }
        self.table.add_key(key, count)
    }

    pub(crate) fn into_table(mut self) -> Result<Table> {
        std::mem::take(&mut self.hot).into_counts().try_for_each(|(key, count)| self.add(&key, count))?;
        Ok(self.table)
    }
}
