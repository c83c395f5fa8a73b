//! The values of a chart as a table, with a line for each word and year.

use std::io;

use ngram_count::internal::{Cell, TextTable};
use ngram_count::write::OutputFormat;

use crate::commands::plot::series::{Chart, Series, Value};

/// The maximum number of decimal places of a value that is not a count.
const PLACES: usize = 6;

/// The table in a format. A year without a value has no line.
pub(crate) fn table(
    chart: Option<&Chart>,
    is_per_million: bool,
    format: OutputFormat,
    header: bool,
) -> io::Result<Vec<u8>> {
    let columns = ["word", "year", if is_per_million { "per-million" } else { "count" }];
    let mut rows = TextTable::new(format, header, &columns)?;
    for (series, year, value) in chart.into_iter().flat_map(lines) {
        rows.push(&[Cell::Ngram(&series.word), Cell::Number(year), cell(value, is_per_million)])?;
    }
    Ok(rows.finish())
}

fn lines(chart: &Chart) -> impl Iterator<Item = (&Series, u64, Value)> {
    chart.series.iter().flat_map(|series| {
        let years = chart.years.clone().zip(&series.values);
        years.filter_map(move |(year, value)| Some((series, year, (*value)?)))
    })
}

/// The cell of a value. A value per million has the form of the column per-million. A mean of counts may be whole.
fn cell(value: Value, is_per_million: bool) -> Cell<'static> {
    match value {
        Value::Count(count) => Cell::Number(count),
        Value::Real(value) if is_per_million => Cell::Real(value, PLACES),
        Value::Real(value) => Cell::Mean(value, PLACES),
    }
}
