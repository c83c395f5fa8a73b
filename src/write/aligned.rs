//! `Aligned`: rows in aligned columns, for a terminal. Numbers stand with their decimal points below each other, and have
//! separators between thousands; years have none.
//!
//! ```text
//! word       count        share  first
//! the   18,734,255  0.154210242   1800
//! and    9,676,575  0.0796525     1800
//! ```
//!
//! The widths of the columns must be known before the first row, and a result may be larger than memory. So a first pass
//! over all rows [measures](Layout) them, and a second one writes them.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;

use unicode_width::UnicodeWidthStr;

use crate::printable::printable;
use crate::write::cell::{Cell, mean, measured, real};
use crate::write::rows::Rows;

/// The space between two columns.
const GAP: &str = "  ";
/// The maximum width of a column of texts. A longer text is written whole, and moves the rest of its line.
const MAX_TEXT_WIDTH: usize = 64;
/// A value that is unknown.
const MISSING: &str = "-";

/// The name of a column, and whether its numbers have separators between thousands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) has_thousands: bool,
}

/// The widths of a column so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Width {
    /// Of texts, and of numbers up to their decimal points.
    before: usize,
    /// Of the digits behind a decimal point, with the point.
    behind: usize,
    /// Whether the column has texts, which begin at the left.
    is_text: bool,
}

impl Width {
    fn max(self, other: Self) -> Self {
        Self {
            before: self.before.max(other.before),
            behind: self.behind.max(other.behind),
            is_text: self.is_text || other.is_text,
        }
    }

    fn all(self) -> usize {
        self.before + self.behind
    }
}

/// The widths of all columns. As [`Rows`], it measures the rows that it takes.
#[derive(Debug, Clone)]
pub(super) struct Layout<'h> {
    heads: &'h [Head],
    widths: Vec<Width>,
}

impl<'h> Layout<'h> {
    /// The layout of a table without rows.
    pub(super) fn new(heads: &'h [Head]) -> Self {
        Self { heads, widths: vec![Width::default(); heads.len()] }
    }

    /// The layout for the rows of both.
    pub(super) fn join(mut self, other: Self) -> Self {
        for (width, other) in self.widths.iter_mut().zip(other.widths) {
            *width = width.max(other);
        }
        self
    }

    /// The width of a column, and the part of it behind the decimal points.
    fn place(&self, column: usize) -> (usize, usize) {
        let width = self.widths[column];
        (width.all().max(self.heads[column].name.width()), width.behind)
    }

    /// Appends the line of names.
    pub(super) fn header(&self, text: &mut Vec<u8>) {
        for (column, head) in self.heads.iter().enumerate() {
            let (width, _) = self.place(column);
            let blanks = width - head.name.width();
            let is_text = self.widths[column].is_text;
            self.cell(column, if is_text { [0, blanks] } else { [blanks, 0] }, &head.name, text);
        }
    }

    /// Widens the columns for a row.
    fn measure(&mut self, row: impl Iterator<Item = Width>) {
        for (width, shown) in self.widths.iter_mut().zip(row) {
            *width = width.max(shown);
        }
    }

    /// Appends a row.
    fn write(&self, row: impl Iterator<Item = Shown>, text: &mut Vec<u8>) {
        for (column, shown) in row.enumerate() {
            let (width, behind) = self.place(column);
            let blanks = if self.widths[column].is_text {
                [0, width.saturating_sub(shown.width.all())]
            } else {
                [(width - behind).saturating_sub(shown.width.before), behind - shown.width.behind]
            };
            self.cell(column, blanks, &shown.text, text);
        }
    }

    /// Appends a cell between blanks, and what stands behind it. No blanks are at the end of a line.
    fn cell(&self, column: usize, [before, behind]: [usize; 2], shown: &str, text: &mut Vec<u8>) {
        text.resize(text.len() + before, b' ');
        text.extend_from_slice(shown.as_bytes());
        if column + 1 == self.heads.len() {
            text.push(b'\n');
        } else {
            text.resize(text.len() + behind, b' ');
            text.extend_from_slice(GAP.as_bytes());
        }
    }
}

impl Rows for Layout<'_> {
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, _is_first: bool) -> io::Result<()> {
        self.measure(cells.zip(self.heads).map(|(cell, head)| Shown::of(cell, head.has_thousands).width));
        Ok(())
    }
}

