//! Reads CSV results of this program: turns their records into lines with TABs, so that a run can count them again.
//!
//! The crate csv does not fit. It takes a line end within quotes for data, so one quote too many would swallow the rest
//! of the file. It also skips blank lines silently, so line numbers in messages would be wrong.

use std::io;

use crate::parse::Format;
use crate::read::decode::convert::Convert;

/// The kind of a CSV result, from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CsvKind {
    /// The columns of an input format.
    Of(Format),
    /// Other columns of results, which can't be counted again.
    Derived,
}

/// The columns that a result may have: the names of all [`Column`](crate::write::Column)s.
pub(crate) const COLUMNS: [&[u8]; 23] = [
    b"word",
    b"year",
    b"file",
    b"count",
    b"volumes",
    b"years",
    b"first",
    b"last",
    b"peak",
    b"born",
    b"died",
    b"share",
    b"cumulative",
    b"rank",
    b"range",
    b"dp",
    b"per-million",
    b"zipf",
    b"count-there",
    b"log-likelihood",
    b"log-ratio",
    b"diff",
    b"spark",
];

/// The kind of an input with these first bytes; `None` if they are no header of this program.
pub(crate) fn csv_kind(head: &[u8]) -> Option<CsvKind> {
    let header = head.split(|&byte| byte == b'\n').next()?;
    let header = header.strip_suffix(b"\r").unwrap_or(header);
    // Other programs put each name in quotes.
    let bare = |name| <[u8]>::strip_prefix(name, b"\"").and_then(|name| name.strip_suffix(b"\"")).unwrap_or(name);
    let columns: Vec<&[u8]> = header.split(|&byte| byte == b',').map(bare).collect();
    match columns.as_slice() {
        [b"word", b"count"] => Some(CsvKind::Of(Format::Counts)),
        [b"word", b"year", b"count", b"volumes"] => Some(CsvKind::Of(Format::V2)),
        // A single name may be any text.
        [_, _, ..] if columns.iter().all(|column| COLUMNS.contains(column)) => Some(CsvKind::Derived),
        // A column for each year.
        [b"word", years @ ..] if !years.is_empty() && years.iter().all(|year| is_year(year)) => Some(CsvKind::Derived),
        _ => None,
    }
}

fn is_year(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(u8::is_ascii_digit)
}

/// A conversion of records into lines with TABs between the fields, and of the header into a blank line.
#[derive(Debug)]
pub(crate) struct Records {
    state: State,
    /// The number of the current line, from 1.
    line: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    /// At the first byte of a field.
    Begin,
    /// In a field without quotes, or behind a quoted field.
    Bare,
    Quoted,
    /// Behind a quote in a quoted field: the first of two quotes, or the end of the field.
    Quote,
}

impl Records {
    pub(crate) fn new() -> Self {
        Self { state: State::Header, line: 1 }
    }

    fn error(&self, what: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("line {}: a field {what}", self.line))
    }
}

