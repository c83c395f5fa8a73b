//! The legend of a chart in a terminal.

use ratatui_core::text::Span;

use crate::commands::plot::marks::sample;
use crate::commands::plot::series::Chart;
use crate::terminal::screen::Screen;

/// An entry of the legend.
pub(super) struct LegendEntry {
    pub(super) column: usize,
    /// The number of the word, which chooses its colour and mark.
    pub(super) number: usize,
    pub(super) name: String,
}

/// The rows of the legend: words side by side, as many as fit.
pub(super) fn legend(chart: &Chart, screen: &Screen) -> Vec<Vec<LegendEntry>> {
    const BETWEEN: usize = 3;
    let (mut rows, mut column) = (vec![Vec::new()], 0);
    for (number, series) in chart.series.iter().enumerate() {
        let before = sample(screen, number).chars().count() + 1;
        let name = clipped(&series.name(), screen.width.saturating_sub(before), screen.has_unicode);
        let width = before + Span::raw(&name).width();
        if column > 0 && column + width > screen.width {
            rows.push(Vec::new());
            column = 0;
        }
        if let Some(row) = rows.last_mut() {
            row.push(LegendEntry { column, number, name });
        }
        column += width + BETWEEN;
    }
    rows
}

/// A name, cut off to fit. In ASCII, `?` stands for other characters.
fn clipped(name: &str, room: usize, has_unicode: bool) -> String {
    let mut name = if has_unicode { name.to_owned() } else { name.replace(|letter: char| !letter.is_ascii(), "?") };
    let dots = if has_unicode { "…" } else { "..." };
    if Span::raw(&name).width() > room {
        while !name.is_empty() && Span::raw(&name).width() + Span::raw(dots).width() > room {
            name.pop();
        }
        name.push_str(dots);
    }
    name
}
