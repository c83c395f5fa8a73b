//! The end of a process before its time: one message, and no unfinished file left behind.
//!
//! Unfinished results mostly have no name, so that nothing can be left. Where a file system has no unnamed files, and
//! for the moment in which a finished result takes the old one's place, there is a name; it is noted here.
//! [`end`] is for signal handlers, and for an allocator that finds no memory: it allocates nothing and takes no lock.

use std::cell::Cell;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::system::raw;

/// A name that must not be left behind, until this is dropped.
#[derive(Debug)]
pub(crate) struct Unfinished(&'static Slot);

#[derive(Debug)]
struct Slot {
    taken: AtomicBool,
    /// The folder's descriptor; [`NONE`] while there is nothing to remove.
    folder: AtomicI32,
    name: [AtomicU8; NAME],
}

/// How long a name may be, with the NUL behind it.
const NAME: usize = 48;
const NONE: i32 = -1;

/// More unfinished files than these are removed only by the run that made them.
static SLOTS: [Slot; 16] = [const {
    Slot { taken: AtomicBool::new(false), folder: AtomicI32::new(NONE), name: [const { AtomicU8::new(0) }; NAME] }
}; 16];

/// Held while a result takes its place.
static PLACING: Mutex<()> = Mutex::new(());
static IS_BAR_SHOWN: AtomicBool = AtomicBool::new(false);

impl Unfinished {
    /// Notes a name in a folder, which must stay open until this is dropped.
    pub(crate) fn new(folder: BorrowedFd<'_>, name: &CStr) -> Option<Self> {
        let name = name.to_bytes_with_nul();
        if name.len() > NAME {
            return None;
        }
        let slot = SLOTS.iter().find(|slot| !slot.taken.swap(true, Ordering::AcqRel))?;
        for (to, byte) in slot.name.iter().zip(name) {
            to.store(*byte, Ordering::Relaxed);
        }
        slot.folder.store(folder.as_raw_fd(), Ordering::Release);
        Some(Self(slot))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.0.folder.store(NONE, Ordering::Release);
        self.0.taken.store(false, Ordering::Release);
    }
}

/// To be held while a result takes its place, so that no handled signal cuts this in two.
pub(crate) fn placing() -> MutexGuard<'static, ()> {
    PLACING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes unfinished results before the process is ended, as by a signal. A result that is taking its place is waited
/// for; none does so afterwards.
///
/// For a thread, not for a signal handler.
pub fn remove_unfinished() {
    std::mem::forget(placing());
    remove();
}

thread_local! {
    static IS_ASKING: Cell<bool> = const { Cell::new(false) };
}

/// Calls `ask`, whose requests for memory may be refused: it has an error for that, which says more than [`end`] could.
pub(crate) fn may_be_refused<T>(ask: impl FnOnce() -> T) -> T {
    IS_ASKING.set(true);
    let asked = ask();
    IS_ASKING.set(false);
    asked
}

/// Whether this thread has an error of its own for memory that it does not get.
pub fn is_asking() -> bool {
    IS_ASKING.get()
}

/// Says whether there is a progress bar on the terminal, which [`end`] takes away.
pub fn show_bar(yes: bool) {
    IS_BAR_SHOWN.store(yes, Ordering::Release);
}

/// Ends the process with status 2, without unfinished results, and with one message on standard error: these texts in a
/// row. Where several threads come here, one of them speaks.
///
/// May be called in a signal handler, and where there is no memory.
pub fn end(message: &[&[u8]]) -> ! {
    static SPEAKS: AtomicBool = AtomicBool::new(false);
    if SPEAKS.swap(true, Ordering::AcqRel) {
        loop {
            raw::pause();
        }
    }
    let clear: &[u8] = if IS_BAR_SHOWN.load(Ordering::Acquire) { b"\r\x1B[K" } else { b"" };
    let (mut text, mut len) = ([0; 1024], 0);
    for part in [clear, b"ngram-count: "].iter().chain(message).chain(&[&b"\n"[..]]) {
        let part = &part[..part.len().min(text.len() - len)];
        text[len..len + part.len()].copy_from_slice(part);
        len += part.len();
    }
    // In one piece, so that nothing else is written in between.
    raw::say(&text[..len]);
    remove();
    raw::exit(2)
}

fn remove() {
    for slot in &SLOTS {
        let folder = slot.folder.swap(NONE, Ordering::AcqRel);
        let name: [u8; NAME] = std::array::from_fn(|place| slot.name[place].load(Ordering::Relaxed));
        if let (true, Ok(name)) = (folder != NONE, CStr::from_bytes_until_nul(&name)) {
            raw::remove(folder, name);
        }
    }
}
