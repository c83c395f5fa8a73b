//! The end of a process that gets no more memory: a message and status 2.
//!
//! The collections of the standard library, and of this program's crates, abort when memory runs out. `try_reserve` in
//! a part of the program would not help the others. All of them call the allocator, so it can end the process in order.

#![expect(unsafe_code, reason = "an allocator is unsafe by definition; this one hands all calls on to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};

use ngram_count::internal::cleanup;

/// The system's allocator. If it has no memory, it returns null only to callers that announced they can handle it.
struct OrEnd;

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

// SAFETY: Each call goes to the system's allocator unchanged, and its answer is returned, so its guarantees hold.
// Instead of a null, the process may end, without allocating or unwinding.
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

/// Ends the process, since the system does not give `bytes` bytes more.
#[cold]
fn end(bytes: usize) -> ! {
    // On the stack.
    let mut digits = itoa::Buffer::new();
    cleanup::exit_with_message(&[
        b"out of memory: the system does not give ",
        digits.format(bytes).as_bytes(),
        b" bytes more; allow more (ulimit -v), or ask for fewer threads (-j) or smaller chunks (--chunk-size)",
    ])
}
