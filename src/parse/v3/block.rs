//! Years of version 20200217, `year,match_count,volume_count` and what ends them, several at a time.
//!
//! Where a year begins is known only when the one before has been found to end. So the ends are told for some vectors
//! together, and what is between one year and the next is a step from bit to bit, not a load of bytes and all that is
//! done to them.

use wide::u8x16;

use crate::parse::layout::{Layout, layouts, locate_count};

/// How many vectors of 16 bytes there are in a block.
const VECTORS: usize = 4;
/// So many years are taken from a block at most: they mostly fit, and a fixed number can be foreseen.
pub(crate) const MAX_YEARS: usize = 5;
/// How many bytes a block is made of.
pub(crate) const BLOCK_LEN: usize = 16 * VECTORS;

/// How many numbers a year has.
const NUMBERS: usize = 3;
/// Which of them is counted.
const COUNTED: usize = 1;
static LAYOUTS: [Layout; 1 << 16] = layouts(NUMBERS, COUNTED);

/// What the bytes of a block are, a bit for each: bit i stands for byte i.
pub(crate) struct Block {
    non_digits: u64,
    line_feeds: u64,
    /// TABs and LFs that have not been passed.
    ends: u64,
    /// What is neither digit nor comma nor end.
    other: u64,
    /// Where the next year begins.
    begin: u32,
}

/// Where the numbers of a year are in their block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct YearFields {
    /// The year's first byte.
    pub(crate) begin: usize,
    /// The first byte of the match_count, from `begin` on, and 64 less 8 for each of its digits.
    pub(crate) count: (usize, u32),
    /// How many digits the year's number has.
    pub(crate) year: u32,
    /// Behind what ends the year.
    pub(crate) end: usize,
    /// Whether that is the line's end.
    pub(crate) ends_line: bool,
}

impl Block {
    #[inline]
    pub(crate) fn new(bytes: &[u8; BLOCK_LEN]) -> Self {
        let (vectors, _) = bytes.as_chunks::<16>();
        let mut block = Self { non_digits: 0, line_feeds: 0, ends: 0, other: 0, begin: 0 };
        let mut commas = 0;
        for (number, bytes) in vectors.iter().enumerate() {
            let bytes = u8x16::new(*bytes);
            let is = |byte| bytes.simd_eq(u8x16::splat(byte));
            let bits = |vector: u8x16| u64::from(vector.to_bitmask()) << (16 * number);
            // '0'..='9' become 0..=9 and all others, by wrapping, 10 or more.
            let values = bytes - u8x16::splat(b'0');
            block.non_digits |= bits(values.max(u8x16::splat(10)).simd_eq(values));
            block.line_feeds |= bits(is(b'\n'));
            block.ends |= bits(is(b'\t') | is(b'\n'));
            commas |= bits(is(b','));
        }
        block.other = block.non_digits ^ block.ends ^ commas;
        block
    }

    /// The next year; `None` where it is not all in the block, or not three numbers with commas between them, a
    /// match_count of up to eight digits, and a year and a volume_count of up to [`SAFE_DIGITS`].
    #[inline]
    pub(crate) fn year(&mut self) -> Option<YearFields> {
        if self.ends == 0 {
            return None;
        }
        // All bits up to that of the end, and that bit.
        let year = self.ends ^ (self.ends - 1);
        if self.other & year != 0 {
            return None;
        }
        let separators = (self.non_digits & year) >> self.begin;
        let count = if separators < 1 << 16 {
            let layout = LAYOUTS[separators as usize];
            (layout != Layout::NONE).then(|| layout.counted())
        } else {
            locate_long_count(separators)
        }?;
        let end = self.ends.trailing_zeros();
        let place = YearFields {
            begin: self.begin as usize,
            count,
            year: separators.trailing_zeros(),
            end: end as usize + 1,
            ends_line: self.line_feeds >> end & 1 == 1,
        };
        self.begin = end + 1;
        self.ends &= self.ends - 1;
        Some(place)
    }
}

/// Where the match_count is in a year of more than 16 bytes. `None` also where the year or the volume_count has so many
/// digits that it may pass 2^64-1: the full parser decides about those.
#[cold]
fn locate_long_count(separators: u64) -> Option<(usize, u32)> {
    if !are_safe(separators) {
        return None;
    }
    locate_count(separators as usize, NUMBERS, COUNTED).map(|(begin, digits)| (begin, 64 - 8 * digits as u32))
}

/// A number of so many digits is at most 10^19-1, which is less than 2^64.
const SAFE_DIGITS: u32 = 19;

/// Whether each of the numbers that end at the bits of `separators` has at most [`SAFE_DIGITS`] digits.
fn are_safe(mut separators: u64) -> bool {
    let mut begin = 0;
    while separators != 0 {
        let end = separators.trailing_zeros();
        if end - begin > SAFE_DIGITS {
            return false;
        }
        begin = end + 1;
        separators &= separators - 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The fields of a block's years, told the slow way.
    fn naive(text: &[u8]) -> Vec<YearFields> {
        let (mut found, mut begin) = (Vec::new(), 0);
        for line in text.split_inclusive(|byte| b"\t\n".contains(byte)) {
            let Some((last, year)) = line.split_last() else { break };
            let fields: Vec<&[u8]> = year.split(|&byte| byte == b',').collect();
            let are_numbers = fields.iter().all(|field| !field.is_empty() && field.iter().all(u8::is_ascii_digit));
            let is_safe = fields.iter().all(|field| field.len() <= SAFE_DIGITS as usize);
            if fields.len() != 3 || !are_numbers || !is_safe || fields[1].len() > 8 || !b"\t\n".contains(last) {
                break;
            }
            let end = begin + line.len();
            found.push(YearFields {
                begin,
                count: (fields[0].len() + 1, 64 - 8 * fields[1].len() as u32),
                year: fields[0].len() as u32,
                end,
                ends_line: *last == b'\n',
            });
            begin = end;
        }
        found
    }

    proptest! {
        #[test]
        fn years_are_where_they_are(text in "(([0-9]{1,5}|[0-9]{17,22}),[0-9]{1,9},[0-9]{1,30}[\t\n]|[0-9,\t\nx\r]){64}") {
            let bytes = text.as_bytes().first_chunk().expect("64 repeats");
            let mut block = Block::new(bytes);
            let found: Vec<YearFields> = std::iter::from_fn(|| block.year()).collect();
            prop_assert_eq!(found, naive(bytes));
        }
    }
}
