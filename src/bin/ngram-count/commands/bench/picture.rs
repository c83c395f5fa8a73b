//! The picture: the speed over the chunk size, with a line for each number of threads; or over the number of connections,
//! with a line for each number of event loops.

use std::error::Error;
use std::io;
use std::ops::Range;

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::{Axes, Point};
use crate::commands::bench::report::Report;
use crate::commands::bench::units::short;
use crate::commands::drawing::{GRID, INK, color, text_style};

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;
type Drawn = Result<(), Box<dyn Error>>;

const WIDTH: u32 = 800;
const HEIGHT: u32 = 440;
/// The font size of the title.
const LARGE: f64 = 19.0;
/// The font size of all other text.
const SMALL: f64 = 13.0;
/// The horizontal distance between two lines, in units of one doubling of the chunk size.
const SHIFT_OF_SIZES: f64 = 0.1;
/// The same for numbers, of which fewer doublings share the width.
const SHIFT_OF_NUMBERS: f64 = 0.03;

/// The report as a picture.
///
/// # Errors
/// When the picture can't be drawn.
pub(super) fn render(report: &Report) -> io::Result<String> {
    let mut text = String::new();
    draw(report, &mut text).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(text)
}

fn draw(report: &Report, text: &mut String) -> Drawn {
    let area = SVGBackend::with_string(text, (WIDTH, HEIGHT)).into_drawing_area();
    area.fill(&WHITE)?;
    let end = titles(report, &area)?;
    let inner = area.margin(end + 2, 10, 10, space_for_names(report));
    let (x, y) = ranges(report);
    let mut chart = ChartBuilder::on(&inner).x_label_area_size(50).y_label_area_size(75).build_cartesian_2d(x, y)?;
    mesh(&report.axes, &mut chart)?;
    labels(report, &area, &mut chart)?;
    lines(report, &area, &mut chart)?;
    drop(chart);
    area.present()?;
    Ok(())
}

/// Draws the advice and what was measured. Returns where they end.
fn titles(report: &Report, area: &Area<'_>) -> Result<i32, Box<dyn Error>> {
    const LEFT: i32 = 85;
    const LINE: i32 = 18;
    let large = text_style(LARGE, INK, HPos::Left, VPos::Top);
    let large = TextStyle { font: large.font.style(FontStyle::Bold), ..large };
    area.draw_text(&format!("use {}", report.advice.options), &large, (LEFT, 14))?;
    let mut y = 40;
    for line in subtitles(report) {
        area.draw_text(&line, &text_style(SMALL, INK, HPos::Left, VPos::Top), (LEFT, y))?;
        y += LINE;
    }
    Ok(y)
}

/// What was measured: in one line, if its name leaves space, as that of a table often does not.
fn subtitles(report: &Report) -> Vec<String> {
    /// What fits into the width.
    const LETTERS: usize = 100;
    let inputs = &report.inputs;
    let name = report.title();
    let facts = format!(
        "{}B ({}); mean ± σ of {} runs",
        short(inputs.answer.bytes as f64),
        inputs.formats.join("; "),
        report.runs,
    );
    let whole = format!("ngram-count bench: {name}, {facts}");
    if whole.chars().count() <= LETTERS {
        return vec![whole];
    }
    let name =
        if name.chars().count() > LETTERS { name.chars().take(LETTERS - 1).chain(['…']).collect() } else { name };
    vec![name, format!("ngram-count bench: {facts}")]
}

/// The width to the right of the chart, in pixels.
fn space_for_names(report: &Report) -> i32 {
    let names = report.results.iter().map(|result| report.axes.describe_others(result.point));
    let letters: u16 = names.map(|name| name.chars().count() as u16).max().unwrap_or(0);
    // 6.8 pixels for a letter and 14 before the first, of which some lie below the end of the chart.
    95.max(14 + 13 * i32::from(letters) / 2)
}

