//! Decimal numbers, and the places of the bytes that end them, many bytes at a time.

use wide::u8x16;

/// Where in 16 bytes the separators are: bit i stands for byte i.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    pub(super) non_digits: u32,
    pub(super) tabs: u32,
    pub(super) line_feeds: u32,
}

impl Places {
    #[inline]
    pub(super) fn of(bytes: &[u8; 16]) -> Self {
        let bytes = u8x16::new(*bytes);
        // '0'..='9' become 0..=9 and all others, by wrapping, 10 or more.
        let values = bytes - u8x16::splat(b'0');
        Self {
            non_digits: values.max(u8x16::splat(10)).simd_eq(values).to_bitmask(),
            tabs: bytes.simd_eq(u8x16::splat(b'\t')).to_bitmask(),
            line_feeds: bytes.simd_eq(u8x16::splat(b'\n')).to_bitmask(),
        }
    }
}

/// The number that the first `len` of these 8 bytes spell, which must be ASCII digits; `len` is 1 to 8.
///
/// All digits are taken at once: pairs are joined to numbers below 100, these to numbers below 10,000, and these again.
/// Three rows in four have one digit, the rest up to ten: a loop over the digits would mispredict its end all the time.
#[inline]
pub(super) fn number_of_8(bytes: [u8; 8], len: usize) -> u64 {
    debug_assert!((1..=8).contains(&len) && bytes[..len].iter().all(u8::is_ascii_digit));
    // The digits go to the last places; what is before them becomes zeros.
    let digits = (u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030) << (64 - 8 * len);
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_FFFF_0000_FFFF;
    fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xFFFF_FFFF
}

/// The number that ASCII digits of any length spell. `None` where it passes 2^64-1.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_digits_at_once_are_the_number(number in 0_u64..100_000_000, behind: [u8; 8], zeros in 0_usize..8) {
            let text = format!("{number:0zeros$}");
            let mut bytes = behind;
            bytes[..text.len()].copy_from_slice(text.as_bytes());
            prop_assert_eq!(number_of_8(bytes, text.len()), number);
        }

        #[test]
        fn numbers_end_at_64_bits(number in any::<u128>()) {
            for number in [number, number >> 60, number >> 64, u128::from(u64::MAX), u128::from(u64::MAX) + 1] {
                prop_assert_eq!(super::number(number.to_string().as_bytes()), u64::try_from(number).ok());
            }
        }

        #[test]
        fn places_are_those_of_the_bytes(bytes: [u8; 16], digits in "[0-9\t\n/:]{16}") {
            for bytes in [bytes, digits.as_bytes().try_into().unwrap()] {
                let places = Places::of(&bytes);
                for (i, byte) in bytes.into_iter().enumerate() {
                    prop_assert_eq!(places.non_digits >> i & 1 == 0, byte.is_ascii_digit());
                    prop_assert_eq!(places.tabs >> i & 1 == 1, byte == b'\t');
                    prop_assert_eq!(places.line_feeds >> i & 1 == 1, byte == b'\n');
                }
                prop_assert_eq!(places.non_digits >> 16, 0);
            }
        }
    }
}
