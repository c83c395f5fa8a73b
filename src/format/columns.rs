//! Lines of fields with a TAB between them: the ngram, then numbers.
//!
//! All lines of one ngram mostly stand together, some sixty in Google's files, so the loop goes by runs: it looks for the
//! ngram's end once, then compares, and adds the run to the table in one piece. Behind the ngram, 16 bytes nearly always
//! hold the rest of the line; they are taken as one vector ([`quick`]). Whatever does not fit there (long numbers, CR LF, the
//! last bytes of a chunk, anything malformed) goes through [`whole`], which alone decides what is right and what is not.

use memchr::{memchr, memchr2};
use wide::u8x16;

use super::Malformed;
use super::digits::{Digits, Places, number};
use super::layout::{Layout, layouts};
use crate::error::Result;
use crate::ledger::ChunkReport;

/// Where the map puts what it has read.
pub(crate) trait Emit {
    /// `count` more of the ngram `text[start..start + len]`. The text is given with it since whole-word loads may reach
    /// beyond the ngram's end.
    fn emit(&mut self, text: &[u8], start: usize, len: usize, count: u64) -> Result<()>;
}

/// The fields of a format.
pub(super) trait Columns {
    /// Their names; the first is the ngram.
    const NAMES: &'static [&'static str];
    /// Which of them is counted.
    const COUNTED: usize;
    /// Which of them is a year: a number of any length, as it is never added up.
    const YEAR: Option<usize>;
    /// What [`quick`] makes of each set of separators among 16 bytes.
    const LAYOUTS: &'static [Layout; 1 << 16];
}

/// Version 20120701.
pub(super) struct V2;
impl Columns for V2 {
    const NAMES: &'static [&'static str] = &["ngram", "year", "match_count", "volume_count"];
    const COUNTED: usize = 2;
    const YEAR: Option<usize> = Some(1);
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// Counts made before.
pub(super) struct Counts;
impl Columns for Counts {
    const NAMES: &'static [&'static str] = &["ngram", "count"];
    const COUNTED: usize = 1;
    const YEAR: Option<usize> = None;
    const LAYOUTS: &'static [Layout; 1 << 16] = &layouts(Self::NAMES.len() - 1, Self::COUNTED - 1);
}

/// How many bytes [`quick`] wants to see behind the ngram: the 16 that it looks at, and a load of 8 from each of them.
const QUICK: usize = 24;

/// See [`super::Format::map`].
pub(super) fn map<C: Columns>(
    chunk: &[u8],
    skip_malformed: bool,
    report: &mut ChunkReport,
    emit: &mut impl Emit,
) -> Result<()> {
    let mut at = 0;
    while at < chunk.len() {
        let line = match first::<C>(chunk, at) {
            Some(line) => line,
            None => match whole::<C>(chunk, at) {
                Whole::Line(line) => line,
                Whole::Blank { next } => {
                    report.lines += 1;
                    at = next;
                    continue;
                }
                Whole::Malformed { reason, next } => {
                    report.malformed(reason);
                    if !skip_malformed {
                        return Ok(());
                    }
                    at = next;
                    continue;
                }
            },
        };
        let mut run = Run { sum: line.count, lines: 1, next: line.next };
        follow::<C>(chunk, at, line.ngram, &mut run);
        report.lines += run.lines;
        report.rows += run.lines;
        emit.emit(chunk, at, line.ngram, run.sum)?;
        at = run.next;
    }
    Ok(())
}

/// A line that is as it should be.
struct Line {
    /// The ngram's length in bytes.
    ngram: usize,
    count: u64,
    /// Where the next line begins.
    next: usize,
}

/// Lines of one ngram, one after another.
struct Run {
    sum: u64,
    lines: u64,
    /// Where the first line behind the run begins.
    next: usize,
}

/// The line at `at`, unless it needs a closer look.
#[inline]
fn first<C: Columns>(chunk: &[u8], at: usize) -> Option<Line> {
    let ngram = ngram_len(&chunk[at..])?;
    let rest = chunk.get(at + ngram + 1..)?.first_chunk()?;
    let mut digits = Digits::default();
    let len = quick::<C>(rest, &mut digits)?;
    Some(Line { ngram, count: digits.sum(), next: at + ngram + 1 + len })
}

/// How many bytes there are before the first TAB, if it comes before the line's end.
#[inline]
fn ngram_len(text: &[u8]) -> Option<usize> {
    if let Some(bytes) = text.first_chunk::<16>() {
        let bytes = u8x16::new(*bytes);
        let tabs = bytes.simd_eq(u8x16::splat(b'\t')).to_bitmask();
        let ends = bytes.simd_eq(u8x16::splat(b'\n')).to_bitmask();
        if tabs | ends != 0 {
            let len = tabs.trailing_zeros();
            return (len < ends.trailing_zeros()).then_some(len as usize);
        }
    }
    let len = memchr2(b'\t', b'\n', text)?;
    (text[len] == b'\t').then_some(len)
}

