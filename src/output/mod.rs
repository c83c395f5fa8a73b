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
pub fn write(counts: &Counts, format: OutputFormat, header: bool, out: &mut impl Write) -> io::Result<Written> {
    let mut written = Written::default();
    out.write_all(&start(format, header)?)?;
    let pieces = counts.pieces(RENDERED);
    // Several pieces for each thread, so that none waits long for another; and no more, as they are all in memory at
    // once.
    let at_once = 4 * counts.pool.current_num_threads();
    for (number, pieces) in pieces.chunks(at_once).enumerate() {
        let render = |(place, piece): (usize, &Piece<'_>)| render(piece.clone(), format, number == 0 && place == 0);
        let texts: Vec<io::Result<_>> = counts.pool.install(|| pieces.par_iter().enumerate().map(render).collect());
        for (place, text) in texts.into_iter().enumerate() {
            let (text, replaced) = text?;
            if number == 0 && place == 0 && format == OutputFormat::Tsv && !header && is_taken_for_another(&text) {
                // Read again, the first word's first bytes would be taken for what they look like; behind a blank line,
                // which is passed over, they are not.
                out.write_all(b"\n")?;
            }
            out.write_all(&text)?;
            written.replaced += replaced;
        }
    }
    out.write_all(end(format, counts.is_empty()))?;
    out.flush()?;
    Ok(written)
}

/// A piece of the result as text, and how many ngrams had to be changed for it.
fn render(piece: Piece<'_>, format: OutputFormat, is_first: bool) -> io::Result<(Vec<u8>, u64)> {
    let mut text = Vec::with_capacity(32 * piece.len());
    let replaced = match format {
        OutputFormat::Tsv => delimited::tsv(piece, &mut text),
        OutputFormat::Csv => delimited::csv(piece, &mut text)?,
        OutputFormat::Json => json::objects(piece, if is_first { "" } else { ",\n" }, ",\n", &mut text)?,
        OutputFormat::Jsonl => json::objects(piece, if is_first { "" } else { "\n" }, "\n", &mut text)?,
    };
    Ok((text, replaced))
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
