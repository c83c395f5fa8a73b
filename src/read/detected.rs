//! What an input turned out to be: told from its first bytes, and added to while it is read.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::parse::Format;
use crate::read::input::{Compression, Facts};
use crate::read::note::Note;

/// What the first bytes of an input tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detected {
    pub(crate) format: Format,
    /// The user named the format, or at least half of the first lines are in it.
    pub(crate) is_sure: bool,
    pub(crate) compression: Option<Compression>,
    /// The compression that the name promises, if the content is something else.
    pub(crate) misnamed: Option<Compression>,
}

/// What is known of an input when it has been read.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) detected: Detected,
    /// The length of the byte-order mark, which belongs to no chunk.
    pub(super) skip: usize,
    /// The counters of a stream. A plain file has none.
    pub(super) facts: Option<Arc<Facts>>,
}

impl Found {
    /// The length of the input in bytes, decompressed. `in_chunks` is the length of its chunks.
    pub(crate) fn bytes(&self, in_chunks: u64) -> u64 {
        match &self.facts {
            // Decoding changes the length, so the chunks of a stream do not tell.
            Some(facts) => facts.bytes.load(Ordering::Relaxed),
            None => self.skip as u64 + in_chunks,
        }
    }

    /// What a user should know. `not_utf8` bytes of the chunks were not UTF-8.
    pub(crate) fn notes(&self, not_utf8: u64) -> Vec<Note> {
        let Detected { compression, misnamed, .. } = self.detected;
        let misnamed = misnamed.map(|named| Note::Misnamed { named, found: compression });
        let replaced = self.facts.as_ref().map_or(0, |facts| facts.replaced.load(Ordering::Relaxed));
        let replaced = (replaced > 0).then_some(Note::Replaced { sequences: replaced });
        let not_utf8 = (not_utf8 > 0).then_some(Note::NotUtf8 { bytes: not_utf8 });
        misnamed.into_iter().chain(replaced).chain(not_utf8).collect()
    }
}
