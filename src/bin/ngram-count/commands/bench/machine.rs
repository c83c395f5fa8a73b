//! What else the machine did meanwhile, from Linux's `/proc`: how much of the files the system read from a disk, and
//! how much of the processors other programs took.

use std::fs;

/// Counters that only ever grow. `None` if the system does not have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Bytes that this process has had read from disks.
    pub(crate) disk_bytes: Option<u64>,
    processors: Option<Processors>,
}

/// Times in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Processors {
    /// The time of all processors.
    all: u64,
    /// The time in which they were busy, for any program or another virtual machine.
    busy: u64,
    /// For this process.
    own: u64,
}

impl Usage {
    /// The counters at this moment.
    pub(crate) fn now() -> Self {
        let [stat, own, io] =
            ["/proc/stat", "/proc/self/stat", "/proc/self/io"].map(|path| fs::read_to_string(path).unwrap_or_default());
        Self { disk_bytes: disk_bytes(&io), processors: processors(&stat, &own) }
    }

    /// The part of the processors that other programs took since `before`.
    pub(crate) fn others_since(&self, before: &Self) -> Option<f64> {
        let (now, before) = (self.processors?, before.processors?);
        let all = now.all.checked_sub(before.all).filter(|all| *all > 0)?;
        let others = now.busy.checked_sub(before.busy)?.saturating_sub(now.own.checked_sub(before.own)?);
        Some(others as f64 / all as f64)
    }
}

fn disk_bytes(io: &str) -> Option<u64> {
    io.lines().find_map(|line| line.strip_prefix("read_bytes: "))?.parse().ok()
}

/// From `/proc/stat`, whose first line is `cpu user nice system idle iowait irq softirq steal ...`, and the process's
/// own `stat`, in which user and system time are the 12th and 13th field after the name.
fn processors(stat: &str, own: &str) -> Option<Processors> {
    let line = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).take(8).collect();
    let all: u64 = ticks.iter().sum();
    let idle: u64 = ticks.get(3..5)?.iter().sum();
    let fields: Vec<&str> = own.rsplit_once(')')?.1.split_whitespace().collect();
    let own = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Processors { all, busy: all - idle, own })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_read() {
        let stat = "cpu  40 1 9 100 20 2 3 5 0 0\ncpu0 20 0 4 50 10 1 1 2 0 0\n";
        let own = "123 (a name) of)) S 1 1 1 0 -1 0 0 0 0 0 30 7 0 0 20 0 1 0 0";
        assert_eq!(processors(stat, own), Some(Processors { all: 180, busy: 60, own: 37 }));
        assert_eq!(disk_bytes("rchar: 1\nread_bytes: 4096\nwrite_bytes: 7\n"), Some(4096));
    }

    #[test]
    fn what_is_not_told_is_not_known() {
        for (stat, own) in [("", ""), ("cpu 1 2", "1 (x) S 1"), ("cpu  1 2 3 4 5 6 7 8", ""), ("intr 1", "1 (x) S")] {
            assert_eq!(processors(stat, own), None, "{stat:?} {own:?}");
        }
        assert_eq!(disk_bytes(""), None);
        assert_eq!(Usage::default().others_since(&Usage::default()), None);
    }

    #[test]
    fn what_others_took_is_the_rest_of_what_was_done() {
        let usage = |all, busy, own| Usage { disk_bytes: None, processors: Some(Processors { all, busy, own }) };
        assert_eq!(usage(300, 150, 60).others_since(&usage(100, 50, 10)), Some(0.25));
        assert_eq!(usage(300, 150, 200).others_since(&usage(100, 50, 0)), Some(0.0));
        assert_eq!(usage(100, 50, 0).others_since(&usage(100, 50, 0)), None);
    }
}
