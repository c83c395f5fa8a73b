//! The years from the first to the last one in which any word of a result occurs.

use std::io;

use crate::result::buckets::Buckets;
use crate::result::parts::PartsOf;
use crate::table::Detail;

/// The first and the last of all years; `None` if no word occurs in any.
///
/// # Errors
/// When the temporary file of the result can't be read.
pub(super) fn span<D: Detail>(words: &Buckets<D>, parts: &PartsOf) -> io::Result<Option<(u64, u64)>> {
    type Ends = Option<(u64, u64)>;
    let join = |one: Ends, other: Ends| match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    };
    let (ends, _) = words.fold(
        || (None, Vec::new()),
        |(all, mut periods), entry, arenas| {
            entry.detail.periods(entry.arena(arenas), &mut periods);
            parts.complete(&mut periods);
            let ends = periods.first().zip(periods.last()).map(|(first, last)| (first.year, last.year));
            (join(all, ends), periods)
        },
        |one, other| (join(one.0, other.0), one.1),
    )?;
    Ok(ends)
}
