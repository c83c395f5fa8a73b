//! A new file that gets its name when it is finished. Before, it has no name, so the system removes it if the process
//! ends early.
//!
//! ```text
//! open:    an unnamed file in the folder, or a named one if the file system has none without
//! commit:  the old file's owner and mode  ->  sync
//!          nothing there:  link it to the name  ->  sync the folder
//!          an old file:    link it to a temporary name  ->  exchange the two names  ->  sync the folder
//!                          ->  remove the old file
//! ```
//! Whatever fails, the old file stays under its name, and the caller gets the error. An unnamed file has a temporary
//! name only from the link to the removal.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Seek};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use crate::system::cleanup::{self, Unfinished};
use crate::system::{proc, raw, temp_file};
use crate::write::destination::follow::Target;
use crate::write::destination::owner;

#[derive(Debug)]
pub(super) struct Replacement {
    pub(super) target: Target,
    /// The file's name until it is finished, if the file system has no unnamed files.
    temporary: Option<Temporary>,
}

impl Replacement {
    /// Makes the new file.
    ///
    /// # Errors
    /// When the folder takes no new file.
    pub(super) fn new(target: Target) -> io::Result<(File, Self)> {
        // A new file gets the usual mode, less the umask. A file that replaces an old one is private until it has the
        // old one's owner and mode.
        let mode = Mode::from_raw_mode(if target.old.is_some() { 0o600 } else { 0o666 });
        // It can be read, too: if it can't be linked, we copy it.
        if let Some(file) = temp_file::unnamed(target.folder.as_fd(), mode) {
            return Ok((file, Self { target, temporary: None }));
        }
        // No file may appear after a signal has made `cleanup` remove the unfinished files.
        let _placing = cleanup::lock_placement();
        let (file, temporary) = Temporary::create(&target.folder, mode)?;
        Ok((file, Self { target, temporary: Some(temporary) }))
    }

    /// Gives the finished file its name.
    ///
    /// # Errors
    /// When the system refuses. The old file then stays as it was.
    pub(super) fn commit(self, file: File) -> io::Result<()> {
        let Self { target, temporary } = self;
        if let Some(old) = &target.old {
            owner::keep(&target, old, &file)?;
        }
        // Write the data to the disk first, without the lock, as this may take long.
        file.sync_all()?;
        // Syncing a folder needs the right to list it. Without that right, the system syncs the folder later.
        let folder = rustix::fs::openat(&target.folder, ".", OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()).ok();
        let sync = || match folder.as_ref().map(rustix::fs::fsync) {
            // Some file systems can't sync a folder.
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
        // The caller gets the first error, not that of the removal.
        let _ = rustix::fs::unlinkat(&self.folder, self.name.as_os_str(), AtFlags::empty());
    }

    /// The file that has this name now.
    pub(super) fn stat(&self) -> Option<Stat> {
        rustix::fs::statat(&self.folder, self.name.as_os_str(), AtFlags::SYMLINK_NOFOLLOW).ok()
    }
}

/// Gives an unnamed file a name. A taken name is an error.
fn link(file: &File, folder: &OwnedFd, name: &CStr) -> rustix::io::Result<()> {
    let own = proc::descriptor_path(file.as_raw_fd());
    rustix::fs::linkat(CWD, own, folder, name, AtFlags::SYMLINK_FOLLOW)
}

/// A temporary name in the folder of the result. Dropping it removes the file.
#[derive(Debug)]
struct Temporary {
    // The first field, so that it is dropped before the folder is closed.
    unfinished: Option<Unfinished>,
    name: CString,
    folder: OwnedFd,
}

impl Temporary {
    /// Makes a file with a temporary name.
    fn create(folder: &OwnedFd, mode: Mode) -> io::Result<(File, Self)> {
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::WRONLY | OFlags::CLOEXEC;
        let (file, temporary) = Self::make(folder, |name| rustix::fs::openat(folder, name, flags, mode))?;
        Ok((file.into(), temporary))
    }

    /// Gives a temporary name to an unnamed file, or to a copy of it if it can't be linked.
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

    /// Calls `at` with random names until one is free.
    fn make<T>(folder: &OwnedFd, mut at: impl FnMut(&CStr) -> rustix::io::Result<T>) -> io::Result<(T, Self)> {
        const TRIES: usize = 100;
        let folder = rustix::io::fcntl_dupfd_cloexec(folder, 3)?;
        let mut error = Errno::EXIST;
        for _ in 0..TRIES {
            let name = temp_file::random_name()?;
            // List the name before the file exists, so that a signal at any moment leaves no file behind.
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

    /// Gives the file the name of the result.
    fn replace(mut self, target: &Target, sync: impl Fn() -> rustix::io::Result<()>) -> io::Result<()> {
        let name = target.name.as_os_str();
        let exchange =
            || rustix::fs::renameat_with(&self.folder, &self.name, &target.folder, name, RenameFlags::EXCHANGE);
        // An exchange keeps the old file until the new one is safe on the disk.
        match exchange() {
            Ok(()) => {
                let removed = sync().and_then(|()| rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty()));
                if let Err(error) = removed {
                    exchange()?;
                    return Err(error.into());
                }
            }
            // There is no old file, or the file system can't exchange names.
            Err(Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
                rustix::fs::renameat(&self.folder, &self.name, &target.folder, name)?;
                self.forget();
                if let Err(error) = sync() {
                    // If there was an old file, the rename has removed it, and only the new one is left.
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

    /// Records that the temporary name no longer exists.
    fn forget(&mut self) {
        self.unfinished = None;
        self.name = CString::default();
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            // The caller already has an error.
            let _ = rustix::fs::unlinkat(&self.folder, &self.name, AtFlags::empty());
        }
    }
}
