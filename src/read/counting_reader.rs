//! Counters of a stream, and a reader that counts the bytes it passes on.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The counters of a stream so far.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// The number of stored bytes that were read from the file or pipe.
    pub(crate) stored: AtomicU64,
    /// The number of bytes behind the decompression and before the decoding.
    pub(crate) bytes: AtomicU64,
    /// The number of malformed sequences that U+FFFD replaced.
    pub(crate) replaced: AtomicU64,
}

/// A reader that passes bytes on, and adds their number to one of the [`Facts`].
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
