//! Statistics of the times of several runs, with hyperfine's names.

use serde::Serialize;

/// The times of the same work, in seconds, and their statistics. The fields have the names of hyperfine's JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Summary {
    pub(crate) mean: f64,
    /// The standard deviation σ of a sample (divided by n - 1).
    pub(crate) stddev: f64,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    /// All times, in the order of the measurement.
    pub(crate) times: Vec<f64>,
}

impl Summary {
    /// The summary of at least one time.
    pub(crate) fn of(times: Vec<f64>) -> Self {
        let count = times.len().max(1) as f64;
        let mean = times.iter().sum::<f64>() / count;
        let squares: f64 = times.iter().map(|time| (time - mean).powi(2)).sum();
        let stddev = if times.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 };
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        let [min, max] = [sorted.first(), sorted.last()].map(|time| time.copied().unwrap_or_default());
        Self { mean, stddev, median: median(&sorted), min, max, times }
    }

    /// Whether the means differ by no more than both standard deviations together (the root of the sum of their
    /// squares). Another measurement may then give the opposite order.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.mean - other.mean).abs() <= self.stddev.hypot(other.stddev)
    }

    /// The standard deviation, divided by the mean.
    pub(crate) fn variation(&self) -> f64 {
        if self.mean > 0.0 { self.stddev / self.mean } else { 0.0 }
    }
}

/// The median of sorted numbers.
pub(crate) fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted {
        [] => 0.0,
        _ if sorted.len().is_multiple_of(2) => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-9
    }

    #[test]
    fn a_summary_is_what_the_textbook_says() {
        let summary = Summary::of(vec![4.0, 2.0, 4.0, 5.0, 4.0, 5.0, 7.0, 9.0]);
        assert!(is_near(summary.mean, 5.0) && is_near(summary.median, 4.5), "{summary:?}");
        assert!(is_near(summary.stddev, (32.0_f64 / 7.0).sqrt()), "{summary:?}");
        assert!(is_near(summary.min, 2.0) && is_near(summary.max, 9.0), "{summary:?}");
        assert!(is_near(summary.times[0], 4.0), "the order of the times is kept");
        assert!(is_near(Summary::of(vec![3.0, 1.0, 2.0]).median, 2.0));
    }

    #[test]
    fn few_times_have_a_summary_too() {
        let one = Summary::of(vec![2.0]);
        assert!(is_near(one.mean, 2.0) && is_near(one.stddev, 0.0) && is_near(one.variation(), 0.0), "{one:?}");
        assert!(is_near(Summary::of(Vec::new()).mean, 0.0) && is_near(Summary::of(vec![0.0]).variation(), 0.0));
    }

    #[test]
    fn alike_is_what_differs_by_no_more_than_both_deviations_together() {
        // The standard deviations are 1 and 1: together 1.41.
        let base = Summary::of(vec![9.0, 10.0, 11.0]);
        assert!(base.is_like(&Summary::of(vec![10.4, 11.4, 12.4])) && base.is_like(&base));
        assert!(!base.is_like(&Summary::of(vec![10.5, 11.5, 12.5])));
        assert!(!Summary::of(vec![1.0, 1.0]).is_like(&Summary::of(vec![1.1, 1.1])));
    }
}
