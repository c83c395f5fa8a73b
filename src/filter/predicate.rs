//! The caller's own filter: a closure that accepts or rejects an ngram.

use std::fmt;
use std::sync::Arc;

type Accepts = dyn Fn(&[u8]) -> bool + Send + Sync;

/// A closure that all workers share.
#[derive(Clone)]
pub(crate) struct Predicate(Arc<Accepts>);

impl Predicate {
    pub(crate) fn new(accepts: impl Fn(&[u8]) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(accepts))
    }

    /// Whether the closure accepts the ngram.
    pub(crate) fn accepts(&self, ngram: &[u8]) -> bool {
        (self.0)(ngram)
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Predicate(..)")
    }
}
