//! The words of a text as Unicode's UAX #29 has them.
//!
//! All of them end at white space, so that what is between it can be looked at piece by piece. Nearly every piece of an
//! English text is one word with some punctuation around it, which takes but a few vectors to see.

use unicode_segmentation::UnicodeSegmentation;
use wide::u8x16;

use super::blanks::each_word;

/// As [`each_word`], for Unicode's words. Bytes that are not UTF-8 stand between words, and are added to `not_utf8`.
#[inline]
pub(super) fn each_unicode_word(text: &[u8], not_utf8: &mut u64, mut found: impl FnMut(usize, usize)) {
    each_word(text, |start, len| match plain(text, start, len) {
        Some((_, 0)) => {}
        Some((start, len)) => found(start, len),
        None => each_of_piece(text, start, len, not_utf8, &mut found),
    });
}

/// As [`each_unicode_word`], between two pieces of white space.
#[inline(never)]
fn each_of_piece(text: &[u8], mut start: usize, len: usize, not_utf8: &mut u64, found: &mut impl FnMut(usize, usize)) {
    for part in text[start..start + len].utf8_chunks() {
        for (place, word) in part.valid().unicode_word_indices() {
            found(start + place, word.len());
        }
        start += part.valid().len() + part.invalid().len();
        *not_utf8 += part.invalid().len() as u64;
    }
}

/// The place and the length of the only word of a piece, where that is ASCII letters and digits with, at most, ASCII
/// punctuation before and behind them: there is none that would belong to the word. A length of 0 says that there is no
/// word.
#[inline]
fn plain(text: &[u8], start: usize, len: usize) -> Option<(usize, usize)> {
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
