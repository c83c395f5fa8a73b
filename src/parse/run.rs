//! Runs: what the parser gives to the next stage.

/// Takes the runs that the parser finds.
pub(crate) trait Emit {
    /// Takes a run.
    fn emit(&mut self, run: Run<'_>);

    /// Takes the word `text[start..start + len]` of running text. A word is a run of its own, and the same few words come
    /// again and again.
    #[inline]
    fn emit_word(&mut self, text: &[u8], start: usize, len: usize) {
        self.emit(Run::of_word(text, start, len));
    }
}

/// Lines of one ngram that stand one behind the other; or a word or an N-gram of running text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The text around the run: loads of whole words may read behind the ngram's end.
    pub(crate) text: &'a [u8],
    /// Where the first line begins in the text, and the ngram with it.
    pub(crate) start: usize,
    /// The ngram's length.
    pub(crate) len: usize,
    /// Where the last line ends in the text, behind its LF.
    pub(crate) end: usize,
    /// How often the ngram occurs, in the years that the year filter keeps. `None` if that passes 2^64-1.
    pub(crate) count: Option<u64>,
}

impl<'a> Run<'a> {
    /// The run of a word or an N-gram of running text.
    #[inline]
    pub(crate) fn of_word(text: &'a [u8], start: usize, len: usize) -> Self {
        debug_assert!(start + len <= text.len(), "a run lies within its text");
        Self { text, start, len, end: start + len, count: Some(1) }
    }

    pub(crate) fn ngram(&self) -> &'a [u8] {
        &self.text[self.start..self.start + self.len]
    }

    /// The run's lines.
    pub(crate) fn lines(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }
}
