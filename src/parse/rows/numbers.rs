//! The numbers of each line of a run, for counts with years.
//!
//! The cursors have found where the numbers of each line begin, and [noted](crate::parse::Emit::NEEDS_ROWS) it. So no
//! line waits for the one before: the processor works on several lines at once. Of the 16 bytes from the year on, one
//! bit mask tells where numbers end. `1822 TAB 23 TAB 1 LF`:
//!
//! ```text
//! byte         0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
//!              1   8   2   2 TAB   2   3 TAB   1  LF   A   r   t TAB   1   8
//! non_digits   .   .   .   .   1   .   .   1   .   1   1   1   1   1   .   .
//! ends         the three lowest bits: 4, 7 and 9
//!
//! year         bytes 0 to 3, always: other years take the full path
//! count        bytes 5 to 6: 8 bytes from byte 5 on, and a shift that drops all but the first two, see `DigitSum`
//! volumes      byte 8: likewise, 4 bytes. Year and volumes, of four digits each, become numbers together
//! ```
//!
//! The parser made the run, so its lines are well-formed, and we need not look what the separators are.

use wide::u8x16;

use crate::parse::digits::{DigitSum, four_digits};
use crate::parse::rows::columns::Columns;
use crate::parse::run::Run;

/// The number of bytes that [`parse_fast`] reads: it classifies 16, and loads 4 from any of them on.
const FAST_BYTES: usize = 20;

/// The year, match_count and volume_count of each line of a run. The run's [rows](Run::rows) tell where they begin.
#[inline]
pub(crate) fn numbers<C: Columns>(run: &Run<'_>) -> impl Iterator<Item = [u64; 3]> {
    let text = run.at.text;
    run.rows.iter().map(move |&row| {
        let text = &text[row..];
        text.first_chunk().and_then(parse_fast::<C>).unwrap_or_else(|| parse_full::<C>(text))
    })
}

/// The year, match_count and volume_count at the beginning of `bytes`. The volume_count is 0 if nobody asks for it.
/// `None` for a year that has not four digits, for more than 8 digits of the match_count or 4 of the volume_count, and
/// if the last number asked for does not end among 16 bytes.
#[inline]
fn parse_fast<C: Columns>(bytes: &[u8; FAST_BYTES]) -> Option<[u64; 3]> {
    const YEAR_DIGITS: usize = 4;
    let (Some(1), 2) = (C::YEAR, C::COUNTED) else { return None };
    let digits = u8x16::new(*bytes.first_chunk()?) - u8x16::splat(b'0');
    let mut non_digits = digits.max(u8x16::splat(10)).simd_eq(digits).to_bitmask();
    // The ends of the numbers up to the last one asked for; 32 where there is none among the 16 bytes.
    let mut ends = [0; 4];
    for end in &mut ends[..C::VOLUMES.unwrap_or(C::COUNTED)] {
        *end = non_digits.trailing_zeros() as usize;
        non_digits &= non_digits.wrapping_sub(1);
    }
    let count_digits = ends[1].wrapping_sub(YEAR_DIGITS + 1);
    if ends[0] != YEAR_DIGITS || count_digits > 8 {
        return None;
    }
    let (mut volume_bytes, mut volume_shift) = (*b"0000", 0);
    if let Some(volumes) = C::VOLUMES {
        let [begin, end] = [ends[volumes - 2] + 1, ends[volumes - 1]];
        if end >= 16 || end.wrapping_sub(begin) > 4 {
            return None;
        }
        volume_bytes = *bytes.get(begin..)?.first_chunk()?;
        volume_shift = 32 - 8 * (end - begin) as u32;
    }
    let mut count = DigitSum::default();
    count.add(*bytes[YEAR_DIGITS + 1..].first_chunk()?, 64 - 8 * count_digits as u32);
    let [year, volumes] = four_digits([*bytes.first_chunk()?, volume_bytes], [0, volume_shift]);
    Some([year, count.sum(), volumes])
}

/// As [`parse_fast`], of any length.
#[cold]
fn parse_full<C: Columns>(text: &[u8]) -> [u64; 3] {
    // The first is the ngram.
    let mut numbers = [0_u64; 8];
    let mut at = 0;
    for number in &mut numbers[1..C::NAMES.len()] {
        while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            // No number of a well-formed line passes 2^64-1.
            *number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            at += 1;
        }
        at += 1;
    }
    let number = |index: Option<usize>| index.map_or(0, |index| numbers[index]);
    [number(C::YEAR), numbers[C::COUNTED], number(C::VOLUMES)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parse::rows::columns::{V1, V2, WithoutVolumes};
    use crate::text_slice::TextSlice;

    /// The numbers of a run of lines, each given behind its ngram, and whether CR LF ends it.
    fn rows<C: Columns>(lines: &[(String, bool)], behind: &str) -> Vec<[u64; 3]> {
        let (mut text, mut rows) = (String::new(), Vec::new());
        for (line, has_cr) in lines {
            text.push_str("the\t");
            rows.push(text.len());
            text.push_str(line);
            text.push_str(if *has_cr { "\r\n" } else { "\n" });
        }
        let end = text.len();
        text.push_str(behind);
        // The last line of a text may lack its LF.
        let text = if behind.is_empty() { text.trim_end() } else { &text };
        let at = TextSlice::new(text.as_bytes(), 0, 3);
        numbers::<C>(&Run { at, end: end.min(text.len()), count: None, rows: &rows }).collect()
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_the_lines(
            lines in prop::collection::vec((any::<u64>(), 0_u32..64, any::<u64>(), 0_u32..64, any::<u64>(), 0_u32..64, 0_usize..6, any::<bool>()), 1..9),
            is_usual: bool,
            behind in prop::sample::select(vec!["", "then\t1999\t1\t1\t1\n", "0", "\n\n"]),
        ) {
            let lines = lines.into_iter().map(|(year, year_shift, count, count_shift, volumes, shift, zeros, has_cr)| {
                let year = if is_usual { year % 10_000 } else { year >> year_shift };
                let [count, volumes] = if is_usual { [count % 1000, volumes % 100] } else { [count >> count_shift, volumes >> shift] };
                (year, count, volumes, zeros, has_cr)
            });
            let lines: Vec<_> = lines.collect();
            let expected: Vec<_> = lines.iter().map(|&(year, count, volumes, ..)| [year, count, volumes]).collect();
            let v2: Vec<_> = lines.iter().map(|&(year, count, volumes, zeros, has_cr)| {
                (format!("{year:04}\t{count:0zeros$}\t{volumes:0zeros$}"), has_cr)
            }).collect();
            let no_volumes: Vec<_> = expected.iter().map(|&[year, count, _]| [year, count, 0]).collect();
            prop_assert_eq!(&rows::<V2>(&v2, behind), &expected);
            prop_assert_eq!(&rows::<WithoutVolumes<V2>>(&v2, behind), &no_volumes);
            let v1: Vec<_> = lines.iter().map(|&(year, count, volumes, zeros, has_cr)| {
                (format!("{year:04}\t{count:0zeros$}\t{zeros}\t{volumes:0zeros$}"), has_cr)
            }).collect();
            prop_assert_eq!(&rows::<V1>(&v1, behind), &expected);
            prop_assert_eq!(&rows::<WithoutVolumes<V1>>(&v1, behind), &no_volumes);
        }
    }
}
