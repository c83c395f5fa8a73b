//! The table, with a bar behind each line, as wide as the terminal and no wider: where it is narrow, columns are left
//! out.

use std::fmt::Write;
use std::ops::RangeInclusive;

use clap::builder::styling::{AnsiColor, Style};

use crate::commands::bench::bars::bar;
use crate::commands::bench::report::{Measured, Report};
use crate::commands::bench::units::{Unit, short};
use crate::terminal::screen::Screen;

/// A column, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    ChunkSize,
    Threads,
    Mean,
    Min,
    Bytes,
    Rows,
    SpeedUp,
}

const COLUMNS: [Column; 7] =
    [Column::ChunkSize, Column::Threads, Column::Mean, Column::Min, Column::Bytes, Column::Rows, Column::SpeedUp];

/// What is left out first where the terminal is narrow. The bar goes before the last of them.
const LEFT_OUT: [Column; 5] = [Column::Rows, Column::Min, Column::SpeedUp, Column::Bytes, Column::Threads];

const GAP: usize = 2;
/// Columns are left out for a bar of this width.
const WANTED_BAR: usize = 8;
/// Shorter bars tell nothing; longer ones are no better.
const BAR: RangeInclusive<usize> = 5..=50;

/// The table, and what it comes to.
pub(crate) fn render(report: &Report, screen: &Screen) -> String {
    let mut text = String::new();
    for line in wrap(&caption(report), screen.width) {
        text.extend([&line, "\n"]);
    }
    text.push('\n');
    let _ = Table::new(report, screen).write(&mut text);
    let options = format!("use {}", report.advice.options(&report.results));
    let bold = paint(Style::new().bold(), &options, screen);
    let _ = writeln!(text, "\n{bold}");
    for line in wrap(&report.advice.reason(&report.results), screen.width) {
        text.extend([&line, "\n"]);
    }
    text
}

fn caption(report: &Report) -> String {
    let inputs = &report.inputs;
    let each = if report.results.len() > 1 { " each" } else { "" };
    let warmup = match report.warmup {
        0 => String::new(),
        warmup => format!(" after {warmup} to warm up"),
    };
    format!(
        "{} ({}): {}B, {} rows; {} runs{each}{warmup}",
        inputs.title(),
        inputs.formats.join("; "),
        short(inputs.answer.bytes as f64),
        short(inputs.answer.rows as f64),
        report.runs,
    )
}

struct Table<'a> {
    report: &'a Report,
    screen: &'a Screen,
    unit: Unit,
    /// Those that fit, with a header and a cell for each result, all of one width.
    columns: Vec<Vec<String>>,
    /// The longest bar; 0 for none.
    bar: usize,
}

impl<'a> Table<'a> {
    fn new(report: &'a Report, screen: &'a Screen) -> Self {
        let shortest = report.results.iter().map(|result| result.times.min).fold(f64::INFINITY, f64::min);
        let mut table = Self { report, screen, unit: Unit::of(shortest), columns: Vec::new(), bar: 0 };
        let (mut chosen, mut cells): (Vec<Column>, Vec<Vec<String>>) =
            COLUMNS.into_iter().filter(|column| table.has(*column)).map(|column| (column, table.cells(column))).unzip();
        for column in LEFT_OUT {
            if table.room(&cells) >= GAP + WANTED_BAR {
                break;
            }
            if let Some(index) = chosen.iter().position(|other| *other == column)
                // Which line is which must still be seen, if there is any way.
                && (column != Column::Threads || width(&cells) > screen.width)
            {
                chosen.remove(index);
                cells.remove(index);
            }
        }
        table.bar = match table.room(&cells).saturating_sub(GAP) {
            room if room < *BAR.start() => 0,
            room => room.min(*BAR.end()),
        };
        table.columns = cells;
        table
    }

    fn has(&self, column: Column) -> bool {
        column != Column::SpeedUp
            || self.report.results.iter().any(|result| result.point.threads.get() > 1 && result.speed_up.is_some())
    }

    fn room(&self, cells: &[Vec<String>]) -> usize {
        self.screen.width.saturating_sub(width(cells))
    }

