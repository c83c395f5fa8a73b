//! `History`: the counts of an ngram in each year. Each row takes a few bytes in the arena of the entry's shard.
//!
//! The rows of a run are one block. The blocks of an entry form a linked list, the chain, from the last block to the
//! first, so joining two chains writes one link. The shard compacts its chains from time to time: each chain becomes
//! one block with each year once. Memory therefore grows with words and years, not with rows. Before, 100,000,000 rows
//! of two words in random order took 25 bytes each.
//!
//! ```text
//! block    distance to the block before it, or 0 (8 bytes)    number of rows    row, row, row ...
//! row      year, as the zigzag difference from the row before    match_count    volume_count
//! ```
//!
//! All numbers but the distance are [varints](super::varint).

use super::arena::PLACE_BITS;
use super::rows::{Period, Rows, sum_equal_years};
use super::varint::{checked_read, read, write};
use super::{Arena, Detail};

/// The offset of a chain's last block, and the sum of the chain's volume_counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History {
    /// The number of the arena in the highest 16 bits, and the block's offset in the others.
    head: u64,
    volumes: u64,
}

/// The head of a chain whose last block will begin at the end of `arena`.
fn next_head(arena: &Arena) -> u64 {
    debug_assert!(arena.len() < 1 << PLACE_BITS);
    u64::from(arena.number()) << PLACE_BITS | arena.len() as u64
}

impl History {
    fn place(self) -> usize {
        (self.head & ((1 << PLACE_BITS) - 1)) as usize
    }

    /// Appends periods to an arena, as one block.
    fn store(periods: &[Period], volumes: u64, arena: &mut Arena) -> Self {
        let head = next_head(arena);
        let arena = arena.bytes_mut();
        arena.extend_from_slice(&0_u64.to_le_bytes());
        write(arena, periods.len() as u64);
        let mut before = 0;
        for row in periods {
            let step = row.year.wrapping_sub(before).cast_signed();
            write(arena, (step << 1 ^ step >> 63).cast_unsigned());
            write(arena, row.count);
            write(arena, row.volumes);
            before = row.year;
        }
        Self { head, volumes }
    }
}

impl Detail for History {
    const NONE: Self = Self { head: u64::MAX, volumes: 0 };
    const NEEDS_ROWS: bool = true;
    const GROWS: bool = true;

    fn overflows(rows: &Rows) -> bool {
        rows.volumes().is_none()
    }

    fn of_rows(rows: &Rows, arena: &mut Arena) -> Self {
        Self::store(rows.periods(), rows.volumes().unwrap_or_default(), arena)
    }

    fn join(&mut self, later: Self, arena: &mut [u8]) -> Option<()> {
        if later.head == Self::NONE.head || self.head == Self::NONE.head {
            *self = if later.head == Self::NONE.head { *self } else { later };
            return Some(());
        }
        let mut first = later.place();
        while let Some(before) = before(arena, first) {
            first = before;
        }
        debug_assert!(self.place() < first, "the other chain came later");
        let distance = (first - self.place()) as u64;
        arena[first..first + LINK].copy_from_slice(&distance.to_le_bytes());
        self.head = later.head;
        self.volumes = self.volumes.checked_add(later.volumes)?;
        Some(())
    }

    fn moved(self, from: &[u8], to: &mut Arena) -> Self {
        if self.head == Self::NONE.head {
            return self;
        }
        let (mut head, mut last) = (self.head, None);
        for block in (Blocks { arena: from, next: Some(self.place()) }) {
            let start = to.len();
            // We copy the chain from its last block to its first. The block that we copy last therefore becomes the new
            // head.
            head = next_head(to);
            let distance = last.map_or(0, |last| (start - last) as u64);
            let bytes = to.bytes_mut();
            bytes.extend_from_slice(&distance.to_le_bytes());
            bytes.extend_from_slice(&block[LINK..LINK + rows_len(&block[LINK..])]);
            last = Some(start);
        }
        Self { head, ..self }
    }

    fn compacted(self, from: &[u8], to: &mut Arena) -> Self {
        if self.head == Self::NONE.head {
            return self;
        }
        Self::store(&self.periods(from), self.volumes, to)
    }

    fn write(self, arena: &[u8], to: &mut Vec<u8>) {
        let periods = self.periods(arena);
        write(to, self.volumes);
        write(to, periods.len() as u64);
        let mut before = 0;
        for Period { year, count, volumes } in periods {
            // The years ascend.
            for number in [year - before, count, volumes] {
                write(to, number);
            }
            before = year;
        }
    }

    fn read(bytes: &mut &[u8], arena: &mut Arena) -> Option<Self> {
        let (volumes, len) = (checked_read(bytes)?, checked_read(bytes)?);
        if len == 0 {
            return Some(Self { volumes, ..Self::NONE });
        }
        let mut periods = Vec::new();
        let mut year = 0_u64;
        for _ in 0..len {
            year = year.checked_add(checked_read(bytes)?)?;
            periods.push(Period { year, count: checked_read(bytes)?, volumes: checked_read(bytes)? });
        }
        Some(Self::store(&periods, volumes, arena))
    }

