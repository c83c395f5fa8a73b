//! Follows the symbolic links of a path to their end: a name in a folder, or a descriptor that is open already.
//!
//! The kernel follows the links first, so that we refuse everything that it refuses. But the kernel doesn't tell the
//! folder and the name at the end. So we follow the links once more ourselves, and both ways must end at the same file.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::system::temp_file::FOLDER;
use crate::write::destination::identity::FileId;

/// The end of all links.
pub(super) enum End {
    /// A descriptor with this number, such as `/dev/stdout` or `/dev/fd/3`.
    Descriptor(RawFd),
    /// A descriptor of another process.
    OfAnother { folder: OwnedFd, name: OsString },
    /// A name in a folder.
    Target(Target),
}

/// A name in a folder. The folder stays open, so renaming the folder changes nothing.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) folder: OwnedFd,
    pub(super) name: OsString,
    /// The file that has this name; `None` if there is none.
    pub(super) old: Option<Stat>,
}

/// The maximum number of links in a row; more are taken for a loop. Linux has the same limit.
const MAX_LINKS: usize = 40;

/// Follows all links in `path`.
///
/// # Errors
/// The errors of the kernel. A missing file in an existing folder is no error: we can make a new file there.
pub(super) fn follow(path: &Path) -> io::Result<End> {
    if path.as_os_str().is_empty() {
        return Err(Errno::NOENT.into());
    }
    if let Some(number) = descriptor(path) {
        return Ok(End::Descriptor(number));
    }
    let kernels = match rustix::fs::statat(CWD, path, AtFlags::empty()) {
        Ok(stat) => Some(FileId::of(&stat)),
        Err(Errno::NOENT) => None,
        Err(error) => return Err(error.into()),
    };
    let mut path = path.to_owned();
    let mut folder = None;
    for _ in 0..=MAX_LINKS {
        let base = folder.as_ref().map_or(CWD, AsFd::as_fd);
        let (next, name) = open_parent(base, &path)?;
        let Some(entry) = FolderEntry::at(&next, &name)? else {
            return Ok(End::Target(Target { folder: next, name, old: None }));
        };
        let Some(link) = entry.link else {
            if kernels.is_some_and(|kernels| kernels != FileId::of(&entry.stat)) {
                return Err(io::Error::other("changed while its links were followed"));
            }
            return Ok(End::Target(Target { folder: next, name, old: Some(entry.stat) }));
        };
        if is_of_proc(&next) {
            return Ok(match std::str::from_utf8(name.as_bytes()).ok().and_then(|name| name.parse().ok()) {
                Some(number) if is_own(&next) => End::Descriptor(number),
                _ => End::OfAnother { folder: next, name },
            });
        }
        // The kernel has not followed this link to its end, so the kernel has not applied its rule.
        if kernels.is_none() && !may_follow(&entry.stat, &rustix::fs::fstat(&next)?) {
            return Err(Errno::ACCESS.into());
        }
        if let Some(number) = descriptor(&link) {
            return Ok(End::Descriptor(number));
        }
        (path, folder) = (link, Some(next));
    }
    Err(Errno::LOOP.into())
}

/// The number of a descriptor, from a name that means one on every system, even without `/proc`.
fn descriptor(path: &Path) -> Option<RawFd> {
    let name = path.to_str()?;
    let number = name.strip_prefix("/dev/fd/").or_else(|| name.strip_prefix("/proc/self/fd/"));
    match name {
        "/dev/stdin" => Some(0),
        "/dev/stdout" => Some(1),
        "/dev/stderr" => Some(2),
        _ => number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok(),
    }
}

/// Opens the folder of a path's last name. Returns the folder and the name.
fn open_parent(base: BorrowedFd<'_>, path: &Path) -> io::Result<(OwnedFd, OsString)> {
    let path = path.as_os_str().as_bytes();
    let (parent, name) = match path.iter().rposition(|&byte| byte == b'/') {
        Some(slash) => path.split_at(slash + 1),
        None => (&b""[..], path),
    };
    if let b"" | b"." | b".." = name {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    // A link at the end of `parent` is in the middle of the whole path, and the kernel's rule for links in shared
    // folders applies to the last link only. A dot behind the link keeps it in the middle.
    let parent = [parent, b"."].concat();
    let folder = rustix::fs::openat(base, &parent[..], FOLDER | OFlags::CLOEXEC, Mode::empty())?;
    Ok((folder, OsStr::from_bytes(name).to_owned()))
}

/// An entry of a folder.
struct FolderEntry {
    stat: Stat,
    /// The target's path, if the entry is a link.
    link: Option<PathBuf>,
}

impl FolderEntry {
    fn at(folder: &OwnedFd, name: &OsStr) -> io::Result<Option<Self>> {
        let entry = Self::look(folder, name);
        match entry {
            Err(Errno::NOENT) => Ok(None),
            entry => Ok(Some(entry?)),
        }
    }

    /// Opens the link itself, to inspect and to read the same link, even if someone replaces it meanwhile.
    #[cfg(target_os = "linux")]
    fn look(folder: &OwnedFd, name: &OsStr) -> rustix::io::Result<Self> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = rustix::fs::openat(folder, name, flags, Mode::empty())?;
        let stat = rustix::fs::fstat(&file)?;
        let is_link = FileType::from_raw_mode(stat.st_mode) == FileType::Symlink;
        let link = is_link.then(|| rustix::fs::readlinkat(&file, "", Vec::new())).transpose()?;
        Ok(Self { stat, link: link.map(|link| OsString::from_vec(link.into_bytes()).into()) })
    }

    #[cfg(not(target_os = "linux"))]
    fn look(folder: &OwnedFd, name: &OsStr) -> rustix::io::Result<Self> {
        let stat = rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let is_link = FileType::from_raw_mode(stat.st_mode) == FileType::Symlink;
        let link = is_link.then(|| rustix::fs::readlinkat(folder, name, Vec::new())).transpose()?;
        Ok(Self { stat, link: link.map(|link| OsString::from_vec(link.into_bytes()).into()) })
    }
}

/// Whether this is a folder of `/proc`. Links in such a folder lead to open files rather than to names.
#[cfg(target_os = "linux")]
fn is_of_proc(folder: &OwnedFd) -> bool {
    rustix::fs::fstatfs(folder).is_ok_and(|system| system.f_type == rustix::fs::PROC_SUPER_MAGIC)
}

#[cfg(not(target_os = "linux"))]
fn is_of_proc(_: &OwnedFd) -> bool {
    false
}

/// Whether this folder holds the descriptors of this process.
fn is_own(folder: &OwnedFd) -> bool {
    let id = |stat: rustix::io::Result<Stat>| stat.ok().map(|stat| FileId::of(&stat));
    let folder = id(rustix::fs::fstat(folder));
    ["/proc/self/fd", "/proc/thread-self/fd"]
        .iter()
        .any(|own| folder.is_some() && folder == id(rustix::fs::statat(CWD, *own, AtFlags::empty())))
}

/// The kernel's rule `protected_symlinks`. It applies to folders such as `/tmp`, in which everyone may write and only
/// the owner of a file may remove it. There, the kernel follows a link only if the link belongs to the user who follows
/// it, or to the owner of the folder.
fn may_follow(link: &Stat, folder: &Stat) -> bool {
    let mode = Mode::from_raw_mode(folder.st_mode);
    let is_shared = mode.contains(Mode::SVTX | Mode::WOTH);
    !is_shared || link.st_uid == rustix::process::geteuid().as_raw() || link.st_uid == folder.st_uid
}
