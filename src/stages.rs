//! The stages of the pipeline one by one, for the benchmarks in `benches/` and the fuzz targets in `fuzz/`, which see the
//! crate from outside.
//!
//! This is not public interface: it changes without notice. Each function just calls the stage itself, so the
//! benchmarks measure the code that runs.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::count::{Sink, Tallies};
use crate::error::Result;
use crate::filter::FilterOptions;
use crate::filter::words::Words;
use crate::filter::years::{By, Years};
use crate::parse::report::ChunkReport;
use crate::parse::{
    self, ALWAYS_PARSED, Emit, Format, Lines, NgramLen, ParseOptions, Run, TextOptions, Tokenizer, Within,
};
use crate::read::chunk::StreamChunks;
use crate::read::input::Input;
use crate::read::{Control, Decoding, Needs, ReadOptions, Reader};
use crate::result::corpus::Corpus;
use crate::result::counts::{Counts, Entries};
use crate::result::order::Sort;
use crate::result::select::{SelectOptions, Selected};
use crate::table::rows::Rows;
use crate::table::spill::{Record, Spill};
use crate::table::{self, History, Uncovered};
use crate::text_slice::TextSlice;

/// Reads and decompresses `files` in chunks of about `chunk_size` bytes, as a count does. Returns the sum of `each`
/// over all chunks.
///
/// Reading uses the threads of the current pool. After a call of [`enable`](crate::read::mmap::enable) it maps plain
/// files; without one it reads them by position.
///
/// # Errors
/// When a file can't be opened or read: the first error of the first such file.
pub fn read(files: &[PathBuf], chunk_size: usize, each: impl Fn(&[u8]) -> u64 + Sync) -> Result<u64> {
    let inputs = files.iter().cloned().map(Input::File).collect();
    let options = ReadOptions {
        format: Some(Format::V2),
        decoding: Decoding::default(),
        chunk_size,
        parse: ALL_LINES.clone(),
        needs: Needs::default(),
        finds_wrapped: false,
        keep_going: false,
        #[cfg(feature = "postgres")]
        tables: crate::read::postgres::TableOptions::default(),
    };
    let reader = Reader::new(inputs, options, Control::default());
    let workers = (0..rayon::current_num_threads()).into_par_iter().with_max_len(1);
    let sum = workers.map(|_| read_as_worker(&reader, &each)).sum();
    let (_, mut errors) = reader.close_all();
    if errors.is_empty() { Ok(sum) } else { Err(errors.swap_remove(0)) }
}

/// The sum of `each` over the chunks of one worker.
fn read_as_worker(reader: &Reader, each: impl Fn(&[u8]) -> u64) -> u64 {
    let (mut chunks, mut sum) = (reader.worker(), 0);
    while let Some(chunk) = chunks.next() {
        sum += each(chunk.lines.text);
        chunk.done(ChunkReport::default());
    }
    sum
}

/// Cuts a stream that holds `text` at line ends. Returns the number of chunks, and of the bytes in them.
///
/// # Errors
/// None: reading from memory does not fail.
pub fn split(text: &[u8], chunk_size: usize) -> io::Result<(u64, u64)> {
    let (mut stream, mut buffer) = (StreamChunks::new(text, chunk_size), Vec::new());
    let (mut chunks, mut bytes) = (0, 0);
    while let Some(chunk) = stream.next(&mut buffer)? {
        chunks += 1;
        bytes += chunk.lines.len() as u64;
    }
    Ok((chunks, bytes))
}

/// Parses every line, of all years.
static ALL_LINES: ParseOptions = ParseOptions {
    skip_malformed: false,
    years: None,
    text: TextOptions {
        tokens: Tokenizer::Whitespace,
        ngram_len: NgramLen::WORD,
        within: Within::Line,
        finds_nul: false,
    },
};

/// The totals of a parsed text.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The number of counted lines.
    pub rows: u64,
    /// The number of runs: consecutive lines of one ngram. Each run costs the table one addition.
    pub runs: u64,
    /// The sum of all counts.
    pub sum: u64,
}

impl Emit for Parsed {
    #[inline]
    fn emit(&mut self, run: Run<'_>) {
        self.runs += 1;
        self.sum += run.count.unwrap_or(u64::MAX);
    }
}

/// Whole lines from the middle of a file.
fn lines(text: &[u8], format: Format) -> Lines<'_> {
    Lines { text, offset: ALWAYS_PARSED, format, can_be_reread: true, options: &ALL_LINES }
}

