//! `TextSlice`: a part of a text that still knows what stands behind it.

/// The bytes `text[start..start + len]`. Unlike a slice, it lets a key be made with whole-word loads: these may reach
/// beyond the part's end, and a copy of a length that no processor can foresee would take longer.
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

    /// Where in the text the part ends.
    #[inline]
    pub(crate) fn end(self) -> usize {
        self.start + self.len
    }

    /// The text from the part's first byte on, up to `N` bytes; `None` where there are fewer.
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
