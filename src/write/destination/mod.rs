//! Where a result goes: standard output, or a file that is replaced in one step when all is written.

mod follow;
mod identity;
mod owner;
mod refuse;
mod replacement;

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use self::follow::{End, follow};
use self::identity::{FileId, Identity};
use self::replacement::Replacement;
use crate::error::{Error, Result};
use crate::printable::printable;
use crate::system::raw;

/// An open place for a result. Dropped before [`Destination::commit`], it leaves an old file as it was.
#[derive(Debug)]
pub struct Destination {
    /// The path as the user wrote it; for messages.
    path: PathBuf,
    /// What is written to.
    file: File,
    /// What becomes of the file when it is finished. A pipe, a terminal, a device or a descriptor stays what it is.
    replacement: Option<Replacement>,
    identity: Identity,
    is_stdout: bool,
}

impl Destination {
    /// Standard output.
    ///
    /// # Errors
    /// [`Error::Write`] when it is closed.
    pub fn stdout() -> Result<Self> {
        let path = Path::new("standard output");
        Self::open(path, || Ok(End::Descriptor(STDOUT)))
    }

    /// The file at `path`, which need not be there yet; `-` is standard output. To be called before the work begins, so
    /// that a path that can't be written to is known at once.
    ///
    /// Links are followed. A file is replaced; what is none, such as a pipe, a device or `/dev/fd/3`, is written to.
    ///
    /// # Errors
    /// [`Error::Write`] when a file can't be made in its folder, when the old one can't be replaced or is read-only, or
    /// when `path` is a folder.
    pub fn file(path: &Path) -> Result<Self> {
        if path == Path::new("-") { Self::stdout() } else { Self::open(path, || follow(path)) }
    }

    fn open(path: &Path, find: impl FnOnce() -> io::Result<End>) -> Result<Self> {
        let open = || {
            let end = find()?;
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
            Ok(Self { path: path.to_owned(), file, replacement, identity, is_stdout })
        };
        open().map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    /// Whether this is standard output, by whatever name.
    pub fn is_stdout(&self) -> bool {
        self.is_stdout
    }

    /// Finds two destinations that are one place, so that one result would be lost or mixed with the other. `/dev/null`
    /// takes any number.
    ///
    /// # Errors
    /// [`SamePlace`] that names both.
    pub fn check_all_differ<'a>(
        destinations: impl IntoIterator<Item = &'a Self>,
    ) -> std::result::Result<(), SamePlace> {
        let mut seen: Vec<&Self> = Vec::new();
        for destination in destinations {
            if let Some(other) = seen.iter().find(|other| other.identity.clashes_with(&destination.identity)) {
                return Err(SamePlace { one: destination.path.clone(), other: other.path.clone() });
            }
            seen.push(destination);
        }
        Ok(())
    }

    /// Whether what is written becomes a file in an old one's place only by [`Destination::commit`].
    pub fn is_replaced(&self) -> bool {
        self.replacement.is_some()
    }

    /// Brings what was written to the disk, where it is to replace a file; as [`Destination::commit`] does, but before that
    /// of other results.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn sync(&self) -> Result<()> {
        if self.is_replaced() { self.file.sync_all().map_err(|source| self.error(source)) } else { Ok(()) }
    }

    /// Puts the new file in the old one's place.
    ///
    /// # Errors
    /// [`Error::Write`]; the old file then is as it was.
    pub fn commit(self) -> Result<()> {
        let Self { path, file, replacement, is_stdout, .. } = self;
        IS_STDOUT_USED.fetch_or(is_stdout, Ordering::Relaxed);
        let done = match replacement {
            None => raw::close(file.into()),
            Some(replacement) => replacement.commit(file),
        };
        done.map_err(|source| Error::Write { path, source })
    }

    /// An error of writing to this destination.
    pub fn error(&self, source: io::Error) -> Error {
        Error::Write { path: self.path.clone(), source }
    }
}

/// Two destinations are one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePlace {
    one: PathBuf,
    other: PathBuf,
}

impl fmt::Display for SamePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = [&self.one, &self.other].map(|path| printable(path.as_os_str()));
        write!(f, "two results can't both be written to {one}")?;
        if one == other { Ok(()) } else { write!(f, ": {other} leads there, too") }
    }
}

impl std::error::Error for SamePlace {}

const STDOUT: RawFd = 1;
/// Whether a result went there.
static IS_STDOUT_USED: AtomicBool = AtomicBool::new(false);

/// Opens what is to be written to, and tells what becomes of it.
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

/// A descriptor that is open. Opened anew, a file behind it would be written from its beginning.
fn descriptor(number: RawFd) -> io::Result<File> {
    let descriptor = raw::duplicate(number)?;
    let flags = rustix::fs::fcntl_getfl(&descriptor)?;
    if names_only(flags) || (flags & OFlags::RWMODE) == OFlags::RDONLY {
        return Err(Errno::BADF.into());
    }
    Ok(descriptor.into())
}

/// Whether a descriptor names a file without opening it.
#[cfg(target_os = "linux")]
fn names_only(flags: OFlags) -> bool {
    flags.contains(OFlags::PATH)
}

#[cfg(not(target_os = "linux"))]
fn names_only(_: OFlags) -> bool {
    false
}

/// Opens what is no file, or another process's, to be written to as it is.
fn in_place(folder: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::WRONLY | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(folder, name, flags, Mode::empty())?.into())
}

/// Closes standard output, for a program that is done: an error that the system has put off is told only then.
///
/// # Errors
/// [`Error::Write`] when what was written is not all there.
pub fn close_stdout() -> Result<()> {
    if !IS_STDOUT_USED.load(Ordering::Relaxed) {
        return Ok(());
    }
    raw::close_stdout().map_err(|source| Error::Write { path: "standard output".into(), source })
}

impl Write for Destination {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.file.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
