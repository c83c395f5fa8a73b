//! Writes a result: its columns, its format, in order, to its destination.
//!
//! ```text
//! buckets of entries  ->  lines of cells  ->  texts in a format  ->  written in order  ->  destination
//!                         (lines)             (rows)                 (in_order)
//! ```
//!
//! The values of cells are in `values`, where sorting and selecting find them, too. A result by years may also be `wide`: a
//! line for each word, with a column for each year.
//!
//! Threads make the texts of buckets in parallel, and write one text after another. With the feature `postgres`, the
//! destination may be a table (`postgres`), which takes the text of COPY (`copy_text`).

mod aligned;
pub(crate) mod broken_pipe;
pub(crate) mod cell;
mod columns;
mod condition;
#[cfg(feature = "postgres")]
mod copy_text;
mod delimited;
pub(crate) mod destination;
mod format;
mod in_order;
mod json;
mod lines;
mod packing;
#[cfg(feature = "postgres")]
mod postgres;
mod rows;
mod span;
mod sparkline;
mod text;
pub(crate) mod text_table;
pub(crate) mod values;
mod wide;

use std::io::{self, Write};

use rayon::ThreadPoolBuilder;

use self::aligned::Head;
pub use self::columns::{Column, InvalidColumns};
pub use self::condition::{Condition, InvalidCondition};
pub use self::destination::{Destination, SamePlace};
pub use self::format::{OutputFormat, OutputOptions};
use self::in_order::in_order;
use self::lines::LineMaker;
pub use self::packing::OutputCompression;
use self::packing::Packer;
use self::text::{Text, TextMaker};
use self::wide::Wide;
use crate::parse::BYTE_ORDER_MARK;
use crate::read::input::is_taken_for_another;
use crate::result::buckets::Buckets;
use crate::result::counts::{Counts, with_words};
use crate::result::splitters::{BUCKET_LEN, MIN_BUCKET_LEN};
use crate::table::Detail;

/// Facts about the output of [`write()`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The number of ngrams in JSON that are not UTF-8, with U+FFFD for the other bytes.
    pub replaced: u64,
}

/// Writes `counts` to `out`.
///
/// A call from a thread of a rayon pool makes the text on the threads of that pool; `out` must not wait for these
/// threads. Any other call starts threads, at most as many as counted, and ends them.
///
/// # Errors
/// The errors of `out`; an error of kind [`io::ErrorKind::InvalidInput`] for columns that [`Column::check`] refuses;
/// the system's error when it starts no threads; and an error that holds an [`Error::TempFile`](crate::Error::TempFile)
/// when the result is on the disk and can't be read.
///
/// # Example
/// ```
/// use ngram_count::write::{self, Column, OutputFormat, OutputOptions};
/// use ngram_count::{By, Job};
///
/// let outcome = Job::new().input("data/sample-v3.tsv").word("Aardvark").by(By::Decade).run()?;
/// let mut options = OutputOptions::new(OutputFormat::Csv);
/// options.columns = vec![Column::Year, Column::Count];
/// let mut text = Vec::new();
/// write::write(&outcome.counts, &options, &mut text)?;
/// assert!(text.starts_with(b"year,count\r\n1820,15\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(counts: &Counts, options: &OutputOptions, out: &mut (impl Write + Send)) -> io::Result<Written> {
    let columns = match &options.columns[..] {
        [] if options.wide => Column::wide_defaults(counts.corpus.books.is_some()),
        [] => Column::defaults(counts.by),
        columns => columns.to_vec(),
    };
    check(&columns, counts, options)?;
    if rayon::current_thread_index().is_some() {
        return write_columns(counts, &columns, options, out);
    }
    // More threads than buckets would have nothing to do.
    let threads = counts.threads.min(counts.len() / MIN_BUCKET_LEN + 1);
    let pool = ThreadPoolBuilder::new().num_threads(threads).thread_name(|number| format!("writer-{number}")).build();
    pool.map_err(io::Error::other)?.install(|| write_columns(counts, &columns, options, out))
}

/// Writes some columns on the threads of the current pool.
fn write_columns(
    counts: &Counts,
    columns: &[Column],
    options: &OutputOptions,
    out: &mut (impl Write + Send),
) -> io::Result<Written> {
    with_words!(&counts.words, words => write_words(counts, words, columns, options, out))
}

