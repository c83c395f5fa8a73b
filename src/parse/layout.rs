//! Where the counted number is, told from where the separators are: a table instead of a search in each line.
//!
//! The separators of a line's numbers, as far as 16 bytes hold them, are a pattern of 16 bits. Of the 65,536 patterns,
//! few are lines, and of these a handful occurs: they stay in the nearest cache.

/// Where in the 16 bytes the counted number begins, and how long it is; or that this is no line, or not a simple one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout(u16);

impl Layout {
    /// Not a line with the right number of fields, none of them empty, and a count of at most eight digits.
    pub(super) const NONE: Self = Self(u16::MAX);

    /// The first byte of the counted number, 0 to 15, and 64 less 8 for each of its digits.
    #[inline]
    pub(super) fn counted(self) -> (usize, u32) {
        (usize::from(self.0 & 15), u32::from(self.0 >> 4) & 63)
    }
}

/// The layout of each pattern of separators, for lines of so many `numbers`, of which number `counted` (from 0) counts.
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

/// Where number `counted` begins among `numbers` numbers that end at the bits of `pattern`, and how many digits it has, 1
/// to 8. `None` if they are more or fewer numbers, one of them is empty, or the counted one is longer.
pub(super) const fn locate_count(pattern: usize, numbers: usize, counted: usize) -> Option<(usize, usize)> {
    if pattern.count_ones() as usize != numbers {
        return None;
    }
    let (mut left, mut begin, mut number, mut place) = (pattern, 0, 0, None);
    while left != 0 {
        let end = left.trailing_zeros() as usize;
        if end == begin || (number == counted && end - begin > 8) {
            return None;
        }
        if number == counted {
            place = Some((begin, end - begin));
        }
        begin = end + 1;
        number += 1;
        left &= left - 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counted_number_is_where_the_separators_say() {
        // 1822 TAB 23 TAB 1 LF
        assert_eq!(layout(0b10_1001_0000, 3, 1).counted(), (5, 48));
        assert_eq!(layout(0b10_1001_0000, 3, 0).counted(), (0, 32));
        assert_eq!(layout(0b10_1001_0000, 3, 2).counted(), (8, 56));
        // Too few fields, too many, an empty one at the beginning and in the middle, and nine digits.
        for (pattern, numbers) in [(0b10_1001_0000, 4), (0b10_1001_0000, 2), (0b10_1000_0001, 3), (0b1100_1000, 3)] {
            assert_eq!(layout(pattern, numbers, 1), Layout::NONE, "{pattern:b}");
        }
        assert_eq!(layout(0b10_1000_0000_0010, 3, 1), Layout::NONE);
    }
}
