//! The table of a bench, with a bar behind each line. It is no wider than the terminal.

mod columns;

use std::fmt::Write;

use clap::builder::styling::{AnsiColor, Style};

use crate::commands::bench::bars::bar;
use crate::commands::bench::report::Report;
use crate::commands::bench::table::columns::{Columns, GAP, WANTED_BAR};
use crate::commands::bench::units::short;
use crate::terminal::screen::Screen;

/// The table, and the advice below it.
pub(crate) fn render(report: &Report, screen: &Screen) -> String {
    let mut text = String::new();
    for line in wrap(&caption(report), screen.width) {
        text.extend([&line, "\n"]);
    }
    text.push('\n');
    let _ = write(report, screen, &mut text);
    let options = format!("use {}", report.advice.options);
    let bold = paint(Style::new().bold(), &options, screen);
    let _ = writeln!(text, "\n{bold}");
    for line in wrap(&report.advice.reason, screen.width) {
        text.extend([&line, "\n"]);
    }
    if let Some(command) = &report.command {
        text.extend(["\n", command, "\n"]);
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
        report.title(),
        inputs.formats.join("; "),
        short(inputs.answer.bytes as f64),
        short(inputs.answer.rows as f64),
        report.runs,
    )
}

/// Writes the header, and a line for each result.
fn write(report: &Report, screen: &Screen, text: &mut String) -> std::fmt::Result {
    let columns = Columns::new(report, screen);
    let bars = match columns.bar {
        ..WANTED_BAR => "",
        _ if screen.has_unicode => "  faster →",
        _ => "  faster >",
    };
    let header = fit(&(columns.line(' ', 0) + bars), screen.width);
    writeln!(text, "{}", paint(Style::new().bold(), &header, screen))?;
    let fastest = report.results.iter().map(|result| result.mb_per_second).fold(0.0, f64::max);
    let mut last = None;
    for (index, result) in report.results.iter().enumerate() {
        // A block for each number of threads, or of event loops.
        if last.replace(result.point).is_some_and(|last| !report.axes.are_in_line(last, result.point)) {
            text.push('\n');
        }
        let is_chosen = index == report.advice.chosen;
        let line = fit(&columns.line(if is_chosen { '*' } else { ' ' }, index + 1), screen.width);
        let style = if is_chosen { AnsiColor::Green.on_default().bold() } else { Style::new() };
        write!(text, "{}", paint(style, &line, screen))?;
        if columns.bar > 0 {
            let bar = bar(result.mb_per_second / fastest, columns.bar, screen.has_unicode);
            let color = if is_chosen { AnsiColor::Green } else { AnsiColor::Cyan };
            write!(text, "{:GAP$}{}", "", paint(color.on_default(), &bar, screen))?;
        }
        text.push('\n');
    }
    Ok(())
}

/// A line, cut off at `width`. Without the cut, a terminal that is too narrow for the fewest columns would wrap the
/// line.
fn fit(line: &str, width: usize) -> String {
    line.chars().take(width).collect()
}

fn paint(style: Style, text: &str, screen: &Screen) -> String {
    if screen.is_colored && !style.is_plain() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// The text in lines of whole words, at most `width` long unless a single word is longer.
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

    #[cfg(feature = "postgres")]
    #[test]
    fn a_table_has_event_loops_and_connections_and_a_command_line() {
        use super::super::report::tests::{pools, table_report};

        let means = [(1, 1, 0.8), (1, 6, 0.4), (2, 1, 0.35), (2, 6, 0.2)];
        let mut report = table_report(&means.map(|(loops, connections, mean)| (pools(loops, connections), mean)));
        report.command = Some("ngram-count --event-loops 2 --connections 6 'postgres://a/b?table=t'".into());
        let screen = |width| Screen { width, height: 24, is_colored: false, has_unicode: false };
        let expected = "\
a.tsv (v2): 500MB, 2.00M rows; 3 runs each after 1 to warm up

  loops  connections  mean +- sd (ms)    min  MB/s  rows/s  speed-up  faster >
      1            1     800.0 +- 8.0  792.0   625   2.50M      1.00  ###
      1            6     400.0 +- 8.0  392.0  1250   5.00M      2.00  #####

      2            1     350.0 +- 8.0  342.0  1429   5.71M      2.29  ######
*     2            6     200.0 +- 8.0  192.0  2500   10.0M      4.00  ##########

use --event-loops 2 --connections 6
It is the fastest, by more than the noise. It is the default.

ngram-count --event-loops 2 --connections 6 'postgres://a/b?table=t'
";
        assert_eq!(render(&report, &screen(80)), expected);
        assert!(render(&report, &screen(40)).contains("\n  loops  connections  mean +- sd (ms)\n"));
        assert!(render(&report, &screen(35)).contains("\n  connections  mean +- sd (ms)\n"));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 1..200 {
            for has_unicode in [true, false] {
                let text = rendered(width, has_unicode, false);
                // The wrapping cuts no words, and not the line to copy.
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
