//! The MapReduce: each worker maps chunks into a table of its own; a tree reduce merges the tables in pairs.
//!
//! This file alone knows both sides: where chunks come from ([`Reader`]) and where runs of rows go ([`Sink`]).

mod sink;

use rayon::prelude::*;

pub(crate) use self::sink::Sink;
use crate::error::Result;
use crate::filter::Filter;
use crate::parse::parse;
use crate::read::Reader;
use crate::table::rows::Rows;
use crate::table::{Detail, Table};

/// Counts the inputs of `reader`, with a worker for each thread of the current pool. `rows` holds the years that count.
///
/// The table lacks an input that fails; `reader` has the error.
///
/// # Errors
/// [`Error::Overflow`](crate::Error::Overflow) when a sum passes 2^64-1. Of several such ngrams, it names the first by
/// its bytes.
pub(crate) fn count<D: Detail>(reader: &Reader, filter: &Filter, rows: &Rows) -> Result<Table<D>> {
    let table = (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(reader, filter, rows.clone()))
        .reduce(Table::default, Table::merge);
    Ok(table.compacted()?)
}

/// The work of one worker: counts all chunks that it gets in one table.
fn map<D: Detail>(reader: &Reader, filter: &Filter, rows: Rows) -> Table<D> {
    let mut sink = Sink::new(filter, rows);
    let mut chunks = reader.worker();
    while let Some(chunk) = chunks.next() {
        let report = parse(&chunk.lines, filter.needles(), &mut sink);
        chunk.done(report);
    }
    // Nobody wants the result of a cancelled run. An empty table leaves the reduce nothing to do.
    if reader.is_cancelled() { Table::default() } else { sink.into_table() }
}
