//! A new file that takes a name when it is finished: unnamed until then, so that however the process ends, nothing is
//! left.
//!
//! ```text
//! open:    an unnamed file in the folder, or where the file system has none, a named one
//! commit:  the old file's owner and mode  ->  sync
//!          nothing there:  link it to the name                                     ->  sync the folder
//!          an old file:    link it to a temporary name  ->  exchange the two names ->  sync the folder  ->  remove the old
//! ```
//! Whatever fails, the old file is there under its name, and the error is told. What is unnamed until the end has a
//! temporary name only from the link to the removal.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Seek};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use crate::system::cleanup::{self, Unfinished};
use crate::system::{proc, raw};
use crate::write::destination::follow::Target;
use crate::write::destination::owner;

#[derive(Debug)]
pub(super) struct Replacement {
    pub(super) target: Target,
    /// The name that the file has meanwhile, where it must have one.
    temporary: Option<Temporary>,
}

impl Replacement {
    /// Makes the new file.
    ///
    /// # Errors
    /// When that can't be done in this folder.
    pub(super) fn new(target: Target) -> io::Result<(File, Self)> {
        // The umask takes from a new file's mode what is to be taken. What replaces an old file is nobody else's until
        // it has that one's owner.
        let mode = Mode::from_raw_mode(if target.old.is_some() { 0o600 } else { 0o666 });
        if let Some(file) = unnamed(&target.folder, mode) {
            return Ok((file, Self { target, temporary: None }));
        }
        // A signal that has removed what is unfinished finds nothing new behind it.
        let _placing = cleanup::lock_placement();
        let (file, temporary) = Temporary::create(&target.folder, mode)?;
        Ok((file, Self { target, temporary: Some(temporary) }))
    }

    /// Gives the finished file its name.
    ///
    /// # Errors
    /// When it can't; the old file then is as it was.
    pub(super) fn commit(self, file: File) -> io::Result<()> {
        let Self { target, temporary } = self;
        if let Some(old) = &target.old {
            owner::keep(&target, old, &file)?;
        }
        // The data first, outside of the lock: it may take long.
        file.sync_all()?;
        // Only what may be listed can be synced; a folder that may only be written to is left to the system.
        let folder = rustix::fs::openat(&target.folder, ".", OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok();
        let sync = || match folder.as_ref().map(rustix::fs::fsync) {
            // Not every file system can.
            None | Some(Ok(()) | Err(Errno::INVAL | Errno::OPNOTSUPP)) => Ok(()),
            Some(Err(error)) => Err(error),
        };
        let _placing = cleanup::lock_placement();
        let temporary = match temporary {
            Some(temporary) => temporary,
            None if target.old.is_none() && link(&file, &target.folder, &target.c_name()?).is_ok() => {
                let closed = raw::close(file.into()).and_then(|()| Ok(sync()?));
                return closed.inspect_err(|_| target.remove());
            }
            None => Temporary::name(&file, &target.folder)?,
        };
        raw::close(file.into())?;
        temporary.replace(&target, sync)
    }
}

impl Target {
    fn c_name(&self) -> io::Result<CString> {
        Ok(CString::new(self.name.as_encoded_bytes())?)
    }

    fn remove(&self) {
        // The error that led here is told; nothing is to be said of this one.
        let _ = rustix::fs::unlinkat(&self.folder, self.name.as_os_str(), AtFlags::empty());
    }

    /// What is there now, where it is the file that was found.
    pub(super) fn stat(&self) -> Option<Stat> {
        rustix::fs::statat(&self.folder, self.name.as_os_str(), AtFlags::SYMLINK_NOFOLLOW).ok()
    }
}

/// A file without a name. `None` where there are none: what else is wrong is told where a named one is made.
#[cfg(target_os = "linux")]
fn unnamed(folder: &OwnedFd, mode: Mode) -> Option<File> {
    // To be read again, too, where it can't be linked.
    rustix::fs::openat(folder, ".", OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, mode).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &OwnedFd, _: Mode) -> Option<File> {
    None
}

/// Gives an unnamed file a name that nothing has.
fn link(file: &File, folder: &OwnedFd, name: &CStr) -> rustix::io::Result<()> {
    let own = proc::descriptor_path(file.as_raw_fd());
    rustix::fs::linkat(CWD, own, folder, name, AtFlags::SYMLINK_FOLLOW)
}

/// A name beside that of the result. Dropped, it is removed.
#[derive(Debug)]
struct Temporary {
    // Forgets the name before the folder is closed.
    unfinished: Option<Unfinished>,
    name: CString,
    folder: OwnedFd,
}

impl Temporary {
    /// A file with such a name.
    fn create(folder: &OwnedFd, mode: Mode) -> io::Result<(File, Self)> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::WRONLY | OFlags::CLOEXEC;
        let (file, temporary) = Self::make(folder, |name| rustix::fs::openat(folder, name, flags, mode))?;
        Ok((file.into(), temporary))
    }

    /// Gives such a name to an unnamed file; or to a copy of it, where it can't be linked.
    fn name(file: &File, folder: &OwnedFd) -> io::Result<Self> {
        if let Ok(((), temporary)) = Self::make(folder, |name| link(file, folder, name)) {
            return Ok(temporary);
        }
        let stat = rustix::fs::fstat(file)?;
        let (mut copy, temporary) = Self::create(folder, Mode::from_raw_mode(0o600))?;
        let mut file = file;
        file.rewind()?;
        io::copy(&mut file, &mut copy)?;
        owner::give(&stat, &copy)?;
        copy.sync_all()?;
        raw::close(copy.into())?;
        Ok(temporary)
    }

    /// Makes something with a name that nothing has.
    fn make<T>(folder: &OwnedFd, mut at: impl FnMut(&CStr) -> rustix::io::Result<T>) -> io::Result<(T, Self)> {
        const TRIES: usize = 100;
        let folder = rustix::io::fcntl_dupfd_cloexec(folder, 3)?;
        let mut error = Errno::EXIST;
        for _ in 0..TRIES {
            let name = CString::new(format!(".ngram-count-{:016x}", RandomState::new().build_hasher().finish()))?;
            // Before it is there, so that there is no moment at which it would be left behind.
            let unfinished = Unfinished::new(folder.as_fd(), &name);
            match at(&name) {
                Ok(made) => return Ok((made, Self { unfinished, name, folder })),
                Err(Errno::EXIST) => {}
                Err(other) => {
                    error = other;
                    break;
                }
            }
        }
        Err(error.into())
    }

    /// Gives its file the name of the result.
    fn replace(mut self, target: &Target, sync: impl Fn() -> rustix::io::Result<()>) -> io::Result<()> {
        let name = target.name.as_os_str();
        let exchange =
            || rustix::fs::renameat_with(&self.folder, &self.name, &target.folder, name, RenameFlags::EXCHANGE);
        // The old file is still there while it is not sure that the new one is.
        match exchange() {
            Ok(()) => {
                let removed = sync().and_then(|()| rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty()));
                if let Err(error) = removed {
                    exchange()?;
                    return Err(error.into());
                }
            }
            // Nothing to exchange with, or a file system that can't.
            Err(Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                rustix::fs::renameat(&self.folder, &self.name, &target.folder, name)?;
                self.forget();
                if let Err(error) = sync() {
                    // Without an exchange, an old file is gone by now, and the new one is all that there is.
                    if target.old.is_none() {
                        target.remove();
                    }
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
        self.forget();
        Ok(())
    }

    /// The name is gone.
    fn forget(&mut self) {
        self.unfinished = None;
        self.name = CString::default();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // Whoever drops it has an error to tell already.
            let _ = rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty());
        }
    }
}
