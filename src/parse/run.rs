//! What the map gives away: runs, lines of one ngram that stand together.

use crate::parse::Format;
use crate::text_slice::TextSlice;

/// Where the map puts what it has read.
pub(crate) trait Emit {
    /// The runs that follow, up to the next call, are in this format.
    fn begin(&mut self, _format: Format) {}

    /// One more run.
    fn emit(&mut self, run: Run<'_>);

    /// One more of a word in running text, where the same words come again and again.
    #[inline]
    fn emit_word(&mut self, word: TextSlice<'_>) {
        self.emit(Run::of_word(word));
    }
}

/// Lines of one ngram, one behind the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The ngram in the first of the lines.
    pub(crate) at: TextSlice<'a>,
    /// Where in the text the lines end, behind the last LF.
    pub(crate) end: usize,
    /// How often the ngram occurs, in the years that are wanted; `None` where that passes 2^64-1.
    pub(crate) count: Option<u64>,
}

impl<'a> Run<'a> {
    /// That of one word, or some, in running text.
    #[inline]
    pub(crate) fn of_word(word: TextSlice<'a>) -> Self {
        Self { at: word, end: word.end(), count: Some(1) }
    }

    pub(crate) fn ngram(&self) -> &'a [u8] {
        self.at.bytes()
    }

    /// The lines.
    pub(crate) fn lines(&self) -> &'a [u8] {
        &self.at.text[self.at.start..self.end]
    }
}
