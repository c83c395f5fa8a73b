//! The memory that the control groups of this process leave: the limits of containers, of systemd's services and of
//! batch systems. Of Linux alone.
//!
//! A process is in one group, and in all groups above it; the kernel counts its memory in each. In a container, the
//! path of the group may lead outside of what the container sees; its files then stand at the root.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The least that any group leaves, in bytes. `None` if no group has a limit.
pub(super) fn available() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    least(&groups, |path| fs::read_to_string(path).ok())
}

/// The files of a version of control groups.
struct Version {
    mount: &'static str,
    limits: &'static [&'static str],
    usage: &'static str,
    /// The fields of `memory.stat` with the file pages that the kernel frees before it runs out of memory.
    reclaimable: [&'static str; 2],
}

const V1: Version = Version {
    mount: "/sys/fs/cgroup/memory",
    limits: &["memory.limit_in_bytes"],
    usage: "memory.usage_in_bytes",
    reclaimable: ["total_inactive_file ", "total_active_file "],
};

const V2: Version = Version {
    mount: "/sys/fs/cgroup",
    // Above `memory.high`, the kernel slows the processes down.
    limits: &["memory.max", "memory.high"],
    usage: "memory.current",
    reclaimable: ["inactive_file ", "active_file "],
};

/// No limit is `max` in version 2, and a number near 2^63 in version 1.
const UNLIMITED: u64 = 1 << 62;

impl Version {
    /// What the group in `folder` leaves.
    fn left(&self, folder: &Path, read: &impl Fn(&Path) -> Option<String>) -> Option<u64> {
        let file = |name: &str| read(&folder.join(name));
        let limit =
            self.limits.iter().filter_map(|name| number(&file(name)?)).min().filter(|&limit| limit < UNLIMITED)?;
        let stat = file("memory.stat").unwrap_or_default();
        let field = |name| number(stat.lines().find_map(|line| line.strip_prefix(name))?);
        let reclaimable: u64 = self.reclaimable.into_iter().filter_map(field).sum();
        let used = number(&file(self.usage)?)?.saturating_sub(reclaimable);
        Some(limit.saturating_sub(used))
    }
}

/// The least that the groups in a text of `/proc/self/cgroup` leave. Its lines are `number:controllers:path`. The
/// number 0 is version 2; version 1 has a line with the controller `memory`.
fn least(groups: &str, read: impl Fn(&Path) -> Option<String>) -> Option<u64> {
    let group = |line: &str| {
        let [number, controllers, path] = line.splitn(3, ':').collect::<Vec<_>>().try_into().ok()?;
        let version = match number {
            "0" => V2,
            _ => controllers.split(',').any(|name| name == "memory").then_some(V1)?,
        };
        folders(&version, path).iter().filter_map(|folder| version.left(folder, &read)).min()
    };
    groups.lines().filter_map(group).min()
}

/// The folders of a group and of all groups above it.
fn folders(version: &Version, path: &str) -> Vec<PathBuf> {
    let path = Path::new(path.trim_start_matches('/'));
    let is_outside = path.components().any(|part| part == Component::ParentDir);
    let path = if is_outside { Path::new("") } else { path };
    path.ancestors().map(|group| Path::new(version.mount).join(group)).collect()
}

fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the groups leave if the system has these files.
    fn left(groups: &str, files: &[(&str, &str)]) -> Option<u64> {
        let read = |path: &Path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).into());
        least(groups, read)
    }

    const STAT: &str = "anon 1716224\nfile 2671837184\nkernel 9056256\nshmem 0\ninactive_anon 1716224\n\
                        active_anon 12288\ninactive_file 60000\nactive_file 5000\nunevictable 0\n";

    #[test]
    fn version_2_leaves_its_limit_less_what_is_used_and_not_reclaimable() {
        let own = "/sys/fs/cgroup/user.slice/run-1.scope";
        let groups = "0::/user.slice/run-1.scope\n";
        let files = [
            (&*format!("{own}/memory.max"), "1000000\n"),
            (&*format!("{own}/memory.high"), "max\n"),
            (&*format!("{own}/memory.current"), "300000\n"),
            (&*format!("{own}/memory.stat"), STAT),
        ];
        assert_eq!(left(groups, &files), Some(1_000_000 - 300_000 + 65_000));
        // The group above leaves less.
        let above = [
            ("/sys/fs/cgroup/user.slice/memory.max", "max\n"),
            ("/sys/fs/cgroup/user.slice/memory.high", "500000\n"),
            ("/sys/fs/cgroup/user.slice/memory.current", "400000\n"),
        ];
        assert_eq!(left(groups, &[&files[..], &above].concat()), Some(100_000));
        assert_eq!(left(groups, &above), Some(100_000));
    }

    #[test]
    fn in_a_container_the_groups_files_stand_at_the_root() {
        let files = [
            ("/sys/fs/cgroup/memory.max", "536870912\n"),
            ("/sys/fs/cgroup/memory.current", "6291456\n"),
            ("/sys/fs/cgroup/memory.stat", STAT),
        ];
        for path in ["/", "/docker/0123456789abcdef", "/../0123456789abcdef", ""] {
            assert_eq!(left(&format!("0::{path}\n"), &files), Some(536_870_912 - 6_291_456 + 65_000), "{path}");
        }
    }

    #[test]
    fn version_1_has_a_controller_of_memory() {
        let groups =
            "12:pids:/docker/01\n9:cpu,cpuacct:/docker/01\n8:name=systemd:/\n4:hugetlb,memory:/docker/01\n0::/\n";
        let stat = "cache 13758464\ninactive_file 1\nactive_file 2\nhierarchical_memory_limit 4000000\n\
                    total_inactive_file 300000\ntotal_active_file 100000\n";
        let files = [
            ("/sys/fs/cgroup/memory/docker/01/memory.limit_in_bytes", "4000000\n"),
            ("/sys/fs/cgroup/memory/docker/01/memory.usage_in_bytes", "1000000\n"),
            ("/sys/fs/cgroup/memory/docker/01/memory.stat", stat),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "23454846976\n"),
        ];
        assert_eq!(left(groups, &files), Some(4_000_000 - 600_000));
        // A group above its limit leaves nothing.
        let full = [files[0], ("/sys/fs/cgroup/memory/docker/01/memory.usage_in_bytes", "4100000\n")];
        assert_eq!(left(groups, &full), Some(0));
    }

    #[test]
    fn without_a_limit_nothing_is_known() {
        let unlimited = [
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("/sys/fs/cgroup/memory/memory.usage_in_bytes", "23454846976\n"),
        ];
        assert_eq!(left("4:memory:/\n", &unlimited), None);
        let max = [("/sys/fs/cgroup/memory.max", "max\n"), ("/sys/fs/cgroup/memory.current", "1\n")];
        assert_eq!(left("0::/\n", &max), None);
        for groups in ["", "0::/\n", "1:cpu:/\n", "garbage\n4:memory\n", "4:memory:/a:b\n"] {
            assert_eq!(left(groups, &[]), None, "{groups:?}");
        }
    }
}
