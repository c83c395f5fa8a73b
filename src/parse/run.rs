//! Runs: the parser's output.

use crate::parse::format::Format;
use crate::text_slice::TextSlice;

/// Takes the runs that the parser finds.
pub(crate) trait Emit {
    /// Whether [`Emit::emit`] reads [`Run::rows`]. If not, the parser does not note them.
    const NEEDS_ROWS: bool = false;

    /// Sets the format of the following runs, up to the next call.
    fn begin(&mut self, _format: Format) {}

    /// Takes a run.
    fn emit(&mut self, run: Run<'_>);

    /// Takes a word of running text. Each word is a separate run, and the same few words repeat.
    #[inline]
    fn emit_word(&mut self, word: TextSlice<'_>) {
        self.emit(Run::of_word(word));
    }
}

/// Consecutive lines of one ngram; or a word or an N-gram of running text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The ngram in the first line.
    pub(crate) at: TextSlice<'a>,
    /// The end of the last line in the text, behind its LF.
    pub(crate) end: usize,
    /// The sum of the ngram's counts in the years that the year filter keeps. `None` if it passes 2^64-1.
    pub(crate) count: Option<u64>,
    /// The offset in the text of each line's numbers, behind `ngram TAB`. Empty if [`Emit::NEEDS_ROWS`] is false, and
    /// in formats without a line for each year.
    pub(crate) rows: &'a [usize],
}

impl<'a> Run<'a> {
    /// The run of a word or an N-gram of running text.
    #[inline]
    pub(crate) fn of_word(word: TextSlice<'a>) -> Self {
        Self { at: word, end: word.end(), count: Some(1), rows: &[] }
    }
}
