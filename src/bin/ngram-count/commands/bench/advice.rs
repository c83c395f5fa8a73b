//! The advice: the best chunk size and number of threads, and its certainty.

use std::num::NonZeroUsize;

use ngram_count::DEFAULT_CHUNK_SIZE;

use crate::commands::bench::count_of_threads;
use crate::commands::bench::measured::Measured;

/// The advice. It names results by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    /// The result with the lowest mean.
    pub(crate) fastest: usize,
    /// The advised result: the fastest, or the default if the default is within noise of the fastest.
    pub(crate) chosen: usize,
    /// The other results that are within noise of the fastest.
    pub(crate) alike: Vec<usize>,
    /// Whether the advised number of threads needs `--threads`.
    names_threads: bool,
}

impl Advice {
    /// The advice from at least one result. `usual` is the default number of threads of a count.
    pub(crate) fn of(results: &[Measured], usual: NonZeroUsize) -> Self {
        let all = || results.iter().enumerate();
        let fastest = all().min_by(|(_, one), (_, other)| one.times.mean.total_cmp(&other.times.mean));
        let Some((fastest, best)) = fastest else {
            return Self { fastest: 0, chosen: 0, alike: Vec::new(), names_threads: false };
        };
        // A result that needs no option is best, then a result that needs only one option.
        let rank = |(index, result): &(usize, &Measured)| {
            let is_default = result.point.chunk_size.0 == DEFAULT_CHUNK_SIZE;
            match (is_default, result.point.threads) {
                (true, threads) if threads == usual => 0,
                (true, threads) if threads == best.point.threads => 1,
                _ if *index == fastest => 2,
                _ => 3,
            }
        };
        let alike = || all().filter(|(_, result)| result.times.is_like(&best.times));
        let chosen = alike().min_by_key(rank).map_or(fastest, |(index, _)| index);
        let threads = results[chosen].point.threads;
        let alike = alike().map(|(index, _)| index).filter(|index| *index != chosen).collect();
        Self { fastest, chosen, alike, names_threads: threads != usual }
    }

    /// The options to copy.
    pub(crate) fn options(&self, results: &[Measured]) -> String {
        let point = results[self.chosen].point;
        let threads = if self.names_threads { format!(" --threads {}", point.threads) } else { String::new() };
        format!("--chunk-size {}{threads}", point.chunk_size)
    }

    /// The reason for the advice, in sentences.
    pub(crate) fn reason(&self, results: &[Measured]) -> String {
        let [chosen, fastest] = [self.chosen, self.fastest].map(|index| results[index].point);
        let is_default = chosen.chunk_size.0 == DEFAULT_CHUNK_SIZE;
        let default = match (is_default, self.names_threads) {
            (false, _) => String::new(),
            (true, false) => " It is the default.".into(),
            (true, true) => format!(" {} is the default chunk size.", chosen.chunk_size),
        };
        let has_same_threads = |result: &Measured| result.point.threads == chosen.threads;
        let same = results.iter().filter(|result| has_same_threads(result)).count();
        if same > 1 && self.alike.iter().filter(|index| has_same_threads(&results[**index])).count() + 1 == same {
            return format!("The chunk size makes no difference here: all are within noise of the fastest.{default}");
        }
        if self.chosen != self.fastest {
            return format!(
                "{} is the default chunk size, and the difference to the fastest ({fastest}) is within noise.",
                chosen.chunk_size
            );
        }
        match self.names_of_alike(results).as_slice() {
            [] if results.len() == 1 => format!("Nothing else was measured.{default}"),
            [] => format!("It is the fastest, by more than the noise.{default}"),
            [one] => format!("It is the fastest, but {one} is within noise of it.{default}"),
            [most @ .., last] => {
                format!("It is the fastest, but {} and {last} are within noise of it.{default}", most.join(", "))
            }
        }
    }

    /// The names of the results within noise: the chunk size, and the number of threads if it is not the advised one.
    fn names_of_alike(&self, results: &[Measured]) -> Vec<String> {
        let threads = results[self.chosen].point.threads;
        let name = |index: &usize| match results[*index].point {
            point if point.threads == threads => point.chunk_size.to_string(),
            point => format!("{} with {}", point.chunk_size, count_of_threads(point.threads)),
        };
        self.alike.iter().map(name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Point;
    use super::super::report::tests::{point, report};
    use super::*;

    /// The advised options and the reason, for two cores and a standard deviation of 0.01.
    fn advice(results: &[(Point, f64)]) -> (String, String) {
        let report = report(results);
        (report.advice.options(&report.results), report.advice.reason(&report.results))
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
            let advice = Advice::of(&results, NonZeroUsize::new(2).unwrap());
            assert_eq!(advice.options(&results), expected, "{mean}");
            assert_eq!((advice.fastest, advice.alike.len()), (0, usize::from(mean <= 15.0)));
        }
    }

    #[test]
    fn one_byte_more_than_the_default_is_not_the_default() {
        let mut results = report(&[(point(64, 2), 1.0), (point(1024, 2), 1.0)]).results;
        results[1].point.chunk_size.0 = DEFAULT_CHUNK_SIZE.saturating_add(1);
        let advice = Advice::of(&results, NonZeroUsize::new(2).unwrap());
        assert_eq!(advice.options(&results), "--chunk-size 64KiB", "the fastest: nothing needs no option");
    }
}
