//! Where a result goes: standard output, or a file that is replaced in one step when all is written.

mod follow;
mod owner;
mod place;
mod refuse;
mod replacement;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use self::follow::{End, Name, follow};
use self::place::{FileId, Place};
use self::replacement::Replacement;
use crate::error::{Error, Result};
use crate::printable::printable;
use crate::raw;

/// An open place for a result. Dropped before [`Destination::commit`], it leaves an old file as it was.
#[derive(Debug)]
pub struct Destination {
    /// The path as the user wrote it; for messages.
    path: PathBuf,
    to: To,
    place: Place,
    is_stdout: bool,
}

#[derive(Debug)]
enum To {
    /// Written as it comes: a pipe, a terminal, a device, a descriptor.
    Direct(File),
    /// Written beside an old file, which it then replaces.
    Replace(Replacement),
}

impl Destination {
    /// Standard output.
    ///
    /// # Errors
    /// [`Error::Write`] when it is closed.
    pub fn stdout() -> Result<Self> {
        let path = PathBuf::from("standard output");
        Self::descriptor(STDOUT)
            .and_then(|to| Self::new(&path, to, true))
            .map_err(|source| Error::Write { path, source })
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
        if path == Path::new("-") {
            return Self::stdout();
        }
        let open = || {
            Ok(match follow(path)? {
                End::Descriptor(number) => (Self::descriptor(number)?, number == STDOUT),
                End::OfAnother { folder, name } => (To::Direct(open(&folder, &name, OFlags::APPEND)?), false),
                End::Name(name) => (Self::at(name)?, false),
            })
        };
        let opened = open().and_then(|(to, is_stdout)| Self::new(path, to, is_stdout));
        opened.map_err(|source| Error::Write { path: path.to_owned(), source })
    }

    fn new(path: &Path, to: To, is_stdout: bool) -> io::Result<Self> {
        let place = match &to {
            To::Direct(file) => Place::open(&rustix::fs::fstat(file)?),
            To::Replace(Replacement { name, .. }) => Place::Name {
                folder: FileId::of(&rustix::fs::fstat(&name.folder)?),
                name: name.name.clone(),
                old: name.old.as_ref().map(FileId::of),
            },
        };
        Ok(Self { path: path.to_owned(), to, place, is_stdout })
    }

    /// A descriptor that is open. Opened anew, a file behind it would be written from its beginning.
    fn descriptor(number: RawFd) -> io::Result<To> {
        let descriptor = raw::duplicate(number)?;
        let flags = rustix::fs::fcntl_getfl(&descriptor)?;
        if is_unreadable(flags) || (flags & OFlags::RWMODE) == OFlags::RDONLY {
            return Err(Errno::BADF.into());
        }
        Ok(To::Direct(descriptor.into()))
    }

    fn at(name: Name) -> io::Result<To> {
        let Some(old) = &name.old else { return Ok(To::Replace(Replacement::new(name)?)) };
        match FileType::from_raw_mode(old.st_mode) {
            FileType::Directory => Err(io::ErrorKind::IsADirectory.into()),
            FileType::RegularFile => {
                refuse::check(&name, old)?;
                Ok(To::Replace(Replacement::new(name)?))
            }
            _ => Ok(To::Direct(open(&name.folder, &name.name, OFlags::NOFOLLOW)?)),
        }
    }

    /// Whether this is standard output, by whatever name.
    pub fn is_stdout(&self) -> bool {
        self.is_stdout
    }

    /// Finds two destinations that are one place, so that one result would be lost or mixed with the other. `/dev/null`
    /// takes any number.
    ///
    /// # Errors
    /// [`Error::Usage`] that names both.
    pub fn check_all_differ<'a>(destinations: impl IntoIterator<Item = &'a Self>) -> Result<()> {
        let mut seen: Vec<&Self> = Vec::new();
        for destination in destinations {
            if let Some(other) = seen.iter().find(|other| other.place.is(&destination.place)) {
                let [name, others] = [destination, other].map(|one| printable(one.path.as_os_str()));
                let why = if name == others { String::new() } else { format!(": {others} leads there, too") };
                return Err(Error::Usage(format!("two results can't both be written to {name}{why}")));
            }
            seen.push(destination);
        }
        Ok(())
    }

    /// Puts the new file in the old one's place.
    ///
    /// # Errors
    /// [`Error::Write`]; the old file then is as it was.
    pub fn commit(self) -> Result<()> {
        let Self { path, to, is_stdout, .. } = self;
        IS_STDOUT_USED.fetch_or(is_stdout, Ordering::Relaxed);
        let done = match to {
            To::Direct(file) => raw::close(file.into()),
            To::Replace(replacement) => replacement.commit(),
        };
        done.map_err(|source| Error::Write { path, source })
    }

    /// An error of writing to this destination.
    pub fn error(&self, source: io::Error) -> Error {
        Error::Write { path: self.path.clone(), source }
    }
}

const STDOUT: RawFd = 1;
/// Whether a result went there.
static IS_STDOUT_USED: AtomicBool = AtomicBool::new(false);

/// A descriptor that names a file without opening it.
#[cfg(target_os = "linux")]
fn is_unreadable(flags: OFlags) -> bool {
    flags.contains(OFlags::PATH)
}

#[cfg(not(target_os = "linux"))]
fn is_unreadable(_: OFlags) -> bool {
    false
}

/// Opens what is no file, to be written to.
fn open(folder: &OwnedFd, name: &OsStr, flags: OFlags) -> io::Result<File> {
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
        match &mut self.to {
            To::Direct(file) => file.write(text),
            To::Replace(Replacement { file, .. }) => file.write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
