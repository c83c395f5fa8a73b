//! The sweep: the order of the runs. It interleaves the runs of all points: if the machine becomes slower or faster
//! meanwhile, it does so for all points alike. The sweep also compares the answer of each run with the first one.

use crate::commands::bench::answer::Answer;
use crate::commands::bench::point::{Axes, Point};
use crate::commands::bench::statistics::Summary;
use crate::error::Error;

/// The points of a sweep, and the number of runs.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) axes: Axes,
    pub(crate) points: Vec<Point>,
    pub(crate) runs: usize,
    /// The number of runs before the first measured run.
    pub(crate) warmup: usize,
}

/// The time and the answer of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TimedRun {
    pub(crate) seconds: f64,
    pub(crate) answer: Answer,
}

impl Sweep {
    /// The number of all runs, including those to warm up.
    pub(crate) fn total_runs(&self) -> usize {
        self.warmup.saturating_add(self.runs.saturating_mul(self.points.len()))
    }

    /// Calls `run` for each run, with the run's number from 1. Returns a summary for each point.
    ///
    /// # Errors
    /// The errors of `run`, and an error when two answers differ.
    pub(crate) fn measure(
        &self,
        mut run: impl FnMut(usize, Point) -> Result<TimedRun, Error>,
    ) -> Result<Vec<Summary>, Error> {
        let mut times = vec![Vec::with_capacity(self.runs); self.points.len()];
        let mut first: Option<(Point, Answer)> = None;
        for (number, (index, is_measured)) in (1..).zip(self.plan()) {
            let point = self.points[index];
            let TimedRun { seconds, answer } = run(number, point)?;
            match &first {
                Some((other, expected)) if *expected != answer => {
                    return Err(self.differ((*other, expected), (point, &answer)));
                }
                Some(_) => {}
                None => first = Some((point, answer)),
            }
            if is_measured {
                times[index].push(seconds);
            }
        }
        Ok(times.into_iter().map(Summary::of).collect())
    }

    /// The points of all runs in order, by their numbers, and whether each run is measured. The runs to warm up use the
    /// last point. They bring the files into memory, so any point will do.
    fn plan(&self) -> impl Iterator<Item = (usize, bool)> {
        let last = self.points.len().saturating_sub(1);
        let warmup = std::iter::repeat_n((last, false), self.warmup);
        warmup.chain((0..self.runs).flat_map(|round| self.round(round)).map(|index| (index, true)))
    }

    /// The order of a round, with each point once. Every other round goes backwards, and each pair of rounds begins
    /// with another point. So no point always comes first, or behind the same point.
    fn round(&self, round: usize) -> Vec<usize> {
        let count = self.points.len();
        let start = (round / 2) * count / self.runs.div_ceil(2).max(1);
        let mut order: Vec<usize> = (0..count).map(|index| (start + index) % count).collect();
        if !round.is_multiple_of(2) {
            order.reverse();
        }
        order
    }

    fn differ(&self, (one, expected): (Point, &Answer), (other, answer): (Point, &Answer)) -> Error {
        let inputs = self.axes.inputs();
        let [one, other] = [one, other].map(|point| self.axes.describe(point));
        Error::Usage(format!(
            "the answers differ: {expected} with {one}, but {answer} with {other}; if no other program writes to the \
             {inputs}, this is an error of ngram-count, please report it"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::tests::point;
    use super::*;

    fn sweep(points: usize, runs: usize, warmup: usize) -> Sweep {
        let points = (1..=points).map(|number| point(number, 1)).collect();
        Sweep { axes: Axes::of_files(), points, runs, warmup }
    }

    fn answer(digest: u64) -> Answer {
        Answer { rows: 3, words: 2, bytes: 1, digest }
    }

    #[test]
    fn each_point_is_measured_as_often_and_they_take_turns() {
        for (points, runs) in [(1, 2), (2, 2), (3, 5), (14, 5), (7, 10)] {
            let sweep = sweep(points, runs, 0);
            let order: Vec<usize> = sweep.plan().map(|(index, _)| index).collect();
            for round in order.chunks(points) {
                let mut sorted = round.to_vec();
                sorted.sort_unstable();
                assert_eq!(sorted, (0..points).collect::<Vec<_>>());
            }
            assert_eq!((order.len(), sweep.total_runs()), (points * runs, points * runs));
        }
        let rounds: Vec<_> = (0..4).map(|round| sweep(4, 4, 0).round(round)).collect();
        assert_eq!(rounds, [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 0, 3, 2]]);
    }

    #[test]
    fn runs_to_warm_up_are_not_measured() {
        let mut seconds = 0.0;
        let run = |_, _| {
            seconds += 1.0;
            Ok(TimedRun { seconds, answer: answer(1) })
        };
        let summaries = sweep(2, 2, 3).measure(run).unwrap();
        let times: Vec<_> = summaries.into_iter().map(|summary| summary.times).collect();
        assert_eq!(times, [[4.0, 7.0], [5.0, 6.0]]);
    }

    #[test]
    fn an_answer_that_differs_ends_it() {
        let run = |number, _| Ok(TimedRun { seconds: 1.0, answer: answer(u64::from(number == 6)) });
        let error = sweep(2, 3, 1).measure(run).unwrap_err().to_string();
        assert!(error.contains("the answers differ") && error.contains("2KiB, 1 thread"), "{error}");
        assert!(sweep(2, 2, 1).measure(run).is_ok());
    }

    #[test]
    fn an_error_ends_it() {
        let run = |number, _| match number {
            1 => Ok(TimedRun { seconds: 1.0, answer: answer(0) }),
            2 => Err(Error::Usage("no more".into())),
            _ => unreachable!("it goes on after an error"),
        };
        assert_eq!(sweep(2, 2, 0).measure(run).unwrap_err().to_string(), "no more");
    }
}
