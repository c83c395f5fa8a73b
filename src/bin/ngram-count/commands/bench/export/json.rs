//! JSON: all measurements, with every single time. Fields that hyperfine's JSON has, too, have the same names.

use std::io;

use serde::Serialize;

use crate::commands::bench::measured::Measured;
use crate::commands::bench::report::Report;
use crate::commands::bench::statistics::Summary;

#[derive(Serialize)]
struct Document<'a> {
    files: &'a [String],
    formats: &'a [String],
    bytes: u64,
    rows: u64,
    words: u64,
    runs: usize,
    warmup: usize,
    results: Vec<Line<'a>>,
    advice: Advised,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Line<'a> {
    /// The chunk size in bytes.
    chunk_size: usize,
    threads: usize,
    #[serde(flatten)]
    times: &'a Summary,
    mb_per_second: f64,
    rows_per_second: f64,
    speed_up: Option<f64>,
    /// Whether the result is within noise of the fastest.
    within_noise: bool,
}

#[derive(Serialize)]
struct Advised {
    options: String,
    reason: String,
    chunk_size: usize,
    threads: usize,
}

pub(super) fn render(report: &Report) -> io::Result<Vec<u8>> {
    let Report { inputs, runs, warmup, results, advice, warnings } = report;
    let chosen = results[advice.chosen].point;
    let document = Document {
        files: &inputs.names,
        formats: &inputs.formats,
        bytes: inputs.answer.bytes,
        rows: inputs.answer.rows,
        words: inputs.answer.words,
        runs: *runs,
        warmup: *warmup,
        results: results.iter().map(|result| line(result, &results[advice.fastest])).collect(),
        advice: Advised {
            options: advice.options(results),
            reason: advice.reason(results),
            chunk_size: chosen.chunk_size.0.get(),
            threads: chosen.threads.get(),
        },
        warnings,
    };
    let mut text = serde_json::to_vec_pretty(&document)?;
    text.push(b'\n');
    Ok(text)
}

fn line<'a>(result: &'a Measured, fastest: &Measured) -> Line<'a> {
    Line {
        chunk_size: result.point.chunk_size.0.get(),
        threads: result.point.threads.get(),
        times: &result.times,
        mb_per_second: result.mb_per_second,
        rows_per_second: result.rows_per_second,
        speed_up: result.speed_up,
        within_noise: result.times.is_like(&fastest.times),
    }
}
