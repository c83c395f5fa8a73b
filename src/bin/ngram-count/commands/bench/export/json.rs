//! JSON: all measurements, with every single time. Fields that hyperfine's JSON has, too, have the same names.

use std::io;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::{Axes, Point};
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
    advice: Advised<'a>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    settings: Settings<'a>,
    #[serde(flatten)]
    times: &'a Summary,
    mb_per_second: f64,
    rows_per_second: f64,
    speed_up: Option<f64>,
    /// Whether the result is within noise of the fastest.
    within_noise: bool,
}

#[derive(Serialize)]
struct Advised<'a> {
    options: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    #[serde(flatten)]
    settings: Settings<'a>,
}

/// A field for each axis. Sizes are in bytes.
struct Settings<'a> {
    axes: &'a Axes,
    point: Point,
}

impl Serialize for Settings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for axis in self.axes.exported() {
            map.serialize_entry(axis.field(), &self.point.get(axis))?;
        }
        map.end()
    }
}

pub(super) fn render(report: &Report) -> io::Result<Vec<u8>> {
    let Report { inputs, axes, runs, warmup, results, advice, command, warnings } = report;
    let settings = |point| Settings { axes, point };
    let document = Document {
        files: &inputs.names,
        formats: &inputs.formats,
        bytes: inputs.answer.bytes,
        rows: inputs.answer.rows,
        words: inputs.answer.words,
        runs: *runs,
        warmup: *warmup,
        results: results.iter().map(|result| line(result, settings(result.point), &results[advice.fastest])).collect(),
        advice: Advised {
            options: &advice.options,
            reason: &advice.reason,
            command: command.as_deref(),
            settings: settings(results[advice.chosen].point),
        },
        warnings,
    };
    let mut text = serde_json::to_vec_pretty(&document)?;
    text.push(b'\n');
    Ok(text)
}

fn line<'a>(result: &'a Measured, settings: Settings<'a>, fastest: &Measured) -> Line<'a> {
    Line {
        settings,
        times: &result.times,
        mb_per_second: result.mb_per_second,
        rows_per_second: result.rows_per_second,
        speed_up: result.speed_up,
        within_noise: result.times.is_like(&fastest.times),
    }
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use serde_json::Value;

    use crate::commands::bench::report::tests::{point, pools, report, table_report};

    #[test]
    fn event_loops_and_connections_are_fields_where_they_are_swept() {
        let mut report_of_table = table_report(&[(pools(1, 6), 0.5)]);
        report_of_table.command = Some("ngram-count a.tsv".into());
        let json: Value = serde_json::from_slice(&super::render(&report_of_table).unwrap()).unwrap();
        for settings in [&json["results"][0], &json["advice"]] {
            let found = ["chunk_size", "threads", "event_loops", "connections"].map(|field| settings[field].as_u64());
            assert_eq!(found, [1 << 20, 2, 1, 6].map(Some), "{json}");
        }
        assert_eq!(json["advice"]["command"], "ngram-count a.tsv");
        let text = String::from_utf8(super::render(&report(&[(point(64, 1), 0.5)])).unwrap()).unwrap();
        assert!(!text.contains("connections") && !text.contains("command"), "{text}");
    }
}
