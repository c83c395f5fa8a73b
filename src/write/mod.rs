//! The formats of a result. Each is one small function from a line to bytes; the rest is shared.

mod columns;
mod delimited;
mod destination;
mod in_order;
mod json;
mod lines;
mod spark;

use std::io::{self, Write};

pub use self::columns::Column;
pub use self::destination::{Destination, close_stdout};
use self::in_order::in_order;
use self::lines::{Line, Lines};
use crate::error::Error;
use crate::read::input::is_taken_for_another;
use crate::result::counts::{Counts, with_words};
use crate::result::ordered::{Ordered, PIECE, Piece};
use crate::result::sort::Sort;
use crate::table::{Detail, Entry};

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputFormat {
    /// `ngram TAB count LF`: what the rest of the shell reads, and this program too.
    Tsv,
    /// RFC 4180: commas, quotes where they are needed, lines that end in CR LF.
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// How a result looks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OutputOptions {
    /// How it is written.
    pub format: OutputFormat,
    /// Whether TSV begins with a line of column names. (CSV does in any case.)
    pub header: bool,
    /// Its columns; none for those of [`Column::defaults`].
    pub columns: Vec<Column>,
}

impl OutputOptions {
    /// The default columns in a format, without a header where there need not be one.
    pub fn new(format: OutputFormat) -> Self {
        Self { format, header: false, columns: Vec::new() }
    }
}

/// What was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Ngrams that are no UTF-8, and were written to JSON with U+FFFD in place of what is none.
    pub replaced: u64,
}

/// Writes `counts` to `out`, on the threads that counted: `out` must not wait for these itself.
///
/// # Errors
/// Those of `out`, and of kind [`io::ErrorKind::InvalidInput`] for columns that [`Column::check`] finds to mean nothing.
///
/// # Example
/// ```
/// use ngram_count::output::{self, Column, Form, OutputFormat};
/// use ngram_count::{By, Job};
///
/// let outcome = Job::new().input("data/sample-v3.tsv").word("Aardvark").by(By::Decade).run()?;
/// let mut form = Form::new(OutputFormat::Csv);
/// form.columns = vec![Column::Year, Column::Count];
/// let mut text = Vec::new();
/// output::write(&outcome.counts, &form, &mut text)?;
/// assert!(text.starts_with(b"year,count\r\n1820,15\r\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(counts: &Counts, form: &OutputOptions, out: &mut (impl Write + Send)) -> io::Result<Written> {
    with_words!(&counts.words, words => write_words(counts, words, form, out))
}

fn write_words<D: Detail>(
    counts: &Counts,
    words: &Ordered<D>,
    form: &OutputOptions,
    out: &mut (impl Write + Send),
) -> io::Result<Written> {
    let columns = if form.columns.is_empty() { Column::defaults(counts.by) } else { form.columns.clone() };
    let invalid = |why: Error| io::Error::new(io::ErrorKind::InvalidInput, why.to_string());
    Column::check(&columns, counts.by, counts.totals.is_some()).map_err(invalid)?;
    let renderer = Renderer {
        format: form.format,
        lines: Lines::new(&columns, counts, words),
        arenas: &words.arenas,
        sort: words.sort,
    };
    let mut written = Written::default();
    out.write_all(&start(form, &columns)?)?;
    let pieces = renderer.pieces(words);
    let mut between = Between { format: form.format, is_first: true, header: form.header };
    let write = |text: &Text| write_text(text, &mut between, out, &mut written);
    let make = |number: usize, text: &mut Text| renderer.render(text, words, pieces[number]);
    // Texts of larger pieces are fewer.
    let (threads, len) = (counts.pool.current_num_threads(), words.len() / pieces.len().max(1));
    let most = (AHEAD * threads * PIECE / len.max(PIECE)).max(2 * threads);
    in_order(&counts.pool, pieces.len(), most, make, write)?;
    out.write_all(end(form.format, between.is_first))?;
    out.flush()?;
    Ok(written)
}

/// How many texts there may be for each thread, so that none waits long for another.
const AHEAD: usize = 4;

/// A piece of the result as text.
#[derive(Debug, Default)]
struct Text {
    bytes: Vec<u8>,
    /// How many ngrams had to be changed for it.
    replaced: u64,
}

/// What comes between the texts of pieces.
struct Between {
    format: OutputFormat,
    header: bool,
    is_first: bool,
}

