//! The columns of the table, and their cells. A narrow terminal gets fewer columns.

use std::ops::RangeInclusive;

use crate::commands::bench::axis::Axis;
use crate::commands::bench::measured::Measured;
use crate::commands::bench::report::Report;
use crate::commands::bench::units::{Unit, short};
use crate::terminal::screen::Screen;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Of(Axis),
    Mean,
    Min,
    Bytes,
    Rows,
    SpeedUp,
}

/// The columns behind those of the axes, in their order.
const MEASURED: [Column; 5] = [Column::Mean, Column::Min, Column::Bytes, Column::Rows, Column::SpeedUp];

/// The columns that a narrow terminal lacks, in the order of their removal. The bar goes next, and then, as lines
/// differ in them, the axes along which no lines run.
const LEFT_OUT: [Column; 4] = [Column::Rows, Column::Min, Column::SpeedUp, Column::Bytes];

pub(super) const GAP: usize = 2;
/// The width of the bar for which the table drops columns.
pub(super) const WANTED_BAR: usize = 8;
/// The range of a bar's width. Shorter bars tell nothing, longer bars tell nothing more.
const BAR: RangeInclusive<usize> = 5..=50;

/// The columns that fit the width, and the bar behind them.
pub(super) struct Columns<'a> {
    report: &'a Report,
    screen: &'a Screen,
    unit: Unit,
    /// For each column, a header and a cell for each result, all of one width.
    cells: Vec<Vec<String>>,
    /// The length of the longest bar; 0 for no bars.
    pub(super) bar: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(report: &'a Report, screen: &'a Screen) -> Self {
        let unit = Unit::of_results(&report.results);
        let mut columns = Self { report, screen, unit, cells: Vec::new(), bar: 0 };
        let axes = report.axes.shown.iter().copied().map(Column::Of);
        let (mut chosen, mut cells): (Vec<Column>, Vec<Vec<String>>) = axes
            .chain(MEASURED)
            .filter(|column| columns.has(*column))
            .map(|column| (column, columns.cells_of(column)))
            .unzip();
        for column in LEFT_OUT.into_iter().chain(report.axes.others().map(Column::Of)) {
            if columns.room(&cells) >= GAP + WANTED_BAR {
                break;
            }
            if let Some(index) = chosen.iter().position(|other| *other == column)
                && (!matches!(column, Column::Of(_)) || width(&cells) > screen.width)
            {
                chosen.remove(index);
                cells.remove(index);
            }
        }
        columns.bar = match columns.room(&cells).saturating_sub(GAP) {
            room if room < *BAR.start() => 0,
            room => room.min(*BAR.end()),
        };
        columns.cells = cells;
        columns
    }

    fn has(&self, column: Column) -> bool {
        let Report { axes, results, .. } = self.report;
        column != Column::SpeedUp
            || results.iter().any(|result| result.speed_up.is_some() && axes.alone(result.point) != result.point)
    }

    fn room(&self, cells: &[Vec<String>]) -> usize {
        self.screen.width.saturating_sub(width(cells))
    }

    /// The header of a column and its cells, all of one width.
    fn cells_of(&self, column: Column) -> Vec<String> {
        let results = self.report.results.iter();
        let mut cells = vec![self.header(column)];
        if column == Column::Mean {
            cells.extend(self.means());
        } else {
            cells.extend(results.map(|result| self.cell(column, result)));
        }
        let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
        cells.iter().map(|cell| format!("{cell:>width$}")).collect()
    }

    fn header(&self, column: Column) -> String {
        let unit = self.unit.name(self.screen.has_unicode);
        match column {
            Column::Of(axis) => axis.header().into(),
            Column::Mean if self.screen.has_unicode => format!("mean ± σ ({unit})"),
            Column::Mean => format!("mean +- sd ({unit})"),
            Column::Min => "min".into(),
            Column::Bytes => "MB/s".into(),
            Column::Rows => "rows/s".into(),
            Column::SpeedUp => "speed-up".into(),
        }
    }

    fn cell(&self, column: Column, result: &Measured) -> String {
        match column {
            Column::Of(axis) => axis.show(result.point.get(axis)),
            Column::Mean => self.unit.show(result.times.mean),
            Column::Min => self.unit.show(result.times.min),
            Column::Bytes => format!("{:.0}", result.mb_per_second),
            Column::Rows => short(result.rows_per_second),
            Column::SpeedUp => result.speed_up.map_or(String::new(), |times| format!("{times:.2}")),
        }
    }

    /// The means and the deviations, with the signs between them aligned.
    fn means(&self) -> Vec<String> {
        let deviations: Vec<String> =
            self.report.results.iter().map(|result| self.unit.show(result.times.stddev)).collect();
        let width = deviations.iter().map(String::len).max().unwrap_or(0);
        let sign = if self.screen.has_unicode { "±" } else { "+-" };
        let pairs = self.report.results.iter().zip(deviations);
        pairs
            .map(|(result, deviation)| format!("{} {sign} {deviation:>width$}", self.unit.show(result.times.mean)))
            .collect()
    }

    /// A line without its bar. Line 0 is the header.
    pub(super) fn line(&self, mark: char, number: usize) -> String {
        let cells: Vec<&str> = self.cells.iter().map(|cells| cells[number].as_str()).collect();
        format!("{mark} {}", cells.join(&" ".repeat(GAP)))
    }
}

/// The width of a line without its bar. Each column has a gap before it, and the first gap holds the mark.
fn width(cells: &[Vec<String>]) -> usize {
    cells.iter().filter_map(|cells| cells.first()).map(|cell| GAP + cell.chars().count()).sum()
}
