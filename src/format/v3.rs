//! Version 20200217: one line for each ngram, with all its years in it, `year,match_count,volume_count` each.
//!
//! A line may have hundreds of years, so what is taken at once here is a year's three numbers: sixteen bytes mostly hold
//! them ([`quick`]); those that they don't hold, and all that is not right, go through [`whole`].

use memchr::{memchr, memchr2};

use super::Malformed;
use super::digits::{Digits, Places, number};
use super::layout::{Layout, layouts};
use super::run::{Emit, Run};
use super::wanted::Wanted;
use crate::error::Result;
use crate::ledger::ChunkReport;

const NAMES: &[&str] = &["year", "match_count", "volume_count"];
static LAYOUTS: [Layout; 1 << 16] = layouts(NAMES.len(), 1);

/// See [`super::Format::map`].
pub(super) fn map<W: Wanted>(
    chunk: &[u8],
    wanted: W,
    skip_malformed: bool,
    report: &mut ChunkReport,
    emit: &mut impl Emit,
) -> Result<()> {
    let mut start = 0;
    while start < chunk.len() {
        let text = &chunk[start..];
        let len = match memchr2(b'\t', b'\n', text) {
            Some(len) if text[len] == b'\t' => len,
            end => {
                let end = end.unwrap_or(text.len());
                match &text[..end] {
                    b"" | b"\r" => report.lines += 1,
                    _ => report.malformed(Malformed::Fields {
                        expected: &["ngram", "year,match_count,volume_count ..."],
                        found: 1,
                    }),
                }
                start += end + 1;
                if report.malformed > 0 && !skip_malformed {
                    break;
                }
                continue;
            }
        };
        match line(chunk, start + len + 1, wanted) {
            Ok(Line { end, count, is_wanted }) => {
                report.lines += 1;
                report.rows += 1;
                if is_wanted {
                    emit.emit(Run { text: chunk, start, len, end, count })?;
                }
                start = end;
            }
            Err(reason) => {
                report.malformed(reason);
                if !skip_malformed {
                    break;
                }
                start = memchr(b'\n', text).map_or(chunk.len(), |place| start + place + 1);
            }
        }
    }
    Ok(())
}

/// A line that is as it should be.
struct Line {
    /// Where the next one begins.
    end: usize,
    /// Of the years that are wanted; `None` where it passes 2^64-1.
    count: Option<u64>,
    is_wanted: bool,
}

/// The numbers of an ngram, which begin at `at`.
fn line<W: Wanted>(text: &[u8], mut at: usize, wanted: W) -> std::result::Result<Line, Malformed> {
    let (mut count, mut kept) = (Some(0_u64), 0);
    loop {
        let mut digits = Digits::default();
        let mut is_over = false;
        for _ in 0..Digits::MOST {
            let Some(rest) = text.get(at..).and_then(|text| text.first_chunk()) else { break };
            let Some((len, ends_line)) = quick(rest, wanted, &mut digits, &mut kept) else { break };
            at += len;
            if ends_line {
                is_over = true;
                break;
            }
        }
        count = count.and_then(|count| count.checked_add(digits.sum()));
        if !is_over {
            let year = whole(&text[at..])?;
            at += year.len;
            is_over = year.ends_line;
            if wanted.contains(year.number) {
                kept += 1;
                count = count.and_then(|count| count.checked_add(year.count));
            }
        }
        if is_over {
            return Ok(Line { end: at, count, is_wanted: kept > 0 });
        }
    }
}

/// How many bytes [`quick`] wants to see: the 16 that it looks at, and a load of 8 from each of them.
const QUICK: usize = 24;

/// Adds the count of the year that `rest` begins with to `digits`, and one to `kept`, if it is wanted; returns its length
/// with what ends it, and whether that is the line's end. `None` where 16 bytes don't hold it, or anything about it is
/// unusual.
#[inline]
fn quick<W: Wanted>(rest: &[u8; QUICK], wanted: W, digits: &mut Digits, kept: &mut u64) -> Option<(usize, bool)> {
    let places = Places::of(rest.first_chunk()?);
    let ends = places.tabs | places.line_feeds;
    // All bits up to that of the end, and that bit; where there is none among the 16, one that none of them has.
    let year = ends ^ ends.wrapping_sub(1);
    if (places.non_digits ^ places.commas) & year != year ^ year >> 1 {
        return None;
    }
    let layout = LAYOUTS[usize::from((places.non_digits & year) as u16)];
    if layout == Layout::NONE {
        return None;
    }
    let (from, unused) = layout.counted();
    let counted = *rest.get(from..)?.first_chunk()?;
    if W::ALL {
        digits.add(counted, unused);
        *kept += 1;
    } else {
        if places.non_digits.trailing_zeros() != 4 {
            return None;
        }
        let is_wanted = wanted.quick(*rest.first_chunk()?);
        digits.add_if(counted, unused, is_wanted);
        *kept += u64::from(is_wanted);
    }
    let end = ends.trailing_zeros();
    Some((end as usize + 1, places.line_feeds >> end & 1 == 1))
}

/// The numbers of a year.
struct Year {
    /// Which one; 2^64-1 where it passes that.
    number: u64,
    count: u64,
    volumes: u64,
    /// How many bytes it takes, with what ends it.
    len: usize,
    ends_line: bool,
}

/// The year that `text` begins with, whatever it holds.
#[cold]
fn whole(text: &[u8]) -> std::result::Result<Year, Malformed> {
    let end = memchr2(b'\t', b'\n', text);
    let (field, len) = end.map_or((text, text.len()), |end| (&text[..end], end + 1));
    let ends_line = end.is_none_or(|end| text[end] == b'\n');
    let field = field.strip_suffix(b"\r").filter(|_| ends_line).unwrap_or(field);
    let found = field.split(|&byte| byte == b',').count();
    if found != NAMES.len() {
        return Err(Malformed::Year { found: field.to_vec() });
    }
    let mut numbers = [0; 3];
    for ((parsed, text), &name) in numbers.iter_mut().zip(field.split(|&byte| byte == b',')).zip(NAMES) {
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return Err(Malformed::Number { field: name, found: text.to_vec() });
        }
        *parsed = match number(text) {
            Some(number) => number,
            None if name == NAMES[0] => u64::MAX,
            None => return Err(Malformed::TooLarge { field: name, found: text.to_vec() }),
        };
    }
    let [number, count, volumes] = numbers;
    Ok(Year { number, count, volumes, len, ends_line })
}

/// The year, match_count and volume_count of each year of a run.
pub(super) fn rows(run: &Run<'_>, mut each: impl FnMut(u64, u64, u64)) {
    let mut text = &run.lines()[run.len + 1..];
    while let Ok(Year { number, count, volumes, len, ends_line }) = whole(text) {
        each(number, count, volumes);
        text = &text[len..];
        if ends_line {
            break;
        }
    }
}
