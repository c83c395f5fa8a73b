//! Prefetches memory. The stores to a table go all over it, and each cache miss delays the stores behind it. The
//! entries of a result in order have their years anywhere, and each cache miss delays the line.

/// Prefetches the first cache line of `place`, exclusively for this core if the target processor supports it. Does
/// nothing on processors other than x86-64.
#[inline]
pub(super) fn for_write<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_et0(place);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}

/// Prefetches the cache line of `place`, to read it. Does nothing on processors other than x86-64.
#[inline]
pub(super) fn for_read<T>(place: &T) {
    #[cfg(target_arch = "x86_64")]
    safe_arch::prefetch_t0(place);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = place;
}
