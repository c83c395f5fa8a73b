//! The end of a process that gets no more memory: a message and status 2.
//!
//! The collections of the standard library, and of the crates that this program is made of, abort where memory runs out;
//! a part of the program that asks with `try_reserve` is no help to the others. Only the allocator, which all of them
//! ask, can end the process in order.

#![expect(unsafe_code, reason = "an allocator is unsafe by definition; this one hands all calls on to the system's")]

use std::alloc::{GlobalAlloc, Layout, System};

use ngram_count::internal::cleanup;

/// The system's allocator. Where it has no memory, it returns null only to who said that it may.
struct OrEnd;

#[global_allocator]
static ALLOCATOR: OrEnd = OrEnd;

// SAFETY: Each call is handed on as it is, and what the system's allocator returns is returned, so that its guarantees
// hold. Where it returns null, the process may end instead, without allocating or unwinding.
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

/// Ends the process, as there are no `bytes` bytes more.
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
