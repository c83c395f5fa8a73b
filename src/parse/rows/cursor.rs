//! A cursor parses lines with columns, run by run.
//!
//! The lines of an ngram mostly stand together: in Google's files a run has some sixty lines. So the cursor finds the
//! ngram's end once, compares the ngram with the beginning of each following line, and emits one sum for the whole run:
//!
//! ```text
//! next_run:   emit the run that has ended
//!             find the next line's ngram, take the line
//!             if the line behind has another ngram: emit this run of one line, and repeat
//! step:       compare `ngram TAB` with the begin of the next line     // one vector or two, see Prefix
//!             take the 16 bytes behind it                             // see fast.rs
//!             next = the place behind the LF
//! ```
//!
//! [`parse_full`] parses the lines that the fast path refuses: long numbers, CR LF, the last bytes of the text,
//! malformed lines. It alone decides whether a line is malformed.

use std::marker::PhantomData;

use crate::parse::digits::DigitSum;
use crate::parse::report::ChunkReport;
use crate::parse::rows::columns::{Columns, ParsedLine, Row, parse_full};
use crate::parse::rows::fast::{FAST_BYTES, parse_fast, parse_line_fast};
use crate::parse::rows::prefix::{Prefix, VECTOR};
use crate::parse::run::{Emit, Run};
use crate::parse::year_filter::YearFilter;
use crate::text_slice::TextSlice;

pub(super) struct Cursor<'a, C, W> {
    text: &'a [u8],
    year_filter: W,
    skip_malformed: bool,
    /// The report so far. A run is added at its end.
    pub(super) report: ChunkReport,
    /// The offset of the next line.
    next: usize,
    /// The run under way, or a run without lines. The cursor changes the run in place. A copy from elsewhere would wait
    /// until all earlier stores are in the cache, and stores to the table are cache misses. Without that copy, a full
    /// count of 86,000,000 rows took 0.610 s instead of 0.645 s (with the same change for keys).
    run: OpenRun,
    /// The beginning of all lines of the run.
    prefix: Prefix,
    /// The offset of the numbers of each line of the run, if the sink [needs rows](Emit::NEEDS_ROWS).
    rows: Vec<usize>,
    columns: PhantomData<C>,
}

/// A run of lines of one ngram that may go on.
#[derive(Default, Clone, Copy)]
struct OpenRun {
    /// The offset of the first line.
    start: usize,
    /// The length of the ngram and the TAB.
    prefix_len: usize,
    /// The sum over the lines that the year filter keeps; `None` if it passes 2^64-1.
    sum: Option<u64>,
    lines: u64,
    /// The number of lines that the year filter keeps.
    kept: u64,
}

/// The state for following a run line by line. It is small, so that it stays in registers.
#[derive(Clone, Copy)]
pub(super) struct Follower<'a, W> {
    text: &'a [u8],
    /// The offset of the run.
    start: usize,
    prefix: Prefix,
    /// The offset of the next line.
    next: usize,
    /// The sum of the counts of the lines taken, at most [`DigitSum::MAX_NUMBERS`] lines.
    digits: DigitSum,
    year_filter: W,
    /// The number of taken lines that the year filter keeps. Unused if the filter keeps all lines.
    kept: u64,
}

