//! The loop over a chunk of lines with columns: the hottest loop of the program.
//!
//! A cursor knows the beginning of a line only after it has found the end of the line before. This dependency chain of
//! a load, compares and an addition limits the speed, not the number of instructions. So two cursors parse the two
//! halves of a chunk, and take a line each in turns. The processor works on both chains at once:
//!
//! ```text
//! first, second = a cursor for each half of the chunk
//! find the first run of each
//! while both are in a run:
//!     28 times, or until a cursor's next line is not in its run:      // DigitSum::MAX_NUMBERS
//!         first.step(); second.step()
//!     add the lines taken to the runs
//!     if a cursor has stopped: it emits its run and finds the next
//! go on with one cursor to the end of its half
//! ```
//!
//! An example: the first half has 3 lines of `Art`, the second has 4 lines of `ant`. The cursors take `Art`, `ant`,
//! `Art`, `ant`, `Art`, `ant` (the first line of each when they find the run). Then the first cursor stops: it emits
//! `Art` with 3 lines, and `ant` is still under way.
//!
//! Measured: one cursor takes 7.3 to 7.6 ns for a row of v2, two take 4.5 to 5.0 ns (parsing alone, one thread, the
//! best of 60 rounds over a million rows of Google's). Three would take 4.2 to 4.4 ns. We have not measured the gain of
//! a third cursor in a full count, and keep two.

pub(crate) mod columns;
mod cursor;
mod fast;
pub(crate) mod numbers;
mod prefix;
pub(crate) mod search;

use memchr::memchr;

use crate::parse::digits::DigitSum;
use crate::parse::report::ChunkReport;
use crate::parse::rows::columns::Columns;
use crate::parse::rows::cursor::Cursor;
use crate::parse::run::Emit;
use crate::parse::year_filter::YearFilter;

/// The minimum length in bytes of a chunk for two cursors. For a shorter one, setting up the second cursor does not
/// pay. Not tuned: chunks of real runs are a thousand times as long.
const MIN_SPLIT: usize = 1 << 10;

/// See [`crate::parse::Format::parse`].
pub(crate) fn parse<C: Columns, S: Emit>(
    chunk: &[u8],
    year_filter: impl YearFilter,
    skip_malformed: bool,
    report: &mut ChunkReport,
    sink: &mut S,
) {
    let (first, second) = chunk.split_at(middle_line_end(chunk));
    let mut first = Cursor::<C, _>::new(first, year_filter, skip_malformed);
    let mut second = Cursor::<C, _>::new(second, year_filter, skip_malformed);
    let mut runs = [first.next_run(sink), second.next_run(sink)];
    loop {
        let stopped = match runs {
            [true, true] => advance::<_, _, S, 2>([&mut first, &mut second]),
            [true, false] => advance::<_, _, S, 1>([&mut first]),
            [false, true] => advance::<_, _, S, 1>([&mut second]).map(|_| 1),
            [false, false] => break,
        };
        match stopped {
            Some(0) => runs[0] = first.next_run(sink),
            Some(_) => runs[1] = second.next_run(sink),
            None => {}
        }
    }
    report.append(first.report);
    report.append(second.report);
}

/// The offset of the first line behind the middle of the chunk; the chunk's length if it is short.
fn middle_line_end(chunk: &[u8]) -> usize {
    if chunk.len() < MIN_SPLIT {
        return chunk.len();
    }
    let middle = chunk.len() / 2;
    memchr(b'\n', &chunk[middle..]).map_or(chunk.len(), |len| middle + len + 1)
}

/// Lets the cursors take lines of their runs in turns. Stops at the first cursor whose next line is not in its run, and
/// returns that cursor's number. Returns `None` when each cursor has taken as many lines as a [`DigitSum`] holds.
#[inline]
fn advance<C: Columns, W: YearFilter, S: Emit, const N: usize>(cursors: [&mut Cursor<'_, C, W>; N]) -> Option<usize> {
    let mut followers = cursors.each_ref().map(|cursor| cursor.follow());
    let (mut lines, mut stopped) = ([DigitSum::MAX_NUMBERS; N], None);
    'rounds: for round in 0..DigitSum::MAX_NUMBERS {
        for (number, follower) in followers.iter_mut().enumerate() {
            let row = follower.row();
            if !follower.step::<C>() {
                lines = std::array::from_fn(|other| round + usize::from(other < number));
                stopped = Some(number);
                break 'rounds;
            }
            cursors[number].note_row::<S>(row);
        }
    }
    for ((cursor, follower), lines) in cursors.into_iter().zip(&followers).zip(lines) {
        cursor.add_lines(follower, lines);
    }
    stopped
}
