//! CSV: a line for each point. Times are in seconds, sizes in bytes.

use std::io;

use serde::Serialize;

use crate::commands::bench::report::Report;

#[derive(Serialize)]
struct Line {
    chunk_size: usize,
    threads: usize,
    runs: usize,
    mean: f64,
    stddev: f64,
    median: f64,
    min: f64,
    max: f64,
    mb_per_second: f64,
    rows_per_second: f64,
    speed_up: Option<f64>,
}

pub(super) fn render(report: &Report) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for result in &report.results {
        let times = &result.times;
        writer.serialize(Line {
            chunk_size: result.point.chunk_size.0.get(),
            threads: result.point.threads.get(),
            runs: times.times.len(),
            mean: times.mean,
            stddev: times.stddev,
            median: times.median,
            min: times.min,
            max: times.max,
            mb_per_second: result.mb_per_second,
            rows_per_second: result.rows_per_second,
            speed_up: result.speed_up,
        })?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}
