//! The destination of a result: standard output, or a file that [`Destination::commit`] replaces in one step.
//!
//! A program opens a [`Destination`] before the work begins, so that a path that can't be written to gives an error at
//! once. `follow` finds what a path means, `refuse` and `owner` keep the rules of the old file, `replacement` makes the
//! new file, and `identity` finds destinations that clash.

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

/// An open destination for a result. Dropping it without [`Destination::commit`] leaves an old file unchanged.
#[derive(Debug)]
pub struct Destination {
    /// The path as the user wrote it; for messages.
    path: PathBuf,
    /// The open file. All writes go to it.
    file: File,
    /// How the finished file gets its name. `None` for a pipe, a terminal, a device or a descriptor: the result goes
    /// straight into it.
    replacement: Option<Replacement>,
    identity: Identity,
    is_stdout: bool,
}

impl Destination {
    /// Standard output.
    ///
    /// # Errors
    /// [`Error::Write`] when standard output is closed.
    pub fn stdout() -> Result<Self> {
        let path = Path::new("standard output");
        Self::open(path, || Ok(End::Descriptor(STDOUT)))
    }

    /// The file at `path`, which need not exist yet; `-` is standard output. Call this before the work begins, so that
    /// a path that can't be written to gives an error at once.
    ///
    /// Follows links. [`Destination::commit`] replaces a file. The result goes straight into a pipe, a device or a
    /// descriptor such as `/dev/fd/3`.
    ///
    /// # Errors
    /// [`Error::Write`] when the folder takes no new file, when the old file can't be replaced or is read-only, or when
    /// `path` is a folder.
    pub fn file(path: &Path) -> Result<Self> {
        if path == Path::new("-") { Self::stdout() } else { Self::open(path, || follow(path)) }
    }

    fn open(path: &Path, find: impl FnOnce() -> io::Result<End>) -> Result<Self> {
        let try_open = || {
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
        try_open().map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    /// Whether this is standard output, by any name.
    pub fn is_stdout(&self) -> bool {
        self.is_stdout
    }

    /// Checks that no two destinations clash: one result would be lost, or mixed with the other. `/dev/null` takes any
    /// number of results.
    ///
    /// # Errors
    /// [`SamePlace`], which names both destinations.
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

    /// Whether the result gets its name only by [`Destination::commit`].
    pub fn is_replaced(&self) -> bool {
        self.replacement.is_some()
    }

    /// Writes a result that [`Destination::commit`] will rename to the disk. A program with several results can thus
    /// bring all of them to the disk before it renames the first.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn sync(&self) -> Result<()> {
        if self.is_replaced() { self.file.sync_all().map_err(|source| self.error(source)) } else { Ok(()) }
    }

    /// Puts the new file in the old one's place.
    ///
    /// # Errors
    /// [`Error::Write`]. The old file then stays as it was.
    pub fn commit(self) -> Result<()> {
        let Self { path, file, replacement, is_stdout, .. } = self;
        IS_STDOUT_USED.fetch_or(is_stdout, Ordering::Relaxed);
        let done = match replacement {
            None => raw::close(file.into()),
            Some(replacement) => replacement.commit(file),
        };
        done.map_err(|source| Error::Write { path, source })
    }

    /// An error of writing to this destination; or the error of the temporary file that holds the result
    /// ([`Error::TempFile`]).
    pub fn error(&self, source: io::Error) -> Error {
        source.downcast().unwrap_or_else(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// The error of two destinations that clash.
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
/// Whether a result went to standard output.
static IS_STDOUT_USED: AtomicBool = AtomicBool::new(false);

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

impl Write for Destination {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.file.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
