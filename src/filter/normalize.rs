//! The normal form of ngrams: different bytes that are one word become the same bytes.
//!
//! Workers rewrite an ngram before it goes into a table. A frequent word of text comes here only when a worker's cache
//! evicts it, so that nearly no word is rewritten more than a few times.

use memchr::memchr2_iter;

use crate::filter::case::lower;
use crate::filter::unicode_form::Normalization;
use crate::text_slice::{PADDING, TextSlice};

/// How ngrams are rewritten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Normalizer {
    /// The normal form of the result; `None` to leave characters as they are.
    pub(crate) form: Option<Normalization>,
    /// Whether words are written plainly: with U+0027, the apostrophe on keyboards, for U+2019, and without soft hyphens.
    pub(crate) plainly: bool,
}

/// The apostrophe U+2019, which is a quotation mark as well.
const APOSTROPHE: &[u8] = "\u{2019}".as_bytes();
/// The soft hyphen, which is seen only at the end of a line.
const SOFT_HYPHEN: &[u8] = "\u{AD}".as_bytes();

impl Normalizer {
    /// Whether an ngram stays as it is. `false` is not sure.
    #[inline]
    pub(crate) fn leaves(self, ngram: &[u8]) -> bool {
        ngram.is_ascii() || self.form.is_none() && (!self.plainly || is_plain(ngram))
    }

    /// Whether no ngram is rewritten.
    pub(crate) fn is_idle(self) -> bool {
        self == Self::default()
    }

    /// The normal form of an ngram: the ngram itself, or a copy in `buffer`.
    #[inline]
    pub(crate) fn normalize<'a>(self, ngram: TextSlice<'a>, buffer: &'a mut Vec<u8>) -> TextSlice<'a> {
        if self.leaves(ngram.bytes()) || !self.rewrite(ngram.bytes(), buffer) {
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

    /// The ngram in lower case, and in normal form again: the lower case of some characters composes with the accent
    /// behind it, as that of J with a caron does.
    pub(crate) fn lower<'a>(self, ngram: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let Some(form) = self.form.filter(|_| !ngram.is_ascii()) else { return lower(ngram, buffer) };
        let mut lowered = Vec::new();
        lower(ngram, buffer).clone_into(&mut lowered);
        buffer.clear();
        form.push(&lowered, buffer);
        buffer
    }

    /// Puts the normal form of an ngram into `buffer`. Returns false if it is the ngram itself.
    #[inline(never)]
    fn rewrite(self, ngram: &[u8], buffer: &mut Vec<u8>) -> bool {
        let is_plain = !self.plainly || is_plain(ngram);
        buffer.clear();
        if is_plain {
            let Some(form) = self.form.filter(|form| !form.surely_has(ngram)) else { return false };
            form.push(ngram, buffer);
            return true;
        }
        push_plain(ngram, buffer);
        // Without the soft hyphen between them, a letter and an accent compose.
        if let Some(form) = self.form {
            let plain = std::mem::take(buffer);
            form.push(&plain, buffer);
        }
        true
    }
}

/// The places of apostrophes and soft hyphens, their bytes, and what is written in their place.
fn marks(text: &[u8]) -> impl Iterator<Item = (usize, &'static [u8], &'static [u8])> {
    memchr2_iter(APOSTROPHE[0], SOFT_HYPHEN[0], text).filter_map(|place| {
        let is = |mark: &[u8]| text[place..].starts_with(mark);
        if is(APOSTROPHE) {
            Some((place, APOSTROPHE, &b"'"[..]))
        } else {
            is(SOFT_HYPHEN).then_some((place, SOFT_HYPHEN, &b""[..]))
        }
    })
}

#[inline(never)]
fn is_plain(text: &[u8]) -> bool {
    marks(text).next().is_none()
}

fn push_plain(text: &[u8], to: &mut Vec<u8>) {
    let mut rest = 0;
    for (place, mark, written) in marks(text) {
        to.extend_from_slice(&text[rest..place]);
        to.extend_from_slice(written);
        rest = place + mark.len();
    }
    to.extend_from_slice(&text[rest..]);
}

#[cfg(all(test, feature = "normalize"))]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_plainly() {
        let normalizer = Normalizer { plainly: true, form: None };
        for (word, expected) in [
            ("don’t", "don't"),
            ("’’a", "''a"),
            ("don't", "don't"),
            ("naïve", "naïve"),
            ("‘a", "‘a"),
            ("co\u{ad}o\u{ad}p’s", "coop's"),
            ("¡a", "¡a"),
        ] {
            assert_eq!(normalizer.normalized(word.as_bytes()), expected.as_bytes());
            assert_eq!(Normalizer::default().normalized(word.as_bytes()), word.as_bytes());
        }
        let mut buffer = Vec::new();
        let slice = normalizer.normalize(TextSlice::new("x don’t".as_bytes(), 2, 7), &mut buffer);
        assert!(slice.bytes() == b"don't" && slice.load::<24>().is_some());
    }

    #[test]
    fn characters_that_look_the_same_are_the_same() {
        let [composing, simplifying] =
            [Normalization::Nfc, Normalization::Nfkc].map(|form| Normalizer { form: Some(form), plainly: true });
        for (word, composed, plain) in [
            ("cafe\u{301}", "café", "café"),
            ("café", "café", "café"),
            ("ﬁn", "ﬁn", "fin"),
            ("Ａ²\u{a0}b", "Ａ²\u{a0}b", "A2 b"),
            ("\u{212b}", "Å", "Å"),
            ("l’e\u{301}te\u{301}", "l'été", "l'été"),
            ("caf\u{ad}e\u{ad}\u{301}", "café", "café"),
            ("한", "한", "한"),
        ] {
            assert_eq!(composing.normalized(word.as_bytes()), composed.as_bytes(), "{word}");
            assert_eq!(simplifying.normalized(word.as_bytes()), plain.as_bytes(), "{word}");
        }
        assert_eq!(composing.normalized(b"e\xCC\x81\xFFe\xCC"), b"\xC3\xA9\xFFe\xCC");
    }

    /// A result can be counted again, and no ngram gets a TAB or a line end.
    #[test]
    fn the_normal_form_of_each_character_is_its_own() {
        let mut buffer = Vec::new();
        for normalizer in
            [Normalization::Nfc, Normalization::Nfkc].map(|form| Normalizer { form: Some(form), plainly: false })
        {
            for letter in '\0'..=char::MAX {
                let alone = letter.to_string();
                let is_simple = normalizer.form.unwrap().surely_has(alone.as_bytes()) && !letter.is_uppercase();
                let composed = [format!("{letter}\u{30c}"), format!("A{letter}")];
                for word in [alone].into_iter().chain(composed.into_iter().filter(|_| !is_simple)) {
                    let normal = normalizer.normalized(word.as_bytes());
                    assert_eq!(normalizer.normalized(&normal), normal, "{word:?}");
                    let lower = normalizer.lower(&normal, &mut buffer).to_vec();
                    assert_eq!(normalizer.lower(&lower, &mut buffer), lower, "{word:?}");
                    assert_eq!(normalizer.normalized(&lower), lower, "{word:?}");
                    let is_separated = |text: &[u8]| text.iter().any(|byte| b"\t\n".contains(byte));
                    assert_eq!(is_separated(&lower), is_separated(word.as_bytes()), "{word:?}");
                }
            }
        }
    }
}
