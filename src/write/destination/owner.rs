//! Copies the owner, group, mode and access list of an old file to its replacement, as far as the system permits.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, fchown};

use rustix::fs::{FileType, Mode, Stat};

use crate::write::destination::follow::Target;
use crate::write::destination::identity::FileId;

/// Gives the new file the owner, group, mode and access list that the old file has now. `old` is the state of the old
/// file when we found it.
///
/// # Errors
/// When the mode can't be set.
pub(super) fn keep(target: &Target, old: &Stat, file: &File) -> io::Result<()> {
    // Someone may have changed the old file meanwhile, for example by chmod.
    let now = target.stat().filter(|now| FileId::of(now) == FileId::of(old) && is_file(now));
    give(now.as_ref().unwrap_or(old), file)?;
    access_list(target, file)
}

fn is_file(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
}

/// Gives a file the owner, the group and the mode of another one.
pub(super) fn give(old: &Stat, file: &File) -> io::Result<()> {
    let new = rustix::fs::fstat(file)?;
    let mut mode = Mode::from_raw_mode(old.st_mode);
    let both = (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid)
        || fchown(file, Some(old.st_uid), Some(old.st_gid)).is_ok();
    if !both {
        // The file must not run as another user (SUID), and its new group gets no more than everyone.
        mode.remove(Mode::SUID);
        if new.st_gid != old.st_gid && fchown(file, None, Some(old.st_gid)).is_err() {
            mode.remove(Mode::SGID | Mode::RWXG);
            let others = Mode::from_raw_mode(old.st_mode) & Mode::RWXO;
            mode |= Mode::from_raw_mode(others.as_raw_mode() << 3);
        }
    }
    // Set the mode after the owner: changing the owner clears bits of the mode.
    set(file, mode)
}

fn set(file: &File, mode: Mode) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode.as_raw_mode()))
}

/// Copies the access list. Without the list, the group bits of the mode would give the group all rights that the list
/// gives to anyone.
#[cfg(target_os = "linux")]
fn access_list(target: &Target, file: &File) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    use std::path::Path;

    use crate::system::proc;

    const ATTRIBUTE: &str = "system.posix_acl_access";
    /// The size of the buffer in bytes, for a list of some hundred users.
    const MAX_LIST_LEN: usize = 4096;
    let path = Path::new(&proc::descriptor_path(target.folder.as_raw_fd())).join(&target.name);
    let mut list = [0_u8; MAX_LIST_LEN];
    // Most files have no list.
    let Ok(len) = rustix::fs::lgetxattr(&path, ATTRIBUTE, &mut list) else { return Ok(()) };
    if rustix::fs::fsetxattr(file, ATTRIBUTE, &list[..len], rustix::fs::XattrFlags::empty()).is_err() {
        let mode = Mode::from_raw_mode(rustix::fs::fstat(file)?.st_mode);
        set(file, mode - Mode::RWXG)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn access_list(_: &Target, _: &File) -> io::Result<()> {
    Ok(())
}
