//! The loop over a chunk of lines with columns: the innermost of the program.
//!
//! Where a line begins is known only when the one before has been read to its end, and that chain of loads and
//! compares, not the number of instructions, is what a core waits for. So two cursors go through the two halves of a
//! chunk in turns.

pub(crate) mod columns;
pub(crate) mod cursor;
pub(crate) mod search;

use memchr::memchr;

use crate::parse::digits::DigitSum;
use crate::parse::report::ChunkReport;
use crate::parse::rows::columns::Columns;
use crate::parse::rows::cursor::Cursor;
use crate::parse::run::Emit;
use crate::parse::year_filter::YearFilter;

/// A chunk shorter than this has one cursor; to set up another would not pay.
const MIN_SPLIT: usize = 1 << 10;

/// See [`crate::parse::Format::map`].
pub(crate) fn map<C: Columns>(
    chunk: &[u8],
    year_filter: impl YearFilter,
    skip_malformed: bool,
    report: &mut ChunkReport,
    sink: &mut impl Emit,
) {
    let (first, second) = chunk.split_at(middle_line_end(chunk));
    let mut first = Cursor::<C, _>::new(first, year_filter, skip_malformed);
    let mut second = Cursor::<C, _>::new(second, year_filter, skip_malformed);
    let mut runs = [first.next_run(sink), second.next_run(sink)];
    loop {
        let stopped = match runs {
            [true, true] => advance([&mut first, &mut second]),
            [true, false] => advance([&mut first]),
            [false, true] => advance([&mut second]).map(|_| 1),
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

/// The line end nearest behind the middle.
fn middle_line_end(chunk: &[u8]) -> usize {
    if chunk.len() < MIN_SPLIT {
        return chunk.len();
    }
    let middle = chunk.len() / 2;
    memchr(b'\n', &chunk[middle..]).map_or(chunk.len(), |place| middle + place + 1)
}

/// Lets the cursors take lines of their runs in turns, until one finds none (its number is returned), or each has taken
/// as many as can be added up digit by digit.
#[inline]
fn advance<C: Columns, W: YearFilter, const N: usize>(cursors: [&mut Cursor<'_, C, W>; N]) -> Option<usize> {
    let mut followers = cursors.each_ref().map(|cursor| cursor.follow());
    let (mut lines, mut stopped) = ([DigitSum::MAX_NUMBERS; N], None);
    'rounds: for round in 0..DigitSum::MAX_NUMBERS {
        for (number, follower) in followers.iter_mut().enumerate() {
            if !follower.step::<C>() {
                lines = std::array::from_fn(|other| round + usize::from(other < number));
                stopped = Some(number);
                break 'rounds;
            }
        }
    }
    for ((cursor, follower), lines) in cursors.into_iter().zip(&followers).zip(lines) {
        cursor.add_lines(follower, lines);
    }
    stopped
}
