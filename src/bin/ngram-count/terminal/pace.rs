//! The pace of a run at the moment, and the time left at this pace.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The bytes done over the last moments. Counting a plain file is many times as fast as decompressing a file. After the
/// plain files, the mean over the whole run would therefore promise the end too early.
#[derive(Debug)]
pub(crate) struct Pace {
    start: Instant,
    /// Points in time, each with the bytes done by then. The first is as old as [`WINDOW`], or is the start.
    seen: VecDeque<(Instant, u64)>,
}

/// The length of time over which the pace is the mean.
const WINDOW: Duration = Duration::from_secs(2);

/// The minimum time left that we show: 0 would mean that all is done.
const MIN_LEFT: Duration = Duration::from_secs(1);

impl Pace {
    pub(crate) fn new(start: Instant) -> Self {
        Self { start, seen: VecDeque::from([(start, 0)]) }
    }

    /// Records the bytes done by now.
    pub(crate) fn note(&mut self, now: Instant, done: u64) {
        self.seen.push_back((now, done));
        while self.seen.get(1).is_some_and(|(time, _)| now.duration_since(*time) >= WINDOW) {
            self.seen.pop_front();
        }
    }

    /// The pace in bytes a second.
    pub(crate) fn rate(&self) -> f64 {
        let (Some(first), Some(last)) = (self.seen.front(), self.seen.back()) else { return 0.0 };
        per_second(*first, *last)
    }

    /// The time until `total` bytes are done. `None` if nothing is done yet.
    ///
    /// If nothing was done in the last moments, as during the decompression of a large block, the mean since the start
    /// decides.
    pub(crate) fn left(&self, total: u64) -> Option<Duration> {
        let last = *self.seen.back()?;
        let rates = [self.rate(), per_second((self.start, 0), last)];
        let rate = rates.into_iter().find(|rate| *rate > 0.0)?;
        let seconds = (total.saturating_sub(last.1) as f64 / rate).ceil();
        Some(Duration::from_secs(seconds as u64).max(MIN_LEFT))
    }
}

fn per_second((before, first): (Instant, u64), (now, last): (Instant, u64)) -> f64 {
    let seconds = now.duration_since(before).as_secs_f64();
    if seconds > 0.0 { last.saturating_sub(first) as f64 / seconds } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pace after the bytes done by each tenth of a second.
    fn after(tenths: impl IntoIterator<Item = u64>) -> Pace {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        for (number, done) in (1..).zip(tenths) {
            pace.note(start + Duration::from_millis(100) * number, done);
        }
        pace
    }

    #[test]
    fn a_steady_pace_is_told_exactly() {
        for tenths in [1, 5, 19, 20, 21, 300] {
            let pace = after((1..=tenths).map(|tenth| tenth * 1000));
            assert!((pace.rate() - 10_000.0).abs() < 1e-6, "{tenths} {}", pace.rate());
            assert_eq!(pace.left(tenths * 1000 + 95_000), Some(Duration::from_secs(10)));
            assert!(pace.seen.len() <= 22, "{}", pace.seen.len());
        }
    }

    /// A .gz behind plain files: a second at 1 GB/s, then 10 MB/s.
    #[test]
    fn a_pace_that_changes_is_told_two_seconds_later() {
        let done =
            |tenth: u64| if tenth <= 10 { tenth * 100_000_000 } else { 1_000_000_000 + (tenth - 10) * 1_000_000 };
        let total = 1_000_000_000 + 200_000_000;
        for tenths in [31, 50, 150] {
            let pace = after((1..=tenths).map(done));
            let expected = (total - done(tenths)).div_ceil(10_000_000);
            assert_eq!(pace.left(total), Some(Duration::from_secs(expected)), "{tenths}");
        }
    }

    #[test]
    fn while_something_is_left_there_is_a_second_at_least() {
        assert_eq!(after([1000, 2000]).left(2001), Some(Duration::from_secs(1)));
        assert_eq!(after([1000, 2000]).left(2000), Some(Duration::from_secs(1)));
        assert_eq!(after([0, 0]).left(2000), None);
        let stalled = after([1000; 100]);
        assert!(
            stalled.rate() == 0.0 && stalled.left(2000) == Some(Duration::from_secs(10)),
            "{:?}",
            stalled.left(2000)
        );
    }
}
