//! The normal form of ngrams: different bytes that are one word become the same bytes.
//!
//! Workers rewrite an ngram before it goes into a table. A frequent word of text comes here only when a worker's cache
//! evicts it, so that nearly no word is rewritten more than a few times.

use memchr::memmem;

use crate::text_slice::TextSlice;

/// How ngrams are rewritten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Normalizer {
    /// Whether the apostrophe U+2019 becomes U+0027, the one on keyboards.
    pub(crate) apostrophes: bool,
}

/// The apostrophe U+2019, which is a quotation mark as well.
const APOSTROPHE: &str = "\u{2019}";

/// The bytes behind a copy. A table's key loads 24 bytes from an ngram's first byte on, whatever the ngram's length.
const PADDING: [u8; 24] = [0; 24];

impl Normalizer {
    /// Whether no ngram is rewritten.
    pub(crate) fn is_idle(self) -> bool {
        self == Self::default()
    }

    /// The normal form of an ngram: the ngram itself, or a copy in `buffer`.
    #[inline]
    pub(crate) fn normalize<'a>(self, ngram: TextSlice<'a>, buffer: &'a mut Vec<u8>) -> TextSlice<'a> {
        if ngram.bytes().is_ascii() || !self.rewrite(ngram.bytes(), buffer) {
            return ngram;
        }
        let len = buffer.len();
        buffer.extend_from_slice(&PADDING);
        TextSlice::new(buffer, 0, len)
    }

    /// The normal form of a word that is asked for.
    pub(crate) fn normalized(self, word: &[u8]) -> Vec<u8> {
        self.normalize(word.into(), &mut Vec::new()).bytes().to_vec()
    }

    /// Puts the normal form of an ngram into `buffer`. Returns false if it is the ngram itself.
    #[inline(never)]
    fn rewrite(self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        if !self.apostrophes || memmem::find(ngram, APOSTROPHE.as_bytes()).is_none() {
            return false;
        }
        buffer.clear();
        let mut rest = ngram;
        while let Some(place) = memmem::find(rest, APOSTROPHE.as_bytes()) {
            buffer.extend_from_slice(&rest[..place]);
            buffer.push(b'\'');
            rest = &rest[place + APOSTROPHE.len()..];
        }
        buffer.extend_from_slice(rest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apostrophe_is_one_of_a_keyboard() {
        let normalizer = Normalizer { apostrophes: true };
        for (word, expected) in
            [("don’t", "don't"), ("’’a", "''a"), ("don't", "don't"), ("naïve", "naïve"), ("‘a", "‘a")]
        {
            assert_eq!(normalizer.normalized(word.as_bytes()), expected.as_bytes());
            assert_eq!(Normalizer::default().normalized(word.as_bytes()), word.as_bytes());
        }
        let mut buffer = Vec::new();
        let slice = normalizer.normalize(TextSlice::new("x don’t".as_bytes(), 2, 7), &mut buffer);
        assert!(slice.bytes() == b"don't" && slice.load::<24>().is_some());
    }
}
