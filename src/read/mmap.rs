//! Memory-mapped files. A program opts in by one call of [`enable`]. Without this call, the library reads files by
//! position.
//!
//! A mapping saves the copy out of the page cache, which costs as much as the parsing. The price: if another process
//! truncates the file meanwhile, touching the lost pages raises SIGBUS. [`enable`] sets a handler that ends the process
//! with a message and status 2.

#![expect(unsafe_code, reason = "mapping saves about a third of the time; see the module's text")]

use std::array;
use std::fs::File;
use std::io;
use std::mem;
use std::ops::{Deref, Range};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use memmap2::{Mmap, UncheckedAdvice};

use crate::system::cleanup;

/// A whole file, mapped for reading.
#[derive(Debug)]
pub(crate) struct MappedFile {
    map: Mmap,
    slot: &'static Slot,
}

/// The address range and the name of a mapped file, for the signal handler. The handler can't take locks, nor follow a
/// pointer to memory that may be freed meanwhile.
#[derive(Debug)]
struct Slot {
    taken: AtomicBool,
    start: AtomicUsize,
    len: AtomicUsize,
    /// The name of the file that is or was mapped in this range.
    name: Name,
}

/// A file's name for the message, truncated to [`Name::MAX_LEN`] bytes.
#[derive(Debug)]
struct Name {
    bytes: [AtomicU8; Name::MAX_LEN],
    len: AtomicUsize,
}

/// The slots of all mapped files. If none is free, the library reads further files by position.
static SLOTS: [Slot; 64] = [const { Slot::new() }; 64];
/// Whether the handler is installed.
static INSTALLED: AtomicBool = AtomicBool::new(false);

impl MappedFile {
    /// Maps the first `len` bytes of `file`. `None` if the program has not called [`enable`], or the system refuses:
    /// the caller must then read the file.
    pub(crate) fn new(file: &File, len: u64, name: &str) -> Option<Self> {
        if !INSTALLED.load(Ordering::Acquire) {
            return None;
        }
        let len = usize::try_from(len).ok()?;
        let slot = SLOTS.iter().find(|slot| !slot.taken.swap(true, Ordering::AcqRel))?;
        // SAFETY: The mapping is read-only, but another process may change the file meanwhile.
        // - It shrinks: the check of `INSTALLED` above says that the handler is set. The handler ends the process
        //   before any code uses the lost bytes.
        // - Its bytes change: we read old or new bytes, as with `read`. No memory access depends on reading a byte
        //   twice with the same value, since safe code checks every index into the text. Strictly, bytes that change
        //   behind a `&[u8]` are undefined behaviour. All programs that map files rely on the same reasoning, and it
        //   remains suspect.
        let Ok(map) = (unsafe { memmap2::MmapOptions::new().len(len).map(file) }) else {
            slot.taken.store(false, Ordering::Release);
            return None;
        };
        slot.name.set(name);
        slot.len.store(len, Ordering::Relaxed);
        slot.start.store(map.as_ptr() as usize, Ordering::Release);
        Some(Self { map, slot })
    }

    /// Releases the pages of a range, including pages that the range shares with its neighbours. A later read loads
    /// them again.
    pub(crate) fn release(&self, range: Range<usize>) {
        let begin = range.start & !(PAGE - 1);
        let end = range.end.next_multiple_of(PAGE).min(self.map.len());
        debug_assert!(begin <= self.map.len());
        // SAFETY: `MappedFile::new` maps a file, read-only. So released pages hold nothing that is not in the file, and
        // the system loads them again from the file.
        let advised =
            unsafe { self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, begin, end.saturating_sub(begin)) };
        // If the system refuses, the memory stays in use. This does no other harm.
        drop(advised);
    }
}

/// A multiple of all page sizes in use, in bytes. Linux also maps this many bytes at a page fault.
const PAGE: usize = 64 << 10;

impl Deref for MappedFile {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        &self.map
    }
}

impl Drop for MappedFile {
    fn drop(&mut self) {
        self.slot.start.store(0, Ordering::Release);
        self.slot.len.store(0, Ordering::Release);
        self.slot.taken.store(false, Ordering::Release);
    }
}

/// Makes all jobs of this process map their files from now on, which saves about a third of the time.
///
/// If a mapped file shrinks during a run, the process ends with a message on standard error and status 2. Call this
/// function in a program, not in a library, because it sets the process's handler of SIGBUS.
///
/// # Errors
/// An [`io::Error`] when the system refuses the handler.
pub fn enable() -> io::Result<()> {
    if INSTALLED.load(Ordering::Acquire) {
        return Ok(());
    }
    // We do not use signal-hook, because it would also call the handler before ours: Rust's own. Rust's handler
    // restores the default action, so a fault of a second thread would kill the process while the first thread still
    // writes its message. SAFETY: `sigaction` is a C struct of numbers, a null function and a signal set. All zeros are
    // valid for each; the set is then empty.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = on_bus_error as *const () as usize;
    // No SA_ONSTACK: the thread's own stack has not overflowed, and the alternative stack of Rust's threads has little
    // space left beside the registers that the kernel stores there.
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: The handler has the type that SA_SIGINFO asks for, set in `sa_flags` above. It only loads and stores
    // atomics, and calls what POSIX allows in a handler. It neither allocates nor locks nor panics.
    if unsafe { libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    INSTALLED.store(true, Ordering::Release);
    Ok(())
}

extern "C" fn on_bus_error(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: SA_SIGINFO makes the kernel pass a pointer to a filled-in `siginfo_t`. For SIGBUS, it includes the
    // address.
    let address = unsafe { (*info).si_addr() } as usize;
    let slot = SLOTS.iter().find(|slot| {
        let start = slot.start.load(Ordering::Acquire);
        start != 0 && (start..start + slot.len.load(Ordering::Relaxed)).contains(&address)
    });
    let Some(slot) = slot else {
        // The address is in none of our mappings. With the default action, the repeated instruction ends the process as
        // usual. SAFETY: `SIG_DFL` is valid for SIGBUS, and POSIX allows `signal` in a handler.
        unsafe { libc::signal(libc::SIGBUS, libc::SIG_DFL) };
        return;
    };
    let (name, len) = slot.name.get();
    cleanup::exit_with_message(&[
        &name[..len],
        b": became shorter while it was read (or its disk failed); count it again when nothing writes to it",
    ]);
}

impl Slot {
    const fn new() -> Self {
        Self { taken: AtomicBool::new(false), start: AtomicUsize::new(0), len: AtomicUsize::new(0), name: Name::new() }
    }
}

impl Name {
    const MAX_LEN: usize = 512;

    const fn new() -> Self {
        Self { bytes: [const { AtomicU8::new(0) }; Self::MAX_LEN], len: AtomicUsize::new(0) }
    }

    fn set(&self, name: &str) {
        let name = &name.as_bytes()[..name.floor_char_boundary(Self::MAX_LEN)];
        for (to, byte) in self.bytes.iter().zip(name) {
            to.store(*byte, Ordering::Relaxed);
        }
        self.len.store(name.len(), Ordering::Release);
    }

    /// The name in a buffer, and its length.
    fn get(&self) -> ([u8; Self::MAX_LEN], usize) {
        let len = self.len.load(Ordering::Acquire).min(Self::MAX_LEN);
        (array::from_fn(|index| self.bytes[index].load(Ordering::Relaxed)), len)
    }
}