/// The ranges of both axes: the logarithm of the chunk size or another number, with a margin, and the speed from 0 on, so that heights
/// are proportional to speeds.
fn ranges(report: &Report) -> (Range<f64>, Range<f64>) {
    let Report { axes, results, .. } = report;
    let places = results.iter().map(|result| place(axes, result.point));
    let (low, high) =
        places.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), place| (low.min(place), high.max(place)));
    let top = results.iter().map(|result| speeds(result).1).fold(0.0, f64::max);
    (low - 0.5..high + 0.5, 0.0..(1.1 * top).max(1e-6))
}

fn place(axes: &Axes, point: Point) -> f64 {
    (point.get(axes.along).get() as f64).log2()
}

/// The speeds in MB/s at the mean time plus and minus the standard deviation.
fn speeds(result: &Measured) -> (f64, f64) {
    let mean = result.times.mean;
    // A larger deviation would only be a line to the edge.
    let spread = result.times.stddev.min(0.9 * mean);
    let scale = |time: f64| if time > 0.0 { result.mb_per_second * mean / time } else { 0.0 };
    (scale(mean + spread), scale(mean - spread))
}

fn mesh(axes: &Axes, chart: &mut Chart<'_, '_>) -> Drawn {
    let small = text_style(SMALL, INK, HPos::Left, VPos::Top);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .max_light_lines(0)
        .bold_line_style(GRID)
        .axis_style(INK)
        .x_labels(0)
        .y_labels(6)
        .y_label_formatter(&|speed| if *speed < 10.0 { format!("{speed:.1}") } else { format!("{speed:.0}") })
        .x_desc(axes.along.title())
        .y_desc("MB/s")
        .label_style(small.clone())
        .axis_desc_style(small)
        .draw()?;
    Ok(())
}

/// Draws the chunk sizes or numbers below the axis, as many as fit.
fn labels(report: &Report, area: &Area<'_>, chart: &mut Chart<'_, '_>) -> Drawn {
    const LABEL: i32 = 52;
    let axes = &report.axes;
    let mut points: Vec<Point> = report.results.iter().map(|result| result.point).collect();
    points.sort_by_key(|point| point.get(axes.along));
    let style = text_style(SMALL, INK, HPos::Center, VPos::Top);
    let mut end = i32::MIN;
    for point in points {
        let (x, y) = chart.backend_coord(&(place(axes, point), 0.0));
        if x - LABEL / 2 >= end {
            area.draw(&PathElement::new([(x, y), (x, y + 5)], INK))?;
            area.draw_text(&axes.along.show(point.get(axes.along)), &style, (x, y + 9))?;
            end = x + LABEL / 2;
        }
    }
    Ok(())
}

/// Draws a line for each number of threads or of event loops, with its name at the end, and a ring around the advised
/// point.
fn lines(report: &Report, area: &Area<'_>, chart: &mut Chart<'_, '_>) -> Drawn {
    let Report { axes, results, .. } = report;
    let all: Vec<_> = results.chunk_by(|one, other| axes.are_in_line(one.point, other.point)).collect();
    let chosen = &results[report.advice.chosen];
    let distance = if axes.along.is_parallel() { SHIFT_OF_NUMBERS } else { SHIFT_OF_SIZES };
    let mut names = Vec::new();
    for (number, results) in all.iter().enumerate() {
        // Draw the lines a little beside each other, so that their deviations do not overlap.
        let shift = distance * (number as f64 - (all.len() as f64 - 1.0) / 2.0);
        let color = color(number);
        let places: Vec<f64> = results.iter().map(|result| place(axes, result.point) + shift).collect();
        let end = line(results, &places, color, chart)?;
        names.push((chart.backend_coord(&end), axes.describe_others(results[0].point), color));
        if axes.are_in_line(chosen.point, results[0].point) {
            mark((place(axes, chosen.point) + shift, chosen.mb_per_second), chart)?;
        }
    }
    write_names(names, area)
}

