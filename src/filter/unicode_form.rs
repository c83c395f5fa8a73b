//! `Normalization`: the normal forms of Unicode, with the feature `normalize`. Without it, there is none.

#[cfg(feature = "normalize")]
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfkc_quick};

/// A normal form of Unicode's UAX #15. Texts that look the same then have the same bytes.
#[cfg(feature = "normalize")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum Normalization {
    /// Composed: `e` and the accent behind it are `é`.
    #[cfg_attr(feature = "cli", value(help = "Letters and their accents are one character"))]
    Nfc,
    /// Composed, and without differences of form alone: the ligature `ﬁ` is `fi`, the wide `Ａ` is `A`, `²` is `2`, and a
    /// no-break space is a space.
    #[cfg_attr(feature = "cli", value(help = "The same, and ligatures and wide letters are plain ones"))]
    Nfkc,
}

#[cfg(feature = "normalize")]
impl Normalization {
    /// Whether the text is in normal form. `false` is not sure.
    pub(super) fn surely_has(self, text: &[u8]) -> bool {
        text.utf8_chunks().all(|chunk| {
            let letters = chunk.valid().chars();
            let found = match self {
                Self::Nfc => is_nfc_quick(letters),
                Self::Nfkc => is_nfkc_quick(letters),
            };
            found == IsNormalized::Yes
        })
    }

    /// Appends the normal form of a text. Bytes that are not UTF-8 stay as they are.
    pub(super) fn push(self, text: &[u8], buffer: &mut Vec<u8>) {
        for chunk in text.utf8_chunks() {
            let push = |letter: char| buffer.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
            match self {
                Self::Nfc => chunk.valid().nfc().for_each(push),
                Self::Nfkc => chunk.valid().nfkc().for_each(push),
            }
            buffer.extend_from_slice(chunk.invalid());
        }
    }
}

/// No normal form.
#[cfg(not(feature = "normalize"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Normalization {}

#[cfg(not(feature = "normalize"))]
impl Normalization {
    pub(super) fn surely_has(self, _text: &[u8]) -> bool {
        match self {}
    }

    pub(super) fn push(self, _text: &[u8], _buffer: &mut Vec<u8>) {
        match self {}
    }
}
