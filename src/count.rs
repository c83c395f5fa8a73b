//! The MapReduce: every worker maps chunks into a table of its own, and the tables are merged pair by pair.

mod sink;

use memchr::memchr;
use rayon::prelude::*;

pub(crate) use self::sink::Sink;
use crate::error::Result;
use crate::filter::Filter;
use crate::parse::{Format, READ_WHOLE, lines_of};
use crate::read::Reader;
use crate::read::line_numbers::ChunkReport;
use crate::table::rows::Rows;
use crate::table::{Detail, Table};

/// Counts all that `feed` has, with as many workers as the current thread pool has threads.
///
/// Inputs that fail are taken down by the feed; what is returned then lacks them.
///
/// # Errors
/// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1: of several ngrams, the first by its bytes.
pub(crate) fn count<D: Detail>(reader: &Reader, filter: &Filter, rows: &Rows) -> Result<Table<D>> {
    let table = (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(reader, filter, rows.clone()))
        .reduce(Table::default, Table::merge);
    Ok(table.compacted()?)
}

/// The table of one worker: maps chunks as long as there are any.
fn map<D: Detail>(reader: &Reader, filter: &Filter, rows: Rows) -> Table<D> {
    let mut sink = Sink::new(filter, rows);
    let (mut source, mut buffer) = (None, Vec::new());
    while let Some((from, chunk)) = reader.next(source, &mut buffer) {
        let text = from.text(&chunk, &buffer);
        let mut report = ChunkReport { bytes: text.len() as u64, ..ChunkReport::default() };
        if let Some(detected) = from.detected() {
            sink.format = detected.format;
            let parse_options = &reader.read_options.parse_options;
            match filter.needles() {
                Some(needles) if detected.format != Format::Text => {
                    let head = head_len(text, chunk.offset);
                    detected.format.search((text, head), needles, parse_options, &mut report, &mut sink);
                    if !from.is_plain() {
                        report.lines += lines_of(&text[head..]);
                    }
                }
                _ => detected.format.map(text, parse_options, &mut report, &mut sink),
            }
        }
        reader.finish(&from, &chunk, text, report);
        source = Some(from);
    }
    sink.into_table()
}

/// How many bytes of a chunk that begins at byte `offset` of its input belong to lines that are read in any case.
fn head_len(text: &[u8], offset: u64) -> usize {
    let Some(last) = READ_WHOLE.checked_sub(offset + 1).filter(|last| *last < text.len() as u64) else {
        return if offset < READ_WHOLE { text.len() } else { 0 };
    };
    memchr(b'\n', &text[last as usize..]).map_or(text.len(), |place| last as usize + place + 1)
}
