//! Warnings: reasons to doubt the times, and remedies.

use ngram_count::{FewerConnections, Note};

use crate::commands::bench::measured::Measured;
use crate::commands::bench::point::Axes;
use crate::commands::bench::statistics::median;

/// The circumstances of all measured runs.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Circumstances {
    /// The number of measured runs that read much from a disk.
    pub(crate) cold_runs: usize,
    pub(crate) measured_runs: usize,
    /// The part of all processor time that other programs took, if known.
    pub(crate) others: Option<f64>,
    /// The note of a run in which a server refused connections.
    pub(crate) fewer_connections: Option<Note>,
}

/// The minimum mean in seconds without a warning: shorter times measure the start of threads. hyperfine has the same
/// limit.
const MIN_MEAN: f64 = 0.005;
/// The maximum standard deviation, divided by the mean, without a warning: a larger one hides differences between
/// points.
const MAX_VARIATION: f64 = 0.05;
/// The maximum part of all processor time that other programs may take without a warning.
const MAX_OTHERS: f64 = 0.10;
/// The maximum time of a point's first run, relative to its slowest other run, without a warning. A slower first run
/// had to read the files from a disk.
const MAX_FIRST: f64 = 1.5;

/// The warnings, one line each.
pub(crate) fn warnings(results: &[Measured], axes: &Axes, circumstances: &Circumstances, warmup: usize) -> Vec<String> {
    [
        short(results, axes.inputs()),
        cold(results, axes.inputs(), circumstances, warmup),
        noisy(results, circumstances),
        refused(circumstances),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn short(results: &[Measured], inputs: &str) -> Option<String> {
    let is_short = results.iter().any(|result| result.times.mean < MIN_MEAN);
    is_short.then(|| {
        format!("some runs took less than 5 ms, too short to tell much: name larger {inputs}, or more of them")
    })
}

fn cold(results: &[Measured], inputs: &str, circumstances: &Circumstances, warmup: usize) -> Option<String> {
    let Circumstances { cold_runs, measured_runs, .. } = *circumstances;
    if cold_runs > 1 || cold_runs == 1 && warmup > 0 {
        return Some(format!(
            "{cold_runs} of {measured_runs} runs read from the disk, which is slower: name fewer {inputs}, as many as \
             fit into memory"
        ));
    }
    let first_is_slow = results.iter().any(|result| {
        let [first, rest @ ..] = result.times.times.as_slice() else { return false };
        rest.iter().copied().reduce(f64::max).is_some_and(|slowest| *first > MAX_FIRST * slowest)
    });
    let is_cold = warmup == 0 && (cold_runs == 1 || first_is_slow);
    is_cold.then(|| format!("the first run was slow, since the {inputs} were not in memory yet: say --warmup 1"))
}

fn noisy(results: &[Measured], circumstances: &Circumstances) -> Option<String> {
    let mut variations: Vec<f64> = results.iter().map(|result| result.times.variation()).collect();
    variations.sort_by(f64::total_cmp);
    let usual = median(&variations);
    let advice = "end other programs, or say --runs with a larger number";
    let percent = |part: f64| (100.0 * part).round();
    match circumstances.others.filter(|others| *others > MAX_OTHERS) {
        Some(others) => {
            Some(format!("other programs took {}% of the processors' time meanwhile: {advice}", percent(others)))
        }
        None if usual > MAX_VARIATION => Some(format!(
            "the machine is noisy, times of the same work differ by {}% (the standard deviation): {advice}",
            percent(usual)
        )),
        None => None,
    }
}

fn refused(circumstances: &Circumstances) -> Option<String> {
    let Note::FewerConnections { used, asked, reason } = circumstances.fewer_connections? else { return None };
    let why = match reason {
        FewerConnections::NoSnapshot => "the server lets no two connections read the same state",
        _ => "the server takes no more",
    };
    Some(format!("in some runs, {used} of {asked} connections read, and their times are those of {used}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::{point, report};
    use super::super::statistics::Summary;
    use super::*;

    fn of(times: &[f64], circumstances: Circumstances, warmup: usize) -> String {
        let mut results = report(&[(point(64, 1), 1.0)]).results;
        results[0].times = Summary::of(times.to_vec());
        warnings(&results, &Axes::of_files(), &circumstances, warmup).join("\n")
    }

    #[test]
    fn a_quiet_machine_gives_no_warning() {
        let quiet = Circumstances { measured_runs: 3, others: Some(0.02), ..Circumstances::default() };
        assert_eq!(of(&[1.0, 1.01, 0.99], quiet, 1), "");
        assert_eq!(of(&[1.0, 1.01, 0.99], Circumstances::default(), 0), "");
    }

    #[test]
    fn each_trouble_has_its_warning() {
        let quiet = Circumstances::default();
        assert!(of(&[0.001, 0.001], quiet, 1).contains("less than 5 ms"));
        assert!(of(&[1.0, 1.2, 0.8], quiet, 1).contains("noisy, times of the same work differ by 20%"));
        let busy = Circumstances { others: Some(0.34), ..quiet };
        assert!(of(&[1.0, 1.0, 1.0], busy, 1).contains("other programs took 34%"));
        let cold = Circumstances { cold_runs: 1, measured_runs: 3, ..quiet };
        assert!(of(&[1.0, 1.0, 1.0], cold, 0).contains("--warmup 1"));
        let disk = Circumstances { cold_runs: 3, measured_runs: 3, ..quiet };
        assert!(of(&[1.0, 1.0, 1.0], disk, 1).contains("3 of 3 runs read from the disk"));
        assert!(of(&[1.0, 1.0, 1.0], cold, 1).contains("1 of 3 runs read from the disk"));
    }

    #[test]
    fn a_slow_first_run_tells_of_a_cold_cache_where_there_was_no_warmup() {
        let quiet = Circumstances::default();
        assert!(of(&[3.0, 1.0, 1.0, 1.0], quiet, 0).contains("--warmup 1"));
        assert!(!of(&[3.0, 1.0, 1.0, 1.0], quiet, 1).contains("--warmup 1"));
        assert!(!of(&[1.1, 1.0, 1.0, 1.0], quiet, 0).contains("--warmup 1"));
    }

    /// The warnings for times with exactly this mean and standard deviation.
    fn of_summary(mean: f64, stddev: f64, others: Option<f64>) -> String {
        let mut results = report(&[(point(64, 1), 1.0)]).results;
        results[0].times = Summary { mean, stddev, ..Summary::of(vec![mean; 3]) };
        let circumstances = Circumstances { others, ..Circumstances::default() };
        warnings(&results, &Axes::of_files(), &circumstances, 1).join("\n")
    }

    #[test]
    fn at_its_limit_nothing_is_doubtful_and_just_beyond_it_is() {
        assert_eq!(of_summary(MIN_MEAN, 0.0, None), "");
        assert!(of_summary(MIN_MEAN.next_down(), 0.0, None).contains("less than 5 ms"));
        assert_eq!(of_summary(1.0, MAX_VARIATION, None), "");
        assert!(of_summary(1.0, MAX_VARIATION.next_up(), None).contains("noisy"));
        assert_eq!(of_summary(1.0, 0.0, Some(MAX_OTHERS)), "");
        assert!(of_summary(1.0, 0.0, Some(MAX_OTHERS.next_up())).contains("other programs took 10%"));
        let quiet = Circumstances::default();
        assert!(!of(&[MAX_FIRST, 0.5, 1.0], quiet, 0).contains("--warmup 1"));
        assert!(of(&[MAX_FIRST.next_up(), 0.5, 1.0], quiet, 0).contains("--warmup 1"));
        let cold = |cold_runs| Circumstances { cold_runs, measured_runs: 9, ..quiet };
        for (cold_runs, warmup, expected) in
            [(0, 0, ""), (0, 1, ""), (1, 0, "--warmup 1"), (1, 1, "1 of 9"), (2, 0, "2 of 9")]
        {
            let said = of(&[1.0; 3], cold(cold_runs), warmup);
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{cold_runs} {warmup}: {said}");
        }
    }

    #[test]
    fn times_of_fewer_connections_are_told() {
        let note = |reason| Some(Note::FewerConnections { used: 3, asked: 8, reason });
        let of = |reason| of(&[1.0; 3], Circumstances { fewer_connections: note(reason), ..Default::default() }, 1);
        let said = "in some runs, 3 of 8 connections read, and their times are those of 3: the server ";
        assert_eq!(of(FewerConnections::Limit), format!("{said}takes no more"));
        assert_eq!(of(FewerConnections::NoSnapshot), format!("{said}lets no two connections read the same state"));
    }

    /// The median of the variations decides, not the maximum.
    #[test]
    fn one_noisy_point_among_three_is_no_noisy_machine() {
        let mut results = report(&[(point(16, 1), 1.0), (point(64, 1), 1.0), (point(256, 1), 1.0)]).results;
        results[0].times.stddev = 0.5;
        assert_eq!(warnings(&results, &Axes::of_files(), &Circumstances::default(), 1), [""; 0]);
        results[1].times.stddev = 0.5;
        assert_eq!(warnings(&results, &Axes::of_files(), &Circumstances::default(), 1).len(), 1);
    }
}
