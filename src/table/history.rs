//! `History`: the counts of an ngram in each year, in the arena of the entry's shard.
//!
//! The rows of a run are one [block](super::block). The blocks of an entry form a linked list, the chain, from the last
//! block to the first, so joining two chains writes one link. The shard compacts its chains from time to time: each
//! chain becomes one block with each year once. Memory therefore grows with words and years, not with rows. Before,
//! 100,000,000 rows of two words in random order took 25 bytes each.

use super::arena::PLACE_BITS;
use super::block::{Block, append};
use super::rows::{Period, Rows, sum_equal_years};
use super::{Arena, Detail, prefetch, varint};

/// The offset of a chain's last block, and the sum of the chain's volume_counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History {
    /// The number of the arena in the highest 16 bits, and the block's offset in the others.
    head: u64,
    volumes: u64,
}

/// The length of a cache line in bytes.
const CACHE_LINE: usize = 64;
/// The number of cache lines of a block to fetch ahead. The processor sees by itself that we read on.
const ANNOUNCED_LINES: usize = 2;

impl History {
    /// Appends periods to `arena`. `volumes` is the sum of their volume_counts.
    fn store(periods: &[Period], volumes: u64, arena: &mut Arena) -> Self {
        if periods.is_empty() {
            return Self { volumes, ..Self::NONE };
        }
        let append = if volumes > 0 { append::<true> } else { append::<false> };
        let place = append(periods, arena.bytes_mut());
        Self::at(place, volumes, arena)
    }

    /// The chain whose last block begins at offset `place` of `arena`.
    fn at(place: usize, volumes: u64, arena: &Arena) -> Self {
        debug_assert!(place < 1 << PLACE_BITS);
        Self { head: u64::from(arena.number()) << PLACE_BITS | place as u64, volumes }
    }

    /// The offset of the chain's last block. `None` for a history without years.
    fn place(self) -> Option<usize> {
        (self.head != Self::NONE.head).then_some((self.head & ((1 << PLACE_BITS) - 1)) as usize)
    }

    /// The blocks, the last one first.
    fn blocks(self, arena: &[u8]) -> impl Iterator<Item = Block<'_>> {
        std::iter::successors(self.place(), |&place| Block::at(arena, place).before())
            .map(|place| Block::at(arena, place))
    }

    /// The only block; `None` if there are several or none.
    fn only_block(self, arena: &[u8]) -> Option<Block<'_>> {
        self.place().map(|place| Block::at(arena, place)).filter(|block| block.before().is_none())
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
        let (Some(place), Some(mut first)) = (self.place(), later.place()) else {
            *self = if later.place().is_none() { *self } else { later };
            return Some(());
        };
        while let Some(before) = Block::at(arena, first).before() {
            first = before;
        }
        Block::link(arena, first, place);
        self.head = later.head;
        self.volumes = self.volumes.checked_add(later.volumes)?;
        Some(())
    }

    fn moved(self, from: &[u8], to: &mut Arena) -> Self {
        if self.place().is_none() {
            return self;
        }
        // We copy the chain from its last block to its first. The block that we copy last therefore becomes the new
        // head.
        let mut last = None;
        for block in self.blocks(from) {
            let place = block.copy(to.bytes_mut());
            if let Some(last) = last {
                Block::link(to.bytes_mut(), place, last);
            }
            last = Some(place);
        }
        last.map_or(self, |place| Self::at(place, self.volumes, to))
    }

    fn compacted(self, from: &[u8], to: &mut Arena) -> Self {
        if self.place().is_none() || self.only_block(from).is_some_and(Block::is_ascending) {
            return self.moved(from, to);
        }
        let mut periods = Vec::new();
        self.periods(from, &mut periods);
        Self::store(&periods, self.volumes, to)
    }

    fn write(self, arena: &[u8], to: &mut Vec<u8>) {
        let mut periods = Vec::new();
        self.periods(arena, &mut periods);
        varint::write(to, self.volumes);
        varint::write(to, periods.len() as u64);
        let mut before = 0;
        for Period { year, count, volumes } in periods {
            // The years ascend.
            for number in [year - before, count, volumes] {
                varint::write(to, number);
            }
            before = year;
        }
    }

    fn read(bytes: &mut &[u8], arena: &mut Arena) -> Option<Self> {
        let (volumes, len) = (varint::read(bytes)?, varint::read(bytes)?);
        if len == 0 {
            return Some(Self { volumes, ..Self::NONE });
        }
        let (mut periods, mut year) = (Vec::new(), 0_u64);
        for number in 0..len {
            let distance = varint::read(bytes)?;
            year = year.checked_add(distance)?;
            let period = Period { year, count: varint::read(bytes)?, volumes: varint::read(bytes)? };
            // We never write such years. To store them would lose their volumes, or sum unchecked.
            let is_repeated = number > 0 && distance == 0;
            let lacks_sum = volumes == 0 && period.volumes > 0;
            if is_repeated || lacks_sum {
                return None;
            }
            periods.push(period);
        }
        Some(Self::store(&periods, volumes, arena))
    }

    fn arena(&self) -> u16 {
        (self.head >> PLACE_BITS) as u16
    }

    fn shift(&mut self, by: usize) {
        if self.place().is_some() {
            self.head += by as u64;
        }
    }

    fn announce(&self, arena: &[u8]) {
        let lines = self.place().and_then(|place| arena.get(place..)).unwrap_or_default().chunks(CACHE_LINE);
        lines.take(ANNOUNCED_LINES).for_each(|line| prefetch::for_read(&line[0]));
    }

    fn periods(self, arena: &[u8], periods: &mut Vec<Period>) {
        periods.clear();
        let mut is_ascending = self.only_block(arena).is_some();
        for block in self.blocks(arena) {
            is_ascending &= block.is_ascending();
            block.rows(periods);
        }
        if !is_ascending {
            periods.sort_by_key(|period| period.year);
            sum_equal_years(periods);
        }
    }

    fn volumes(self) -> u64 {
        self.volumes
    }
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
            all.extend([[year, count, volumes]]);
        }
        all.finish();
        History::of_rows(&all, arena)
    }

    /// The periods, in a vector that holds those of another entry.
    fn periods(history: History, arena: &[u8]) -> Vec<Period> {
        let mut periods = vec![Period { year: 1, count: 2, volumes: 3 }];
        history.periods(arena, &mut periods);
        periods
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
            prop_assert_eq!(periods(all, other.bytes()), &expected[..]);
            prop_assert_eq!(all.volumes(), expected.iter().map(|period| period.volumes).sum::<u64>());

            let mut third = arena(5, b"compacted");
            let compacted = all.compacted(other.bytes(), &mut third);
            prop_assert_eq!((compacted.arena(), compacted.volumes()), (5, all.volumes()));
            prop_assert_eq!(periods(compacted, third.bytes()), &expected[..]);
            prop_assert!(compacted.only_block(third.bytes()).is_some_and(Block::is_ascending));

            let behind = [&b"more"[..], other.bytes()].concat();
            all.shift(4);
            prop_assert_eq!(periods(all, &behind), expected);
        }
    }
}
