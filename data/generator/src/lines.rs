//! How a line is laid out.

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

/// Appends one year to a line of [`Layout::V3`].
pub(super) fn add_year(line: &mut Vec<u8>, row: Row) {
    number(line, b'\t', row.year);
    number(line, b',', row.matches);
    number(line, b',', row.volumes);
}

fn number(line: &mut Vec<u8>, separator: u8, number: u64) {
    line.push(separator);
    if number < 10 {
        // Three counts in four.
        line.push(b'0' + number as u8);
    } else {
        line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }
}