impl Convert for Records {
    fn push(&mut self, bytes: &[u8], is_last: bool, text: &mut Vec<u8>) -> io::Result<()> {
        // A line is never longer than its record.
        text.try_reserve(bytes.len())?;
        for &byte in bytes {
            self.state = match (self.state, byte) {
                (State::Quoted, b'\n') => return Err(self.error("has no quote at its end, or holds a line end")),
                (_, b'\n') => {
                    self.line += 1;
                    text.push(b'\n');
                    State::Begin
                }
                (State::Header, _) => State::Header,
                (_, b'\t') => return Err(self.error("holds a TAB, which no ngram can")),
                (State::Begin, b'"') => State::Quoted,
                (State::Quoted, b'"') => State::Quote,
                (State::Quote, b'"') => {
                    text.push(b'"');
                    State::Quoted
                }
                (State::Begin | State::Bare | State::Quote, b',') => {
                    text.push(b'\t');
                    State::Begin
                }
                (state, byte) => {
                    text.push(byte);
                    if state == State::Quoted { State::Quoted } else { State::Bare }
                }
            };
        }
        if is_last && self.state == State::Quoted {
            return Err(self.error("has no quote at its end"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::{ReaderBuilder, Terminator, WriterBuilder};
    use proptest::prelude::*;

    fn lines(csv: &[u8], step: usize) -> (Vec<u8>, Option<String>) {
        let (mut records, mut text) = (Records::new(), Vec::new());
        for piece in csv.chunks(step) {
            if let Err(error) = records.push(piece, false, &mut text) {
                return (text, Some(error.to_string()));
            }
        }
        let error = records.push(b"", true, &mut text).err();
        (text, error.map(|error| error.to_string()))
    }

    proptest! {
        #[test]
        fn what_the_crate_csv_writes_comes_back(
            rows in prop::collection::vec(prop::collection::vec(
                prop::collection::vec(prop::sample::select(b"ab\"\",\r\xFF \\'".to_vec()), 0..6), 2..5), 0..8),
            step in 1_usize..30,
        ) {
            let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(Vec::new());
            writer.write_record(["word", "count"]).unwrap();
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let csv = writer.into_inner().unwrap();
            let expected: Vec<u8> =
                rows.iter().flat_map(|row| [&row.join(&b'\t')[..], b"\r\n"].concat()).collect();
            prop_assert_eq!(lines(&csv, step), ([b"\n", &expected[..]].concat(), None));
        }

        #[test]
        fn it_reads_what_the_crate_csv_reads(
            csv in prop::collection::vec(prop::sample::select(b"ab\",\n".to_vec()), 0..30), step in 1_usize..30,
        ) {
            let (text, error) = lines(&[b"word,count\n", &csv[..]].concat(), step);
            let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&csv[..]);
            let rows: Vec<csv::ByteRecord> = reader.byte_records().map(Result::unwrap).collect();
            if error.is_none() {
                let found: Vec<&[u8]> = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect();
                let expected: Vec<Vec<u8>> = rows.iter().map(|row| row.iter().collect::<Vec<_>>().join(&b'\t')).collect();
                let expected: Vec<_> = expected.iter().filter(|line| !line.is_empty()).collect();
                prop_assert_eq!(found, expected);
            } else {
                prop_assert!(csv.ends_with(b"\"") || csv.contains(&b'"'));
            }
        }
    }

    #[test]
    fn headers_are_told() {
        assert_eq!(csv_kind(b"word,count\r\na,5\r\n"), Some(CsvKind::Of(Format::Counts)));
        assert_eq!(csv_kind(b"word,count"), Some(CsvKind::Of(Format::Counts)));
        assert_eq!(csv_kind(b"word,year,count,volumes\n"), Some(CsvKind::Of(Format::V2)));
        assert_eq!(csv_kind(b"\"word\",\"count\"\n"), Some(CsvKind::Of(Format::Counts)));
        for derived in ["word,count,share\r\n", "count,word\r\n", "year,word,count,volumes\n", "word,rank"] {
            assert_eq!(csv_kind(derived.as_bytes()), Some(CsvKind::Derived), "{derived}");
        }
        for head in ["", "word\n", "word,counts\n", "Word,count\n", "word, count\n", "word\tcount\n", "count\n"] {
            assert_eq!(csv_kind(head.as_bytes()), None, "{head:?}");
        }
    }

    #[test]
    fn what_no_line_can_hold_is_an_error_with_its_line() {
        let cases = [
            ("a,5\nb\tc,6\n", "\na\t5\nb", "line 3: a field holds a TAB, which no ngram can"),
            ("\n\"a\nb\",5\n", "\n\na", "line 3: a field has no quote at its end, or holds a line end"),
            ("a,\"5", "\na\t5", "line 2: a field has no quote at its end"),
        ];
        for (csv, text, error) in cases {
            let csv = format!("word,count\n{csv}");
            assert_eq!(lines(csv.as_bytes(), 3), (text.as_bytes().to_vec(), Some(error.into())), "{csv:?}");
        }
    }
}
