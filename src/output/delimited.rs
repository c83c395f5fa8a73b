//! Results with a separator between the columns: TSV, by hand since its ngrams hold no TAB and no LF, and CSV.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use super::columns::Column;
use super::lines::{Cell, Line, real};

/// Appends a line of TSV.
#[inline]
pub(super) fn tsv(line: &Line<'_>, columns: &[Column], text: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    for &column in columns {
        match line.cell(column) {
            Cell::Ngram(ngram) => text.extend_from_slice(ngram),
            Cell::Number(number) if number < 10 => text.push(b'0' + number as u8),
            Cell::Number(number) => text.extend_from_slice(digits.format(number).as_bytes()),
            Cell::Real(value, places) => text.extend_from_slice(real(value, places).as_bytes()),
            Cell::Bars(bars) => text.extend_from_slice(bars.to_string().as_bytes()),
            Cell::Missing => {}
        }
        text.push(b'\t');
    }
    if let Some(last) = text.last_mut() {
        *last = b'\n';
    }
}

/// Writes a line of CSV.
pub(super) fn csv(line: &Line<'_>, columns: &[Column], writer: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
    let mut digits = itoa::Buffer::new();
    for &column in columns {
        match line.cell(column) {
            Cell::Ngram(ngram) => writer.write_field(ngram),
            Cell::Number(number) => writer.write_field(digits.format(number)),
            Cell::Real(value, places) => writer.write_field(real(value, places)),
            Cell::Bars(bars) => writer.write_field(bars.to_string()),
            Cell::Missing => writer.write_field(""),
        }?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}

pub(super) fn csv_header(columns: &[Column]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut writer = csv_writer(&mut text);
    writer.write_record(columns.iter().map(|column| column.name()))?;
    writer.flush()?;
    drop(writer);
    Ok(text)
}

pub(super) fn csv_writer(text: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(text)
}
