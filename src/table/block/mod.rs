//! `Block`: rows in an arena, in a few bytes each. Writing and reading a row has no loop and hardly a branch.
//!
//! ```text
//! block      header (8 bytes)    a control byte for each row    the bytes of each row
//! header     distance to the block before it, or 0 (48 bits)    are the years ascending? (1)    number of rows (15)
//! control    length code of the count (2 bits)    length code of the volumes (2)    year code (4)
//! row        year, if the year code says so    count    volumes    without the high bytes that are 0
//! ```
//!
//! A count takes 1, 2, 4 or 8 bytes, and volumes take 0, 1, 2 or 8: none if nobody asks for them. The year code is the
//! distance from the year before, if that is 1 to 14. Else the year itself stands in the row, in 2 or 8 bytes. An
//! example, three rows in 8 + 3 + 10 bytes:
//!
//! ```text
//! 1899     7     2        control  year in 2 bytes, 1, 1       6B 07 | 07 | 02
//! 1900  1000   300                 1 year later,    2, 2               E8 03 | 2C 01
//! 1905     9     1                 5 years later,   1, 1               09 | 01
//! ```
//!
//! The control bytes tell where each row begins, so the processor reads several rows at once. It does not predict
//! lengths: it loads 8 bytes, and clears those that belong to others. Most rows take 3 bytes, as they did as varints.
//!
//! Measured with all that belongs to it (rows noted by the cursors, no copy in the last compaction, a fetch ahead), by
//! processor time on a very busy machine, `--columns word,first,peak`: 150 MB of grouped rows 0.38 -> 0.32 s, 60,000
//! lines of v3 0.29 -> 0.14 s, a million rows in random order 0.43 -> 0.38 s. Without volumes, and with fewer
//! instructions for a year: 86,000,000 grouped rows 1.64 -> 1.39 s, medians of alternating runs; the plain count takes
//! 0.48 s.

use super::arena::PLACE_BITS;
use super::rows::Period;

/// The length of a header in bytes.
const HEADER: usize = 8;
/// The maximum number of rows in a block: a run of more rows becomes several blocks.
const MAX_ROWS: usize = (1 << (63 - PLACE_BITS)) - 1;
/// The bit of a header that is set if each year is after the year before.
const ASCENDING: u64 = 1 << PLACE_BITS;

/// The number of rows for which the arena grows at once. If it grew for all rows of a block, the zeros would be as many
/// as the longest rows take, eight times those of most. Not tuned.
const ROWS_AT_ONCE: usize = 16;

/// The year code of a year in 8 bytes.
const LONG_YEAR: u64 = 0;
/// The year code of a year in 2 bytes.
const SHORT_YEAR: u64 = 15;

/// What each length code of a number means.
struct Lengths {
    /// The length in bytes.
    bytes: [usize; 4],
    /// The bits of a number of this length.
    masks: [u64; 4],
}

/// The lengths of a count.
const COUNT: Lengths = Lengths { bytes: [1, 2, 4, 8], masks: [0xFF, 0xFFFF, 0xFFFF_FFFF, u64::MAX] };
/// The lengths of volumes. Few ngrams are in more than 65,535 books of a year.
const VOLUMES: Lengths = Lengths { bytes: [0, 1, 2, 8], masks: [0, 0xFF, 0xFFFF, u64::MAX] };

/// A block, and the bytes behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    /// The offset of the block.
    place: usize,
    header: u64,
    /// The bytes behind the header.
    bytes: &'a [u8],
}

/// Appends periods, as one block or, if there are very many, as a chain of blocks. Returns the offset of the last
/// block. If no period has volumes, it is faster without `HAS_VOLUMES`.
pub(super) fn append<const HAS_VOLUMES: bool>(periods: &[Period], arena: &mut Vec<u8>) -> usize {
    let mut place = append_block::<HAS_VOLUMES>(&periods[..periods.len().min(MAX_ROWS)], arena);
    for more in periods.chunks(MAX_ROWS).skip(1) {
        let next = append_block::<HAS_VOLUMES>(more, arena);
        Block::link(arena, next, place);
        place = next;
    }
    place
}

/// Appends a block that is not linked. Returns its offset.
fn append_block<const HAS_VOLUMES: bool>(periods: &[Period], arena: &mut Vec<u8>) -> usize {
    debug_assert!(periods.len() <= MAX_ROWS);
    debug_assert!(HAS_VOLUMES || periods.iter().all(|period| period.volumes == 0), "no volumes are lost");
    // Of each number, 8 bytes are written.
    let max_row_len = if HAS_VOLUMES { 24 } else { 16 };
    let place = arena.len();
    let mut control = place + HEADER;
    let mut end = control + periods.len();
    // The first row has no row before it, and states its year. It is compared with itself, and counts as one that is
    // not after the other; ascending years have no more of them.
    let (mut before, mut not_after) = (periods.first().map_or(0, |first| first.year), 0_usize);
    for some in periods.chunks(ROWS_AT_ONCE) {
        arena.resize(end + ROWS_AT_ONCE * max_row_len, 0);
        for period in some {
            not_after += usize::from(period.year <= before);
            // Reading adds the difference, and wraps as well.
            let mut year_code = period.year.wrapping_sub(before);
            if year_code.wrapping_sub(1) >= SHORT_YEAR - 1 {
                year_code = if period.year < 1 << 16 { SHORT_YEAR } else { LONG_YEAR };
                put(arena, end, period.year);
                end += if year_code == SHORT_YEAR { 2 } else { 8 };
            }
            before = period.year;
            let count_code = COUNT.code(period.count);
            put(arena, end, period.count);
            end += COUNT.bytes[count_code];
            let mut volume_code = 0;
            if HAS_VOLUMES {
                volume_code = VOLUMES.code(period.volumes);
                put(arena, end, period.volumes);
                end += VOLUMES.bytes[volume_code];
            }
            arena[control] = ((year_code as usize) << 4 | volume_code << 2 | count_code) as u8;
            control += 1;
        }
    }
    arena.resize(end, 0);
    let flags = if not_after <= 1 { ASCENDING } else { 0 };
    put(arena, place, (periods.len() as u64) << (PLACE_BITS + 1) | flags);
    place
}

