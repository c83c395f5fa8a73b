//! Decimal numbers: bit masks of the separators among 16 bytes, and sums of digits, eight at a time.

use wide::u8x16;

use crate::parse::malformed::Malformed;

/// The classes of 16 bytes, as bit masks. Bit i stands for byte i; the upper 16 bits are 0.
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
        // Digits become 0..=9. All other bytes become 10 or more, as the subtraction wraps around.
        let values = bytes - u8x16::splat(b'0');
        Self {
            non_digits: values.max(u8x16::splat(10)).simd_eq(values).to_bitmask(),
            tabs: bytes.simd_eq(u8x16::splat(b'\t')).to_bitmask(),
            line_feeds: bytes.simd_eq(u8x16::splat(b'\n')).to_bitmask(),
        }
    }
}

/// A sum of numbers of up to eight digits. Each byte holds the sum of the digits of one power of ten: the last byte has
/// the ones, the byte before it the tens, and so on.
///
/// ```text
/// add(b"7 TAB 1 LF ...", shift 56)         8 bytes from the count on; the shift drops all but the first
/// add(b"23 TAB 1 LF ...", shift 48)        ... all but the first two
/// add(b"1822 TAB ...", shift 32)           ... all but the first four
///
/// byte          0  1  2  3  4  5  6  7     in memory; the last byte is the highest of the u64
/// 7             .  .  .  .  .  .  .  7
/// 23            .  .  .  .  .  .  2  3
/// 1822          .  .  .  .  1  8  2  2
/// sum           .  .  .  .  1  8  4 12     one addition of 64 bits for each number
///
/// sum()         1 * 1000 + 8 * 100 + 4 * 10 + 12 = 1852
/// ```
///
/// `sum` joins neighbours: bytes to pairs, pairs to fours, fours to the number. Up to [`DigitSum::MAX_NUMBERS`] numbers
/// thus need three multiplications in all.
///
/// In a million rows of Google's, three counts in four have one digit, and the others have up to six. A loop over the
/// digits would mispredict its end again and again.
///
/// Measured: joining the digits of each number separately takes 7.5 ns for a row of v2 instead of 5.0 ns, and 5.5 ns
/// for a year of v3 instead of 4.6 ns (parsing alone, one thread, the best of 60 rounds over a million rows of
/// Google's).
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct DigitSum(u64);

impl DigitSum {
    /// The number of numbers that fit: each adds at most 9 to a byte.
    pub(super) const MAX_NUMBERS: usize = 255 / 9;

    /// Adds the number of 1 to 8 digits at the beginning of `bytes`. `shift` is 64 minus 8 for each digit.
    #[inline]
    pub(super) fn add(&mut self, bytes: [u8; 8], shift: u32) {
        self.0 += Self::places(bytes, shift);
    }

    /// Adds the number if `is_kept`, by a mask: the processor would mispredict a branch wherever the years of a run
    /// leave the range.
    #[inline]
    pub(super) fn add_if(&mut self, bytes: [u8; 8], shift: u32, is_kept: bool) {
        self.0 += Self::places(bytes, shift) & 0_u64.wrapping_sub(u64::from(is_kept));
    }

    /// The digits of a number in the last bytes, with zeros before them.
    #[inline]
    fn places(bytes: [u8; 8], shift: u32) -> u64 {
        debug_assert!(shift < 64 && shift.is_multiple_of(8), "a number has 1 to 8 digits, not {}", (64 - shift) / 8);
        let digits = bytes.len() - shift as usize / 8;
        debug_assert!(bytes[..digits].iter().all(u8::is_ascii_digit), "{:?} are digits", &bytes[..digits]);
        (u64::from_le_bytes(bytes) ^ 0x3030_3030_3030_3030) << shift
    }

    /// The sum of the numbers.
    #[inline]
    pub(super) fn sum(self) -> u64 {
        const PAIRS: u64 = 0x00FF_00FF_00FF_00FF;
        const FOURS: u64 = 0x0000_FFFF_0000_FFFF;
        let pairs = (self.0 & PAIRS) * 10 + (self.0 >> 8 & PAIRS);
        let fours = (pairs & FOURS) * 100 + (pairs >> 16 & FOURS);
        (fours & 0xFFFF_FFFF) * 10_000 + (fours >> 32)
    }
}

/// Two numbers of 1 to 4 digits each, at the beginning of `bytes`. Each shift is 32 minus 8 for each digit. As in
/// [`DigitSum`], but the two stay apart.
#[inline]
pub(super) fn four_digits(bytes: [[u8; 4]; 2], shifts: [u32; 2]) -> [u64; 2] {
    const PAIRS: u64 = 0x00FF_00FF_00FF_00FF;
    const FOURS: u64 = 0x0000_FFFF_0000_FFFF;
    let places = |number: usize| {
        debug_assert!(shifts[number] < 32 && shifts[number].is_multiple_of(8), "a number has 1 to 4 digits");
        u64::from((u32::from_le_bytes(bytes[number]) ^ 0x3030_3030) << shifts[number])
    };
    let both = places(0) | places(1) << 32;
    let pairs = (both & PAIRS) * 10 + (both >> 8 & PAIRS);
    let fours = (pairs & FOURS) * 100 + (pairs >> 16 & FOURS);
    [fours & 0xFFFF_FFFF, fours >> 32]
}

/// The number in the field of this name, whatever stands in it.
///
/// # Errors
/// For other bytes than ASCII digits, for none, and for a number that passes 2^64-1.
pub(crate) fn parse_field(field: &'static str, text: &[u8]) -> Result<u64, Malformed> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return Err(Malformed::Number { field, found: text.to_vec() });
    }
    parse_number(text).ok_or_else(|| Malformed::TooLarge { field, found: text.to_vec() })
}

/// The number that ASCII digits of any length spell. `None` if it passes 2^64-1.
fn parse_number(digits: &[u8]) -> Option<u64> {
    debug_assert!(digits.iter().all(u8::is_ascii_digit), "the caller has looked at all bytes");
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
