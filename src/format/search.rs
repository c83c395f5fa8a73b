//! Finds the lines of a few words without reading the others.
//!
//! The text is searched, with the processor's vectors, for a line end, the word and a TAB. Only lines that begin so are
//! looked at: that a line of another word is malformed is not noticed. All lines are numbered nevertheless.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

use super::columns::Columns;
use super::map::{Emit, map};
use crate::error::Result;
use crate::ledger::ChunkReport;
use crate::words::Needle;

/// See [`super::Format::search`].
pub(super) fn search<C: Columns>(
    chunk: &[u8],
    needles: &[Needle],
    skip_malformed: bool,
    report: &mut ChunkReport,
    emit: &mut impl Emit,
) -> Result<()> {
    let mut runs: Vec<Range<usize>> = needles.iter().flat_map(|needle| Runs { chunk, needle, next: 0 }).collect();
    runs.sort_unstable_by_key(|run| run.start);
    let mut done = 0;
    for run in runs {
        report.lines += line_ends(&chunk[done..run.start]);
        done = run.end;
        map::<C>(&chunk[run], skip_malformed, report, emit)?;
        if report.malformed > 0 && !skip_malformed {
            return Ok(());
        }
    }
    let rest = &chunk[done..];
    let unended = rest.last().is_some_and(|&byte| byte != b'\n');
    report.lines += line_ends(rest) + u64::from(unended);
    Ok(())
}

/// The lines of a word, as far as they stand together.
struct Runs<'a> {
    chunk: &'a [u8],
    needle: &'a Needle,
    /// Where to search on: the beginning of a line that is not the word's, but for the first.
    next: usize,
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = &self.chunk[self.next..];
        let start = if self.next == 0 && rest.starts_with(&self.needle.begin) {
            0
        } else {
            self.next + self.needle.finder.find(rest)? + 1
        };
        let mut end = start;
        while self.chunk[end..].starts_with(&self.needle.begin) {
            end = memchr(b'\n', &self.chunk[end..]).map_or(self.chunk.len(), |place| end + place + 1);
        }
        self.next = end;
        Some(start..end)
    }
}

fn line_ends(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}
