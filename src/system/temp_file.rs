//! Temporary files without a name. Nothing is left of them when the process ends, however it ends.
//!
//! On a file system without unnamed files, a file has a name for the moment between its creation and the removal of the
//! name. `cleanup` removes the name if the process ends in this moment; only `kill -9` can leave it behind.

use std::env;
use std::ffi::CString;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;

use crate::system::cleanup::{self, Unfinished};

/// How to open a folder in which files are made: we need not list it.
#[cfg(target_os = "linux")]
pub(crate) const FOLDER: OFlags = OFlags::PATH.union(OFlags::DIRECTORY);
#[cfg(not(target_os = "linux"))]
pub(crate) const FOLDER: OFlags = OFlags::DIRECTORY;

/// Makes an empty file without a name in a folder, for reading and writing. Only this process can open it.
///
/// # Errors
/// When the folder is missing, or takes no new file.
pub(crate) fn create(folder: &Path) -> io::Result<File> {
    let folder = rustix::fs::openat(CWD, folder, FOLDER | OFlags::CLOEXEC, Mode::empty())?;
    unnamed(folder.as_fd(), PRIVATE).map_or_else(|| nameless_soon(folder.as_fd()), Ok)
}

/// The folder for temporary files: `TMPDIR`, or else `/var/tmp`, or else `/tmp`.
///
/// `/tmp` comes last, since it is in memory (tmpfs) on many systems: what leaves memory must not go there. `/var/tmp`
/// is on a disk, by the Filesystem Hierarchy Standard.
pub(crate) fn default_folder() -> PathBuf {
    let of_user = env::var_os("TMPDIR").filter(|folder| !folder.is_empty());
    of_user.map_or_else(|| first_that_takes_files(["/var/tmp", "/tmp"]), PathBuf::from)
}

/// Gives the disk space of a range back. What a later read of the range returns does not matter. If the system refuses,
/// the space stays in use until the file is closed; this does no other harm.
pub(crate) fn release(file: &File, offset: u64, len: u64) {
    #[cfg(target_os = "linux")]
    if len > 0 {
        use rustix::fs::{FallocateFlags, fallocate};

        let _ = fallocate(file, FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE, offset, len);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (file, offset, len);
}

/// A file without a name, for reading and writing. `None` if the file system has no unnamed files, and for any other
/// error: making a named file then reports it.
#[cfg(target_os = "linux")]
pub(crate) fn unnamed(folder: BorrowedFd<'_>, mode: Mode) -> Option<File> {
    rustix::fs::openat(folder, ".", OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC, mode).ok().map(File::from)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn unnamed(_: BorrowedFd<'_>, _: Mode) -> Option<File> {
    None
}

/// A random name for a temporary file.
pub(crate) fn random_name() -> io::Result<CString> {
    Ok(CString::new(format!(".ngram-count-{:016x}", RandomState::new().build_hasher().finish()))?)
}

/// The mode of a file that its owner alone may open.
const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

/// Makes a file and removes its name at once.
fn nameless_soon(folder: BorrowedFd<'_>) -> io::Result<File> {
    const TRIES: usize = 100;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::RDWR | OFlags::CLOEXEC;
    // A signal's cleanup waits for this lock, and the process then ends before another file appears. A failing
    // allocator does not wait, so the name is on the list before the file exists.
    let _placing = cleanup::lock_placement();
    for _ in 0..TRIES {
        let name = random_name()?;
        let _unfinished = Unfinished::new(folder, &name);
        match rustix::fs::openat(folder, &name, flags, PRIVATE) {
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
            Ok(file) => {
                rustix::fs::unlinkat(folder, &name, AtFlags::empty())?;
                return Ok(file.into());
            }
        }
    }
    Err(Errno::EXIST.into())
}

/// The first of some folders in which this process may make files. If there is none, the last: opening it then reports
/// the error.
fn first_that_takes_files<const N: usize>(folders: [&str; N]) -> PathBuf {
    let may_change = Access::WRITE_OK | Access::EXEC_OK;
    let takes = |folder: &&str| {
        Path::new(folder).is_dir() && rustix::fs::accessat(CWD, *folder, may_change, AtFlags::EACCESS).is_ok()
    };
    folders.iter().find(|folder| takes(folder)).or(folders.last()).map_or_else(PathBuf::new, PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{FileExt, MetadataExt};

    use super::*;

    /// Makes a file in both ways.
    fn both(folder: &Path) -> [File; 2] {
        let opened = File::open(folder).unwrap();
        [create(folder).unwrap(), nameless_soon(opened.as_fd()).unwrap()]
    }

    #[test]
    fn a_file_has_no_name_and_holds_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        for file in both(folder.path()) {
            file.write_all_at(b"some bytes", 1 << 20).unwrap();
            let mut bytes = [0; 10];
            file.read_exact_at(&mut bytes, 1 << 20).unwrap();
            assert_eq!(&bytes, b"some bytes");
            let stat = file.metadata().unwrap();
            assert_eq!((stat.nlink(), stat.mode() & 0o7777), (0, 0o600));
            let flags = rustix::io::fcntl_getfd(&file).unwrap();
            assert!(flags.contains(rustix::io::FdFlags::CLOEXEC));
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn released_space_is_free_again() {
        let folder = tempfile::tempdir().unwrap();
        for file in both(folder.path()) {
            file.write_all_at(&vec![1; 1 << 20], 0).unwrap();
            file.sync_all().unwrap();
            let before = file.metadata().unwrap();
            release(&file, 0, 1 << 19);
            release(&file, 0, 0);
            let after = file.metadata().unwrap();
            assert_eq!(after.len(), 1 << 20);
            // Some file systems can't free parts of files.
            assert!(after.blocks() == before.blocks() || after.blocks() <= before.blocks() / 2 + 64);
            let mut rest = [0; 16];
            file.read_exact_at(&mut rest, 1 << 19).unwrap();
            assert_eq!(rest, [1; 16]);
        }
    }

    #[test]
    fn a_folder_that_takes_no_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("missing");
        assert_eq!(create(&missing).unwrap_err().kind(), io::ErrorKind::NotFound);
        fs::write(&missing, "a file").unwrap();
        assert_eq!(create(&missing).unwrap_err().kind(), io::ErrorKind::NotADirectory);
        // `/proc` has no room for files, even for root.
        assert!(!cfg!(target_os = "linux") || create(Path::new("/proc/self")).is_err());
    }

    #[test]
    fn the_first_folder_that_takes_files_is_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let [file, real, missing] = ["file", "real", "missing"].map(|name| folder.path().join(name));
        fs::write(&file, "").unwrap();
        fs::create_dir(&real).unwrap();
        let [file, real, missing] = [&file, &real, &missing].map(|path| path.to_str().unwrap());
        assert_eq!(first_that_takes_files([missing, file, real, "/"]), Path::new(real));
        assert_eq!(first_that_takes_files([missing, file]), Path::new(file));
    }
}
