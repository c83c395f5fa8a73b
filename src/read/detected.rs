//! Facts about an input: detected from its first bytes, or counted while a run reads it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::parse::Format;
use crate::read::input::{Compression, Facts};
use crate::read::note::Note;

/// The facts that an input's first bytes tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detected {
    pub(crate) format: Format,
    /// Whether the user named the format, or at least half of the first lines are in this format.
    pub(crate) is_sure: bool,
    pub(crate) compression: Option<Compression>,
    /// The compression that the name promises, if the content has another one or none.
    pub(crate) misnamed: Option<Compression>,
    /// Whether the input is text whose lines look wrapped. Only looked for where N-grams stay within a line because the
    /// user has not said otherwise.
    pub(crate) is_wrapped: bool,
}

/// All facts about an input.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) detected: Detected,
    /// The length of the byte-order mark in bytes. The mark belongs to no chunk.
    pub(super) skip: usize,
    /// The counters of a stream; `None` for a plain file.
    pub(super) facts: Option<Arc<Facts>>,
    /// A note about the reading.
    pub(super) note: Option<Note>,
}

impl Found {
    /// The length of the decompressed input in bytes. `in_chunks` is the length of all chunks.
    pub(crate) fn bytes(&self, in_chunks: u64) -> u64 {
        match &self.facts {
            // Decoding changes the length, so the length of a stream's chunks is no help.
            Some(facts) => facts.bytes.load(Ordering::Relaxed),
            None => self.skip as u64 + in_chunks,
        }
    }

    /// Notes for the user. `not_utf8` is the number of bytes of the chunks that are not UTF-8.
    pub(crate) fn notes(&self, not_utf8: u64) -> Vec<Note> {
        let Detected { compression, misnamed, is_wrapped, .. } = self.detected;
        let misnamed = misnamed.map(|named| Note::Misnamed { named, found: compression });
        let replaced = self.facts.as_ref().map_or(0, |facts| facts.replaced.load(Ordering::Relaxed));
        let replaced = (replaced > 0).then_some(Note::Replaced { sequences: replaced });
        let not_utf8 = (not_utf8 > 0).then_some(Note::NotUtf8 { bytes: not_utf8 });
        let wrapped = is_wrapped.then_some(Note::Wrapped);
        misnamed.into_iter().chain(replaced).chain(not_utf8).chain(wrapped).chain(self.note).collect()
    }
}
