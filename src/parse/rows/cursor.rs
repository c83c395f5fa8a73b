//! A cursor: goes through lines with columns, run by run.
//!
//! All lines of one ngram mostly stand together, some sixty in Google's files. So a cursor looks for an ngram's end
//! once, then compares, and gives the sum of the run away in one piece. Behind the ngram, 16 bytes nearly always hold
//! the rest of the line; they are taken as one vector ([`parse_fast`]). Whatever does not fit there (long numbers, CR LF,
//! the last bytes of the text, anything malformed) goes through [`parse_full`], which alone decides what is right and what
//! is not.

use std::marker::PhantomData;

use memchr::memchr2;
use wide::u8x16;

use crate::parse::digits::{ByteMasks, DigitSum};
use crate::parse::layout::Layout;
use crate::parse::report::ChunkReport;
use crate::parse::rows::columns::{Columns, ParsedLine, Row, parse_full};
use crate::parse::run::{self, Emit};
use crate::parse::year_filter::YearFilter;
use crate::text_slice::TextSlice;

pub(crate) struct Cursor<'a, C, W> {
    text: &'a [u8],
    year_filter: W,
    skip_malformed: bool,
    /// What was met so far; the run that is under way is in it when it has ended.
    pub(crate) report: ChunkReport,
    /// Where the next line begins.
    next: usize,
    /// The run under way; without lines where there is none. It stays in its place: to make it elsewhere and move it
    /// here would wait until all that was stored before is in the cache.
    run: OpenRun,
    /// What the run's lines begin with.
    prefix: Prefix,
    columns: PhantomData<C>,
}

/// Lines of one ngram, one after another.
#[derive(Default, Clone, Copy)]
struct OpenRun {
    /// Where the first of them begins.
    start: usize,
    /// The ngram's length, and the TAB.
    prefix: usize,
    /// Of the lines that are wanted; `None` where it passes 2^64-1.
    sum: Option<u64>,
    lines: u64,
    /// How many of the lines the year filter keeps.
    kept: u64,
}

/// What it takes to follow a run line by line; few values, that stay in registers.
#[derive(Clone, Copy)]
pub(crate) struct Follower<'a, W> {
    text: &'a [u8],
    /// Where the run begins.
    start: usize,
    prefix: Prefix,
    /// Where the next line begins.
    pub(crate) next: usize,
    /// The counts of the lines taken, at most [`DigitSum::MAX_NUMBERS`].
    pub(crate) digits: DigitSum,
    year_filter: W,
    /// How many of these lines the year filter keeps, unless it keeps all.
    kept: u64,
}

/// What all lines of a run begin with, the ngram and a TAB, to be compared as one vector or two. Not longer ones: a loop
/// or a call between the lines would cost all runs the registers that their vectors stay in.
#[derive(Clone, Copy)]
struct Prefix {
    len: usize,
    /// The first 16 bytes of the first line, which may be more than the prefix has.
    first: u8x16,
    /// The bits of those that are not the prefix's.
    other: u32,
}

impl Prefix {
    /// The longest.
    const MAX_LEN: usize = 2 * VECTOR;
    /// That of no line.
    const NONE: Self = Self { len: 0, first: u8x16::ZERO, other: 0 };

    /// That of the line `text[start..]`. `None` if it is too long, or near the end of the text.
    #[inline]
    fn new(text: &[u8], start: usize, len: usize) -> Option<Self> {
        let first = u8x16::new(*text[start..].first_chunk()?);
        (len <= Self::MAX_LEN).then_some(Self {
            len,
            first,
            other: if len < VECTOR { !0 << len } else { !0 << VECTOR },
        })
    }

    /// Whether `line`, which has at least 16 bytes and as many as the prefix, begins as the line `text[start..]` does.
    #[inline]
    fn matches(&self, line: &[u8], text: &[u8], start: usize) -> bool {
        let Some(bytes) = line.first_chunk() else { return false };
        if self.first.simd_eq(u8x16::new(*bytes)).to_bitmask() | self.other != !0 {
            return false;
        }
        let Some(last) = self.len.checked_sub(VECTOR) else { return true };
        let [a, b] = [&line[last..], &text[start + last..]].map(<[u8]>::first_chunk);
        let (Some(a), Some(b)) = (a, b) else { return false };
        u8x16::new(*a).simd_eq(u8x16::new(*b)).to_bitmask() == 0xFFFF
    }
}

