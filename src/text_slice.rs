//! `TextSlice`: a part of a text, with the bytes behind it in reach.

/// The bytes to put behind a copy of an ngram. A table's key loads 24 bytes from an ngram's first byte on, whatever the
/// ngram's length.
pub(crate) const PADDING: [u8; 24] = [0; 24];

/// The bytes `text[start..start + len]`. A key is made by loads of whole machine words, which may reach behind the
/// part's end. A plain slice would need a copy of variable length, and branch mispredictions make that slower.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextSlice<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) start: usize,
    pub(crate) len: usize,
}

impl<'a> TextSlice<'a> {
    #[inline]
    pub(crate) fn new(text: &'a [u8], start: usize, len: usize) -> Self {
        debug_assert!(start <= text.len() && len <= text.len() - start);
        Self { text, start, len }
    }

    /// The part itself.
    #[inline]
    pub(crate) fn bytes(self) -> &'a [u8] {
        &self.text[self.start..self.end()]
    }

    /// The offset of the part's end in the text.
    #[inline]
    pub(crate) fn end(self) -> usize {
        self.start + self.len
    }

    /// `N` bytes of the text from the part's first byte on; `None` if the text has fewer.
    #[inline]
    pub(crate) fn load<const N: usize>(self) -> Option<&'a [u8; N]> {
        self.text.get(self.start..)?.first_chunk()
    }
}

/// All of a text.
impl<'a> From<&'a [u8]> for TextSlice<'a> {
    fn from(text: &'a [u8]) -> Self {
        Self { text, start: 0, len: text.len() }
    }
}