/// Takes the lines that repeat the ngram of the line at `at` into `run`.
#[inline]
fn follow<C: Columns>(chunk: &[u8], at: usize, ngram: usize, run: &mut Run) {
    let prefix = ngram + 1;
    let Some(first) = chunk.get(at..at + prefix + QUICK) else { return };
    if let (0..=16, Some(bytes)) = (prefix, first.first_chunk()) {
        let key = u8x16::new(*bytes);
        let other = !0 << prefix;
        take_while::<C>(chunk, prefix, run, |line| {
            line.first_chunk().is_some_and(|bytes| key.simd_eq(u8x16::new(*bytes)).to_bitmask() | other == !0)
        });
    } else {
        take_while::<C>(chunk, prefix, run, |line| line[..prefix] == first[..prefix]);
    }
}

#[inline]
fn take_while<C: Columns>(chunk: &[u8], prefix: usize, run: &mut Run, same: impl Fn(&[u8]) -> bool) {
    loop {
        let (mut next, mut digits, mut lines) = (run.next, Digits::default(), 0);
        while lines < Digits::MOST
            && let Some(line) = chunk.get(next..next + prefix + QUICK)
            && same(line)
            && let Some(rest) = line[prefix..].first_chunk()
            && let Some(len) = quick::<C>(rest, &mut digits)
        {
            next += prefix + len;
            lines += 1;
        }
        // A sum that is too large is left for the table, which knows how to say so.
        let Some(sum) = run.sum.checked_add(digits.sum()) else { return };
        *run = Run { sum, lines: run.lines + lines as u64, next };
        if lines < Digits::MOST {
            return;
        }
    }
}

/// Adds the count of a line of which `rest` is what stands behind its ngram to `digits`, and returns the length of that
/// with its LF; where 16 bytes hold all of it, and nothing about it is unusual.
#[inline]
fn quick<C: Columns>(rest: &[u8; QUICK], digits: &mut Digits) -> Option<usize> {
    let places = Places::of(rest.first_chunk()?);
    // All bits up to that of the LF, and that bit; where there is no LF among the 16, one that none of them has.
    let line = places.line_feeds ^ places.line_feeds.wrapping_sub(1);
    let end = line ^ line >> 1;
    if (places.non_digits ^ places.tabs) & line != end {
        return None;
    }
    let layout = C::LAYOUTS[usize::from((places.non_digits & line) as u16)];
    if layout == Layout::NONE {
        return None;
    }
    let (from, unused) = layout.counted();
    digits.add(*rest.get(from..)?.first_chunk()?, unused);
    Some(end.trailing_zeros() as usize + 1)
}

/// What [`whole`] makes of a line; `next` is where the next one begins.
enum Whole {
    Line(Line),
    Blank { next: usize },
    Malformed { reason: Malformed, next: usize },
}

/// The line at `at`, whatever it holds.
#[cold]
fn whole<C: Columns>(chunk: &[u8], at: usize) -> Whole {
    let text = &chunk[at..];
    let (line, next) = match memchr(b'\n', text) {
        Some(len) => (&text[..len], at + len + 1),
        None => (text, chunk.len()),
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Whole::Blank { next };
    }
    match parse::<C>(line) {
        Ok((ngram, count)) => Whole::Line(Line { ngram, count, next }),
        Err(reason) => Whole::Malformed { reason, next },
    }
}

/// The ngram's length and the count of a line without its end.
fn parse<C: Columns>(line: &[u8]) -> std::result::Result<(usize, u64), Malformed> {
    let found = line.split(|&byte| byte == b'\t').count();
    if found != C::NAMES.len() {
        return Err(Malformed::Fields { expected: C::NAMES, found });
    }
    let (mut ngram, mut count) = (0, 0);
    for (index, text) in line.split(|&byte| byte == b'\t').enumerate() {
        let field = C::NAMES[index];
        if index == 0 {
            ngram = text.len();
            continue;
        }
        if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
            return Err(Malformed::Number { field, found: text.to_vec() });
        }
        if C::YEAR == Some(index) {
            continue;
        }
        let number = number(text).ok_or_else(|| Malformed::TooLarge { field, found: text.to_vec() })?;
        if index == C::COUNTED {
            count = number;
        }
    }
    Ok((ngram, count))
}
