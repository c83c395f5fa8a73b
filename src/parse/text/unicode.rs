//! The words of a text as Unicode's UAX #29 has them.
//!
//! All of them end at white space, so that what is between it can be looked at piece by piece. Nearly every piece of an
//! English text is one word with some punctuation around it, which takes but a few vectors to see.

use unicode_segmentation::UnicodeSegmentation;
use wide::u8x16;

use crate::parse::text::whitespace::each_word;

/// As [`each_word`], for Unicode's words. Bytes that are not UTF-8 stand between words, and are added to `not_utf8`.
#[inline]
pub(crate) fn each_unicode_word(text: &[u8], not_utf8: &mut u64, mut found: impl FnMut(usize, usize)) {
    each_word(text, |start, len| match single_ascii_word(text, start, len) {
        Some((_, 0)) => {}
        Some((start, len)) => found(start, len),
        None => each_word_of_piece(text, start, len, not_utf8, &mut found),
    });
}

/// As [`each_unicode_word`], between two pieces of white space.
#[inline(never)]
fn each_word_of_piece(
    text: &[u8],
    mut start: usize,
    len: usize,
    not_utf8: &mut u64,
    found: &mut impl FnMut(usize, usize),
) {
    for part in text[start..start + len].utf8_chunks() {
        if part.valid().contains(JOINER) {
            each_word_of_joined(part.valid(), |place, len| found(start + place, len));
        } else {
            for (place, word) in part.valid().unicode_word_indices() {
                found(start + place, word.len());
            }
        }
        start += part.valid().len() + part.invalid().len();
        *not_utf8 += part.invalid().len() as u64;
    }
}

/// The joiner of emoji and of some scripts. It belongs to what is before it (WB4), and an emoji behind it, too (WB3c).
const JOINER: char = '\u{200D}';
/// Another character that belongs to what is before it, as long as that one. No emoji is joined to it.
const EXTENDER: char = '\u{20D0}';

/// As [`each_word_of_piece`], where there are joiners.
///
/// unicode-segmentation 1.13.3 forgets the word that it is in where an emoji follows a joiner: it takes `a.` with a joiner
/// and an emoji behind it for one word, though the full stop is none of `a`, and ends a word behind `Ⓜ`, which is an
/// emoji and a letter. So it does not see the joiners; emoji are joined here.
fn each_word_of_joined(text: &str, mut found: impl FnMut(usize, usize)) {
    let (text_without, mut start) = (text.replace(JOINER, EXTENDER.encode_utf8(&mut [0; 4])), 0);
    for (place, part) in text_without.split_word_bound_indices() {
        let (before, behind) = text.split_at(place + part.len());
        if before.ends_with(JOINER) && behind.starts_with(is_emoji) {
            continue;
        }
        // As the crate tells words from what is between them: by a letter or digit in it.
        if before[start..].unicode_words().next().is_some() {
            found(start, before.len() - start);
        }
        start = before.len();
    }
}

/// Whether a joiner keeps what is before it together with this, which the crate knows and does not tell.
fn is_emoji(letter: char) -> bool {
    String::from_iter([JOINER, letter]).split_word_bounds().count() == 1
}

/// The place and the length of the only word of a piece, where that is ASCII letters and digits with, at most, ASCII
/// punctuation before and behind them: there is none that would belong to the word. A length of 0 says that there is no
/// word.
#[inline]
fn single_ascii_word(text: &[u8], start: usize, len: usize) -> Option<(usize, usize)> {
    let bytes = u8x16::new(*text.get(start..)?.first_chunk()?);
    if len > 16 {
        return None;
    }
    let piece = (1 << len) - 1;
    let in_range = |bytes: u8x16, first: u8, last: u8| {
        let from_first = bytes - u8x16::splat(first);
        from_first.min(u8x16::splat(last - first)).simd_eq(from_first)
    };
    let letters = in_range(bytes | u8x16::splat(0x20), b'a', b'z');
    let word = (letters | in_range(bytes, b'0', b'9')).to_bitmask() & piece;
    // Of what is not ASCII, much belongs to words, and so does the underscore.
    let others = (in_range(bytes, 0x80, 0xFF) | bytes.simd_eq(u8x16::splat(b'_'))).to_bitmask() & piece;
    let begin = word.trailing_zeros().min(16);
    let word = word >> begin;
    let is_together = word & (word + 1) == 0;
    (others == 0 && is_together).then_some((start + begin as usize, word.trailing_ones() as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        each_unicode_word(text.as_bytes(), &mut 0, |start, len| words.push(&text[start..start + len]));
        words
    }

    #[test]
    fn a_joiner_belongs_to_what_is_before_it() {
        let cases: [(&str, &[&str]); 12] = [
            ("a\u{200D} b", &["a\u{200D}", "b"]),
            ("a\u{200D}.", &["a\u{200D}"]),
            ("a\u{200D}.b", &["a\u{200D}.b"]),
            ("a.\u{200D}b", &["a.\u{200D}b"]),
            ("a.\u{200D}", &["a"]),
            ("a.\u{200D}😀", &["a"]),
            ("1,\u{200D}😀2", &["1", "2"]),
            ("א\"\u{200D}😀", &["א"]),
            ("a\u{200D}😀b", &["a\u{200D}😀", "b"]),
            ("\u{200D}Ⓜa", &["\u{200D}Ⓜa"]),
            ("👩\u{200D}👧", &[]),
            ("می\u{200D}خ", &["می\u{200D}خ"]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text:?}");
        }
    }

    /// All that has no emoji behind a joiner is what the crate makes of it.
    #[test]
    fn without_emoji_it_makes_no_difference() {
        const LETTERS: [char; 11] = ['a', 'א', '1', ',', ':', '.', '\'', '"', '_', JOINER, '\u{301}'];
        for number in 0..LETTERS.len().pow(4) {
            let letter = |place| LETTERS[number / LETTERS.len().pow(place) % LETTERS.len()];
            let text: String = (0..4).map(letter).collect();
            assert_eq!(words(&text), text.unicode_words().collect::<Vec<_>>(), "{text:?}");
        }
    }
}
