//! Mapped files, and what happens when one shrinks.
//!
//! Reading a mapping saves the copy out of the page cache, which costs as much as all the parsing. Its price is that a
//! file which another process truncates meanwhile raises SIGBUS where its pages are gone. A program that has called
//! [`enable`] ends then with a message and status 2; without that call, no file is mapped.

#![expect(unsafe_code, reason = "mapping saves more than a third of the time; see the module's text")]

use std::array;
use std::fs::File;
use std::io;
use std::mem;
use std::ops::{Deref, Range};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use memmap2::{Mmap, UncheckedAdvice};

use crate::system::ending;

/// A whole file, mapped for reading.
#[derive(Debug)]
pub(crate) struct MappedFile {
    map: Mmap,
    place: &'static Place,
}

/// Where a file is mapped, for the signal handler, which can't take locks or follow what may be freed meanwhile.
#[derive(Debug)]
struct Place {
    taken: AtomicBool,
    start: AtomicUsize,
    len: AtomicUsize,
    /// The name of the file that is, or was last, mapped there.
    name: Name,
}

/// The text of a message, short names and long ones cut off.
#[derive(Debug)]
struct Name {
    bytes: [AtomicU8; Name::MOST],
    len: AtomicUsize,
}

/// More files than this are not mapped at once; they are read instead.
static PLACES: [Place; 64] = [const { Place::new() }; 64];
static INSTALLED: AtomicBool = AtomicBool::new(false);

impl MappedFile {
    /// Maps the first `len` bytes of `file`. `None` where that can't be, or is not allowed: it must be read then.
    pub(crate) fn new(file: &File, len: u64, name: &str) -> Option<Self> {
        if !INSTALLED.load(Ordering::Acquire) {
            return None;
        }
        let len = usize::try_from(len).ok()?;
        let place = PLACES.iter().find(|place| !place.taken.swap(true, Ordering::AcqRel))?;
        // SAFETY: The mapping is read-only, and of a file that others may change meanwhile. Where it becomes shorter,
        // the handler of `enable`, which is installed, ends the process before anything is made of the
        // lost bytes. Where bytes change, what is read may be the old ones or the new, as with `read`: nothing here
        // decides about memory by a byte that it reads twice, since every use of the text is checked as of any slice of
        // bytes. By the letter, bytes that change behind a `&[u8]` are undefined behaviour; this is the reasoning of
        // all programs that map files, and should be treated as suspect.
        let Ok(map) = (unsafe { memmap2::MmapOptions::new().len(len).map(file) }) else {
            place.taken.store(false, Ordering::Release);
            return None;
        };
        place.name.set(name);
        place.len.store(len, Ordering::Relaxed);
        place.start.store(map.as_ptr() as usize, Ordering::Release);
        Some(Self { map, place })
    }

    /// Gives the memory of a part that is done, and of the pages that it shares with others, back to the system. It may
    /// still be read, which loads it again.
    pub(crate) fn release(&self, range: Range<usize>) {
        let begin = range.start & !(PAGE - 1);
        let end = range.end.next_multiple_of(PAGE).min(self.map.len());
        // SAFETY: The mapping is of a file and never written to, so that what is dropped comes back as it is in the
        // file.
        let advised =
            unsafe { self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, begin, end.saturating_sub(begin)) };
        // If it can't be given back, the only harm is that it stays.
        drop(advised);
    }
}

/// A multiple of all page sizes in use, and what Linux maps at a time.
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
        self.place.start.store(0, Ordering::Release);
        self.place.len.store(0, Ordering::Release);
        self.place.taken.store(false, Ordering::Release);
    }
}

/// Lets files be mapped from now on: one that shrinks while it is read ends the process with a message on standard
/// error and status 2. For programs, not for libraries: it sets the process's handler of SIGBUS.
///
/// # Errors
/// When the handler can't be set.
pub fn enable() -> io::Result<()> {
    if INSTALLED.load(Ordering::Acquire) {
        return Ok(());
    }
    // Set by hand: signal-hook would call the handler that was there before, which is Rust's own. That one restores the
    // default action, so that a second thread's fault kills the process while the first one still speaks.
    // SAFETY: All zeros are a valid `sigaction`, with an empty set of signals to block.
    let mut action: libc::sigaction = unsafe { mem::zeroed() };
    action.sa_sigaction = on_bus_error as *const () as usize;
    // On the thread's own stack, which is not what overflowed. The alternative one that Rust gives its threads has little
    // room beside the registers that the kernel stores there.
    action.sa_flags = libc::SA_SIGINFO;
    // SAFETY: The handler has the type that SA_SIGINFO asks for. It only loads and stores atomics, and calls what POSIX
    // allows in a handler; it neither allocates nor locks nor panics.
    if unsafe { libc::sigaction(libc::SIGBUS, &raw const action, ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    INSTALLED.store(true, Ordering::Release);
    Ok(())
}

extern "C" fn on_bus_error(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: The kernel passes a pointer to what it filled in; for SIGBUS, the address is part of that.
    let address = unsafe { (*info).si_addr() } as usize;
    let place = PLACES.iter().find(|place| {
        let start = place.start.load(Ordering::Acquire);
        start != 0 && (start..start + place.len.load(Ordering::Relaxed)).contains(&address)
    });
    let Some(place) = place else {
        // Not of our making: as if there were no handler, the instruction's repetition ends the process.
        // SAFETY: Restores the default action.
        unsafe { libc::signal(libc::SIGBUS, libc::SIG_DFL) };
        return;
    };
    let (name, len) = place.name.get();
    ending::end(&[
        &name[..len],
        b": became shorter while it was read (or its disk failed); count it again when nothing writes to it",
    ]);
}

impl Place {
    const fn new() -> Self {
        Self { taken: AtomicBool::new(false), start: AtomicUsize::new(0), len: AtomicUsize::new(0), name: Name::new() }
    }
}

impl Name {
    const MOST: usize = 512;

    const fn new() -> Self {
        Self { bytes: [const { AtomicU8::new(0) }; Self::MOST], len: AtomicUsize::new(0) }
    }

    fn set(&self, name: &str) {
        let name = &name.as_bytes()[..name.floor_char_boundary(Self::MOST)];
        for (to, byte) in self.bytes.iter().zip(name) {
            to.store(*byte, Ordering::Relaxed);
        }
        self.len.store(name.len(), Ordering::Release);
    }

    /// The text, and how long it is.
    fn get(&self) -> ([u8; Self::MOST], usize) {
        let len = self.len.load(Ordering::Acquire).min(Self::MOST);
        (array::from_fn(|place| self.bytes[place].load(Ordering::Relaxed)), len)
    }
}