impl Lengths {
    /// The code of the fewest bytes for a number.
    #[inline]
    fn code(&self, number: u64) -> usize {
        self.masks[..3].iter().map(|&mask| usize::from(number > mask)).sum()
    }
}

/// Writes 8 bytes. The next number overwrites those that are 0.
#[inline]
fn put(arena: &mut [u8], at: usize, number: u64) {
    debug_assert!(at + 8 <= arena.len(), "a row has the bytes that were made for it");
    if let Some(bytes) = arena.get_mut(at..at + 8) {
        bytes.copy_from_slice(&number.to_le_bytes());
    }
}

/// The 8 bytes at `at`, and zeros behind the end of the arena.
#[inline]
fn get(rows: &[u8], at: usize) -> u64 {
    rows.get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or_else(|| get_last(rows, at), |bytes| u64::from_le_bytes(*bytes))
}

#[cold]
fn get_last(rows: &[u8], at: usize) -> u64 {
    let rest = rows.get(at..).unwrap_or_default();
    rest.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

impl<'a> Block<'a> {
    /// The block at an offset of the arena.
    #[inline]
    pub(super) fn at(arena: &'a [u8], place: usize) -> Self {
        let header = arena[place..].first_chunk().map_or(0, |header| u64::from_le_bytes(*header));
        Self { place, header, bytes: &arena[place + HEADER..] }
    }

    /// Puts the block at `place` behind the block at `before`.
    pub(super) fn link(arena: &mut [u8], place: usize, before: usize) {
        debug_assert!(before < place, "the other block came later");
        let distance = (place - before) as u64;
        if let Some(bytes) = arena[place..].first_chunk_mut() {
            let header = u64::from_le_bytes(*bytes) >> PLACE_BITS << PLACE_BITS;
            *bytes = (header | distance).to_le_bytes();
        }
    }

    /// The offset of the block before it in its chain.
    #[inline]
    pub(super) fn before(self) -> Option<usize> {
        let distance = self.header & ((1 << PLACE_BITS) - 1);
        (distance > 0).then(|| self.place - distance as usize)
    }

    /// Whether each year is after the year before.
    #[inline]
    pub(super) fn is_ascending(self) -> bool {
        self.header & ASCENDING > 0
    }

    /// Appends the block, not linked, to another arena. Returns its offset there.
    pub(super) fn copy(self, to: &mut Vec<u8>) -> usize {
        let place = to.len();
        let header = self.header >> PLACE_BITS << PLACE_BITS;
        to.extend_from_slice(&header.to_le_bytes());
        to.extend_from_slice(&self.bytes[..self.len()]);
        place
    }

    fn number_of_rows(self) -> usize {
        (self.header >> (PLACE_BITS + 1)) as usize
    }

    /// The length in bytes, without the header.
    fn len(self) -> usize {
        let rows = self.number_of_rows();
        rows + self.bytes[..rows].iter().map(|control| ROW_LENGTHS[usize::from(*control)] as usize).sum::<usize>()
    }

    /// Appends the rows in order to `periods`.
    #[inline]
    pub(super) fn rows(self, periods: &mut Vec<Period>) {
        let (controls, rows) = self.bytes.split_at(self.number_of_rows());
        let (mut year, mut at) = (0_u64, 0);
        periods.extend(controls.iter().map(|&control| {
            let (year_code, count_code, volume_code) =
                (u64::from(control >> 4), usize::from(control & 3), usize::from(control >> 2 & 3));
            match year_code {
                SHORT_YEAR => {
                    year = get(rows, at) & 0xFFFF;
                    at += 2;
                }
                LONG_YEAR => {
                    year = get(rows, at);
                    at += 8;
                }
                gap => year = year.wrapping_add(gap),
            }
            let count = get(rows, at) & COUNT.masks[count_code];
            at += COUNT.bytes[count_code];
            let volumes = get(rows, at) & VOLUMES.masks[volume_code];
            at += VOLUMES.bytes[volume_code];
            Period { year, count, volumes }
        }));
    }
}

/// The length of a row in bytes, for each control byte.
static ROW_LENGTHS: [u8; 256] = row_lengths();

const fn row_lengths() -> [u8; 256] {
    let mut lengths = [0; 256];
    let mut control = 0;
    while control < lengths.len() {
        let year = match (control >> 4) as u64 {
            SHORT_YEAR => 2,
            LONG_YEAR => 8,
            _ => 0,
        };
        lengths[control] = (year + COUNT.bytes[control & 3] + VOLUMES.bytes[control >> 2 & 3]) as u8;
        control += 1;
    }
    lengths
}

#[cfg(test)]
mod tests;
