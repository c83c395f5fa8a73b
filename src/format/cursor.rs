//! A cursor: goes through lines with columns, run by run.
//!
//! All lines of one ngram mostly stand together, some sixty in Google's files. So a cursor looks for an ngram's end
//! once, then compares, and gives the sum of the run away in one piece. Behind the ngram, 16 bytes nearly always hold
//! the rest of the line; they are taken as one vector ([`quick`]). Whatever does not fit there (long numbers, CR LF,
//! the last bytes of the text, anything malformed) goes through [`whole`], which alone decides what is right and what
//! is not.

use std::marker::PhantomData;

use memchr::memchr2;
use wide::u8x16;

use super::columns::{Columns, Line, Whole, whole};
use super::digits::{Digits, Places};
use super::layout::Layout;
use super::map::Emit;
use crate::error::Result;
use crate::ledger::ChunkReport;

pub(super) struct Cursor<'a, C> {
    text: &'a [u8],
    skip_malformed: bool,
    /// What was met so far; the run that is under way is in it when it has ended.
    pub(super) report: ChunkReport,
    /// Where the next line begins.
    next: usize,
    run: Option<Run>,
    columns: PhantomData<C>,
}

/// Lines of one ngram, one after another.
#[derive(Clone, Copy)]
struct Run {
    /// Where the first of them begins.
    start: usize,
    /// The ngram's length, and the TAB.
    prefix: usize,
    /// The first 16 bytes of the first line.
    key: u8x16,
    /// The bits of those that are not the ngram's.
    other: u32,
    sum: u64,
    lines: u64,
}

/// What it takes to follow a run line by line; few values, that stay in registers.
#[derive(Clone, Copy)]
pub(super) struct Follower<'a> {
    text: &'a [u8],
    prefix: usize,
    key: u8x16,
    other: u32,
    /// Where the next line begins.
    pub(super) next: usize,
    /// The counts of the lines taken, at most [`Digits::MOST`].
    pub(super) digits: Digits,
}

impl Follower<'_> {
    /// Takes the next line, if it is one of the run's ngram and nothing about it is unusual.
    #[inline]
    pub(super) fn step<C: Columns>(&mut self) -> bool {
        let Some(line) = self.text.get(self.next..self.next + self.prefix + QUICK) else { return false };
        let Some(bytes) = line.first_chunk() else { return false };
        if self.key.simd_eq(u8x16::new(*bytes)).to_bitmask() | self.other != !0 {
            return false;
        }
        let Some(rest) = line[self.prefix..].first_chunk() else { return false };
        let Some(len) = quick::<C>(rest, &mut self.digits) else { return false };
        self.next += self.prefix + len;
        true
    }
}

/// How many bytes [`quick`] wants to see behind the ngram: the 16 that it looks at, and a load of 8 from each of them.
const QUICK: usize = 24;
/// The longest ngram, with its TAB, that is compared as one vector.
const VECTOR: usize = 16;

impl<'a, C: Columns> Cursor<'a, C> {
    pub(super) fn new(text: &'a [u8], skip_malformed: bool) -> Self {
        Self { text, skip_malformed, report: ChunkReport::default(), next: 0, run: None, columns: PhantomData }
    }

    /// Ends the run, and goes on to the next that [`Follower::step`] may have more lines of. Returns whether there is
    /// one: if not, the text is at its end, or at a malformed line that ends the work.
    #[inline(never)]
    pub(super) fn turn(&mut self, emit: &mut impl Emit) -> Result<bool> {
        if let Some(run) = self.run.take() {
            self.end(&run, emit)?;
        }
        while self.next < self.text.len() {
            let start = self.next;
            let Some(line) = self.line() else {
                if self.report.malformed > 0 && !self.skip_malformed {
                    break;
                }
                continue;
            };
            self.next = line.next;
            let run = Run { start, prefix: line.ngram + 1, key: u8x16::ZERO, other: 0, sum: line.count, lines: 1 };
            match self.text.get(start..).and_then(|text| text.first_chunk()) {
                Some(bytes) if run.prefix <= VECTOR => {
                    let run = Run { key: u8x16::new(*bytes), other: !0 << run.prefix, ..run };
                    if self.repeats(&run, self.next) {
                        self.run = Some(run);
                        return Ok(true);
                    }
                    self.end(&run, emit)?;
                }
                _ => self.take_long_run(run, emit)?,
            }
        }
        Ok(false)
    }

