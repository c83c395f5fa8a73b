//! What the map gives away: runs, lines of one ngram that stand together.

use crate::parse::Format;

/// Where the map puts what it has read.
pub(crate) trait Emit {
    /// The runs that follow, up to the next call, are in this format.
    fn begin(&mut self, _format: Format) {}

    /// One more run.
    fn emit(&mut self, run: Run<'_>);

    /// One more of the word `text[start..start + len]` in running text, where the same words come again and again.
    #[inline]
    fn emit_word(&mut self, text: &[u8], start: usize, len: usize) {
        self.emit(Run::of_word(text, start, len));
    }
}

/// Lines of one ngram, one behind the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The text that they are in, since whole-word loads may reach beyond the ngram's end.
    pub(crate) text: &'a [u8],
    /// Where in the text they begin, and the ngram with them.
    pub(crate) start: usize,
    /// The ngram's length.
    pub(crate) len: usize,
    /// Where in the text they end, behind the last LF.
    pub(crate) end: usize,
    /// How often the ngram occurs, in the years that are wanted; `None` where that passes 2^64-1.
    pub(crate) count: Option<u64>,
}

impl<'a> Run<'a> {
    /// That of one word, or some, in running text.
    #[inline]
    pub(crate) fn of_word(text: &'a [u8], start: usize, len: usize) -> Self {
        Self { text, start, len, end: start + len, count: Some(1) }
    }

    pub(crate) fn ngram(&self) -> &'a [u8] {
        &self.text[self.start..self.start + self.len]
    }

    /// The lines.
    pub(crate) fn lines(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }
}