fn write_words<D: Detail>(
    counts: &Counts,
    words: &Buckets<D>,
    columns: &[Column],
    options: &OutputOptions,
    out: &mut (impl Write + Send),
) -> io::Result<Written> {
    let wide = match columns {
        [Column::Word, column] if options.wide => Some(Wide::of(words, &counts.corpus.parts, counts.by, *column)?),
        _ => None,
    };
    let names = match &wide {
        Some(wide) => wide.names(),
        None => columns.iter().map(|column| column.name().to_owned()).collect(),
    };
    let mut maker = TextMaker {
        format: options.format,
        #[cfg(feature = "postgres")]
        is_copy: options.is_copy,
        names: &names,
        lines: LineMaker::new(columns, counts, words)?,
        wide: wide.as_ref(),
        layout: None,
        words,
    };
    let heads = heads(&names, columns, wide.is_some());
    let mut start = options.format.start(&names, options.header || wide.is_some())?;
    if options.format == OutputFormat::Table {
        let layout = maker.measured(&heads)?;
        layout.header(&mut start);
        maker.layout = Some(layout);
    }
    let mut written = Written::default();
    let mut out = Packer::new(out, options.compression)?;
    if options.bom {
        out.write(BYTE_ORDER_MARK)?;
    }
    out.write(&start)?;
    let buckets = maker.buckets();
    let mut is_first = true;
    let write = |text: &Text| {
        if text.bytes.is_empty() {
            return Ok(());
        }
        written.replaced += text.replaced;
        out.write(before(&text.bytes, options, std::mem::replace(&mut is_first, false)))?;
        out.write_text(&text.bytes, &text.deflated)
    };
    let is_gzip = options.compression == Some(OutputCompression::Gzip);
    let make = |number: usize, text: &mut Text| {
        maker.make(text, buckets[number])?;
        if is_gzip { text.deflated.fill(&text.bytes) } else { Ok(()) }
    };
    in_order(buckets.len(), max_ahead(words.len(), buckets.len()), make, write)?;
    out.write(options.format.end(is_first))?;
    out.finish()?;
    Ok(written)
}

/// The heads of the columns of a table. The columns of a wide result hold what their second column does.
fn heads(names: &[String], columns: &[Column], is_wide: bool) -> Vec<Head> {
    let has_thousands = |place: usize| {
        let column = columns.get(if is_wide { place.min(1) } else { place });
        column.is_some_and(|column| !column.is_year())
    };
    let heads = names.iter().enumerate();
    heads.map(|(place, name)| Head { name: name.clone(), has_thousands: has_thousands(place) }).collect()
}

/// Checks that the options have a meaning together.
fn check(columns: &[Column], counts: &Counts, options: &OutputOptions) -> io::Result<()> {
    let invalid = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, why);
    let has_totals = counts.corpus.books.is_some();
    let checked = if options.wide {
        Column::check_wide(columns, counts.by, has_totals)
    } else {
        Column::check(columns, counts.by, has_totals)
    };
    checked.map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    if options.bom && options.format != OutputFormat::Csv {
        return Err(invalid("a byte-order mark is for CSV"));
    }
    Ok(())
}

/// The maximum number of texts for each thread. With fewer texts, a fast thread waits.
const MAX_TEXTS_PER_THREAD: usize = 4;

/// The maximum number of texts in memory. Buckets longer than [`BUCKET_LEN`] have longer texts, so there are fewer.
fn max_ahead(ngrams: usize, buckets: usize) -> usize {
    let (threads, len) = (rayon::current_num_threads(), ngrams / buckets.max(1));
    (MAX_TEXTS_PER_THREAD * threads * BUCKET_LEN / len.max(BUCKET_LEN)).max(2 * threads)
}

/// The bytes before the text of a bucket.
fn before(text: &[u8], options: &OutputOptions, is_first: bool) -> &'static [u8] {
    match options.format {
        // The first word may begin with the signature of a compressed file. A reader skips the blank line, and takes
        // the bytes behind it for a word.
        OutputFormat::Tsv
            if is_first && !options.header && !options.wide && !options.is_copy && is_taken_for_another(text) =>
        {
            b"\n"
        }
        format if !is_first => format.separator(),
        _ => b"",
    }
}