    fn arena(&self) -> u16 {
        (self.head >> PLACE_BITS) as u16
    }

    fn shift(&mut self, by: usize) {
        if self.head != Self::NONE.head {
            self.head += by as u64;
        }
    }

    fn periods(self, arena: &[u8]) -> Vec<Period> {
        let mut periods = Vec::new();
        for block in (Blocks { arena, next: (self.head != Self::NONE.head).then(|| self.place()) }) {
            let mut rest = &block[LINK..];
            let (len, mut year) = (read(&mut rest), 0_u64);
            for _ in 0..len {
                let step = read(&mut rest);
                year = year.wrapping_add((step >> 1) ^ (step & 1).wrapping_neg());
                periods.push(Period { year, count: read(&mut rest), volumes: read(&mut rest) });
            }
        }
        if !periods.is_sorted_by(|a, b| a.year < b.year) {
            periods.sort_by_key(|period| period.year);
            sum_equal_years(&mut periods);
        }
        periods
    }

    fn volumes(self) -> u64 {
        self.volumes
    }
}

/// The length of a link in bytes.
const LINK: usize = 8;

/// Iterates over the blocks of a chain, the last one first. Each item is the arena from the block's first byte on.
struct Blocks<'a> {
    arena: &'a [u8],
    next: Option<usize>,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let at = self.next?;
        self.next = before(self.arena, at);
        Some(&self.arena[at..])
    }
}

/// The block before the one at `at` in its chain.
fn before(arena: &[u8], at: usize) -> Option<usize> {
    let distance = arena[at..].first_chunk().map_or(0, |link| u64::from_le_bytes(*link));
    (distance > 0).then(|| at - distance as usize)
}

/// The length in bytes of a block's row number and rows. `text` begins with the number.
fn rows_len(text: &[u8]) -> usize {
    let mut rest = text;
    for _ in 0..3 * read(&mut rest) {
        read(&mut rest);
    }
    text.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::filter::years::{By, Years};

    fn arena(number: u16, bytes: &[u8]) -> Arena {
        let mut arena = Arena::new(number);
        arena.bytes_mut().extend_from_slice(bytes);
        arena
    }

    fn store(rows: &[(u64, u64, u64)], arena: &mut Arena) -> History {
        let mut all = Rows::new(Years::ALL, By::Year);
        for &(year, count, volumes) in rows {
            all.push(year, count, volumes);
        }
        History::of_rows(&all, arena)
    }

    fn rows() -> impl Strategy<Value = Vec<Vec<(u64, u64, u64)>>> {
        let year = prop_oneof![4 => 1500_u64..2010, 1 => any::<u64>()];
        let number = prop_oneof![4 => 0_u64..300, 1 => 0_u64..1 << 50];
        prop::collection::vec(prop::collection::vec((year, number.clone(), number), 1..8), 1..8)
    }

    proptest! {
        #[test]
        fn chains_have_each_year_once_wherever_they_were(runs in rows(), cut in 0_usize..8) {
            let mut expected = BTreeMap::<u64, (u64, u64)>::new();
            for &(year, count, volumes) in runs.iter().flatten() {
                let sums = expected.entry(year).or_default();
                *sums = (sums.0 + count, sums.1 + volumes);
            }
            let expected: Vec<_> =
                expected.into_iter().map(|(year, (count, volumes))| Period { year, count, volumes }).collect();

            let mut before = arena(3, b"what lies before");
            let mut stored = runs.iter().map(|run| store(run, &mut before)).collect::<Vec<_>>();
            // Two chains, one of them moved before they are put together.
            let later = stored.split_off(cut.min(stored.len() - 1));
            let join = |chain: Vec<History>, arena: &mut Arena| {
                chain.into_iter().reduce(|mut all, block| all.join(block, arena.bytes_mut()).map(|()| all).unwrap())
            };
            let first = join(stored, &mut before);
            let second = join(later, &mut before).unwrap();
            let mut other = arena(4, b"elsewhere");
            let mut all = match first {
                Some(first) => first.moved(before.bytes(), &mut other),
                None => second.moved(before.bytes(), &mut other),
            };
            if first.is_some() {
                let second = second.moved(before.bytes(), &mut other);
                all.join(second, other.bytes_mut()).unwrap();
            }
            prop_assert_eq!(all.arena(), 4);
            prop_assert_eq!(all.periods(other.bytes()), &expected[..]);
            prop_assert_eq!(all.volumes(), expected.iter().map(|period| period.volumes).sum::<u64>());

            let mut third = arena(5, b"compacted");
            let compacted = all.compacted(other.bytes(), &mut third);
            prop_assert_eq!((compacted.arena(), compacted.volumes()), (5, all.volumes()));
            prop_assert_eq!(compacted.periods(third.bytes()), &expected[..]);

            let behind = [&b"more"[..], other.bytes()].concat();
            all.shift(4);
            prop_assert_eq!(all.periods(&behind), expected);
        }
    }
}
