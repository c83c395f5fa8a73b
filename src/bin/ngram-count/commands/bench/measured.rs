//! The measurements of one point: its times, and the speeds that follow.

use crate::commands::bench::answer::Answer;
use crate::commands::bench::point::{Axes, Point};
use crate::commands::bench::statistics::Summary;

/// The measurements of a point.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) point: Point,
    pub(crate) times: Summary,
    /// The speed in millions of bytes a second.
    pub(crate) mb_per_second: f64,
    pub(crate) rows_per_second: f64,
    /// The speed relative to one thread with the same chunk size, or to one event loop with one connection; `None` if
    /// that was not measured.
    pub(crate) speed_up: Option<f64>,
}

impl Measured {
    /// The measurements of all points, from their times in the same order. All runs have the answer `answer`.
    pub(crate) fn all(axes: &Axes, points: &[Point], times: Vec<Summary>, answer: &Answer) -> Vec<Self> {
        let means: Vec<f64> = times.iter().map(|times| times.mean).collect();
        let alone = |point: &Point| {
            let alone = axes.alone(*point);
            points.iter().position(|other| *other == alone).map(|index| means[index])
        };
        let measured = points.iter().zip(times).map(|(point, times)| {
            let per_second = |amount: u64| ratio(amount as f64, times.mean);
            Self {
                point: *point,
                mb_per_second: per_second(answer.bytes) / 1e6,
                rows_per_second: per_second(answer.rows),
                speed_up: alone(point).map(|alone| ratio(alone, times.mean)),
                times,
            }
        });
        measured.collect()
    }
}

fn ratio(amount: f64, by: f64) -> f64 {
    if by > 0.0 { amount / by } else { 0.0 }
}
