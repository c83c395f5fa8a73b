//! The advice: the best settings, such as the chunk size and the number of threads, and its certainty.

use crate::commands::bench::axis::Axis;
use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::{Axes, Point};

/// The advice. It names results by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// The result with the lowest mean.
    pub(crate) fastest: usize,
    /// The advised result: the fastest, or the default if the default is within noise of the fastest.
    pub(crate) chosen: usize,
    /// The other results that are within noise of the fastest.
    pub(crate) alike: Vec<usize>,
    /// The options to copy.
    pub(crate) options: String,
    /// The reason for the advice, in sentences.
    pub(crate) reason: String,
}

impl Advice {
    /// The advice from at least one result. `usual` are the settings of a count without options.
    pub(crate) fn of(results: &[Measured], axes: &Axes, usual: Point) -> Self {
        let all = || results.iter().enumerate();
        let fastest = all().min_by(|(_, one), (_, other)| one.times.mean.total_cmp(&other.times.mean));
        let Some((fastest, best)) = fastest else {
            return Self { fastest: 0, chosen: 0, alike: Vec::new(), options: String::new(), reason: String::new() };
        };
        // A result that needs no option is best, then a result that needs only those of other axes.
        let rank = |(index, result): &(usize, &Measured)| {
            let is_default = result.point.get(axes.along) == usual.get(axes.along);
            match is_default {
                true if result.point == usual => 0,
                true if axes.are_in_line(result.point, best.point) => 1,
                _ if *index == fastest => 2,
                _ => 3,
            }
        };
        let alike = || all().filter(|(_, result)| result.times.is_like(&best.times));
        let chosen = alike().min_by_key(rank).map_or(fastest, |(index, _)| index);
        let alike: Vec<usize> = alike().map(|(index, _)| index).filter(|index| *index != chosen).collect();
        let reasoning = Reasoning { results, axes, usual, fastest, chosen, alike: &alike };
        let (options, reason) = (reasoning.options(), reasoning.reason());
        Self { fastest, chosen, alike, options, reason }
    }
}

/// What the words of an advice follow from.
struct Reasoning<'a> {
    results: &'a [Measured],
    axes: &'a Axes,
    usual: Point,
    fastest: usize,
    chosen: usize,
    alike: &'a [usize],
}