/// Draws a line, with the standard deviation at each point. Returns the line's end.
fn line(
    results: &[Measured],
    places: &[f64],
    color: RGBColor,
    chart: &mut Chart<'_, '_>,
) -> Result<(f64, f64), Box<dyn Error>> {
    let points: Vec<_> = places.iter().zip(results).map(|(x, result)| (*x, result.mb_per_second)).collect();
    chart.draw_series([PathElement::new(points.clone(), color.stroke_width(2))])?;
    chart.draw_series(places.iter().zip(results).map(|(x, result)| {
        let (low, high) = speeds(result);
        PathElement::new([(*x, low), (*x, high)], color.stroke_width(2))
    }))?;
    chart.draw_series(points.iter().map(|point| Circle::new(*point, 4, color.filled())))?;
    Ok(points.last().copied().unwrap_or_default())
}

/// Draws each name at the end of its line, or below a name that is there already.
fn write_names(mut names: Vec<((i32, i32), String, RGBColor)>, area: &Area<'_>) -> Drawn {
    const HEIGHT: i32 = 18;
    names.sort_by_key(|((_, y), ..)| *y);
    let mut free = i32::MIN;
    for ((x, y), name, color) in names {
        let y = y.max(free);
        let style = text_style(SMALL, color, HPos::Left, VPos::Center);
        area.draw_text(&name, &style, (x + 14, y))?;
        free = y + HEIGHT;
    }
    Ok(())
}

/// Draws a ring around the advised point.
fn mark(point: (f64, f64), chart: &mut Chart<'_, '_>) -> Drawn {
    chart.draw_series([Circle::new(point, 9, INK.stroke_width(2))])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{point, report};
    use super::*;

    #[test]
    fn each_size_and_number_of_threads_is_named() {
        let report = report(&[(point(16, 1), 0.5), (point(1024, 1), 0.4), (point(16, 2), 0.3), (point(1024, 2), 0.2)]);
        let svg = render(&report).unwrap();
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"), "{svg}");
        for text in ["16KiB", "1MiB", "1 thread", "2 threads", "use --chunk-size 1MiB", "a.tsv", "MB/s"] {
            assert!(svg.contains(text), "{text}\n{svg}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn connections_are_below_and_each_number_of_event_loops_has_a_line() {
        use super::super::report::tests::{pools, table_report};

        let svg = render(&table_report(&[(pools(1, 1), 0.5), (pools(1, 6), 0.4), (pools(2, 6), 0.3)])).unwrap();
        for text in ["1 event loop", "2 event loops", "connections", "use --event-loops 2 --connections 6"] {
            assert!(svg.contains(text), "{text}\n{svg}");
        }
        assert!(!svg.contains("chunk size") && !svg.contains("thread"), "{svg}");
    }

    #[test]
    fn what_cannot_be_measured_is_drawn_nevertheless() {
        let mut report = report(&[(point(1024, 2), 1.0)]);
        report.results[0].mb_per_second = 0.0;
        report.results[0].times.mean = 0.0;
        assert!(render(&report).unwrap().contains("1MiB"));
    }

    #[test]
    fn a_long_name_has_a_line_of_its_own() {
        let mut report = report(&[(point(1024, 2), 1.0)]);
        assert_eq!(subtitles(&report), ["ngram-count bench: a.tsv, 500MB (v2); mean ± σ of 3 runs"]);
        report.inputs.names = vec!["x".repeat(80)];
        assert_eq!(subtitles(&report), [&"x".repeat(80), "ngram-count bench: 500MB (v2); mean ± σ of 3 runs"]);
        report.inputs.names = vec!["x".repeat(101)];
        assert_eq!(subtitles(&report)[0], "x".repeat(99) + "…");
    }

    #[test]
    fn names_of_files_are_escaped() {
        let mut report = report(&[(point(1024, 2), 1.0)]);
        report.inputs.names = vec!["<a&b>.tsv".into()];
        let svg = render(&report).unwrap();
        assert!(svg.contains("&lt;a&amp;b&gt;.tsv") && !svg.contains("<a&b>"), "{svg}");
    }
}