impl<W: YearFilter> Follower<'_, W> {
    /// Takes the next line, if it is one of the run's ngram and nothing about it is unusual.
    #[inline]
    pub(crate) fn step<C: Columns>(&mut self) -> bool {
        let Some(line) = self.text.get(self.next..self.next + self.prefix.len + FAST_BYTES) else { return false };
        if !self.prefix.matches(line, self.text, self.start) {
            return false;
        }
        let Some(rest) = line[self.prefix.len..].first_chunk() else { return false };
        let Some(len) = parse_fast::<C, W>(rest, self.year_filter, &mut self.digits, &mut self.kept) else {
            return false;
        };
        self.next += self.prefix.len + len;
        true
    }
}

/// How many bytes [`parse_fast`] wants to see behind the ngram: the 16 that it looks at, and a load of 8 from each of them.
const FAST_BYTES: usize = 24;
/// How many bytes a vector has.
const VECTOR: usize = 16;

impl<'a, C: Columns, W: YearFilter> Cursor<'a, C, W> {
    pub(crate) fn new(text: &'a [u8], year_filter: W, skip_malformed: bool) -> Self {
        Self {
            text,
            year_filter,
            skip_malformed,
            report: ChunkReport::default(),
            next: 0,
            run: OpenRun::default(),
            prefix: Prefix::NONE,
            columns: PhantomData,
        }
    }

    /// Ends the run, and goes on to the next that [`Follower::step`] may have more lines of. Returns whether there is
    /// one: if not, the text is at its end, or at a malformed line that ends the work.
    #[inline(never)]
    pub(crate) fn next_run(&mut self, sink: &mut impl Emit) -> bool {
        if self.run.lines > 0 {
            self.finish_run(sink);
        }
        while self.next < self.text.len() {
            let start = self.next;
            let Some(line) = self.next_line() else {
                if self.report.malformed > 0 && !self.skip_malformed {
                    break;
                }
                continue;
            };
            self.next = line.next;
            let kept = u64::from(line.is_kept);
            let prefix = line.ngram + 1;
            self.run = OpenRun { start, prefix, sum: Some(line.count), lines: 1, kept };
            match Prefix::new(self.text, start, prefix) {
                Some(prefix) if self.next_line_matches(&prefix, start) => {
                    self.prefix = prefix;
                    return true;
                }
                Some(_) => {}
                None => self.follow_long(),
            }
            self.finish_run(sink);
        }
        false
    }

