//! The other load of the machine, from `/proc` of Linux: reads of the files from the disk, and processor time of other
//! programs.

use ngram_count::internal::proc::{self, ProcessorTicks};

/// Counters that only grow; `None` on a system without them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// The number of bytes that the system has read from disks for this process.
    pub(crate) disk_bytes: Option<u64>,
    processors: Option<ProcessorTicks>,
}

impl Usage {
    /// The current counters.
    pub(crate) fn now() -> Self {
        Self { disk_bytes: proc::disk_bytes(), processors: ProcessorTicks::now() }
    }

    /// The part of all processor time that other programs took since `before`, from 0 to 1.
    pub(crate) fn others_since(&self, before: &Self) -> Option<f64> {
        let (now, before) = (self.processors?, before.processors?);
        let all = now.all.checked_sub(before.all).filter(|all| *all > 0)?;
        let others = now.busy.checked_sub(before.busy)?.saturating_sub(now.own.checked_sub(before.own)?);
        Some(others as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_took_is_the_rest_of_what_was_done() {
        let usage = |all, busy, own| Usage { disk_bytes: None, processors: Some(ProcessorTicks { all, busy, own }) };
        assert_eq!(usage(300, 150, 60).others_since(&usage(100, 50, 10)), Some(0.25));
        assert_eq!(usage(300, 150, 200).others_since(&usage(100, 50, 0)), Some(0.0));
        assert_eq!(usage(100, 50, 0).others_since(&usage(100, 50, 0)), None);
        assert_eq!(Usage::default().others_since(&Usage::default()), None);
    }
}
