//! How much memory the system leaves this process, and the default bound for tables, a share of it.
//!
//! On systems other than Linux, only limits on resources (`ulimit`) are known.

use std::fs;

use rustix::process::{Resource, getrlimit};

use crate::system::{control_group, proc};

/// What a run takes beside its bounded tables: the program, chunks, buffers of decompressors.
const BESIDE_TABLES: u64 = 64 << 20;
/// The stack of a thread. Rust asks for as much unless the program says otherwise.
const STACK: u64 = 2 << 20;
/// The least default bound. With less, a run would do little but write and read its temporary file.
const MIN_LIMIT: u64 = 16 << 20;

/// The memory that this process can still take, in bytes: the least of what the machine, the control groups and the
/// limits on resources leave. `None` if none of them tells.
pub fn available() -> Option<u64> {
    Left::now().least()
}

/// The default bound for the tables of a run on `threads` threads, in bytes: a share of [`available`].
pub fn default_limit(threads: usize) -> Option<u64> {
    Left::now().limit(threads as u64)
}

/// What limits on resources (`ulimit`) leave, in bytes: of heap and stacks, and of addresses.
pub fn left_by_limits() -> Option<u64> {
    Left::by_limits().least()
}

/// The addresses that a limit (`ulimit -v`) leaves, in bytes. Mapped files take addresses, too.
pub fn addresses_left() -> Option<u64> {
    Left::by_limits().addresses
}

/// The bytes that are left, as far as the system tells.
#[derive(Debug, Clone, Copy, Default)]
struct Left {
    /// By the machine or by a control group.
    memory: Option<u64>,
    /// Of the limit on data (`ulimit -d`): heap and stacks.
    data: Option<u64>,
    /// Of the limit on addresses (`ulimit -v`).
    addresses: Option<u64>,
}

impl Left {
    fn now() -> Self {
        let meminfo = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let overcommit = fs::read_to_string("/proc/sys/vm/overcommit_memory").unwrap_or_default();
        let memory = [machine(&meminfo, &overcommit), control_group::available()];
        Self { memory: memory.into_iter().flatten().min(), ..Self::by_limits() }
    }

    fn by_limits() -> Self {
        let under = |resource, used| {
            let limit = getrlimit(resource).current?;
            Some(limit.saturating_sub(proc::status_bytes(used).unwrap_or(0)))
        };
        Self { memory: None, data: under(Resource::Data, "VmData:"), addresses: under(Resource::As, "VmSize:") }
    }

    fn least(self) -> Option<u64> {
        [self.memory, self.data, self.addresses].into_iter().flatten().min()
    }

    /// Three quarters of the memory that is left; other programs need some, too, and the allocator wastes some. Half of
    /// the addresses: mapped files take some of the others, and small gaps between those in use are lost.
    fn limit(self, threads: u64) -> Option<u64> {
        let stacks = threads.saturating_mul(STACK);
        let share = |left: Option<u64>, beside: u64, quarters: u64| Some(left?.saturating_sub(beside) / 4 * quarters);
        let shares = [
            share(self.memory, BESIDE_TABLES, 3),
            share(self.data, BESIDE_TABLES + stacks, 3),
            share(self.addresses, BESIDE_TABLES + stacks, 2),
        ];
        shares.into_iter().flatten().min().map(|least| least.max(MIN_LIMIT))
    }
}

/// What the machine leaves, by the texts of `/proc/meminfo` and `/proc/sys/vm/overcommit_memory`. In mode 2, the system
/// promises no more memory than there is, and counts memory from the promise on.
fn machine(meminfo: &str, overcommit: &str) -> Option<u64> {
    let field = |name| proc::bytes_of(meminfo.lines().find_map(|line| line.strip_prefix(name))?);
    let promised = || field("CommitLimit:")?.checked_sub(field("Committed_AS:")?).or(Some(0));
    let unpromised = (overcommit.trim() == "2").then(promised).flatten();
    field("MemAvailable:").into_iter().chain(unpromised).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMINFO: &str = "MemTotal:       24684092 kB\nMemFree:          284172 kB\nMemAvailable:   22656084 kB\n\
                           Buffers:          119088 kB\nCommitLimit:    12342044 kB\nCommitted_AS:    1342044 kB\n";

    #[test]
    fn the_machine_leaves_what_is_available() {
        assert_eq!(machine(MEMINFO, "0\n"), Some(22_656_084 << 10));
        assert_eq!(machine(MEMINFO, ""), Some(22_656_084 << 10));
        assert_eq!(machine(MEMINFO, "2\n"), Some(11_000_000 << 10));
        assert_eq!(machine("CommitLimit: 1 kB\nCommitted_AS: 2 kB\n", "2\n"), Some(0));
        // Kernels before 3.14 do not tell it.
        for text in ["", "MemTotal: 1 kB\n", "MemAvailable: x kB\n", "MemAvailable: 1\n"] {
            assert_eq!(machine(text, "1\n"), None, "{text:?}");
        }
    }

    #[test]
    fn the_default_limit_is_a_share_of_the_least() {
        const GIB: u64 = 1 << 30;
        let limit = |left: Left, threads| left.limit(threads).map(|bytes| bytes >> 20);
        let memory = Left { memory: Some(16 * GIB + (64 << 20)), ..Left::default() };
        assert_eq!((limit(memory, 2), memory.least()), (Some(12 << 10), memory.memory));
        let data = Left { data: Some(4 * GIB + (80 << 20)), ..memory };
        assert_eq!((limit(data, 8), data.least()), (Some(3 << 10), data.data));
        // Half, less 64 MiB and 2 MiB for each thread.
        let addresses = Left { addresses: Some(2 * GIB), ..memory };
        assert_eq!((limit(addresses, 8), addresses.least()), (Some(984), addresses.addresses));
        assert_eq!(limit(addresses, 1024), Some(16));
        let little = Left { memory: Some(1000), ..Left::default() };
        assert_eq!((limit(little, 1), little.least()), (Some(16), Some(1000)));
        assert_eq!((limit(Left::default(), 1), Left::default().least()), (None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_machine_tells() {
        let least = default_limit(1).expect("Linux tells");
        assert!(least >= MIN_LIMIT && available().is_some_and(|left| left > 1 << 20 && least <= left.max(MIN_LIMIT)));
    }
}