/// Parses whole lines without a table. A malformed line ends the parsing, and `rows` has the lines before it.
pub fn parse(text: &[u8], format: Format) -> Parsed {
    let mut parsed = Parsed::default();
    let report = parse::parse(&lines(text, format), None, &mut parsed);
    Parsed { rows: report.rows, ..parsed }
}

/// Searches for the lines of `words` without a table.
///
/// # Errors
/// [`Error::InvalidWord`](crate::Error::InvalidWord) for a word that no line can hold.
pub fn search(text: &[u8], format: Format, words: &[Vec<u8>]) -> Result<Parsed> {
    let words = Words::new(words)?;
    let mut found = Found { words: &words, parsed: Parsed::default() };
    let report = parse::parse(&lines(text, format), words.needles(), &mut found);
    Ok(Parsed { rows: report.rows, ..found.parsed })
}

struct Found<'a> {
    words: &'a Words,
    parsed: Parsed,
}

impl Emit for Found<'_> {
    #[inline]
    fn emit(&mut self, run: Run<'_>) {
        if self.words.contain(run.at.bytes()) {
            self.parsed.emit(run);
        }
    }
}

/// The additions that the parser would make to a table, in order.
#[derive(Debug, Default)]
pub struct Additions {
    /// The ngrams, joined.
    text: Vec<u8>,
    /// Each ngram's offset in `text`, its length, and its count.
    list: Vec<(usize, usize, u64)>,
    /// The ngrams are words of running text.
    are_words: bool,
}

impl Emit for Additions {
    fn emit(&mut self, run: Run<'_>) {
        self.list.push((self.text.len(), run.at.len, run.count.unwrap_or(u64::MAX)));
        self.text.extend_from_slice(run.at.bytes());
    }

    fn emit_word(&mut self, word: TextSlice<'_>) {
        self.are_words = true;
        self.emit(Run::of_word(word));
    }
}

impl Additions {
    /// The additions of whole lines.
    pub fn of(text: &[u8], format: Format) -> Self {
        let mut additions = Self::default();
        parse::parse(&lines(text, format), None, &mut additions);
        additions
    }

    /// The number of additions.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The table of all additions: the map of one worker, without the parsing.
    ///
    /// # Errors
    /// None: options without a filter are always valid.
    pub fn table(&self) -> Result<Table> {
        let filter = FilterOptions::default().build()?;
        let mut sink = Sink::<()>::new(&filter, Rows::new(Years::ALL, By::Word), &Spill::unbounded());
        for &(start, len, count) in &self.list {
            let at = TextSlice::new(&self.text, start, len);
            if self.are_words {
                sink.emit_word(at);
            } else {
                sink.emit(Run { at, end: at.end(), count: Some(count), rows: &[] });
            }
        }
        Ok(Table(sink.into_table(&Tallies::default())))
    }
}

/// The table of a worker.
#[derive(Debug)]
pub struct Table(table::Table);

impl Table {
    /// The number of entries.
    pub fn words(&self) -> usize {
        self.0.len()
    }

    /// Merges two tables: one step of the reduce.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// Compacts the table: the last step of the reduce.
    ///
    /// # Errors
    /// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1.
    pub fn compacted(self) -> Result<Self> {
        Ok(Self(self.0.compacted()?))
    }

    /// Partitions the entries for an order. Writing sorts each bucket.
    ///
    /// # Errors
    /// None: selection makes sums only if case is ignored.
    pub fn sorted(self, sort: Sort, pool: &ThreadPool) -> Result<Counts> {
        let selection = SelectOptions { order: Some(sort.into()), ..SelectOptions::default() };
        let corpus = Corpus::new(self.0.total(), None, By::Word, Years::ALL);
        let Selected { words, .. } = pool.install(|| selection.apply(self.0, None, &corpus, |list, _arenas| list))?;
        let words = Entries::Sums(words);
        Ok(Counts::new(words, By::Word, Arc::new(corpus), pool.current_num_threads()))
    }
}

/// What a record of the temporary file holds beside the ngram and its count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordDetail {
    /// Nothing.
    None,
    /// How often the ngram occurs in years that the totals lack.
    Uncovered,
    /// The count of each year.
    History,
}

/// Reads the records of a block of the temporary file, and writes them again. `None` if the bytes are no records.
pub fn rewrite_records(bytes: &[u8], detail: RecordDetail) -> Option<Vec<u8>> {
    match detail {
        RecordDetail::None => Record::rewrite_all::<()>(bytes),
        RecordDetail::Uncovered => Record::rewrite_all::<Uncovered>(bytes),
        RecordDetail::History => Record::rewrite_all::<History>(bytes),
    }
}
