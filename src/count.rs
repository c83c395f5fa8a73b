//! The MapReduce: each worker maps chunks into a table of its own; a tree reduce merges the tables in pairs.
//!
//! This file alone knows both sides: where chunks come from ([`Reader`]) and where runs of rows go ([`Sink`]).

mod sink;
mod sizes;

use std::sync::Arc;

use rayon::prelude::*;

pub(crate) use self::sink::Sink;
pub(crate) use self::sizes::Tallies;
use crate::filter::Filter;
use crate::parse::parse;
use crate::read::Reader;
use crate::table::rows::Rows;
use crate::table::spill::Spill;
use crate::table::{Detail, Table};

/// Counts the inputs of `reader`, with a worker for each thread of the current pool. `rows` holds the years that count.
/// What passes the memory of `spill` goes to its temporary file. In the table, an ngram may have several entries.
/// `tallies` need a detail that needs rows.
///
/// The table lacks an input that fails; `reader` has the error. The table is useless if the temporary file fails;
/// `spill` has the error.
pub(crate) fn count<D: Detail>(
    reader: &Reader,
    filter: &Filter,
    rows: &Rows,
    spill: &Arc<Spill>,
    tallies: &Tallies,
) -> Table<D> {
    (0..rayon::current_num_threads())
        .into_par_iter()
        .with_max_len(1)
        .map(|_worker| map(reader, Sink::new(filter, rows.clone(), spill).with(tallies), spill, tallies))
        .reduce(|| Table::new(spill), Table::merge)
}

/// The work of one worker: counts all chunks that it gets in one table.
fn map<D: Detail>(reader: &Reader, mut sink: Sink<'_, D>, spill: &Arc<Spill>, tallies: &Tallies) -> Table<D> {
    let needles = sink.needles();
    let mut chunks = reader.worker();
    while let Some(chunk) = chunks.next() {
        sink.enter(chunk.file());
        let mut report = parse(&chunk.lines, needles, &mut sink);
        chunk.join(&mut report, &mut sink);
        chunk.done(report);
        if spill.has_ended() {
            break;
        }
    }
    // Nobody wants the result of a run that has ended early. An empty table leaves the reduce nothing to do.
    if spill.has_ended() {
        return Table::new(spill);
    }
    sink.into_table(tallies)
}
