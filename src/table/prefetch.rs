//! Tells the processor which memory is about to be written. A table is written all over, and each store that misses the
//! caches makes the stores behind it wait.

/// Fetches the first cache line of `place`, exclusively for this core if the program was compiled for processors that can.
/// Does nothing on other processors than x86-64.
#[inline]
pub(super) fn for_write<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_et0(place);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
