//! A file, a pipe, a device or standard output as a destination.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::error::{Error, Result};
use crate::system::raw;
use crate::write::destination::follow::{End, follow};
use crate::write::destination::identity::{FileId, Identity};
use crate::write::destination::refuse;
use crate::write::destination::replacement::Replacement;

/// An open file.
#[derive(Debug)]
pub(super) struct OpenFile {
    /// All writes go to it.
    pub(super) file: File,
    /// How the finished file gets its name. `None` for a pipe, a terminal, a device or a descriptor: the result goes
    /// straight into it.
    pub(super) replacement: Option<Replacement>,
    pub(super) identity: Identity,
    pub(super) is_stdout: bool,
}

const STDOUT: RawFd = 1;
/// Whether a result went to standard output.
static IS_STDOUT_USED: AtomicBool = AtomicBool::new(false);

impl OpenFile {
    pub(super) fn stdout() -> io::Result<Self> {
        Self::open(End::Descriptor(STDOUT))
    }

    /// Opens the end of all links in `path`.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Self::open(follow(path)?)
    }

    fn open(end: End) -> io::Result<Self> {
        let is_stdout = matches!(end, End::Descriptor(STDOUT));
        let (file, replacement) = open(end)?;
        let identity = match &replacement {
            None => Identity::open(&rustix::fs::fstat(&file)?),
            Some(Replacement { target, .. }) => Identity::Name {
                folder: FileId::of(&rustix::fs::fstat(&target.folder)?),
                name: target.name.clone(),
                old: target.old.as_ref().map(FileId::of),
            },
        };
        Ok(Self { file, replacement, identity, is_stdout })
    }

    /// Writes a file that has no name yet to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        if self.replacement.is_some() { self.file.sync_all() } else { Ok(()) }
    }

    /// Puts the new file in the old one's place.
    pub(super) fn commit(self) -> io::Result<()> {
        let Self { file, replacement, is_stdout, .. } = self;
        IS_STDOUT_USED.fetch_or(is_stdout, Ordering::Relaxed);
        match replacement {
            None => raw::close(file.into()),
            Some(replacement) => replacement.commit(file),
        }
    }
}

/// Opens the end of a path for writing, or makes the file that will replace it.
fn open(end: End) -> io::Result<(File, Option<Replacement>)> {
    let target = match end {
        End::Descriptor(number) => return Ok((descriptor(number)?, None)),
        End::OfAnother { folder, name } => return Ok((in_place(&folder, &name, OFlags::APPEND)?, None)),
        End::Target(target) => target,
    };
    if let Some(old) = &target.old {
        match FileType::from_raw_mode(old.st_mode) {
            FileType::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            FileType::RegularFile => refuse::check(&target, old)?,
            _ => return Ok((in_place(&target.folder, &target.name, OFlags::NOFOLLOW)?, None)),
        }
    }
    let (file, replacement) = Replacement::new(target)?;
    Ok((file, Some(replacement)))
}

/// Duplicates an open descriptor. Opening the file anew would write from the beginning of the file.
fn descriptor(number: RawFd) -> io::Result<File> {
    let descriptor = raw::duplicate(number)?;
    let flags = rustix::fs::fcntl_getfl(&descriptor)?;
    if names_only(flags) || (flags & OFlags::RWMODE) == OFlags::RDONLY {
        return Err(Errno::BADF.into());
    }
    Ok(descriptor.into())
}

/// Whether a descriptor only names a file, and can't be written to (`O_PATH`).
#[cfg(target_os = "linux")]
fn names_only(flags: OFlags) -> bool {
    flags.contains(OFlags::PATH)
}

#[cfg(not(target_os = "linux"))]
fn names_only(_: OFlags) -> bool {
    false
}

/// Opens a pipe, a device, or the descriptor of another process. The result goes straight into it.
fn in_place(folder: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::WRONLY | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(folder, name, flags, Mode::empty())?.into())
}

/// Closes standard output, for a program that is done. Some file systems report the error of a write only then.
///
/// # Errors
/// [`Error::Write`] when some of the result was not written.
pub fn close_stdout() -> Result<()> {
    if !IS_STDOUT_USED.load(Ordering::Relaxed) {
        return Ok(());
    }
    raw::close_stdout().map_err(|source| Error::Write { path: "standard output".into(), source })
}