/// Rows of a table whose layout is known.
pub(super) struct Aligned<'t, 'h> {
    pub(super) layout: &'t Layout<'h>,
    pub(super) text: &'t mut Vec<u8>,
}

impl Rows for Aligned<'_, '_> {
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, _is_first: bool) -> io::Result<()> {
        let row = cells.zip(self.layout.heads).map(|(cell, head)| Shown::of(cell, head.has_thousands));
        self.layout.write(row, self.text);
        Ok(())
    }
}

/// The rows of a table in memory, before their layout is known.
#[derive(Debug)]
pub(super) struct Collected {
    heads: Vec<Head>,
    rows: Vec<Vec<Shown>>,
}

impl Collected {
    pub(super) fn new(heads: Vec<Head>) -> Self {
        Self { heads, rows: Vec::new() }
    }

    pub(super) fn push<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) {
        let row = cells.zip(&self.heads).map(|(cell, head)| Shown::of(cell, head.has_thousands));
        self.rows.push(row.collect());
    }

    /// The table with its header.
    pub(super) fn finish(self) -> Vec<u8> {
        let (mut layout, mut text) = (Layout::new(&self.heads), Vec::new());
        self.rows.iter().for_each(|row| layout.measure(row.iter().map(|shown| shown.width)));
        layout.header(&mut text);
        self.rows.into_iter().for_each(|row| layout.write(row.into_iter(), &mut text));
        text
    }
}

/// A cell as it is shown.
#[derive(Debug)]
struct Shown {
    text: String,
    width: Width,
}

impl Shown {
    fn of(cell: Cell<'_>, has_thousands: bool) -> Self {
        let number = |text: &str| Self::number(text, has_thousands);
        match cell {
            Cell::Ngram(bytes) | Cell::Name(bytes) => Self::text(printable(OsStr::from_bytes(bytes))),
            Cell::Sparkline(sparkline) => Self::text(sparkline.to_string()),
            Cell::Number(value) => number(&value.to_string()),
            Cell::Real(value, places) => number(&real(value, places)),
            Cell::Mean(value, places) => number(&mean(value, places)),
            Cell::Measured(value) => number(&measured(value)),
            Cell::Missing => {
                Self { text: MISSING.to_owned(), width: Width { before: MISSING.len(), ..Width::default() } }
            }
        }
    }

    fn text(text: String) -> Self {
        let before = text.width().min(MAX_TEXT_WIDTH);
        Self { text, width: Width { before, behind: 0, is_text: true } }
    }

    fn number(text: &str, has_thousands: bool) -> Self {
        let (whole, fraction) = text.split_at(text.find(['.', 'e']).unwrap_or(text.len()));
        let whole = if has_thousands { with_thousands(whole) } else { whole.to_owned() };
        let width = Width { before: whole.len(), behind: fraction.len(), is_text: false };
        Self { text: whole + fraction, width }
    }
}

/// Digits with a comma between each group of three. A sign may stand before them.
fn with_thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.char_indices() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (digits, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("18734255", "18,734,255"),
            ("-100", "-100"),
            ("-1000", "-1,000"),
        ] {
            assert_eq!(with_thousands(digits), expected);
        }
    }

    #[test]
    fn columns_are_aligned_by_what_a_terminal_shows() {
        let heads = ["word", "count", "mean", "year"];
        let heads = heads.map(|name| Head { name: name.into(), has_thousands: name != "year" });
        let rows = [
            [Cell::Ngram("日本".as_bytes()), Cell::Number(1234), Cell::Real(0.25, 6), Cell::Number(1950)],
            [Cell::Ngram(b"a\x1Bb\xFF"), Cell::Number(7), Cell::Mean(-1500.0, 6), Cell::Missing],
            [Cell::Ngram("e\u{301}".as_bytes()), Cell::Missing, Cell::Missing, Cell::Number(12_345)],
        ];
        let (mut layout, mut text) = (Layout::new(&heads), Vec::new());
        for row in rows {
            layout.row(row.into_iter(), true).unwrap();
        }
        layout.header(&mut text);
        for row in rows {
            Aligned { layout: &layout, text: &mut text }.row(row.into_iter(), true).unwrap();
        }
        let expected = [
            "word          count       mean   year",
            "日本          1,234       0.25   1950",
            "a\\u{1b}b\\xff      7  -1,500         -",
            "e\u{301}                 -       -     12345",
        ];
        assert_eq!(String::from_utf8(text).unwrap(), expected.join("\n") + "\n");
    }
}
