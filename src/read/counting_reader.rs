//! Counters of a stream, and the reader that counts the bytes it passes on.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of a stream, as far as it has been read.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Bytes read from the file or pipe, as they are stored.
    pub(crate) stored: AtomicU64,
    /// Bytes behind the decompression and before the decoding.
    pub(crate) bytes: AtomicU64,
    /// How often U+FFFD replaced a sequence that could not be decoded.
    pub(crate) replaced: AtomicU64,
}

/// Passes bytes on, and adds their number to one of the [`Facts`].
pub(crate) struct CountingReader<R> {
    inner: R,
    facts: Arc<Facts>,
    which: fn(&Facts) -> &AtomicU64,
}

impl<R: Read> CountingReader<R> {
    pub(crate) fn new(inner: R, facts: &Arc<Facts>, which: fn(&Facts) -> &AtomicU64) -> Self {
        Self { inner, facts: Arc::clone(facts), which }
    }
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.inner.read(buffer)?;
        (self.which)(&self.facts).fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}
