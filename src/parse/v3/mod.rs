//! Version 20200217: one line for each ngram, with `year,match_count,volume_count` for each year.
//!
//! A line may have hundreds of years. So the inner loop parses blocks of 64 bytes, with up to five years from each:
//!
//! ```text
//! for each line:
//!     find the TAB behind the ngram
//!     until the line ends:
//!         load a block of 64 bytes           // see block.rs
//!         take up to 5 years from it, and add their counts digit by digit
//!         go on behind the last year taken
//! ```
//!
//! [`parse_full`] parses a year that crosses the end of its block or is unusual. It alone decides whether a year is
//! malformed.

pub(crate) mod block;
pub(crate) mod years;

use memchr::{memchr, memchr2};

use crate::parse::digits::{DigitSum, parse_field};
use crate::parse::malformed::Malformed;
use crate::parse::report::ChunkReport;
use crate::parse::run::{Emit, Run};
use crate::parse::v3::block::{BLOCK_LEN, Block, MAX_YEARS};
use crate::parse::year_filter::YearFilter;
use crate::text_slice::TextSlice;

const NAMES: &[&str] = &["year", "match_count", "volume_count"];

/// See [`crate::parse::Format::parse`].
pub(crate) fn parse<W: YearFilter>(
    chunk: &[u8],
    year_filter: W,
    skip_malformed: bool,
    report: &mut ChunkReport,
    sink: &mut impl Emit,
) {
    let mut start = 0;
    while start < chunk.len() {
        let text = &chunk[start..];
        let len = match memchr2(b'\t', b'\n', text) {
            Some(len) if text[len] == b'\t' => len,
            end => {
                let end = end.unwrap_or(text.len());
                match &text[..end] {
                    b"" | b"\r" => report.lines += 1,
                    _ => report.add_malformed(Malformed::Fields {
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
        match parse_line(chunk, start + len + 1, year_filter) {
            Ok(LineTotal { end, count, is_kept }) => {
                report.lines += 1;
                report.rows += 1;
                if is_kept {
                    debug_assert!(start + len < end && end <= chunk.len(), "a run lies within its text");
                    sink.emit(Run { at: TextSlice::new(chunk, start, len), end, count, rows: &[] });
                }
                start = end;
            }
            Err(reason) => {
                let end = memchr(b'\n', text).unwrap_or(text.len());
                // Hadoop Streaming makes a lone TAB of a blank line.
                if matches!(&text[..end], b"\t" | b"\t\r") {
                    report.lines += 1;
                } else {
                    report.add_malformed(reason);
                    if !skip_malformed {
                        break;
                    }
                }
                start += (end + 1).min(text.len());
            }
        }
    }
}

/// The totals of a well-formed line.
struct LineTotal {
    /// The offset of the next line.
    end: usize,
    /// The sum over the years that the year filter keeps. `None` if it passes 2^64-1.
    count: Option<u64>,
    /// Whether the year filter keeps any of the years.
    is_kept: bool,
}

/// Sums the years of a line. The first year begins at offset `at`.
fn parse_line<W: YearFilter>(text: &[u8], mut at: usize, year_filter: W) -> Result<LineTotal, Malformed> {
    let (mut count, mut kept) = (Some(0_u64), 0);
    loop {
        let (mut digits, mut is_over, mut is_unusual) = (DigitSum::default(), false, false);
        for _ in 0..DigitSum::MAX_NUMBERS / MAX_YEARS {
            let Some(bytes) = text.get(at..).and_then(|text| text.first_chunk()) else {
                is_unusual = true;
                break;
            };
            let taken = parse_fast(bytes, year_filter, &mut digits, &mut kept);
            at += taken.len;
            (is_over, is_unusual) = (taken.ends_line, taken.len == 0);
            if is_over || is_unusual {
                break;
            }
        }
        debug_assert!(at <= text.len(), "years lie within the text");
        count = count.and_then(|count| count.checked_add(digits.sum()));
        if is_unusual {
            let year = parse_full(&text[at..])?;
            at += year.len;
            is_over = year.ends_line;
            if year_filter.contains(year.number) {
                kept += 1;
                count = count.and_then(|count| count.checked_add(year.count));
            }
        }
        if is_over {
            return Ok(LineTotal { end: at, count, is_kept: kept > 0 });
        }
    }
}

/// The number of bytes that [`parse_fast`] reads: it classifies a block, and loads 8 bytes from any of its bytes on.
const FAST_BYTES: usize = BLOCK_LEN + 8;

/// The years that [`parse_fast`] has taken.
struct FastYears {
    /// The length of the years in bytes. 0 if the first year is unusual.
    len: usize,
    /// Whether the last of the years ends the line.
    ends_line: bool,
}

/// Takes up to [`MAX_YEARS`] years. Adds the counts of those that the year filter keeps to `digits`, and their number
/// to `kept`.
#[inline]
fn parse_fast<W: YearFilter>(
    bytes: &[u8; FAST_BYTES],
    year_filter: W,
    digits: &mut DigitSum,
    kept: &mut u64,
) -> FastYears {
    let mut taken = FastYears { len: 0, ends_line: false };
    let Some(block) = bytes.first_chunk() else { return taken };
    let mut block = Block::new(block);
    for _ in 0..MAX_YEARS {
        let Some(fields) = block.year() else { return taken };
        let (begin, shift) = fields.count;
        let Some(count) = bytes.get(fields.begin + begin..).and_then(|bytes| bytes.first_chunk()) else { return taken };
        if W::ALL {
            digits.add(*count, shift);
            *kept += 1;
        } else {
            let year = bytes.get(fields.begin..).and_then(|bytes| bytes.first_chunk());
            let Some(year) = year.filter(|_| fields.year_digits == 4) else { return taken };
            let is_kept = year_filter.contains_digits(*year);
            digits.add_if(*count, shift, is_kept);
            *kept += u64::from(is_kept);
        }
        taken.len = fields.end;
        if fields.ends_line {
            taken.ends_line = true;
            return taken;
        }
    }
    taken
}

/// A year with its numbers.
struct ParsedYear {
    number: u64,
    count: u64,
    volumes: u64,
    /// The length of the year in bytes, with the TAB or LF behind it.
    len: usize,
    /// Whether the year ends the line.
    ends_line: bool,
}

/// Parses the year at the beginning of `text`, well-formed or not.
#[cold]
fn parse_full(text: &[u8]) -> Result<ParsedYear, Malformed> {
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
        *parsed = parse_field(name, text)?;
    }
    let [number, count, volumes] = numbers;
    Ok(ParsedYear { number, count, volumes, len, ends_line })
}
