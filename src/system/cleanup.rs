//! Ends the process early: writes one message, and removes unfinished files.
//!
//! Most unfinished results have no name, so the system removes them. A result has a temporary name in two cases: on a
//! file system without unnamed files, and while a finished result takes the old one's place. This module keeps a list
//! of these names. [`exit_with_message`] allocates nothing and takes no lock, so signal handlers and a failing
//! allocator may call it.

use std::cell::Cell;
use std::ffi::CStr;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::system::raw;

/// A temporary name that the process must remove if it ends early. Dropping this takes the name from the list.
#[derive(Debug)]
pub(crate) struct Unfinished(&'static Slot);

#[derive(Debug)]
struct Slot {
    taken: AtomicBool,
    /// The folder's descriptor; [`NONE`] while there is nothing to remove.
    folder: AtomicI32,
    name: [AtomicU8; NAME],
}

/// The maximum length of a name, including its NUL.
const NAME: usize = 48;
/// No descriptor.
const NONE: i32 = -1;

/// The temporary names. If the list is full, nobody but the maker of a file removes it.
static SLOTS: [Slot; 16] = [const {
    Slot { taken: AtomicBool::new(false), folder: AtomicI32::new(NONE), name: [const { AtomicU8::new(0) }; NAME] }
}; 16];

/// The lock that a thread holds while its result takes the old one's place.
static PLACEMENT: Mutex<()> = Mutex::new(());
static IS_BAR_SHOWN: AtomicBool = AtomicBool::new(false);

impl Unfinished {
    /// Adds a name in a folder to the list. The folder must stay open until the name is dropped. `None` if the list is
    /// full or the name too long.
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

/// Makes [`remove_unfinished`] wait while a result takes the old one's place, so that no signal interrupts the
/// replacement halfway.
pub(crate) fn lock_placement() -> MutexGuard<'static, ()> {
    PLACEMENT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes unfinished results before the process ends, as on a signal. Waits for a replacement under way; no other
/// replacement begins afterwards.
///
/// Call it in a thread, not in a signal handler.
pub fn remove_unfinished() {
    std::mem::forget(lock_placement());
    remove();
}

/// Waits for the end of the process if [`remove_unfinished`] has begun it. A signal that cancels a query makes the query
/// fail, and nobody wants to hear of that, nor to see what is left as a result.
pub fn wait_if_ending() {
    drop(lock_placement());
}

thread_local! {
    static IS_ALLOC_FALLIBLE: Cell<bool> = const { Cell::new(false) };
}

/// Calls `allocate`, whose allocations may fail. The caller reports the failure, with a better message than that of
/// [`exit_with_message`].
pub(crate) fn with_fallible_alloc<T>(allocate: impl FnOnce() -> T) -> T {
    IS_ALLOC_FALLIBLE.set(true);
    let allocated = allocate();
    IS_ALLOC_FALLIBLE.set(false);
    allocated
}

/// Whether this thread handles a failing allocation itself.
pub fn is_alloc_fallible() -> bool {
    IS_ALLOC_FALLIBLE.get()
}

/// Records whether the terminal shows a progress bar, which [`exit_with_message`] must clear.
pub fn set_bar_shown(is_shown: bool) {
    IS_BAR_SHOWN.store(is_shown, Ordering::Release);
}

/// Ends the process with status 2. Writes the texts of `message`, joined, to standard error, and removes unfinished
/// results. If several threads call this function, only the first one writes.
///
/// Safe in a signal handler, and when memory is exhausted.
pub fn exit_with_message(message: &[&[u8]]) -> ! {
    static IS_CALLED: AtomicBool = AtomicBool::new(false);
    if IS_CALLED.swap(true, Ordering::AcqRel) {
        loop {
            rustix::event::pause();
        }
    }
    let clear: &[u8] = if IS_BAR_SHOWN.load(Ordering::Acquire) { b"\r\x1B[K" } else { b"" };
    let (mut text, mut len) = ([0; 1024], 0);
    for part in [clear, b"ngram-count: "].iter().chain(message).chain(&[&b"\n"[..]]) {
        let part = &part[..part.len().min(text.len() - len)];
        text[len..len + part.len()].copy_from_slice(part);
        len += part.len();
    }
    // One write, so that no other output comes in between. If it fails, nobody is left to be told.
    let _ = rustix::io::write(rustix::stdio::stderr(), &text[..len]);
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
