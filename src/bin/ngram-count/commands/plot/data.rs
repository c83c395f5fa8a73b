//! The values of a chart as a table: a line for each word and year.

use std::io;

use csv::{Terminator, WriterBuilder};
use ngram_count::write::OutputFormat;
use serde_json::{Value as Json, json};

use crate::commands::plot::series::{Chart, Series, Value};

/// The table in a format. Years without a value have no line.
pub(crate) fn table(
    chart: Option<&Chart>,
    is_per_million: bool,
    format: OutputFormat,
    header: bool,
) -> io::Result<Vec<u8>> {
    let name = if is_per_million { "per-million" } else { "count" };
    let lines = chart.into_iter().flat_map(lines);
    let objects = || chart.into_iter().flat_map(self::lines).map(|line| object(&line, name));
    Ok(match format {
        OutputFormat::Csv => {
            let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
            writer.write_record(["word", "year", name])?;
            for (series, year, value) in lines {
                writer.write_record([
                    &series.word[..],
                    year.to_string().as_bytes(),
                    text(value, is_per_million).as_bytes(),
                ])?;
            }
            writer.into_inner().map_err(csv::IntoInnerError::into_error)?
        }
        OutputFormat::Json => {
            let objects: Vec<String> = objects().collect();
            let end = if objects.is_empty() { "" } else { "\n" };
            format!("[\n{}{end}]\n", objects.join(",\n")).into_bytes()
        }
        OutputFormat::Jsonl => objects().map(|object| object + "\n").collect::<String>().into_bytes(),
        _ => {
            let mut table = if header { format!("word\tyear\t{name}\n").into_bytes() } else { Vec::new() };
            for (series, year, value) in lines {
                table.extend_from_slice(&series.word);
                table.extend_from_slice(format!("\t{year}\t{}\n", text(value, is_per_million)).as_bytes());
            }
            table
        }
    })
}

type Line<'a> = (&'a Series, u64, Value);

fn lines(chart: &Chart) -> impl Iterator<Item = Line<'_>> {
    chart.series.iter().flat_map(|series| {
        let years = chart.years.clone().zip(&series.values);
        years.filter_map(move |(year, value)| Some((series, year, (*value)?)))
    })
}

fn object((series, year, value): &Line<'_>, name: &str) -> String {
    let number = match value {
        Value::Count(count) => json!(count),
        // As many places as in the other formats.
        Value::Real(value) => json!(text(Value::Real(*value), true).parse().unwrap_or(*value)),
    };
    let word = Json::from(String::from_utf8_lossy(&series.word));
    format!("{{\"word\":{word},\"year\":{year},\"{name}\":{number}}}")
}

/// A count is exact; other numbers have six places, without zeros that say nothing. One per million has a decimal point in
/// any case, as in the column of that name.
fn text(value: Value, is_per_million: bool) -> String {
    let value = match value {
        Value::Count(count) => return count.to_string(),
        Value::Real(value) => format!("{value:.6}"),
    };
    let value = value.trim_end_matches('0');
    match value.strip_suffix('.') {
        Some(whole) if is_per_million => format!("{whole}.0"),
        Some(whole) => whole.to_owned(),
        None => value.to_owned(),
    }
}