impl<W: YearFilter> Follower<'_, W> {
    /// The offset of the next line's numbers, if the line has the run's ngram.
    #[inline]
    pub(super) fn row(&self) -> usize {
        self.next + self.prefix.len
    }

    /// Takes the next line if it has the run's ngram and the fast path accepts it. Returns whether it did.
    #[inline]
    pub(super) fn step<C: Columns>(&mut self) -> bool {
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

impl<'a, C: Columns, W: YearFilter> Cursor<'a, C, W> {
    pub(super) fn new(text: &'a [u8], year_filter: W, skip_malformed: bool) -> Self {
        Self {
            text,
            year_filter,
            skip_malformed,
            report: ChunkReport::default(),
            next: 0,
            run: OpenRun::default(),
            prefix: Prefix::NONE,
            rows: Vec::new(),
            columns: PhantomData,
        }
    }

    /// Ends the run, and goes on to the next run of two or more lines, for [`Follower::step`]. Returns whether there is
    /// one. If not, the text has ended, or a malformed line ends the parsing.
    #[inline(never)]
    pub(super) fn next_run<S: Emit>(&mut self, sink: &mut S) -> bool {
        if self.run.lines > 0 {
            self.finish_run(sink);
        }
        while self.next < self.text.len() {
            let start = self.next;
            let Some(row) = self.next_row() else {
                if self.report.malformed > 0 && !self.skip_malformed {
                    break;
                }
                continue;
            };
            debug_assert!(start < row.next && row.next <= self.text.len(), "each line takes some of the text");
            self.next = row.next;
            let prefix_len = row.ngram + 1;
            self.run = OpenRun { start, prefix_len, sum: Some(row.count), lines: 1, kept: u64::from(row.is_kept) };
            self.note_row::<S>(start + prefix_len);
            match Prefix::new(self.text, start, prefix_len) {
                Some(prefix) if self.next_line_matches(&prefix, start) => {
                    self.prefix = prefix;
                    return true;
                }
                Some(_) => {}
                None => self.follow_long::<S>(),
            }
            self.finish_run(sink);
        }
        false
    }

    /// Follows the run from the next line on.
    #[inline]
    pub(super) fn follow(&self) -> Follower<'a, W> {
        debug_assert!(self.run.lines > 0 && self.run.start + self.prefix.len <= self.next, "a run is under way");
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
    pub(super) fn add_lines(&mut self, follower: &Follower<'_, W>, lines: usize) {
        debug_assert!(lines <= DigitSum::MAX_NUMBERS, "no digit of the sum overflows");
        debug_assert!(self.next <= follower.next && follower.next <= self.text.len(), "a follower goes ahead");
        self.next = follower.next;
        self.run.add(lines as u64, if W::ALL { lines as u64 } else { follower.kept }, follower.digits);
    }

    /// Takes the rest of a run whose ngram is too long for a [`Prefix`], up to the run's end or a line that the fast
    /// path refuses.
    fn follow_long<S: Emit>(&mut self) {
        let OpenRun { start, prefix_len: len, .. } = self.run;
        let prefix = &self.text[start..start + len];
        while let Some(line) = self.text.get(self.next..self.next + len + FAST_BYTES)
            && line[..len] == *prefix
            && let Some(rest) = line[len..].first_chunk()
        {
            let (mut digits, mut kept) = (DigitSum::default(), 0);
            let Some(taken) = parse_fast::<C, W>(rest, self.year_filter, &mut digits, &mut kept) else { break };
            self.note_row::<S>(self.next + len);
            self.next += len + taken;
            self.run.add(1, if W::ALL { 1 } else { kept }, digits);
        }
    }

    /// Whether the next line begins as the line at `start` does.
    fn next_line_matches(&self, prefix: &Prefix, start: usize) -> bool {
        let line = self.text.get(self.next..self.next + prefix.len.max(VECTOR));
        line.is_some_and(|line| prefix.matches(line, self.text, start))
    }

    /// Emits the run, which ends before the line at `next`.
    #[inline]
    fn finish_run<S: Emit>(&mut self, sink: &mut S) {
        let run = &mut self.run;
        self.report.lines += run.lines;
        self.report.rows += run.lines;
        run.lines = 0;
        if W::ALL || run.kept > 0 {
            let (start, len, end) = (run.start, run.prefix_len - 1, self.next);
            debug_assert!(start + len < end && end <= self.text.len(), "a run lies within its text");
            sink.emit(Run { at: TextSlice::new(self.text, start, len), end, count: run.sum, rows: &self.rows });
        }
        if S::NEEDS_ROWS {
            self.rows.clear();
        }
    }

    /// Notes a line of the run, whose numbers begin at offset `at`.
    #[inline]
    pub(super) fn note_row<S: Emit>(&mut self, at: usize) {
        if S::NEEDS_ROWS {
            self.rows.push(at);
        }
    }

    /// The line at `next`. If it is blank or malformed, skips and reports it, and returns `None`.
    #[inline]
    fn next_row(&mut self) -> Option<Row> {
        if let Some(row) = parse_line_fast::<C, W>(self.text, self.next, self.year_filter) {
            return Some(row);
        }
        match parse_full::<C>(self.text, self.next, self.year_filter) {
            ParsedLine::Row(row) => return Some(row),
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
        debug_assert!(kept <= lines, "the year filter keeps no more lines than there are");
        self.lines += lines;
        self.kept += kept;
        self.sum = self.sum.and_then(|sum| sum.checked_add(counts.sum()));
    }
}
