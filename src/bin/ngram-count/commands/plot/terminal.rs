//! The chart in a terminal: axes, lines and a legend, made of characters.
//!
//! With colours, lines consist of dots of a quarter of a character's height (braille). Without colours, several lines
//! of such dots would look alike, so each line has its own character.

use std::fmt::Write;
use std::ops::Range;

use anstyle::{Ansi256Color, Style};
use ratatui_core::buffer::Buffer;
use ratatui_core::layout::Rect;
use ratatui_core::style::{Color, Style as CellStyle};
use ratatui_core::text::Span;
use ratatui_core::widgets::Widget;
use ratatui_widgets::canvas::{Canvas, Context, Line, Points};

use crate::commands::plot::legend::legend;
use crate::commands::plot::marks::{axes, color, marker, sample};
use crate::commands::plot::series::{Chart, Series};
use crate::commands::plot::ticks::{self, Axis};
use crate::terminal::screen::Screen;

/// The minimum number of columns for the lines beside the labels of the vertical axis. In a narrower terminal, the
/// chart has no labels.
const MIN_COLUMNS: usize = 12;
/// The minimum number of rows for the lines.
const MIN_ROWS: usize = 4;

/// The chart as lines of text.
pub(crate) fn draw(chart: &Chart, screen: &Screen) -> String {
    let legend = legend(chart, screen);
    // The other rows are the title, the horizontal axis, its years, and the legend.
    let rows = screen.height.saturating_sub(3 + legend.len()).max(MIN_ROWS);
    let axis = ticks::values(chart.highest(), rows / 3, chart.is_whole());
    let labels = axis.label_width();
    let margin = if screen.width >= labels + 2 + MIN_COLUMNS { labels + 2 } else { 1 };
    let (width, columns) = (screen.width as u16, screen.width.saturating_sub(margin).max(1));
    let buffer = Buffer::empty(Rect::new(0, 0, width, (rows + 3 + legend.len()) as u16));
    let mut drawing = Drawing { chart, screen, axis, margin, columns, rows, buffer };
    drawing.text(0, 0, &chart.title());
    drawing.vertical();
    drawing.horizontal();
    drawing.lines();
    for (row, entries) in (rows + 3..).zip(legend) {
        for entry in entries {
            let (sample, color) = (sample(screen, entry.number), color(screen, entry.number));
            drawing.colored(entry.column, row, &sample, color);
            drawing.text(entry.column + sample.chars().count() + 1, row, &entry.name);
        }
    }
    drawing.print()
}

struct Drawing<'a> {
    chart: &'a Chart,
    screen: &'a Screen,
    axis: Axis,
    /// The number of columns left of the lines.
    margin: usize,
    columns: usize,
    rows: usize,
    buffer: Buffer,
}

impl Drawing<'_> {
    fn text(&mut self, column: usize, row: usize, text: &str) {
        self.colored(column, row, text, Color::Reset);
    }

    /// Writes text, cut off at the right edge.
    fn colored(&mut self, column: usize, row: usize, text: &str, color: Color) {
        let room = self.screen.width.saturating_sub(column);
        if room > 0 {
            self.buffer.set_stringn(column as u16, row as u16, text, room, CellStyle::new().fg(color));
        }
    }

    fn vertical(&mut self) {
        let [line, mark, ..] = axes(self.screen);
        for row in 0..self.rows {
            self.text(self.margin - 1, 1 + row, line);
        }
        // Each row has four dots of braille: the lowest dot of the last row is 0, the highest dot of the first row is
        // the top.
        for (value, label) in std::mem::take(&mut self.axis.ticks) {
            let dots = (1.0 - value / self.axis.top) * (4 * self.rows - 1) as f64;
            let row = 1 + (dots / 4.0) as usize;
            self.text(self.margin - 1, row, mark);
            if self.margin > 1 {
                self.text(self.margin - 2 - label.len(), row, &label);
            }
        }
    }

    fn horizontal(&mut self) {
        let [_, _, corner, line, mark] = axes(self.screen);
        let row = 1 + self.rows;
        self.text(self.margin - 1, row, corner);
        self.text(self.margin, row, &line.repeat(self.columns));
        let (first, last) = (*self.chart.years.start(), *self.chart.years.end());
        let mut free = 0;
        let Range { start: from, end: to } = self.chart.x_range();
        for year in ticks::years(first, last, self.columns / 10) {
            let place = ((year - first) as f64 - from) / (to - from) * (self.columns - 1) as f64;
            let column = self.margin + place.round() as usize;
            self.text(column, row, mark);
            let label = year.to_string();
            let start = column.saturating_sub(label.len() / 2).min(self.screen.width.saturating_sub(label.len()));
            if start >= free {
                self.text(start, row + 1, &label);
                free = start + label.len() + 1;
            }
        }
    }

    fn lines(&mut self) {
        if self.margin >= self.screen.width {
            return;
        }
        let area = Rect::new(self.margin as u16, 1, self.columns as u16, self.rows as u16);
        let (chart, screen) = (self.chart, self.screen);
        let paint = |context: &mut Context<'_>| {
            // Draw the first word last, over the others.
            for (number, series) in chart.series.iter().enumerate().rev() {
                context.marker(marker(screen, number));
                line(context, series, color(screen, number));
                context.layer();
            }
        };
        let Range { start, end } = chart.x_range();
        let canvas = Canvas::default().x_bounds([start, end]).y_bounds([0.0, self.axis.top]);
        canvas.marker(marker(screen, 0)).paint(paint).render(area, &mut self.buffer);
    }

    /// The lines of text, without spaces at their ends.
    fn print(&self) -> String {
        let mut text = String::new();
        for row in 0..self.buffer.area.height {
            let mut now = Color::Reset;
            let (mut line, mut column) = (String::new(), 0);
            while column < self.buffer.area.width {
                let cell = &self.buffer[(column, row)];
                let color = if cell.symbol().trim().is_empty() { now } else { cell.fg };
                if color != now {
                    line.push_str(&switch(now, color));
                    now = color;
                }
                line.push_str(cell.symbol());
                // A wide character has the cell behind it, too.
                column += (Span::raw(cell.symbol()).width() as u16).max(1);
            }
            let _ = writeln!(text, "{}{}", line.trim_end(), switch(now, Color::Reset));
        }
        text
    }
}

/// Draws a word's line. A year between gaps is a dot.
fn line(context: &mut Context<'_>, series: &Series, color: Color) {
    for run in series.runs() {
        for pair in run.windows(2) {
            context.draw(&Line::new(pair[0].0, pair[0].1, pair[1].0, pair[1].1, color));
        }
        context.draw(&Points::new(&run, color));
    }
}

/// The escape sequences from one colour to another.
fn switch(from: Color, to: Color) -> String {
    let style = |color| match color {
        Color::Indexed(number) => Style::new().fg_color(Some(Ansi256Color(number).into())),
        _ => Style::new(),
    };
    if from == to { String::new() } else { format!("{:#}{}", style(from), style(to)) }
}
