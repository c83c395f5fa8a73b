use proptest::prelude::*;

use super::*;

/// The periods of a chain, in order.
fn chain(arena: &[u8], place: usize) -> Vec<Period> {
    let block = Block::at(arena, place);
    let mut periods = block.before().map_or_else(Vec::new, |before| chain(arena, before));
    block.rows(&mut periods);
    periods
}

fn periods(rows: &[(u64, u64, u64)]) -> Vec<Period> {
    rows.iter().map(|&(year, count, volumes)| Period { year, count, volumes }).collect()
}

#[test]
fn rows_take_the_bytes_of_the_example() {
    let rows = periods(&[(1899, 7, 2), (1900, 1000, 300), (1905, 9, 1)]);
    let mut arena = Vec::new();
    append::<true>(&rows, &mut arena);
    assert_eq!(arena[8..], [0xF4, 0x19, 0x54, 0x6B, 0x07, 7, 2, 0xE8, 0x03, 0x2C, 0x01, 9, 1]);
    assert_eq!(chain(&arena, 0), rows);
    assert!(Block::at(&arena, 0).is_ascending());
}

#[test]
fn very_many_rows_become_a_chain() {
    for number in [MAX_ROWS, MAX_ROWS + 1, 2 * MAX_ROWS + 1] {
        let rows: Vec<Period> =
            (0..number as u64).map(|row| Period { year: row * 7 % 100_000, count: row, volumes: 1 }).collect();
        let mut arena = b"before".to_vec();
        let place = append::<true>(&rows, &mut arena);
        assert!(chain(&arena, place) == rows, "{number} rows");
    }
}

proptest! {
    #[test]
    fn rows_are_read_as_written(
        rows in prop::collection::vec((any::<u64>(), 0_u32..64, any::<u64>(), 0_u32..64, any::<u64>(), 0_u32..64), 0..40),
        gaps: bool, has_volumes: bool, first in prop_oneof![Just(0), u64::MAX - 100..u64::MAX],
        before in 0_usize..9, behind in 0_usize..9,
    ) {
        let mut last: u64 = first;
        let rows: Vec<Period> = rows.into_iter().map(|(year, year_shift, count, count_shift, volumes, volume_shift)| {
            let year = year >> year_shift;
            last = if gaps { last.wrapping_add(year % 17) } else { year };
            let volumes = if has_volumes { volumes >> volume_shift } else { 0 };
            Period { year: last, count: count >> count_shift, volumes }
        }).collect();
        let mut arena = vec![0xFF; before];
        let append = if has_volumes { append::<true> } else { append::<false> };
        let place = append(&rows, &mut arena);
        prop_assert_eq!(place, before);
        let len = arena.len();
        arena.extend(vec![0xFF; behind]);
        let block = Block::at(&arena, place);
        prop_assert_eq!(HEADER + block.len(), len - before);
        prop_assert_eq!(block.is_ascending(), rows.is_sorted_by(|a, b| a.year < b.year));
        prop_assert_eq!(chain(&arena, place), &rows[..]);

        // A chain of two, copied.
        let later = append(&rows, &mut arena);
        Block::link(&mut arena, later, place);
        prop_assert_eq!(Block::at(&arena, later).before(), Some(place));
        let mut other = vec![1];
        let copied = Block::at(&arena, later).copy(&mut other);
        prop_assert_eq!((copied, other.len()), (1, 1 + len - before));
        prop_assert_eq!(Block::at(&other, copied).before(), None);
        prop_assert_eq!(chain(&other, copied), rows);
    }
}
