//! Words with their years, in the layouts of Google's files.

use std::io::{self, Write};

use rayon::prelude::*;

use super::plan::Plan;
use super::random::{Shuffle, key};
use super::{Layout, Order, Output, Sample, lines};

/// The number of words from which we estimate the length of lines.
const MEASURED: u64 = 4096;
/// The number of blocks in memory: some 20 MB in all.
const BLOCKS: usize = 64;
/// The number of words or rows in a block.
const ITEMS: usize = 256;

/// Writes the lines of `plan`, in the layout and order of `sample`.
pub(super) fn write<W: Write>(plan: &Plan, sample: &Sample, out: &mut Output<W>) -> io::Result<()> {
    let layout = sample.layout;
    let shuffled = |len| {
        let shuffle = Shuffle::new(len, key(sample.seed, 4));
        (0..len).map(move |at| shuffle.nth(at))
    };
    let word = |index, block: &mut Vec<u8>| word(plan, layout, index, block);
    let row = |index, block: &mut Vec<u8>| row(plan, layout, index, block);
    match (sample.order, layout) {
        (Order::Sorted, _) => write_all(out, plan.in_runs(), word),
        (Order::Random, Layout::V3) => write_all(out, shuffled(plan.words()), word),
        (Order::Random, _) => write_all(out, shuffled(plan.rows()), row),
    }
}

/// The bytes and rows of some words, taken at equal distances from all words.
pub(super) fn measure(plan: &Plan, layout: Layout) -> (u64, u64) {
    let some = plan.words().min(MEASURED);
    let (mut bytes, mut rows) = (0, 0);
    let mut block = Vec::new();
    for index in (0..some).map(|at| at * plan.words() / some) {
        block.clear();
        word(plan, layout, index, &mut block);
        bytes += block.len() as u64;
        rows += plan.life(index).rows();
    }
    (bytes, rows)
}

/// Calls `append` for each of `items` on all cores, and writes the blocks in the order of the items.
fn write_all<W: Write>(
    out: &mut Output<W>,
    mut items: impl Iterator<Item = u64>,
    append: impl Fn(u64, &mut Vec<u8>) + Sync,
) -> io::Result<()> {
    let mut batch = Vec::new();
    let mut blocks = vec![Vec::new(); BLOCKS];
    loop {
        batch.clear();
        batch.extend(items.by_ref().take(BLOCKS * ITEMS));
        if batch.is_empty() {
            return Ok(());
        }
        let jobs = blocks.par_iter_mut().zip(batch.par_chunks(ITEMS));
        jobs.for_each(|(block, items)| {
            block.clear();
            for &item in items {
                append(item, block);
            }
        });
        let filled = batch.len().div_ceil(ITEMS);
        blocks[..filled].iter().try_for_each(|block| out.write(block))?;
    }
}

/// Appends all lines of a word.
fn word(plan: &Plan, layout: Layout, index: u64, block: &mut Vec<u8>) {
    let life = plan.life(index);
    let rows = (0..life.rows()).map(|at| life.row(at));
    lines::word(block, layout, |block| plan.word(index, block), rows);
}

/// Appends one line: row `index` of all rows, in the order of the words.
fn row(plan: &Plan, layout: Layout, index: u64, block: &mut Vec<u8>) {
    let (index, row) = plan.locate(index);
    plan.word(index, block);
    lines::end_row(block, layout, plan.life(index).row(row));
}
