//! Facts about this process and the machine, from `/proc` of Linux. On other systems, the functions that read it return
//! `None`.
//!
//! Public for the command alone, and hidden from the documentation.

use std::fs;
use std::os::fd::RawFd;

/// The peak of this process's resident memory so far, in bytes.
pub fn peak_memory() -> Option<u64> {
    status_bytes("VmHWM:")
}

/// A size in `/proc/self/status`, in bytes.
pub(crate) fn status_bytes(name: &str) -> Option<u64> {
    bytes_of(&status_field(name)?)
}

/// A size as the files of `/proc` have it, such as `1234 kB`, in bytes.
pub(crate) fn bytes_of(size: &str) -> Option<u64> {
    size.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// The signals that this process ignores, one bit each: bit 0 is signal 1.
pub fn ignored_signals() -> Option<u64> {
    u64::from_str_radix(&status_field("SigIgn:")?, 16).ok()
}

/// The number of bytes that the system has read from disks for this process.
pub fn disk_bytes() -> Option<u64> {
    disk_bytes_of(&fs::read_to_string("/proc/self/io").ok()?)
}

/// Processor time in ticks. The counters only grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessorTicks {
    /// The time of all processors, idle or busy.
    pub all: u64,
    /// The time that they worked for any program, or for another virtual machine.
    pub busy: u64,
    /// The time that they worked for this process.
    pub own: u64,
}

impl ProcessorTicks {
    /// The current counters.
    pub fn now() -> Option<Self> {
        let [stat, own] = ["/proc/stat", "/proc/self/stat"].map(|path| fs::read_to_string(path).ok());
        Self::of(&stat?, &own?)
    }

    /// Parses `/proc/stat` and `/proc/self/stat`. The first line of the former is
    /// `cpu user nice system idle iowait irq softirq steal ...`. In the latter, the 12th and 13th field behind the name
    /// are user and system time.
    fn of(stat: &str, own: &str) -> Option<Self> {
        let line = stat.lines().next()?.strip_prefix("cpu ")?;
        let ticks: Vec<u64> = line.split_whitespace().map_while(|field| field.parse().ok()).take(8).collect();
        let all: u64 = ticks.iter().sum();
        let idle: u64 = ticks.get(3..5)?.iter().sum();
        let fields: Vec<&str> = own.rsplit_once(')')?.1.split_whitespace().collect();
        let own = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        Some(Self { all, busy: all - idle, own })
    }
}

/// The path under `/proc` of this process's descriptor `number`.
pub fn descriptor_path(number: RawFd) -> String {
    format!("/proc/self/fd/{number}")
}

fn disk_bytes_of(io: &str) -> Option<u64> {
    io.lines().find_map(|line| line.strip_prefix("read_bytes: "))?.parse().ok()
}

/// The value of a line in `/proc/self/status`.
fn status_field(name: &str) -> Option<String> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_read() {
        let stat = "cpu  40 1 9 100 20 2 3 5 0 0\ncpu0 20 0 4 50 10 1 1 2 0 0\n";
        let own = "123 (a name) of)) S 1 1 1 0 -1 0 0 0 0 0 30 7 0 0 20 0 1 0 0";
        assert_eq!(ProcessorTicks::of(stat, own), Some(ProcessorTicks { all: 180, busy: 60, own: 37 }));
        assert_eq!(disk_bytes_of("rchar: 1\nread_bytes: 4096\nwrite_bytes: 7\n"), Some(4096));
        #[cfg(target_os = "linux")]
        assert!(peak_memory().is_some_and(|bytes| bytes > 1 << 16) && ignored_signals().is_some());
    }

    #[test]
    fn what_is_not_told_is_not_known() {
        for (stat, own) in [("", ""), ("cpu 1 2", "1 (x) S 1"), ("cpu  1 2 3 4 5 6 7 8", ""), ("intr 1", "1 (x) S")] {
            assert_eq!(ProcessorTicks::of(stat, own), None, "{stat:?} {own:?}");
        }
        assert_eq!(disk_bytes_of(""), None);
    }
}
