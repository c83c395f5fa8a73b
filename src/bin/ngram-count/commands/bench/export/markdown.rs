//! Markdown: the table for a page, and the advice below the table.

use crate::commands::bench::measured::Measured;
use crate::commands::bench::report::Report;
use crate::commands::bench::units::{Unit, short};

pub(super) fn render(report: &Report) -> String {
    let unit = Unit::of_results(&report.results);
    let name = unit.name(true);
    let mut text = format!(
        "| chunk size | threads | mean ± σ ({name}) | min ({name}) | max ({name}) | MB/s | rows/s | speed-up |\n"
    );
    text.push_str("|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (index, result) in report.results.iter().enumerate() {
        text.push_str(&line(result, unit, index == report.advice.chosen));
    }
    let advice = &report.advice;
    text + &format!("\nUse `{}`. {}\n", advice.options(&report.results), advice.reason(&report.results))
}

fn line(result: &Measured, unit: Unit, is_chosen: bool) -> String {
    let times = &result.times;
    let strong = if is_chosen { "**" } else { "" };
    let speed_up = result.speed_up.map_or(String::new(), |times| format!("{times:.2}"));
    let [mean, stddev, min, max] = [times.mean, times.stddev, times.min, times.max].map(|time| unit.show(time));
    format!(
        "| {strong}{}{strong} | {} | {mean} ± {stddev} | {min} | {max} | {:.0} | {} | {speed_up} |\n",
        result.point.chunk_size,
        result.point.threads,
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
}