impl Between {
    /// What must stand before `text`, some lines of the result.
    fn before(&mut self, text: &[u8]) -> &'static [u8] {
        let is_first = std::mem::replace(&mut self.is_first, false);
        match self.format {
            // Read again, the first word's first bytes would be taken for what they look like, if they begin as a
            // compressed file does; behind a blank line, which is passed over, they are not.
            OutputFormat::Tsv if is_first && !self.header && is_taken_for_another(text) => b"\n",
            OutputFormat::Json if !is_first => b",\n",
            _ => b"",
        }
    }
}

fn write_text(text: &Text, between: &mut Between, out: &mut impl Write, written: &mut Written) -> io::Result<()> {
    if text.bytes.is_empty() {
        return Ok(());
    }
    written.replaced += text.replaced;
    out.write_all(between.before(&text.bytes))?;
    out.write_all(&text.bytes)
}

/// Makes entries into text.
struct Renderer<'a> {
    format: OutputFormat,
    lines: Lines<'a>,
    arenas: &'a [Vec<u8>],
    sort: Sort,
}

impl Renderer<'_> {
    /// The pieces of a result, each with the sum of all counts before it, where that is wanted.
    fn pieces<'w, D: Detail>(&self, words: &'w Ordered<D>) -> Vec<(Piece<'w, D>, u128)> {
        let mut so_far = 0;
        let pieces = words.pieces().into_iter().map(|piece| {
            let before = so_far;
            if self.lines.add_up() {
                so_far += words.parts(piece).into_iter().flatten().map(|entry| u128::from(entry.count)).sum::<u128>();
            }
            (piece, before)
        });
        pieces.collect()
    }

    /// Makes a piece into `text`, whose memory is used again.
    fn render<D: Detail>(
        &self,
        text: &mut Text,
        words: &Ordered<D>,
        (piece, before): (Piece<'_, D>, u128),
    ) -> io::Result<()> {
        text.bytes.clear();
        text.replaced = 0;
        let parts = words.parts(piece);
        text.bytes.reserve(32 * parts.iter().map(|part| part.len()).sum::<usize>());
        self.render_parts(text, &parts, before)
    }

    fn render_parts<D: Detail>(&self, text: &mut Text, parts: &[&[Entry<D>]], before: u128) -> io::Result<()> {
        let Text { bytes, replaced } = text;
        let columns = self.lines.columns;
        match self.format {
            OutputFormat::Tsv if self.lines.are_counts() => {
                delimited::tsv_counts(self.sort.ordered(self.arenas, parts), self.arenas, bytes);
                Ok(())
            }
            OutputFormat::Tsv => self.each_line(parts, before, |line| {
                delimited::tsv(line, columns, bytes);
                Ok(())
            }),
            OutputFormat::Csv => {
                let mut writer = delimited::csv_writer(bytes);
                self.each_line(parts, before, |line| delimited::csv(line, columns, &mut writer))?;
                writer.flush()
            }
            OutputFormat::Json => self.each_line(parts, before, |line| {
                if !bytes.is_empty() {
                    bytes.extend_from_slice(b",\n");
                }
                *replaced += u64::from(json::object(line, columns, bytes)?);
                Ok(())
            }),
            OutputFormat::Jsonl => self.each_line(parts, before, |line| {
                *replaced += u64::from(json::object(line, columns, bytes)?);
                bytes.push(b'\n');
                Ok(())
            }),
        }
    }

    #[inline]
    fn each_line<D: Detail>(
        &self,
        parts: &[&[Entry<D>]],
        before: u128,
        mut each: impl FnMut(&Line<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut so_far = before;
        for entry in self.sort.ordered(self.arenas, parts) {
            so_far += u128::from(entry.count);
            self.lines.of(entry, self.arenas, so_far, &mut each)?;
        }
        Ok(())
    }
}

fn start(form: &OutputOptions, columns: &[Column]) -> io::Result<Vec<u8>> {
    Ok(match form.format {
        OutputFormat::Tsv if form.header => {
            let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
            format!("{}\n", names.join("\t")).into_bytes()
        }
        OutputFormat::Tsv | OutputFormat::Jsonl => Vec::new(),
        OutputFormat::Csv => delimited::csv_header(columns)?,
        OutputFormat::Json => b"[\n".to_vec(),
    })
}

fn end(format: OutputFormat, is_empty: bool) -> &'static [u8] {
    match (format, is_empty) {
        (OutputFormat::Json, true) => b"]\n",
        (OutputFormat::Json, false) => b"\n]\n",
        _ => b"",
    }
}
