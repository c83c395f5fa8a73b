//! Ends a process that gets no more memory, with a message and status 2.
//!
//! The collections of the standard library, and of this program's crates, abort when memory runs out. `try_reserve` in
//! one part of the program would not help the other parts. All parts call the allocator, so the allocator can end the
//! process in order.

#![expect(unsafe_code, reason = "an allocator is unsafe by definition; this one hands all calls on to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};

use ngram_count::internal::cleanup;

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
        b" bytes more; allow more (ulimit -v), or ask for fewer threads (-j) or smaller chunks (--chunk-size)",
    ])
}
