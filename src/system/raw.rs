//! System calls that have no safe form: on a descriptor known only by its number, `close` with its error, and those by
//! which a process ends from within a signal handler.

#![expect(unsafe_code, reason = "a number says nothing of who owns the descriptor; each function says why it may")]

use std::ffi::CStr;
use std::io;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};

/// A second descriptor for what the descriptor `number` is open for: with the same offset and the same flags.
///
/// # Errors
/// `EBADF` where this process was not started with such a descriptor. Those that it opened itself, all of which are
/// closed by `exec`, are none that a user can mean.
pub(crate) fn duplicate(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: Both calls take any number, and neither changes the descriptor.
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
    // SAFETY: It is new, so that nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy) })
}

/// Closes a descriptor. Where a write was put off, as network file systems do, this is when its error is told.
pub(crate) fn close(descriptor: OwnedFd) -> io::Result<()> {
    close_number(descriptor.into_raw_fd())
}

/// Closes standard output, which must not be used any more.
pub(crate) fn close_stdout() -> io::Result<()> {
    close_number(libc::STDOUT_FILENO)
}

fn close_number(number: RawFd) -> io::Result<()> {
    // SAFETY: Both callers give their descriptor away.
    if unsafe { libc::close(number) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Removes a name from a folder. May be called in a signal handler.
pub(crate) fn remove(folder: RawFd, name: &CStr) {
    // SAFETY: The name is a C string. Where the folder is closed by now, the call fails.
    unsafe { libc::unlinkat(folder, name.as_ptr(), 0) };
}

/// Writes to standard error, all at once. May be called in a signal handler.
pub(crate) fn say(text: &[u8]) {
    // SAFETY: Pointer and length are those of a slice.
    unsafe { libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), text.len()) };
}

/// Ends the process without anything that is registered to run then. May be called in a signal handler.
pub(crate) fn exit(status: i32) -> ! {
    // SAFETY: It ends the process.
    unsafe { libc::_exit(status) }
}

/// Waits for a signal. May be called in a signal handler.
pub(crate) fn pause() {
    // SAFETY: It only waits.
    unsafe { libc::pause() };
}
