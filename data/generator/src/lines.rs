//! The layouts of lines.

use super::Layout;
use super::life::Row;

/// Appends the rest of a line of [`Layout::V1`] or [`Layout::V2`], after the word.
pub(super) fn end_row(line: &mut Vec<u8>, layout: Layout, row: Row) {
    number(line, b'\t', row.year);
    number(line, b'\t', row.matches);
    if layout == Layout::V1 {
        number(line, b'\t', row.pages);
    }
    number(line, b'\t', row.volumes);
    line.push(b'\n');
}

/// Appends all lines of a word. `spell` appends the word.
pub(super) fn word(
    block: &mut Vec<u8>,
    layout: Layout,
    spell: impl FnOnce(&mut Vec<u8>),
    rows: impl Iterator<Item = Row>,
) {
    let start = block.len();
    spell(block);
    let word = start..block.len();
    if layout == Layout::V3 {
        rows.for_each(|row| add_year(block, row));
        block.push(b'\n');
        return;
    }
    for (at, row) in rows.enumerate() {
        if at > 0 {
            block.extend_from_within(word.clone());
        }
        end_row(block, layout, row);
    }
}

/// Appends one year to a line of [`Layout::V3`].
fn add_year(line: &mut Vec<u8>, row: Row) {
    number(line, b'\t', row.year);
    number(line, b',', row.matches);
    number(line, b',', row.volumes);
}

fn number(line: &mut Vec<u8>, separator: u8, number: u64) {
    line.push(separator);
    if number < 10 {
        // Three counts in four have one digit.
        line.push(b'0' + number as u8);
    } else {
        line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }
}
