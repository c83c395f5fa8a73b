//! Results with a separator between the columns: TSV, by hand since its ngrams hold no TAB and no LF, and CSV.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use crate::table::{Entry, INLINE};
use crate::write::columns::Column;
use crate::write::lines::{Cell, ResultLine, real};

/// Appends a line of TSV.
#[inline]
pub(super) fn tsv(line: &ResultLine<'_>, columns: &[Column], text: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    for &column in columns {
        match line.cell(column) {
            Cell::Ngram(ngram) => text.extend_from_slice(ngram),
            Cell::Number(number) if number < 10 => text.push(b'0' + number as u8),
            Cell::Number(number) => text.extend_from_slice(digits.format(number).as_bytes()),
            Cell::Real(value, places) => text.extend_from_slice(real(value, places).as_bytes()),
            Cell::Sparkline(bars) => text.extend_from_slice(bars.to_string().as_bytes()),
            Cell::Missing => {}
        }
        text.push(b'\t');
    }
    if let Some(last) = text.last_mut() {
        *last = b'\n';
    }
}

/// Appends the lines of entries with the columns that most results have, [`Column::Word`] and [`Column::Count`]: as
/// [`tsv`] would, but into bytes that are there already, one after another.
#[inline]
pub(super) fn tsv_counts<'a, D: 'a>(
    entries: impl IntoIterator<Item = &'a Entry<D>>,
    arenas: &[Vec<u8>],
    text: &mut Vec<u8>,
) {
    let mut digits = itoa::Buffer::new();
    let mut end = text.len();
    for entry in entries {
        let ngram = entry.ngram(arenas);
        if text.len() < end + ngram.len() + LINE_LEN {
            text.resize(text.capacity().max(end + ngram.len() + LINE_LEN), 0);
        }
        if !text[end..].first_chunk_mut().is_some_and(|room| entry.key.write_short(room)) {
            text[end..end + ngram.len()].copy_from_slice(ngram);
        }
        end += ngram.len();
        let room = &mut text[end..end + COUNT_LEN];
        room[0] = b'\t';
        let len = if entry.count < 10 {
            room[1] = b'0' + entry.count as u8;
            1
        } else {
            let count = digits.format(entry.count).as_bytes();
            room[1..=count.len()].copy_from_slice(count);
            count.len()
        };
        room[1 + len] = b'\n';
        end += len + 2;
    }
    text.truncate(end);
}

/// How many bytes a count takes at the most, with a TAB and a LF.
const COUNT_LEN: usize = 22;
/// How many bytes a line takes at the most, but for a long ngram.
const LINE_LEN: usize = INLINE + 1 + COUNT_LEN;

/// Writes a line of CSV.
pub(super) fn csv(line: &ResultLine<'_>, columns: &[Column], writer: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
    let mut digits = itoa::Buffer::new();
    for &column in columns {
        match line.cell(column) {
            Cell::Ngram(ngram) => writer.write_field(ngram),
            Cell::Number(number) => writer.write_field(digits.format(number)),
            Cell::Real(value, places) => writer.write_field(real(value, places)),
            Cell::Sparkline(bars) => writer.write_field(bars.to_string()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Key;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_are_written_as_they_are(
            words in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..60), any::<u64>(), 0_u32..64), 0..50),
        ) {
            let (mut arena, mut entries, mut expected) = (Vec::new(), Vec::new(), Vec::new());
            for (ngram, count, shift) in &words {
                let (count, detail) = (count >> shift, ());
                let key = Key::short(ngram).unwrap_or_else(|| Key::long(ngram, arena.len(), 0));
                arena.extend_from_slice(ngram);
                entries.push(Entry { key, count, detail });
                expected.extend_from_slice(&[ngram, &b"\t"[..], count.to_string().as_bytes(), b"\n"].concat());
            }
            let (arenas, mut text) = ([arena], Vec::new());
            // The memory is used again, and does not grow.
            let mut capacity = None;
            for _ in 0..10 {
                text.clear();
                tsv_counts(&entries, &arenas, &mut text);
                prop_assert_eq!(&text, &expected);
                prop_assert_eq!(*capacity.get_or_insert(text.capacity()), text.capacity());
            }
        }
    }
}
