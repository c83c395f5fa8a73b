//! Refuses files that can't or should not be replaced, before the work begins. The error says what to do.

use std::io::{self, ErrorKind};

use rustix::fs::{Access, AtFlags, Mode, Stat};

use crate::write::destination::follow::Target;

/// # Errors
/// When the file `old` at this name must not be replaced.
pub(super) fn check(target: &Target, old: &Stat) -> io::Result<()> {
    let refuse = |why: &str| Err(io::Error::new(ErrorKind::PermissionDenied, why));
    let mode = Mode::from_raw_mode(old.st_mode);
    if !mode.intersects(Mode::WUSR | Mode::WGRP | Mode::WOTH) {
        return refuse("is read-only; make it writable (chmod u+w), or name another file");
    }
    attributes(target)?;
    rustix::fs::accessat(&target.folder, target.name.as_os_str(), Access::WRITE_OK, AtFlags::EACCESS)?;
    // A new file in the folder will take the old file's place. In a folder such as /tmp, only the owner may replace a
    // file.
    let folder = rustix::fs::fstat(&target.folder)?;
    let user = rustix::process::geteuid();
    let is_owner = user.is_root() || [old.st_uid, folder.st_uid].contains(&user.as_raw());
    let is_sticky = Mode::from_raw_mode(folder.st_mode).contains(Mode::SVTX);
    let changes = Access::WRITE_OK | Access::EXEC_OK;
    let may_change = rustix::fs::accessat(&target.folder, ".", changes, AtFlags::EACCESS).is_ok();
    if !may_change || is_sticky && !is_owner {
        return refuse(
            "can be written to, but not replaced, as its folder can't be changed; write to it with > FILE, or name a \
             file in another folder",
        );
    }
    Ok(())
}

/// Checks for attributes that forbid every user to rename the file. If the system does not tell them, the rename itself
/// will fail.
#[cfg(target_os = "linux")]
fn attributes(target: &Target) -> io::Result<()> {
    use rustix::fs::{StatxAttributes, StatxFlags, statx};

    let of = |path| statx(&target.folder, path, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::TYPE);
    let (Ok(file), Ok(folder)) = (of(target.name.as_os_str()), of(".".as_ref())) else { return Ok(()) };
    let (file, folder) = (file.stx_attributes, folder.stx_attributes);
    let why = if file.contains(StatxAttributes::MOUNT_ROOT) {
        "is mounted by itself (a bind mount), so that it can't be replaced; write to it with > FILE"
    } else if file.contains(StatxAttributes::APPEND) {
        "can only be appended to (chattr +a), not replaced; append to it with >> FILE"
    } else if (file | folder).contains(StatxAttributes::IMMUTABLE) {
        "can't be replaced: it or its folder is immutable (chattr +i); name another file"
    } else if folder.contains(StatxAttributes::APPEND) {
        "can't be replaced: nothing can be removed from its folder (chattr +a); name another file"
    } else {
        return Ok(());
    };
    Err(io::Error::new(ErrorKind::PermissionDenied, why))
}

#[cfg(not(target_os = "linux"))]
fn attributes(_: &Target) -> io::Result<()> {
    Ok(())
}
