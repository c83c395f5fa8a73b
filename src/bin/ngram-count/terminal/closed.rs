//! Standard streams that are closed when the program starts, as by `>&-`.
//!
//! Before `main`, Rust opens `/dev/null` in place of each, so that no file gets the stream's number by chance. Output
//! would then be lost and input empty, without an error. This module notes the closed streams before Rust opens
//! `/dev/null`, and makes them unusable again.

#![expect(unsafe_code, reason = "only what runs before Rust's own start can see it")]

use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU8, Ordering};

/// A bit for each of the three streams.
static CLOSED: AtomicU8 = AtomicU8::new(0);

extern "C" fn look() {
    for number in 0..3 {
        // SAFETY: The call takes any number, and changes nothing.
        if unsafe { libc::fcntl(number, libc::F_GETFD) } == -1 {
            CLOSED.fetch_or(1 << number, Ordering::Relaxed);
        }
    }
}

// SAFETY: Before `main`, the system calls the pointers in these sections as functions of C. This function needs nothing
// that Rust sets up.
#[used]
#[cfg_attr(target_os = "linux", unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static LOOK: extern "C" fn() = look;

/// Makes reading and writing fail on streams that were closed, as in a program without a runtime.
///
/// # Errors
/// When the system has no free descriptor.
pub(crate) fn keep_closed() -> io::Result<()> {
    let is_closed = |number: u8| CLOSED.load(Ordering::Relaxed) >> number & 1 == 1;
    if !(0..3).any(is_closed) {
        return Ok(());
    }
    let unusable = unusable()?;
    if is_closed(0) {
        rustix::stdio::dup2_stdin(&unusable)?;
    }
    if is_closed(1) {
        rustix::stdio::dup2_stdout(&unusable)?;
    }
    if is_closed(2) {
        rustix::stdio::dup2_stderr(&unusable)?;
    }
    Ok(())
}

/// A descriptor that can be neither read, nor written, nor opened by its name under `/dev/fd`.
#[cfg(target_os = "linux")]
fn unusable() -> io::Result<OwnedFd> {
    use std::os::fd::AsRawFd;

    use rustix::event::{EventfdFlags, eventfd};
    use rustix::fs::{Mode, OFlags, open};

    let event = eventfd(0, EventfdFlags::CLOEXEC)?;
    let name = ngram_count::internal::proc::descriptor_path(event.as_raw_fd());
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    // Without /proc, the descriptor can still be opened by its name, but neither read nor written.
    Ok(open(name, flags, Mode::empty()).or_else(|_| open("/", flags, Mode::empty()))?)
}

#[cfg(not(target_os = "linux"))]
fn unusable() -> io::Result<OwnedFd> {
    // The reading end of a pipe is at its end at once, and can't be written.
    Ok(io::pipe()?.0.into())
}
