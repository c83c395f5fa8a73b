//! Ends a process that gets no more memory, with a message and status 2, and saves addresses under `ulimit -v`.
//!
//! The collections of the standard library, and of this program's crates, abort when memory runs out. `try_reserve` in
//! one part of the program would not help the other parts. All parts call the allocator, so the allocator can end the
//! process in order.

#![expect(
    unsafe_code,
    reason = "an allocator and its settings are calls of C; this one hands all calls on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::panic;

use ngram_count::internal::{cleanup, memory};

/// The system's allocator. Without memory, it returns null only to callers that have announced that they handle it, and
/// ends the process for all others.
struct OrEnd;

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

// SAFETY: We pass each call to the system's allocator unchanged, and return its answer, so its guarantees hold. Instead
// of returning null, we may end the process, without allocating or unwinding.
unsafe impl GlobalAlloc for OrEnd {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: As the caller promised.
        or_end(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: As the caller promised.
        or_end(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: As the caller promised.
        or_end(unsafe { System.realloc(old, layout, size) }, size)
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: As the caller promised.
        unsafe { System.dealloc(old, layout) }
    }
}

#[inline]
fn or_end(memory: *mut u8, bytes: usize) -> *mut u8 {
    if memory.is_null() && !cleanup::is_alloc_fallible() {
        end(bytes);
    }
    memory
}

/// Ends the process, since the system refuses `bytes` more bytes.
#[cold]
fn end(bytes: usize) -> ! {
    // This buffer is on the stack.
    let mut digits = itoa::Buffer::new();
    cleanup::exit_with_message(&[
        b"out of memory: the system does not give ",
        digits.format(bytes).as_bytes(),
        b" bytes more; allow more (ulimit -v), or ask for a lower --memory, fewer threads (-j) or smaller chunks \
          (--chunk-size)",
    ])
}

/// Prepares the process for little memory. Call this before any thread starts.
pub(crate) fn prepare() {
    save_addresses();
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Each thread of Rust has a small second stack, to report that the first is full. Without memory for it, the
        // standard library panics.
        if info.payload_as_str().is_some_and(|text| text.contains("alternative stack")) {
            cleanup::exit_with_message(&[
                b"out of memory: the system gives no stack for a thread; allow more (ulimit -v), or ask for fewer \
                  threads (-j)",
            ]);
        }
        usual(info);
    }));
}

/// Gives glibc at most an eighth of a limit on addresses (`ulimit -v`) for arenas. It reserves 64 MiB for the
/// allocations of each thread, whether the thread needs them or not: with 8 threads, a count that takes 47 MiB needed a
/// limit of 512 MiB, and 95 MiB with one arena.
fn save_addresses() {
    #[cfg(target_env = "gnu")]
    if let Some(left) = memory::addresses_left() {
        const ARENA: u64 = 64 << 20;
        let arenas = libc::c_int::try_from(left / 8 / ARENA).unwrap_or(libc::c_int::MAX).max(1);
        // SAFETY: The call takes any number. No other thread runs yet.
        unsafe { libc::mallopt(libc::M_ARENA_MAX, arenas) };
    }
}
