//! Lines with a separator between the columns: TSV and CSV. TSV needs no quotes, because no ngram holds a TAB or an LF.
//! The name of a file may, and gets the escapes of PostgreSQL's COPY.

use std::io;

use csv::{Terminator, Writer, WriterBuilder};

use crate::table::{Entry, INLINE};
use crate::write::cell::{Cell, mean, measured, real};

/// Appends a line of TSV.
#[inline]
pub(super) fn tsv<'a>(cells: impl IntoIterator<Item = Cell<'a>>, text: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    for cell in cells {
        match cell {
            Cell::Ngram(ngram) => text.extend_from_slice(ngram),
            Cell::Name(name) => escape(name, text),
            Cell::Number(number) if number < 10 => text.push(b'0' + number as u8),
            Cell::Number(number) => text.extend_from_slice(digits.format(number).as_bytes()),
            Cell::Real(value, places) => text.extend_from_slice(real(value, places).as_bytes()),
            Cell::Mean(value, places) => text.extend_from_slice(mean(value, places).as_bytes()),
            Cell::Measured(value) => text.extend_from_slice(measured(value).as_bytes()),
            Cell::Sparkline(sparkline) => text.extend_from_slice(sparkline.to_string().as_bytes()),
            Cell::Missing => {}
        }
        text.push(b'\t');
    }
    if let Some(last) = text.last_mut() {
        *last = b'\n';
    }
}

/// Appends the name of a file: a TAB is `\t`, an LF `\n`, a CR `\r`, and a backslash `\\`, so that each line is one record
/// and each name can be read back.
pub(super) fn escape(name: &[u8], text: &mut Vec<u8>) {
    for &byte in name {
        match byte {
            b'\t' => text.extend_from_slice(b"\\t"),
            b'\n' => text.extend_from_slice(b"\\n"),
            b'\r' => text.extend_from_slice(b"\\r"),
            b'\\' => text.extend_from_slice(b"\\\\"),
            byte => text.push(byte),
        }
    }
}

/// Appends the lines `ngram TAB count LF` of some entries: the fast path for most results.
///
/// [`tsv`] would write the same bytes, but grow the text twice for each line, and copy ngrams of variable length. Here
/// we fill the text with zeros up to its capacity, and lines overwrite the zeros. A short ngram is one copy of fixed
/// length, its whole key, and the count overwrites the bytes behind the ngram:
///
/// ```text
/// text     ..., 't' 'h' 'e'  0   0   0   0  ...  0   0       24 bytes of the key, wherever the ngram ends
///               't' 'h' 'e' TAB '1' '2' LF   0   0   0       then the count behind the ngram; `end` is behind the LF
/// ```
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
        if text.len() < end + ngram.len() + MAX_LINE_LEN {
            text.resize(text.capacity().max(end + ngram.len() + MAX_LINE_LEN), 0);
        }
        if !text[end..].first_chunk_mut().is_some_and(|to| entry.key.write_short(to)) {
            text[end..end + ngram.len()].copy_from_slice(ngram);
        }
        end += ngram.len();
        let count = &mut text[end..end + MAX_COUNT_LEN];
        count[0] = b'\t';
        let len = if entry.count < 10 {
            count[1] = b'0' + entry.count as u8;
            1
        } else {
            let digits = digits.format(entry.count).as_bytes();
            count[1..=digits.len()].copy_from_slice(digits);
            digits.len()
        };
        count[1 + len] = b'\n';
        end += len + 2;
        debug_assert!(end <= text.len() && text[end - 1] == b'\n', "a line ends in the bytes that were made for it");
    }
    text.truncate(end);
}

/// The maximum length of a count with its TAB and LF in bytes: 18446744073709551615 has 20 digits.
const MAX_COUNT_LEN: usize = 22;
/// The maximum length of a line in bytes, without a long ngram. A short ngram takes all bytes of its key.
const MAX_LINE_LEN: usize = INLINE + 1 + MAX_COUNT_LEN;

/// Writes a line of CSV.
pub(super) fn csv<'a>(cells: impl IntoIterator<Item = Cell<'a>>, writer: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
    let mut digits = itoa::Buffer::new();
    for cell in cells {
        match cell {
            Cell::Ngram(bytes) | Cell::Name(bytes) => writer.write_field(bytes),
            Cell::Number(number) => writer.write_field(digits.format(number)),
            Cell::Real(value, places) => writer.write_field(real(value, places)),
            Cell::Mean(value, places) => writer.write_field(mean(value, places)),
            Cell::Measured(value) => writer.write_field(measured(value)),
            Cell::Sparkline(sparkline) => writer.write_field(sparkline.to_string()),
            Cell::Missing => writer.write_field(""),
        }?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}

/// The line of column names.
pub(super) fn csv_header(names: &[impl AsRef<str>]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut writer = csv_writer(&mut text);
    writer.write_record(names.iter().map(AsRef::as_ref))?;
    writer.flush()?;
    drop(writer);
    Ok(text)
}

/// A writer that appends lines of CSV to a text. The caller must flush it.
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
            // The text reuses its memory, and does not grow.
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
