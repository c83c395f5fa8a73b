//! The chart as an SVG picture. The PNG is made of it, too.

use std::io;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::commands::drawing::{GRID, INK, color, text_style};
use crate::commands::plot::series::Chart;
use crate::commands::plot::ticks::{self, Axis};

/// In pixels.
const SIZE: (u32, u32) = (900, 500);
/// The number of plotters' coordinates for a pixel. plotters has whole numbers for coordinates, and smooth lines need
/// finer steps than a pixel.
const FINE: u32 = 8;
/// In pixels.
const FONT_SIZE: f64 = 14.0;
/// The estimated width of a letter in pixels: rather too large than too small.
const LETTER: f64 = 0.62 * FONT_SIZE;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a> = DrawingArea<SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// The chart as an SVG document.
///
/// # Errors
/// The errors of plotters, as text.
pub(crate) fn svg(chart: &Chart) -> io::Result<String> {
    let mut text = String::new();
    let size = (SIZE.0 * FINE, SIZE.1 * FINE);
    let root = SVGBackend::with_string(&mut text, size).into_drawing_area();
    draw(chart, &root).and_then(|()| root.present()).map_err(|error| io::Error::other(error.to_string()))?;
    drop(root);
    // The view box keeps the fine coordinates.
    let attributes = |(width, height): (u32, u32)| format!("width=\"{width}\" height=\"{height}\" viewBox");
    Ok(text.replacen(&attributes(size), &attributes(SIZE), 1))
}

type Drawn = Result<(), DrawingAreaErrorKind<io::Error>>;

fn draw(chart: &Chart, root: &Area<'_>) -> Drawn {
    root.fill(&WHITE)?;
    let axis = ticks::values(chart.highest(), 6, chart.is_whole());
    let labels = axis.label_width() as f64;
    write(root, &chart.title(), (20.0, 24.0), HPos::Left)?;
    let top = legend(chart, root)?;
    let (left, right) = (labels * LETTER + 24.0, f64::from(SIZE.0) - 30.0);
    let bottom = f64::from(SIZE.1) - 40.0;
    // The vertical coordinates of pictures go from the top down.
    let corners = (fine(left)..fine(right), fine(bottom)..fine(top));
    let plane = root.clone().apply_coord_spec(Cartesian2d::new(chart.x_range(), 0.0..axis.top, corners));
    grid(chart, &axis, root, &plane)?;
    for (number, series) in chart.series.iter().enumerate().rev() {
        let color = color(number);
        for run in series.runs() {
            if let [point] = run[..] {
                plane.draw(&Circle::new(point, 2 * FINE, color.filled()))?;
            }
            plane.draw(&PathElement::new(run, stroke(color, 2.0)))?;
        }
    }
    Ok(())
}

/// Draws the grid lines and their labels.
fn grid(chart: &Chart, axis: &Axis, root: &Area<'_>, plane: &Plane<'_>) -> Drawn {
    let (from, to) = (plane.get_x_range().start, plane.get_x_range().end);
    for (value, label) in &axis.ticks {
        plane.draw(&PathElement::new([(from, *value), (to, *value)], stroke(GRID, 1.0)))?;
        let (x, y) = coarse(plane.map_coordinate(&(from, *value)));
        write(root, label, (x - 8.0, y), HPos::Right)?;
    }
    let first = *chart.years.start();
    for year in ticks::years(first, *chart.years.end(), 10) {
        let x = (year - first) as f64;
        plane.draw(&PathElement::new([(x, 0.0), (x, axis.top)], stroke(GRID, 1.0)))?;
        let (x, y) = coarse(plane.map_coordinate(&(x, 0.0)));
        write(root, &year.to_string(), (x, y + 18.0), HPos::Center)?;
    }
    plane.draw(&PathElement::new([(from, 0.0), (to, 0.0)], stroke(INK, 1.0)))
}

/// Draws the words with samples of their lines, side by side. Returns the upper edge of the space below them.
fn legend(chart: &Chart, root: &Area<'_>) -> Result<f64, DrawingAreaErrorKind<io::Error>> {
    const LINE: f64 = 24.0;
    const MAX_LETTERS: usize = 60;
    let (mut x, mut y) = (20.0, 50.0);
    for (number, series) in chart.series.iter().enumerate() {
        let mut name = series.name();
        if let Some((end, _)) = name.char_indices().nth(MAX_LETTERS) {
            name.truncate(end);
            name.push('…');
        }
        let width = LINE + 8.0 + name.chars().count() as f64 * LETTER;
        if x > 20.0 && x + width > f64::from(SIZE.0) - 20.0 {
            (x, y) = (20.0, y + 22.0);
        }
        let sample = [(fine(x), fine(y)), (fine(x + LINE), fine(y))];
        root.draw(&PathElement::new(sample, stroke(color(number), 3.0)))?;
        write(root, &name, (x + LINE + 8.0, y), HPos::Left)?;
        x += width + 20.0;
    }
    Ok(y + 24.0)
}

fn write(root: &Area<'_>, text: &str, (x, y): (f64, f64), side: HPos) -> Drawn {
    let style = text_style(FONT_SIZE * f64::from(FINE), INK, side, VPos::Center);
    // plotters places the middle of letters a little too high.
    root.draw(&Text::new(text.to_owned(), (fine(x), fine(y + 1.0)), style))
}

fn stroke(color: RGBColor, width: f64) -> ShapeStyle {
    color.stroke_width((width * f64::from(FINE)) as u32)
}

fn fine(pixels: f64) -> i32 {
    (pixels * f64::from(FINE)).round() as i32
}

fn coarse((x, y): (i32, i32)) -> (f64, f64) {
    (f64::from(x) / f64::from(FINE), f64::from(y) / f64::from(FINE))
}
