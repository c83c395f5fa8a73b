//! CSV: a line for each point. Times are in seconds, sizes in bytes.

use std::io;

use ngram_count::internal::{Cell, TextTable};
use ngram_count::write::OutputFormat;

use crate::commands::bench::axis::Axis;
use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::Axes;
use crate::commands::bench::report::Report;

/// The columns behind those of the axes.
const MEASURED: [&str; 9] =
    ["runs", "mean", "stddev", "median", "min", "max", "mb_per_second", "rows_per_second", "speed_up"];

pub(super) fn render(report: &Report) -> io::Result<Vec<u8>> {
    let columns: Vec<&str> = report.axes.exported().map(Axis::field).chain(MEASURED).collect();
    let mut rows = TextTable::new(OutputFormat::Csv, true, &columns)?;
    report.results.iter().try_for_each(|result| rows.push(&row(result, &report.axes)))?;
    Ok(rows.finish())
}

fn row(result: &Measured, axes: &Axes) -> Vec<Cell<'static>> {
    let times = &result.times;
    let settings = axes.exported().map(|axis| Cell::Number(result.point.get(axis).get() as u64));
    let measured = [
        Cell::Number(times.times.len() as u64),
        Cell::Measured(times.mean),
        Cell::Measured(times.stddev),
        Cell::Measured(times.median),
        Cell::Measured(times.min),
        Cell::Measured(times.max),
        Cell::Measured(result.mb_per_second),
        Cell::Measured(result.rows_per_second),
        result.speed_up.map_or(Cell::Missing, Cell::Measured),
    ];
    settings.chain(measured).collect()
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use crate::commands::bench::report::tests::{point, pools, report, table_report};

    #[test]
    fn event_loops_and_connections_have_columns_where_they_are_swept() {
        let first_line = |csv: Vec<u8>| String::from_utf8(csv).unwrap().lines().take(2).collect::<Vec<_>>().join(" ");
        let of_table = first_line(super::render(&table_report(&[(pools(1, 6), 0.5)])).unwrap());
        assert!(of_table.starts_with("chunk_size,threads,event_loops,connections,runs,"), "{of_table}");
        assert!(of_table.contains(" 1048576,2,1,6,3,"), "{of_table}");
        let of_file = first_line(super::render(&report(&[(point(64, 1), 0.5)])).unwrap());
        assert!(of_file.starts_with("chunk_size,threads,runs,"), "{of_file}");
    }
}