impl Reasoning<'_> {
    fn point(&self, index: usize) -> Point {
        self.results[index].point
    }

    fn options(&self) -> String {
        let point = self.point(self.chosen);
        let is_named = |axis: &&Axis| !axis.is_understood() || point.get(**axis) != self.usual.get(**axis);
        let named = self.axes.shown.iter().filter(is_named);
        named.map(|axis| axis.option(point.get(*axis))).collect::<Vec<_>>().join(" ")
    }

    fn reason(&self) -> String {
        let Axes { along, .. } = *self.axes;
        let chosen = self.point(self.chosen);
        let value = along.show(chosen.get(along));
        let default = if chosen == self.usual {
            " It is the default.".into()
        } else if chosen.get(along) == self.usual.get(along) {
            format!(" {value} is the default {}.", along.quantity())
        } else {
            String::new()
        };
        if self.all_in_line_are_alike() {
            let quantity = along.quantity();
            return format!("The {quantity} makes no difference here: all are within noise of the fastest.{default}");
        }
        if self.chosen != self.fastest {
            return format!(
                "{value} is the default {}, and the difference to the fastest ({}) is within noise.",
                along.quantity(),
                self.axes.describe(self.point(self.fastest))
            );
        }
        match self.names_of_alike().as_slice() {
            [] if self.results.len() == 1 => format!("Nothing else was measured.{default}"),
            [] => format!("It is the fastest, by more than the noise.{default}"),
            [one] => format!("It is the fastest, but {one} is within noise of it.{default}"),
            [most @ .., last] => {
                format!("It is the fastest, but {} and {last} are within noise of it.{default}", most.join(", "))
            }
        }
    }

    /// Whether all results that differ from the advised one along the lines alone are within noise.
    fn all_in_line_are_alike(&self) -> bool {
        let chosen = self.point(self.chosen);
        let is_in_line = |point: Point| self.axes.are_in_line(point, chosen);
        let in_line = self.results.iter().filter(|result| is_in_line(result.point)).count();
        let alike = self.alike.iter().filter(|index| is_in_line(self.point(**index))).count();
        in_line > 1 && alike + 1 == in_line
    }

    /// The names of the results within noise: the chunk size, and the number of threads if it is not the advised one.
    fn names_of_alike(&self) -> Vec<String> {
        let Axes { along, .. } = *self.axes;
        let chosen = self.point(self.chosen);
        let name = |index: &usize| {
            let point = self.point(*index);
            let value = along.describe(point.get(along));
            let different = self.axes.others().filter(|axis| point.get(*axis) != chosen.get(*axis));
            match different.map(|axis| axis.describe(point.get(axis))).collect::<Vec<_>>().as_slice() {
                [] => value,
                [one] => format!("{value} with {one}"),
                several => format!("{value} ({})", several.join(", ")),
            }
        };
        self.alike.iter().map(name).collect()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "postgres")]
    use std::num::NonZeroUsize;

    use ngram_count::DEFAULT_CHUNK_SIZE;

    use super::super::report::tests::{point, report, usual};
    use super::*;

    /// The advised options and the reason, for two cores and a standard deviation of 0.01.
    fn advice(results: &[(Point, f64)]) -> (String, String) {
        let Advice { options, reason, .. } = report(results).advice;
        (options, reason)
    }

    #[test]
    fn what_is_clearly_the_fastest_is_advised() {
        let (options, reason) = advice(&[(point(64, 2), 1.0), (point(1024, 2), 0.9), (point(4096, 2), 0.8)]);
        assert_eq!(options, "--chunk-size 4MiB");
        assert_eq!(reason, "It is the fastest, by more than the noise.");
    }

    #[test]
    fn the_default_is_advised_where_it_is_as_fast() {
        let (options, reason) = advice(&[(point(64, 2), 1.0), (point(1024, 2), 0.8), (point(4096, 2), 0.79)]);
        assert_eq!(options, "--chunk-size 1MiB");
        assert_eq!(
            reason,
            "1MiB is the default chunk size, and the difference to the fastest (4MiB, 2 threads) is within noise."
        );
    }

    #[test]
    fn others_within_noise_are_named() {
        let times = [(point(16, 2), 0.8), (point(64, 2), 0.805), (point(256, 2), 0.81), (point(1024, 2), 1.0)];
        let (options, reason) = advice(&times);
        assert_eq!(options, "--chunk-size 16KiB");
        assert_eq!(reason, "It is the fastest, but 64KiB and 256KiB are within noise of it.");
    }

    #[test]
    fn so_are_those_with_other_threads() {
        let (options, reason) = advice(&[(point(64, 1), 0.81), (point(16, 2), 1.0), (point(64, 2), 0.8)]);
        assert_eq!(options, "--chunk-size 64KiB");
        assert_eq!(reason, "It is the fastest, but 64KiB with 1 thread is within noise of it.");
    }

    #[test]
    fn all_alike_is_said_so() {
        let (options, reason) = advice(&[(point(64, 2), 1.0), (point(1024, 2), 1.001), (point(4096, 2), 0.999)]);
        assert_eq!(options, "--chunk-size 1MiB");
        assert!(reason.starts_with("The chunk size makes no difference here"), "{reason}");
    }

    #[test]
    fn threads_are_named_where_they_are_not_the_usual_ones() {
        let (options, reason) = advice(&[(point(64, 1), 0.5), (point(1024, 1), 0.5), (point(64, 2), 1.0)]);
        assert_eq!(options, "--chunk-size 1MiB --threads 1");
        assert!(reason.ends_with(" 1MiB is the default chunk size."), "one thread is not: {reason}");
        let (options, _) = advice(&[(point(1024, 1), 0.5), (point(1024, 2), 0.501)]);
        assert_eq!(options, "--chunk-size 1MiB", "the usual number is preferred where it is as fast");
    }

    #[test]
    fn one_result_is_all_there_is() {
        let (options, reason) = advice(&[(point(64, 2), 1.0)]);
        assert_eq!(options, "--chunk-size 64KiB");
        assert_eq!(reason, "Nothing else was measured.");
    }

    /// Standard deviations of 3 and 4 make 5 together.
    #[test]
    fn the_default_is_advised_up_to_both_deviations_and_no_further() {
        for (mean, expected) in [(15.0, "--chunk-size 1MiB"), (15.0_f64.next_up(), "--chunk-size 64KiB")] {
            let mut results = report(&[(point(64, 2), 10.0), (point(1024, 2), mean)]).results;
            for (result, (mean, stddev)) in results.iter_mut().zip([(10.0, 3.0), (mean, 4.0)]) {
                (result.times.mean, result.times.stddev) = (mean, stddev);
            }
            let advice = Advice::of(&results, &Axes::of_files(), usual());
            assert_eq!(advice.options, expected, "{mean}");
            assert_eq!((advice.fastest, advice.alike.len()), (0, usize::from(mean <= 15.0)));
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn of_tables_it_names_event_loops_and_connections() {
        use super::super::report::tests::{pools, table_report};

        let advice = |results: &[(Point, f64)]| {
            let Advice { options, reason, .. } = table_report(results).advice;
            (options, reason)
        };
        let (options, reason) =
            advice(&[(pools(1, 1), 1.0), (pools(1, 6), 0.9), (pools(2, 1), 0.5), (pools(2, 6), 0.8)]);
        assert_eq!(options, "--event-loops 2 --connections 1");
        assert_eq!(reason, "It is the fastest, by more than the noise.");
        let (options, reason) = advice(&[(pools(1, 1), 1.0), (pools(1, 2), 0.7), (pools(2, 6), 0.701)]);
        assert_eq!(options, "--event-loops 2 --connections 6", "the default is preferred where it is as fast");
        assert_eq!(
            reason,
            "6 is the default number of connections, and the difference to the fastest (1 event loop, 2 connections) is \
             within noise."
        );
        let (options, reason) = advice(&[(pools(1, 3), 0.5), (pools(2, 1), 0.505), (pools(2, 3), 1.0)]);
        assert_eq!(options, "--event-loops 1 --connections 3");
        assert_eq!(reason, "It is the fastest, but 1 connection with 2 event loops is within noise of it.");
        let pools_of_chunk = |loops, connections| pools(loops, connections).with(Axis::ChunkSize, NonZeroUsize::MIN);
        let results = [(pools(2, 2), 1.0), (pools(2, 1), 1.001), (pools_of_chunk(1, 2), 1.002), (pools(2, 6), 2.0)];
        let mut axes = table_report(&results).axes;
        axes.shown.insert(0, Axis::ChunkSize);
        let Advice { reason, .. } = Advice::of(&table_report(&results).results, &axes, usual());
        let alike = "1 connection and 2 connections (1, 1 event loop) are within noise of it.";
        assert_eq!(reason, format!("It is the fastest, but {alike}"));
        let (_, reason) = advice(&[(pools(1, 3), 1.0), (pools(1, 6), 1.0), (pools(2, 3), 2.0)]);
        assert_eq!(
            reason,
            "The number of connections makes no difference here: all are within noise of the fastest. 6 is the default \
             number of connections."
        );
    }

    #[test]
    fn one_byte_more_than_the_default_is_not_the_default() {
        let mut results = report(&[(point(64, 2), 1.0), (point(1024, 2), 1.0)]).results;
        results[1].point = results[1].point.with(Axis::ChunkSize, DEFAULT_CHUNK_SIZE.saturating_add(1));
        let advice = Advice::of(&results, &Axes::of_files(), usual());
        assert_eq!(advice.options, "--chunk-size 64KiB", "the fastest: nothing needs no option");
    }
}
