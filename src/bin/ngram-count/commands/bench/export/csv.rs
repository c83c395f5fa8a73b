//! CSV: a line for each point. Times are in seconds, sizes in bytes.

use std::io;

use ngram_count::internal::{Cell, TextTable};
use ngram_count::write::OutputFormat;

use crate::commands::bench::measured::Measured;
use crate::commands::bench::report::Report;

const COLUMNS: [&str; 11] = [
    "chunk_size",
    "threads",
    "runs",
    "mean",
    "stddev",
    "median",
    "min",
    "max",
    "mb_per_second",
    "rows_per_second",
    "speed_up",
];

pub(super) fn render(report: &Report) -> io::Result<Vec<u8>> {
    let mut rows = TextTable::new(OutputFormat::Csv, true, &COLUMNS)?;
    report.results.iter().try_for_each(|result| rows.push(&row(result)))?;
    Ok(rows.finish())
}

fn row(result: &Measured) -> [Cell<'static>; 11] {
    let times = &result.times;
    let [chunk_size, threads, runs] =
        [result.point.chunk_size.0.get(), result.point.threads.get(), times.times.len()].map(|number| number as u64);
    [
        Cell::Number(chunk_size),
        Cell::Number(threads),
        Cell::Number(runs),
        Cell::Measured(times.mean),
        Cell::Measured(times.stddev),
        Cell::Measured(times.median),
        Cell::Measured(times.min),
        Cell::Measured(times.max),
        Cell::Measured(result.mb_per_second),
        Cell::Measured(result.rows_per_second),
        result.speed_up.map_or(Cell::Missing, Cell::Measured),
    ]
}
