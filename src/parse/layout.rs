//! `Layout`: the position of the counted number in a line, by a table lookup with the positions of the separators.
//!
//! The separators among 16 bytes are a pattern of 16 bits. A table has the layout of each of the 65,536 patterns:
//!
//! ```text
//! bytes         1  8  2  2 TAB 2  3 TAB 1 LF          (version 20120701, behind the ngram)
//! bit           0  1  2  3  4  5  6  7  8  9
//! separators                1        1     1          0b10_1001_0000
//! LAYOUTS[..]   the count begins at byte 5 and has 2 digits
//! ```
//!
//! One load from the table checks that the line has the right number of fields and none of them is empty, and finds the
//! count. Without a table, the same takes a bit count and some shifts and compares: 6.2 ns for a row of v2 instead of
//! 4.8 ns, and with `--years` 8.8 ns instead of 5.9 ns (parsing alone, one thread, the best of 60 rounds over a million
//! rows of Google's).
//!
//! There are four tables of 128 KiB, one for each of v1, v2, v3 and counts. The compiler makes them, and they take half
//! a MiB of the binary. The processor's caches hold little of a table: in v2, 276 patterns are lines, a million rows of
//! Google's have 13 of them, and 13 cache lines hold these.

/// The position of the counted number among 16 bytes, or [`Layout::NONE`] for a malformed or unusual line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout(u16);

impl Layout {
    /// The pattern has too many or too few fields, an empty one, or a count of more than eight digits.
    pub(super) const NONE: Self = Self(u16::MAX);

    /// The offset of the counted number, 0 to 15, and its shift for [`super::digits::DigitSum::add`]: 64 minus 8 for
    /// each digit.
    #[inline]
    pub(super) fn count(self) -> (usize, u32) {
        debug_assert!(self != Self::NONE, "a line without a layout has no count");
        (usize::from(self.0 & 15), u32::from(self.0 >> 4) & 63)
    }
}

/// The layouts of all patterns, for lines of `numbers` numbers. `counted` is the index of the counted number, from 0.
#[expect(clippy::large_stack_arrays, reason = "made by the compiler, for a static")]
pub(super) const fn layouts(numbers: usize, counted: usize) -> [Layout; 1 << 16] {
    let mut layouts = [Layout::NONE; 1 << 16];
    let mut pattern = 0_usize;
    while pattern < layouts.len() {
        layouts[pattern] = layout(pattern, numbers, counted);
        pattern += 1;
    }
    layouts
}

const fn layout(pattern: usize, numbers: usize, counted: usize) -> Layout {
    match locate_count(pattern, numbers, counted) {
        Some((begin, digits)) => Layout((begin | (64 - 8 * digits) << 4) as u16),
        None => Layout::NONE,
    }
}

/// The offset and the number of digits, 1 to 8, of number `counted` (from 0). Numbers end at the bits of `pattern`.
/// `None` if there are not exactly `numbers` numbers, one of them is empty, or the counted one has more digits.
pub(super) const fn locate_count(pattern: usize, numbers: usize, counted: usize) -> Option<(usize, usize)> {
    if pattern.count_ones() as usize != numbers {
        return None;
    }
    let (mut left, mut begin, mut number, mut count) = (pattern, 0, 0, None);
    while left != 0 {
        let end = left.trailing_zeros() as usize;
        if end == begin || (number == counted && end - begin > 8) {
            return None;
        }
        if number == counted {
            count = Some((begin, end - begin));
        }
        begin = end + 1;
        number += 1;
        left &= left - 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counted_number_is_where_the_separators_say() {
        // 1822 TAB 23 TAB 1 LF
        assert_eq!(layout(0b10_1001_0000, 3, 1).count(), (5, 48));
        assert_eq!(layout(0b10_1001_0000, 3, 0).count(), (0, 32));
        assert_eq!(layout(0b10_1001_0000, 3, 2).count(), (8, 56));
        // Too few fields, too many, an empty one at the beginning and in the middle, and nine digits.
        for (pattern, numbers) in [(0b10_1001_0000, 4), (0b10_1001_0000, 2), (0b10_1000_0001, 3), (0b1100_1000, 3)] {
            assert_eq!(layout(pattern, numbers, 1), Layout::NONE, "{pattern:b}");
        }
        assert_eq!(layout(0b10_1000_0000_0010, 3, 1), Layout::NONE);
    }
}
