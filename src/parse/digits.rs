//! Decimal numbers, and bit masks of the bytes that end them, many bytes at a time.

use wide::u8x16;

/// Where in 16 bytes the separators are: bit i stands for byte i.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByteMasks {
    pub(super) non_digits: u32,
    pub(super) tabs: u32,
    pub(super) line_feeds: u32,
}

impl ByteMasks {
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

/// A sum of numbers of up to eight digits, whose digits are added up place by place first: eight places at once, in one
/// addition. Three rows in four have one digit, the rest up to ten: a loop over digits would mispredict its end all the
/// time, and to join the digits of each number costs three multiplications, here of each [`DigitSum::MAX_NUMBERS`] numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DigitSum(u64);

impl DigitSum {
    /// How many numbers can be added before a place, which is one byte, may be full.
    pub(super) const MAX_NUMBERS: usize = 255 / 9;

    /// Adds the number that `bytes` begin with. `unused` is 64 less 8 for each of its digits, which must be 1 to 8.
    #[inline]
    pub(super) fn add(&mut self, bytes: [u8; 8], unused: u32) {
        // The digits go to the last places; what is before them becomes zeros.
        self.0 += (u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030) << unused;
    }

    /// The same, or nothing.
    #[inline]
    pub(super) fn add_if(&mut self, bytes: [u8; 8], unused: u32, is_kept: bool) {
        let digits = (u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030) << unused;
        // Not a branch, which nobody could foresee.
        self.0 += digits & 0_u64.wrapping_sub(u64::from(is_kept));
    }

    /// The sum.
    #[inline]
    pub(super) fn sum(self) -> u64 {
        const PAIRS: u64 = 0x00FF_00FF_00FF_00FF;
        const FOURS: u64 = 0x0000_FFFF_0000_FFFF;
        let pairs = (self.0 & PAIRS) * 10 + (self.0 >> 8 & PAIRS);
        let fours = (pairs & FOURS) * 100 + (pairs >> 16 & FOURS);
        (fours & 0xFFFF_FFFF) * 10_000 + (fours >> 32)
    }
}

/// The number that ASCII digits of any length spell. `None` where it passes 2^64-1.
pub(super) fn parse_number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn digits_add_up_to_the_sum(
            numbers in prop::collection::vec((0_u64..100_000_000, 0_usize..9), 0..=DigitSum::MAX_NUMBERS), behind: [u8; 8],
        ) {
            let mut digits = DigitSum::default();
            for &(number, zeros) in &numbers {
                let text = format!("{number:0zeros$}");
                let mut bytes = behind;
                bytes[..text.len()].copy_from_slice(text.as_bytes());
                digits.add(bytes, 64 - 8 * text.len() as u32);
            }
            prop_assert_eq!(digits.sum(), numbers.iter().map(|(number, _)| number).sum::<u64>());
        }

        #[test]
        fn numbers_end_at_64_bits(number in any::<u128>()) {
            for number in [number, number >> 60, number >> 64, u128::from(u64::MAX), u128::from(u64::MAX) + 1] {
                prop_assert_eq!(super::parse_number(number.to_string().as_bytes()), u64::try_from(number).ok());
            }
        }

        #[test]
        fn places_are_those_of_the_bytes(bytes: [u8; 16], digits in "[0-9\t\n,/:]{16}") {
            for bytes in [bytes, digits.as_bytes().try_into().unwrap()] {
                let masks = ByteMasks::of(&bytes);
                for (i, byte) in bytes.into_iter().enumerate() {
                    prop_assert_eq!(masks.non_digits >> i & 1 == 0, byte.is_ascii_digit());
                    prop_assert_eq!(masks.tabs >> i & 1 == 1, byte == b'\t');
                    prop_assert_eq!(masks.line_feeds >> i & 1 == 1, byte == b'\n');
                }
                prop_assert_eq!(masks.non_digits >> 16, 0);
            }
        }
    }

    #[test]
    fn as_many_numbers_as_allowed_do_not_overflow() {
        let mut digits = DigitSum::default();
        (0..DigitSum::MAX_NUMBERS).for_each(|_| digits.add(*b"99999999", 0));
        assert_eq!(digits.sum(), 99_999_999 * DigitSum::MAX_NUMBERS as u64);
    }
}
