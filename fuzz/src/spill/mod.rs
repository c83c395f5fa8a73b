//! The temporary file: its records, and runs that need it.
//!
//! ```text
//! first byte    the rest of the data
//! 0, 1, 2       records without a detail, with a number, with years
//! 3             the settings of a run, and rows
//! ```

mod bounded;
mod records;

use ngram_count::stages::RecordDetail;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((&what, rest)) = data.split_first() else { return };
    match what % 4 {
        0 => records::check(rest, RecordDetail::None),
        1 => records::check(rest, RecordDetail::Uncovered),
        2 => records::check(rest, RecordDetail::History),
        _ => bounded::check(rest),
    }
}
