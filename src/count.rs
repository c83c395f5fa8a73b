//! The MapReduce: every worker maps chunks into a table of its own, and the tables are merged pair by pair.

mod sink;

use rayon::prelude::*;

pub(crate) use self::sink::Sink;
use crate::error::Result;
use crate::filter::Filter;
use crate::parse::parse;
use crate::read::Reader;
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
    let mut chunks = reader.worker();
    while let Some(chunk) = chunks.next() {
        let report = parse(&chunk.lines, filter.needles(), &mut sink);
        chunk.done(report);
    }
    // Nobody wants it then, and the reduce has nothing to do.
    if reader.is_cancelled() {
        return Table::default();
    }
    sink.into_table()
}
