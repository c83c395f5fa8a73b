//! Markdown: the table for a page, and the advice below the table.

use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::Axes;
use crate::commands::bench::report::Report;
use crate::commands::bench::units::{Unit, short};

pub(super) fn render(report: &Report) -> String {
    let unit = Unit::of_results(&report.results);
    let name = unit.name(true);
    let axes: String = report.axes.shown.iter().map(|axis| format!("| {} ", axis.title())).collect();
    let mut text = format!("{axes}| mean ± σ ({name}) | min ({name}) | max ({name}) | MB/s | rows/s | speed-up |\n");
    text.extend([&"|--:".repeat(report.axes.shown.len() + MEASURED), "|\n"]);
    for (index, result) in report.results.iter().enumerate() {
        text.push_str(&line(result, &report.axes, unit, index == report.advice.chosen));
    }
    let command = report.command.iter().map(|command| format!("\n```sh\n{command}\n```\n"));
    text + &format!("\nUse `{}`. {}\n", report.advice.options, report.advice.reason) + &command.collect::<String>()
}

/// The number of columns behind those of the axes.
const MEASURED: usize = 6;

fn line(result: &Measured, axes: &Axes, unit: Unit, is_chosen: bool) -> String {
    let times = &result.times;
    let strong = if is_chosen { "**" } else { "" };
    let speed_up = result.speed_up.map_or(String::new(), |times| format!("{times:.2}"));
    let [mean, stddev, min, max] = [times.mean, times.stddev, times.min, times.max].map(|time| unit.show(time));
    let mut text = String::new();
    for axis in &axes.shown {
        // The chosen line stands out by one value.
        let strong = if *axis == axes.along { strong } else { "" };
        text.extend(["| ", strong, &axis.show(result.point.get(*axis)), strong, " "]);
    }
    text + &format!(
        "| {mean} ± {stddev} | {min} | {max} | {:.0} | {} | {speed_up} |\n",
        result.mb_per_second,
        short(result.rows_per_second),
    )
}

#[cfg(test)]
mod tests {
    use crate::commands::bench::report::tests::{point, report};

    #[test]
    fn it_is_a_table_and_a_sentence() {
        let expected = "\
| chunk size | threads | mean ± σ (ms) | min (ms) | max (ms) | MB/s | rows/s | speed-up |
|--:|--:|--:|--:|--:|--:|--:|--:|
| 64KiB | 2 | 500.0 ± 5.0 | 495.0 | 505.0 | 1000 | 4.00M |  |
| **1MiB** | 2 | 250.0 ± 5.0 | 245.0 | 255.0 | 2000 | 8.00M |  |

Use `--chunk-size 1MiB`. It is the fastest, by more than the noise. It is the default.
";
        assert_eq!(super::render(&report(&[(point(64, 2), 0.5), (point(1024, 2), 0.25)])), expected);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn of_tables_it_has_a_command_too() {
        use crate::commands::bench::report::tests::{pools, table_report};

        let mut report = table_report(&[(pools(1, 1), 0.5), (pools(1, 6), 0.25)]);
        report.command = Some("ngram-count a.tsv".into());
        let expected = "\
| event loops | connections | mean ± σ (ms) | min (ms) | max (ms) | MB/s | rows/s | speed-up |
|--:|--:|--:|--:|--:|--:|--:|--:|
| 1 | 1 | 500.0 ± 5.0 | 495.0 | 505.0 | 1000 | 4.00M | 1.00 |
| 1 | **6** | 250.0 ± 5.0 | 245.0 | 255.0 | 2000 | 8.00M | 2.00 |

Use `--event-loops 1 --connections 6`. It is the fastest, by more than the noise. 6 is the default number of connections.

```sh
ngram-count a.tsv
```
";
        assert_eq!(super::render(&report), expected);
    }
}
