//! The few system calls without a safe wrapper: calls on a descriptor of which we know only the number, `close` with
//! its error, and `_exit`. Each is a safe function here, and its comment says why no caller can misuse it.

#![expect(unsafe_code, reason = "a number does not say who owns the descriptor")]

use std::ffi::CStr;
use std::io;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};

/// Duplicates the descriptor `number`. The duplicate shares its offset and its flags.
///
/// # Errors
/// `EBADF` if this process did not start with such a descriptor. Descriptors that the process opened itself (all have
/// `FD_CLOEXEC`) do not count: a user can't mean them.
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
    // SAFETY: The call above has just made the descriptor (we checked for -1), so nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Closes a descriptor. A network file system may delay a write, and report its error only here.
pub(crate) fn close(descriptor: OwnedFd) -> io::Result<()> {
    close_number(descriptor.into_raw_fd())
}

/// Closes standard output. Nothing may use it afterwards.
pub(crate) fn close_stdout() -> io::Result<()> {
    close_number(libc::STDOUT_FILENO)
}

fn close_number(number: RawFd) -> io::Result<()> {
    // SAFETY: `close` gives up its descriptor by `into_raw_fd`, and the callers of `close_stdout` do not use standard
    // output again.
    if unsafe { libc::close(number) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Removes a name from a folder. Safe in a signal handler.
pub(crate) fn remove(folder: RawFd, name: &CStr) {
    // SAFETY: `CStr` guarantees the NUL at the end of the name. If the folder is closed by now, the call fails.
    unsafe { libc::unlinkat(folder, name.as_ptr(), 0) };
}

/// Ends the process at once, without the functions registered by `atexit`. Safe in a signal handler.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: The call takes any status and does not return.
    unsafe { libc::_exit(status) }
}