    /// The header of a column and its cells, all of one width.
    fn cells(&self, column: Column) -> Vec<String> {
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
            Column::ChunkSize => "chunk".into(),
            Column::Threads => "threads".into(),
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
            Column::ChunkSize => result.point.chunk_size.to_string(),
            Column::Threads => result.point.threads.to_string(),
            Column::Mean => self.unit.show(result.times.mean),
            Column::Min => self.unit.show(result.times.min),
            Column::Bytes => format!("{:.0}", result.mb_per_second),
            Column::Rows => short(result.rows_per_second),
            Column::SpeedUp => result.speed_up.map_or(String::new(), |times| format!("{times:.2}")),
        }
    }

    /// The means and the deviations, so that the signs between them stand below each other.
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

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let bars = match self.bar {
            ..WANTED_BAR => "",
            _ if self.screen.has_unicode => "  faster →",
            _ => "  faster >",
        };
        let header = fit(&(self.line(' ', 0) + bars), self.screen.width);
        writeln!(text, "{}", paint(Style::new().bold(), &header, self.screen))?;
        let fastest = self.report.results.iter().map(|result| result.mb_per_second).fold(0.0, f64::max);
        let mut threads = None;
        for (index, result) in self.report.results.iter().enumerate() {
            // A block for each number of threads.
            if threads.replace(result.point.threads).is_some_and(|last| last != result.point.threads) {
                text.push('\n');
            }
            let is_chosen = index == self.report.advice.chosen;
            let line = fit(&self.line(if is_chosen { '*' } else { ' ' }, index + 1), self.screen.width);
            let style = if is_chosen { AnsiColor::Green.on_default().bold() } else { Style::new() };
            write!(text, "{}", paint(style, &line, self.screen))?;
            if self.bar > 0 {
                let bar = bar(result.mb_per_second / fastest, self.bar, self.screen.has_unicode);
                let color = if is_chosen { AnsiColor::Green } else { AnsiColor::Cyan };
                write!(text, "{:GAP$}{}", "", paint(color.on_default(), &bar, self.screen))?;
            }
            text.push('\n');
        }
        Ok(())
    }

    /// A line without its bar; 0 is the header.
    fn line(&self, mark: char, number: usize) -> String {
        let cells: Vec<&str> = self.columns.iter().map(|cells| cells[number].as_str()).collect();
        format!("{mark} {}", cells.join(&" ".repeat(GAP)))
    }
}

/// How wide a line is without its bar: each column with a gap before it, in the first of which stands the mark.
fn width(cells: &[Vec<String>]) -> usize {
    cells.iter().filter_map(|cells| cells.first()).map(|cell| GAP + cell.chars().count()).sum()
}

/// As much of a line as there is room for: a terminal that is too narrow even for the least would wrap it.
fn fit(line: &str, width: usize) -> String {
    line.chars().take(width).collect()
}

fn paint(style: Style, text: &str, screen: &Screen) -> String {
    if screen.is_colored && !style.is_plain() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// Lines of whole words, no longer than `width` where the words are not.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{point, report};
    use super::*;

    const RESULTS: [(usize, usize, f64); 4] = [(16, 1, 0.5), (1024, 1, 0.4), (16, 2, 0.3), (1024, 2, 0.21)];

    fn rendered(width: usize, has_unicode: bool, is_colored: bool) -> String {
        let report = report(&RESULTS.map(|(kib, threads, mean)| (point(kib, threads), mean)));
        render(&report, &Screen { width, height: 24, is_colored, has_unicode })
    }

    #[test]
    fn on_80_columns_there_is_all_of_it() {
        let expected = "\
a.tsv (v2): 500MB, 2.00M rows; 3 runs each after 1 to warm up

  chunk  threads  mean ± σ (ms)    min  MB/s  rows/s  speed-up  faster →
  16KiB        1    500.0 ± 5.0  495.0  1000   4.00M      1.00  ██████▊
   1MiB        1    400.0 ± 5.0  395.0  1250   5.00M      1.00  ████████▍

  16KiB        2    300.0 ± 5.0  295.0  1667   6.67M      1.67  ███████████▎
*  1MiB        2    210.0 ± 5.0  205.0  2381   9.52M      1.90  ████████████████

use --chunk-size 1MiB
It is the fastest, by more than the noise. It is the default.
";
        assert_eq!(rendered(80, true, false), expected);
    }

    #[test]
    fn on_40_columns_the_least_important_are_left_out() {
        let expected = "\
a.tsv (v2): 500MB, 2.00M rows; 3 runs
each after 1 to warm up

  chunk  threads  mean +- sd (ms)
  16KiB        1     500.0 +- 5.0  ##
   1MiB        1     400.0 +- 5.0  ###

  16KiB        2     300.0 +- 5.0  ####
*  1MiB        2     210.0 +- 5.0  #####

use --chunk-size 1MiB
It is the fastest, by more than the
noise. It is the default.
";
        assert_eq!(rendered(40, false, false), expected);
        assert!(rendered(40, true, false).contains("\n  16KiB        1    500.0 ± 5.0  "));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 1..200 {
            for has_unicode in [true, false] {
                let text = rendered(width, has_unicode, false);
                // Words are not cut, nor is the line to copy.
                let table =
                    text.lines().skip_while(|line| !line.is_empty()).take_while(|line| !line.starts_with("use"));
                for line in table {
                    assert!(line.chars().count() <= width, "{width}: {line:?}");
                }
            }
        }
    }

    #[test]
    fn colours_add_nothing_but_colours() {
        let text = rendered(80, true, true);
        assert!(text.contains("\x1b["), "{text:?}");
        assert_eq!(anstream::adapter::strip_str(&text).to_string(), rendered(80, true, false));
    }
}
