//! The report of a bench: all data for tables, files and pictures.

use ngram_count::Stats;

use crate::commands::bench::advice::Advice;
use crate::commands::bench::answer::Answer;
use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::Axes;

/// A report.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) inputs: Inputs,
    pub(crate) axes: Axes,
    /// The number of measured runs of each point.
    pub(crate) runs: usize,
    pub(crate) warmup: usize,
    /// The results in the order of [`Axes::outer_first`], as of threads, then of chunk sizes.
    pub(crate) results: Vec<Measured>,
    pub(crate) advice: Advice,
    /// The advised count of a table, to paste into a shell.
    pub(crate) command: Option<String>,
    pub(crate) warnings: Vec<String>,
}

/// The facts about the inputs.
#[derive(Debug, Default, Clone)]
pub(crate) struct Inputs {
    pub(crate) names: Vec<String>,
    /// The detected formats with the compression, such as `v2, gzip`.
    pub(crate) formats: Vec<String>,
    pub(crate) answer: Answer,
}

impl Inputs {
    /// The facts in a run's statistics.
    pub(crate) fn of(stats: &Stats, answer: Answer) -> Self {
        let mut formats: Vec<String> = Vec::new();
        for input in &stats.inputs {
            let compression = input.compression.map_or(String::new(), |compression| format!(", {compression}"));
            let format = input.format.map_or("not read".into(), |format| format!("{format}{compression}"));
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        Self { names: stats.inputs.iter().map(|input| input.name.clone()).collect(), formats, answer }
    }
}

impl Report {
    /// The name of the input, or the number of inputs.
    pub(crate) fn title(&self) -> String {
        match self.inputs.names.as_slice() {
            [name] => name.clone(),
            names => format!("{} {}", names.len(), self.axes.inputs()),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::num::NonZeroUsize;

    use super::*;
    use crate::commands::bench::axis::Axis;
    use crate::commands::bench::point::Point;
    use crate::commands::bench::statistics::Summary;

    /// The settings of a count without options, on two cores.
    pub(in crate::commands::bench) fn usual() -> Point {
        let two = NonZeroUsize::new(2).unwrap();
        let point = Point::usual().with(Axis::Threads, two);
        #[cfg(feature = "postgres")]
        let point = point.with(Axis::EventLoops, two);
        point
    }

    pub(in crate::commands::bench) fn point(kib: usize, threads: usize) -> Point {
        let [size, threads] = [kib << 10, threads].map(|number| NonZeroUsize::new(number).unwrap());
        usual().with(Axis::ChunkSize, size).with(Axis::Threads, threads)
    }

    /// A report of a file, with the given means. The standard deviation is a hundredth of the first mean.
    pub(in crate::commands::bench) fn report(results: &[(Point, f64)]) -> Report {
        report_along(Axes::of_files(), results)
    }

    #[cfg(feature = "postgres")]
    pub(in crate::commands::bench) fn pools(event_loops: usize, connections: usize) -> Point {
        let [event_loops, connections] = [event_loops, connections].map(|number| NonZeroUsize::new(number).unwrap());
        usual().with(Axis::EventLoops, event_loops).with(Axis::Connections, connections)
    }

    /// A report of a table.
    #[cfg(feature = "postgres")]
    pub(in crate::commands::bench) fn table_report(results: &[(Point, f64)]) -> Report {
        let shown = vec![Axis::EventLoops, Axis::Connections];
        report_along(Axes { shown, along: Axis::Connections, has_tables: true }, results)
    }

    fn report_along(axes: Axes, results: &[(Point, f64)]) -> Report {
        let answer = Answer { rows: 2_000_000, words: 10, bytes: 500_000_000, digest: 7 };
        let points: Vec<Point> = results.iter().map(|(point, _)| *point).collect();
        let spread = results[0].1 / 100.0;
        let times = results.iter().map(|(_, mean)| Summary::of(vec![mean - spread, *mean, mean + spread])).collect();
        let results = Measured::all(&axes, &points, times, &answer);
        Report {
            inputs: Inputs { names: vec!["a.tsv".into()], formats: vec!["v2".into()], answer },
            runs: 3,
            warmup: 1,
            advice: Advice::of(&results, &axes, usual()),
            axes,
            command: None,
            results,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn rates_and_speed_up_follow_from_the_mean() {
        let report = report(&[(point(16, 1), 0.5), (point(64, 1), 0.4), (point(16, 2), 0.25), (point(256, 2), 0.25)]);
        let found: Vec<_> = report.results.iter().map(|result| (result.mb_per_second, result.speed_up)).collect();
        let near = |value: f64, expected: f64| (value - expected).abs() < 1e-6;
        assert!(near(found[0].0, 1000.0) && near(found[2].0, 2000.0), "{found:?}");
        assert!(near(report.results[2].rows_per_second, 8e6));
        assert!(near(found[0].1.unwrap(), 1.0) && near(found[2].1.unwrap(), 2.0), "{found:?}");
        assert_eq!(found[3].1, None, "one thread was not measured with this chunk size");
    }
}