    /// Follows the run from the next line on.
    #[inline]
    pub(super) fn follow(&self) -> Follower<'a> {
        let (prefix, key, other) = self.run.map_or((1, u8x16::ZERO, 0), |run| (run.prefix, run.key, run.other));
        Follower { text: self.text, prefix, key, other, next: self.next, digits: Digits::default() }
    }

    /// Adds the `lines` lines that `follower` has taken to the run.
    #[inline]
    pub(super) fn take(&mut self, follower: &Follower<'_>, lines: usize, emit: &mut impl Emit) -> Result<()> {
        self.next = follower.next;
        let count = follower.digits.sum();
        let Some(mut run) = self.run else { return Ok(()) };
        if let Some(sum) = run.sum.checked_add(count) {
            run.sum = sum;
        } else {
            // Too large together: the table, which knows how to say so, gets them apart.
            emit.emit(self.text, run.start, run.prefix - 1, run.sum)?;
            run.sum = count;
        }
        run.lines += lines as u64;
        self.run = Some(run);
        Ok(())
    }

    /// Whether the line at `next` has the run's ngram, as far as that can be seen by one vector.
    fn repeats(&self, run: &Run, next: usize) -> bool {
        let text = self.text.get(next..).and_then(|text| text.first_chunk());
        text.is_some_and(|bytes| run.key.simd_eq(u8x16::new(*bytes)).to_bitmask() | run.other == !0)
    }

    /// The rest of a run whose ngram is too long to be compared as one vector, up to its end.
    fn take_long_run(&mut self, run: Run, emit: &mut impl Emit) -> Result<()> {
        let key = &self.text[run.start..run.start + run.prefix];
        self.run = Some(run);
        while let Some(line) = self.text.get(self.next..self.next + run.prefix + QUICK)
            && line[..run.prefix] == *key
            && let Some(rest) = line[run.prefix..].first_chunk()
        {
            let mut follower = self.follow();
            let Some(len) = quick::<C>(rest, &mut follower.digits) else { break };
            follower.next += run.prefix + len;
            self.take(&follower, 1, emit)?;
        }
        self.run.take().map_or(Ok(()), |run| self.end(&run, emit))
    }

    fn end(&mut self, run: &Run, emit: &mut impl Emit) -> Result<()> {
        self.report.lines += run.lines;
        self.report.rows += run.lines;
        emit.emit(self.text, run.start, run.prefix - 1, run.sum)
    }

    /// The line at `next`; `None` after a blank or a malformed one, which is passed over and taken down.
    #[inline]
    fn line(&mut self) -> Option<Line> {
        if let Some(line) = simple::<C>(self.text, self.next) {
            return Some(line);
        }
        match whole::<C>(self.text, self.next) {
            Whole::Line(line) => return Some(line),
            Whole::Blank { next } => {
                self.report.lines += 1;
                self.next = next;
            }
            Whole::Malformed { reason, next } => {
                self.report.malformed(reason);
                self.next = next;
            }
        }
        None
    }
}

/// The line at `at`, unless it needs a closer look.
#[inline]
fn simple<C: Columns>(text: &[u8], at: usize) -> Option<Line> {
    let ngram = ngram_len(&text[at..])?;
    let rest = text.get(at + ngram + 1..)?.first_chunk()?;
    let mut digits = Digits::default();
    let len = quick::<C>(rest, &mut digits)?;
    Some(Line { ngram, count: digits.sum(), next: at + ngram + 1 + len })
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

/// Adds the count of a line of which `rest` is what stands behind its ngram to `digits`, and returns the length of that
/// with its LF; where 16 bytes hold all of it, and nothing about it is unusual.
#[inline]
fn quick<C: Columns>(rest: &[u8; QUICK], digits: &mut Digits) -> Option<usize> {
    let places = Places::of(rest.first_chunk()?);
    // All bits up to that of the LF, and that bit; where there is no LF among the 16, one that none of them has.
    let line = places.line_feeds ^ places.line_feeds.wrapping_sub(1);
    if (places.non_digits ^ places.tabs) & line != line ^ line >> 1 {
        return None;
    }
    let layout = C::LAYOUTS[usize::from((places.non_digits & line) as u16)];
    if layout == Layout::NONE {
        return None;
    }
    let (from, unused) = layout.counted();
    digits.add(*rest.get(from..)?.first_chunk()?, unused);
    Some(places.line_feeds.trailing_zeros() as usize + 1)
}
