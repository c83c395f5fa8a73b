//! Tells the processor which memory is about to be written. A table is written all over: without this, each write that
//! misses the caches makes those behind it wait.

/// Fetches `place`, or the beginning of it, into the caches; for itself alone, where the program was compiled for
/// processors that can. Elsewhere nothing happens; the result is the same.
#[inline]
pub(super) fn for_write<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_et0(place);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
