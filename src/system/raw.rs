//! The few system calls that have no safe wrapper: calls on a descriptor of which only the number is known, `close`
//! with its error, and `_exit`. Each is a safe function here; its comment says why it can't be misused.

#![expect(unsafe_code, reason = "a number does not say who owns the descriptor")]

use std::ffi::CStr;
use std::io;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};

/// Duplicates the descriptor `number`. The duplicate shares its offset and its flags.
///
/// # Errors
/// `EBADF` if this process was not started with such a descriptor. A user can't mean a descriptor that the process
/// opened itself; `exec` would close all of those (`FD_CLOEXEC`).
pub(crate) fn duplicate(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: Both calls accept any number, and neither changes the descriptor.
    let copy = unsafe {
        let flags = libc::fcntl(number, libc::F_GETFD);
        if flags == -1 || flags & libc::FD_CLOEXEC != 0 {
            return Err(io::Error::from_raw_os_error(libc::EBADF));
        }
        libc::fcntl(number, libc::F_DUPFD_CLOEXEC, 3)
    };
    if copy == -1 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: The call above has just made it (the check for -1), so nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Closes a descriptor. A network file system may put off a write, and report its error only here.
pub(crate) fn close(descriptor: OwnedFd) -> io::Result<()> {
    close_number(descriptor.into_raw_fd())
}

/// Closes standard output. Nothing may use it afterwards.
pub(crate) fn close_stdout() -> io::Result<()> {
    close_number(libc::STDOUT_FILENO)
}

fn close_number(number: RawFd) -> io::Result<()> {
    // SAFETY: `close` gives its descriptor up by `into_raw_fd`, and who calls `close_stdout` does not use it again.
    if unsafe { libc::close(number) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Removes a name from a folder. May be called in a signal handler.
pub(crate) fn remove(folder: RawFd, name: &CStr) {
    // SAFETY: `CStr` guarantees the NUL at the end of the name. If the folder is closed by now, the call fails.
    unsafe { libc::unlinkat(folder, name.as_ptr(), 0) };
}

/// Ends the process at once, without the functions registered by `atexit`. May be called in a signal handler.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: The call takes any status and does not return.
    unsafe { libc::_exit(status) }
}