    /// Follows the run from the next line on.
    #[inline]
    pub(crate) fn follow(&self) -> Follower<'a, W> {
        Follower {
            text: self.text,
            start: self.run.start,
            prefix: self.prefix,
            next: self.next,
            digits: DigitSum::default(),
            year_filter: self.year_filter,
            kept: 0,
        }
    }

    /// Adds the `lines` lines that `follower` has taken to the run.
    #[inline]
    pub(crate) fn add_lines(&mut self, follower: &Follower<'_, W>, lines: usize) {
        self.next = follower.next;
        self.run.add(lines as u64, if W::ALL { lines as u64 } else { follower.kept }, follower.digits);
    }

    /// The rest of a run whose ngram is too long for a [`Prefix`], up to its end or a line that is not a simple one.
    fn follow_long(&mut self) {
        let OpenRun { start, prefix: len, .. } = self.run;
        let prefix = &self.text[start..start + len];
        while let Some(line) = self.text.get(self.next..self.next + len + FAST_BYTES)
            && line[..len] == *prefix
            && let Some(rest) = line[len..].first_chunk()
        {
            let (mut digits, mut kept) = (DigitSum::default(), 0);
            let Some(taken) = parse_fast::<C, W>(rest, self.year_filter, &mut digits, &mut kept) else { break };
            self.next += len + taken;
            self.run.add(1, if W::ALL { 1 } else { kept }, digits);
        }
    }

    /// Whether the next line begins as that at `start` does.
    fn next_line_matches(&self, prefix: &Prefix, start: usize) -> bool {
        let line = self.text.get(self.next..self.next + prefix.len.max(VECTOR));
        line.is_some_and(|line| prefix.matches(line, self.text, start))
    }

    /// Gives the run away, which has ended with the line before `next`.
    #[inline]
    fn finish_run(&mut self, sink: &mut impl Emit) {
        let run = &mut self.run;
        self.report.lines += run.lines;
        self.report.rows += run.lines;
        run.lines = 0;
        if !W::ALL && run.kept == 0 {
            return;
        }
        let (start, len, end) = (run.start, run.prefix - 1, self.next);
        sink.emit(run::Run { at: TextSlice::new(self.text, start, len), end, count: run.sum });
    }

    /// The line at `next`; `None` after a blank or a malformed one, which is passed over and taken down.
    #[inline]
    fn next_line(&mut self) -> Option<Row> {
        if let Some(line) = parse_line_fast::<C, W>(self.text, self.next, self.year_filter) {
            return Some(line);
        }
        match parse_full::<C>(self.text, self.next, self.year_filter) {
            ParsedLine::Row(line) => return Some(line),
            ParsedLine::Blank { next } => {
                self.report.lines += 1;
                self.next = next;
            }
            ParsedLine::Malformed { reason, next } => {
                self.report.add_malformed(reason);
                self.next = next;
            }
        }
        None
    }
}

impl OpenRun {
    /// Adds `lines` lines, of which the year filter keeps `kept`.
    #[inline]
    fn add(&mut self, lines: u64, kept: u64, counts: DigitSum) {
        self.lines += lines;
        self.kept += kept;
        self.sum = self.sum.and_then(|sum| sum.checked_add(counts.sum()));
    }
}

/// The line at `at`, unless it needs a closer look.
#[inline]
fn parse_line_fast<C: Columns, W: YearFilter>(text: &[u8], at: usize, year_filter: W) -> Option<Row> {
    let ngram = ngram_len(&text[at..])?;
    let rest = text.get(at + ngram + 1..)?.first_chunk()?;
    let (mut digits, mut kept) = (DigitSum::default(), 0);
    let len = parse_fast::<C, W>(rest, year_filter, &mut digits, &mut kept)?;
    Some(Row { ngram, count: digits.sum(), is_kept: W::ALL || kept > 0, next: at + ngram + 1 + len })
}

/// How many bytes there are before the first TAB, if it comes before the line's end.
#[inline]
fn ngram_len(text: &[u8]) -> Option<usize> {
    if let Some(bytes) = text.first_chunk() {
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

/// Adds the count of a line of which `rest` is what stands behind its ngram to `digits`, and one to `kept`, if it is
/// wanted; returns the length of `rest` with its LF. `None` where 16 bytes don't hold all of it, or anything about it is
/// unusual.
#[inline]
fn parse_fast<C: Columns, W: YearFilter>(
    rest: &[u8; FAST_BYTES],
    year_filter: W,
    digits: &mut DigitSum,
    kept: &mut u64,
) -> Option<usize> {
    let masks = ByteMasks::of(rest.first_chunk()?);
    // All bits up to that of the LF, and that bit; where there is no LF among the 16, one that none of them has.
    let line = masks.line_feeds ^ masks.line_feeds.wrapping_sub(1);
    if (masks.non_digits ^ masks.tabs) & line != line ^ line >> 1 {
        return None;
    }
    let layout = C::LAYOUTS[usize::from((masks.non_digits & line) as u16)];
    if layout == Layout::NONE {
        return None;
    }
    let (from, unused) = layout.counted();
    let counted = *rest.get(from..)?.first_chunk()?;
    if W::ALL {
        digits.add(counted, unused);
    } else {
        if masks.non_digits.trailing_zeros() != 4 {
            return None;
        }
        let is_kept = year_filter.contains_digits(*rest.first_chunk()?);
        digits.add_if(counted, unused, is_kept);
        *kept += u64::from(is_kept);
    }
    Some(masks.line_feeds.trailing_zeros() as usize + 1)
}
