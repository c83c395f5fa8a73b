//! The words of a text, by the white space around them: 64 bytes at a time, of which vectors tell the white ones.

use wide::u8x16;

/// How many bytes are looked at at once: one for each bit of a word.
const BLOCK_LEN: usize = 64;

/// Gives the place and the length of each word to `found`. Words are what stands between spaces, TABs, LFs, VTs, FFs and
/// CRs.
#[inline]
pub(crate) fn each_word(text: &[u8], mut found: impl FnMut(usize, usize)) {
    let (blocks, rest) = text.as_chunks::<BLOCK_LEN>();
    // At least one space, behind which no word goes on.
    let mut last = [b' '; BLOCK_LEN];
    last[..rest.len()].copy_from_slice(rest);

    let mut start = 0;
    let mut after_white = 1;
    for (number, block) in blocks.iter().chain([&last]).enumerate() {
        let base = number * BLOCK_LEN;
        let white = whitespace_bits(block);
        let before = white << 1 | after_white;
        let (mut starts, mut ends) = (before & !white, white & !before);
        let mut take_start = || {
            let start = base + starts.trailing_zeros() as usize;
            starts &= starts.wrapping_sub(1);
            start
        };
        // A word that began in an earlier block may go on. Else the first start is taken, and after each end the next:
        // where there is none, it is taken in another block.
        if after_white == 1 {
            start = take_start();
        }
        while ends != 0 {
            found(start, base + ends.trailing_zeros() as usize - start);
            ends &= ends - 1;
            start = take_start();
        }
        after_white = white >> (BLOCK_LEN - 1);
    }
}

/// A bit for each byte, the lowest for the first: whether it is white space.
#[inline]
fn whitespace_bits(block: &[u8; BLOCK_LEN]) -> u64 {
    let (vectors, _) = block.as_chunks();
    vectors.iter().rev().fold(0, |bits, vector| bits << 16 | u64::from(whitespace_of_vector(vector)))
}

#[inline]
fn whitespace_of_vector(bytes: &[u8; 16]) -> u16 {
    let bytes = u8x16::new(*bytes);
    // TAB, LF, VT, FF and CR have the numbers 9 to 13.
    let from_tab = bytes - u8x16::splat(b'\t');
    let is_control = from_tab.min(u8x16::splat(b'\r' - b'\t')).simd_eq(from_tab);
    (is_control | bytes.simd_eq(u8x16::splat(b' '))).to_bitmask() as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &[u8]) -> Vec<&[u8]> {
        let mut words = Vec::new();
        each_word(text, |start, len| words.push(&text[start..start + len]));
        words
    }

    fn naive(text: &[u8]) -> Vec<&[u8]> {
        text.split(|byte| b" \t\n\x0B\x0C\r".contains(byte)).filter(|word| !word.is_empty()).collect()
    }

    #[test]
    fn every_byte_is_white_or_not() {
        for byte in 0..=u8::MAX {
            for place in 0..70 {
                let mut text = [b'x'; 70];
                text[place] = byte;
                assert_eq!(words(&text), naive(&text), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn words_may_fill_blocks() {
        for (words_, len) in (0..5).flat_map(|words| (60..70).map(move |len| (words, len))) {
            let text = [vec![b'x'; len], vec![b' '; len]].concat().repeat(words_);
            assert_eq!(words(&text), naive(&text));
            assert_eq!(words(text.trim_ascii_end()), naive(&text));
        }
    }

    proptest! {
        #[test]
        fn words_stand_between_white_space(
            text in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..400),
                prop::collection::vec(prop::sample::select(b" \n\t\r\x0B\x0Cabc\x00\xFF\x08\x0E\x1F!\xA0".to_vec()), 0..400),
            ],
        ) {
            prop_assert_eq!(words(&text), naive(&text));
        }
    }
}
