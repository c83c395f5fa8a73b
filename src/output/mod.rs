//! The formats of a result. Each is one small function from ngrams and counts to bytes; the rest is shared.

mod delimited;
mod json;
mod replace;

use std::io::{self, Write};

use rayon::prelude::*;

pub use self::replace::Destination;
use crate::counts::{Counts, Piece};
use crate::input::is_taken_for_another;

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

/// The names of the columns.
const COLUMNS: [&str; 2] = ["word", "count"];

/// What was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// Ngrams that are no UTF-8, and were written to JSON with U+FFFD in place of what is none.
    pub replaced: u64,
}

/// How many ngrams one core makes into text at a time.
const RENDERED: usize = 1 << 14;

/// Writes `counts` to `out`, with a line of column names where `header` (in JSON they are there anyway).
///
/// # Errors
/// Those of `out`.
pub fn write(
    counts: &Counts,
    format: OutputFormat,
    header: bool,
    out: &mut (impl Write + Send),
) -> io::Result<Written> {
    let mut written = Written::default();
    out.write_all(&start(format, header)?)?;
    let pieces = counts.pieces(RENDERED);
    // Some pieces for each thread, so that none waits long for another; and no more, as they are all in memory at once.
    let at_once = 2 * counts.pool.current_num_threads();
    // While one batch of texts is written, the next is made, in the memory of the one before.
    let (mut made, mut making) = (Vec::new(), Vec::new());
    counts.pool.install(|| {
        for (number, pieces) in pieces.chunks(at_once).enumerate() {
            let write = || write_texts(&made, out, &mut written);
            let (done, made_more) = rayon::join(write, || render(&mut making, pieces, format, number == 0));
            done.and(made_more)?;
            if number == 0 && format == OutputFormat::Tsv && !header {
                keep_from_misreading(&mut making);
            }
            std::mem::swap(&mut made, &mut making);
        }
        write_texts(&made, out, &mut written)
    })?;
    out.write_all(end(format, counts.is_empty()))?;
    out.flush()?;
    Ok(written)
}

/// A piece of the result as text.
#[derive(Debug, Default)]
struct Text {
    bytes: Vec<u8>,
    /// How many ngrams had to be changed for it.
    replaced: u64,
}

fn write_texts(texts: &[Text], out: &mut impl Write, written: &mut Written) -> io::Result<()> {
    texts.iter().try_for_each(|text| {
        written.replaced += text.replaced;
        out.write_all(&text.bytes)
    })
}

/// Makes `pieces` into `texts`, whose memory is used again.
fn render(texts: &mut Vec<Text>, pieces: &[Piece<'_>], format: OutputFormat, is_first: bool) -> io::Result<()> {
    texts.resize_with(pieces.len(), Text::default);
    texts.par_iter_mut().zip(pieces).enumerate().try_for_each(|(place, (text, piece))| {
        let Text { bytes, replaced } = text;
        bytes.clear();
        bytes.reserve(32 * piece.len());
        let is_first = is_first && place == 0;
        *replaced = match format {
            OutputFormat::Tsv => delimited::tsv(piece.clone(), bytes),
            OutputFormat::Csv => delimited::csv(piece.clone(), bytes)?,
            OutputFormat::Json => json::objects(piece.clone(), if is_first { "" } else { ",\n" }, ",\n", bytes)?,
            OutputFormat::Jsonl => json::objects(piece.clone(), if is_first { "" } else { "\n" }, "\n", bytes)?,
        };
        Ok(())
    })
}

/// Read again, the first word's first bytes would be taken for what they look like, if they begin as a compressed file
/// does; behind a blank line, which is passed over, they are not.
fn keep_from_misreading(texts: &mut [Text]) {
    if let Some(Text { bytes, .. }) = texts.first_mut().filter(|text| is_taken_for_another(&text.bytes)) {
        bytes.insert(0, b'\n');
    }
}

fn start(format: OutputFormat, header: bool) -> io::Result<Vec<u8>> {
    Ok(match format {
        OutputFormat::Tsv if header => format!("{}\n", COLUMNS.join("\t")).into_bytes(),
        OutputFormat::Tsv | OutputFormat::Jsonl => Vec::new(),
        OutputFormat::Csv => delimited::csv_header(&COLUMNS)?,
        OutputFormat::Json => b"[\n".to_vec(),
    })
}

fn end(format: OutputFormat, is_empty: bool) -> &'static [u8] {
    match (format, is_empty) {
        (OutputFormat::Json, true) => b"]\n",
        (OutputFormat::Json, false) => b"\n]\n",
        (OutputFormat::Jsonl, false) => b"\n",
        _ => b"",
    }
}
