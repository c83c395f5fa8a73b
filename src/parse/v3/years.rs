//! The numbers of each year of a run, for counts with years: a second pass over the blocks of a line, as
//! [`super::parse`] makes over those of all lines.

use super::block::Block;
use super::{FAST_BYTES, ParsedYear, parse_full};
use crate::parse::digits::{DigitSum, four_digits};
use crate::parse::run::Run;
use crate::parse::v3::block::YearFields;

/// Calls `each` with the year, match_count and volume_count of each year of a run. The parser made the run, so its line
/// is well-formed.
pub(crate) fn each_year(run: &Run<'_>, mut each: impl FnMut([u64; 3])) {
    let (text, mut at) = (run.at.text, run.at.end() + 1);
    while at < run.end {
        let start = at;
        if let Some(bytes) = text[at..].first_chunk() {
            let Some(block) = bytes.first_chunk() else { return };
            let mut block = Block::new(block);
            while let Some(fields) = block.year()
                && let Some(year) = numbers(bytes, &fields)
            {
                each(year);
                at = start + fields.end;
                if fields.ends_line {
                    return;
                }
            }
        }
        if at == start {
            let Ok(ParsedYear { number, count, volumes, len, ends_line }) = parse_full(&text[at..]) else {
                debug_assert!(false, "a run holds well-formed lines only");
                return;
            };
            each([number, count, volumes]);
            at += len;
            debug_assert_eq!(ends_line, at == run.end, "a run is one line");
        }
    }
}

/// The year, match_count and volume_count of a year. `None` for a year that has not four digits, and for more than four
/// of the volume_count.
#[inline]
fn numbers(bytes: &[u8; FAST_BYTES], fields: &YearFields) -> Option<[u64; 3]> {
    let bytes = bytes.get(fields.begin..)?;
    let (begin, shift) = fields.count;
    // Behind the count and its comma.
    let volumes = begin + (u64::BITS - shift) as usize / 8 + 1;
    let volume_digits = (fields.end - 1 - fields.begin).wrapping_sub(volumes);
    if fields.year_digits != 4 || volume_digits > 4 {
        return None;
    }
    let mut count = DigitSum::default();
    count.add(*bytes.get(begin..)?.first_chunk()?, shift);
    let places = [*bytes.first_chunk()?, *bytes.get(volumes..)?.first_chunk()?];
    let [year, volumes] = four_digits(places, [0, 32 - 8 * volume_digits as u32]);
    Some([year, count.sum(), volumes])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text_slice::TextSlice;

    proptest! {
        #[test]
        fn numbers_are_those_of_the_line(
            years in prop::collection::vec((any::<[u64; 3]>(), any::<[u8; 3]>(), 0_usize..6), 1..40),
            are_usual: bool,
            end in prop::sample::select(vec!["", "\n", "\r\n", "\nthe\t1999,1,1\n", "\n\n"]),
            behind in 0_usize..90,
        ) {
            let years = years.into_iter().map(|([year, count, volumes], shifts, zeros)| {
                let numbers = if are_usual {
                    [year % 10_000, count % 1000, volumes % 100]
                } else {
                    [year >> (shifts[0] % 64), count >> (shifts[1] % 64), volumes >> (shifts[2] % 64)]
                };
                (numbers, zeros)
            });
            let years: Vec<_> = years.collect();
            let written = years.iter().map(|([year, count, volumes], zeros)| {
                format!("\t{year:04},{count:0zeros$},{volumes:0zeros$}")
            });
            let mut text = "the".to_owned() + &written.collect::<String>();
            let line_end = text.len() + end.find('\n').map_or(0, |place| place + 1);
            text.push_str(end);
            if !end.is_empty() {
                text.push_str(&"x".repeat(behind));
            }
            let at = TextSlice::new(text.as_bytes(), 0, 3);
            let mut found = Vec::new();
            each_year(&Run { at, end: line_end, count: None, rows: &[] }, |year| found.push(year));
            prop_assert_eq!(found, years.into_iter().map(|(numbers, _)| numbers).collect::<Vec<_>>());
        }
    }
}
