//! The temporary file: its records, and runs that need it.
//!
//! ```text
//! first byte           the rest of the data
//! 3                    the settings of a run, and rows
//! any other, mod 3     records: 0 without a detail, 1 with a number, 2 with years
//! ```
//!
//! A run takes a thousand times as long as the records do. So most first bytes mean records.

mod bounded;
mod records;

use ngram_count::stages::RecordDetail;

/// See the [crate's table](crate).
pub fn check(data: &[u8]) {
    let Some((&what, rest)) = data.split_first() else { return };
    match (what, what % 3) {
        (3, _) => bounded::check(rest),
        (_, 0) => records::check(rest, RecordDetail::None),
        (_, 1) => records::check(rest, RecordDetail::Uncovered),
        _ => records::check(rest, RecordDetail::History),
    }
}
