//! `Lease`: the part of a run's memory that a shard, or a part of the finished table, has. It goes back when that is
//! dropped.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Spill;

/// Some bytes of the memory of a [`Spill`].
#[derive(Debug)]
pub(crate) struct Lease {
    spill: Arc<Spill>,
    bytes: usize,
}

impl Lease {
    /// A lease of no bytes.
    pub(crate) fn new(spill: &Arc<Spill>) -> Self {
        Self { spill: Arc::clone(spill), bytes: 0 }
    }

    /// The memory that this is a part of.
    pub(crate) fn spill(&self) -> &Arc<Spill> {
        &self.spill
    }

    /// The number of leased bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Changes the number of leased bytes. The limit does not refuse: who takes memory asks it before.
    pub(crate) fn set(&mut self, bytes: usize) {
        if !self.spill.is_bounded() {
            return;
        }
        if bytes > self.bytes {
            self.spill.used.fetch_add(bytes - self.bytes, Ordering::Relaxed);
        } else {
            self.spill.used.fetch_sub(self.bytes - bytes, Ordering::Relaxed);
        }
        self.bytes = bytes;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.set(0);
    }
}
