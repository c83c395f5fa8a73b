//! `TextTable`: a table of cells in a format, for output other than results: `plot --data` and the exports of `bench`.

use std::io;

use crate::write::aligned::{Collected, Head};
use crate::write::cell::Cell;
use crate::write::delimited;
use crate::write::format::OutputFormat;
use crate::write::rows::{Csv, Json, Rows, Tsv};

/// A table in memory, in the formats of results, row by row.
#[derive(Debug)]
pub struct TextTable<'a> {
    format: OutputFormat,
    names: &'a [&'a str],
    text: Vec<u8>,
    /// The rows of aligned columns.
    collected: Collected,
    is_empty: bool,
}

impl<'a> TextTable<'a> {
    /// A table without rows. `names` are the names of its columns; TSV has a line of names only with `header`. A column
    /// `year` has no separators between thousands.
    ///
    /// # Errors
    /// None: memory takes what is written.
    pub fn new(format: OutputFormat, header: bool, names: &'a [&'a str]) -> io::Result<Self> {
        let head = |name: &&str| Head { name: (*name).to_owned(), has_thousands: *name != "year" };
        let collected = Collected::new(names.iter().map(head).collect());
        Ok(Self { format, names, text: format.start(names, header)?, collected, is_empty: true })
    }

    /// Appends a row, with a cell for each column.
    ///
    /// # Errors
    /// None: memory takes what is written.
    pub fn push(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        debug_assert_eq!(cells.len(), self.names.len());
        let (text, format) = (&mut self.text, self.format);
        if !std::mem::replace(&mut self.is_empty, false) && format == OutputFormat::Json {
            text.extend_from_slice(format.separator());
        }
        let cells = cells.iter().copied();
        match format {
            OutputFormat::Tsv => Tsv(text).row(cells, true),
            OutputFormat::Csv => {
                let mut csv = Csv(delimited::csv_writer(text));
                csv.row(cells, true)?;
                csv.0.flush()
            }
            OutputFormat::Json | OutputFormat::Jsonl => {
                // The separator is there already.
                let mut object = Vec::new();
                Json { text: &mut object, format, names: self.names, replaced: 0 }.row(cells, true)?;
                text.extend(object);
                Ok(())
            }
            OutputFormat::Table => {
                self.collected.push(cells);
                Ok(())
            }
        }
    }

    /// The whole table.
    pub fn finish(mut self) -> Vec<u8> {
        if self.format == OutputFormat::Table {
            return self.collected.finish();
        }
        self.text.extend_from_slice(self.format.end(self.is_empty));
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(format: OutputFormat, rows: &[[Cell<'_>; 3]]) -> String {
        let mut table = TextTable::new(format, true, &["word", "count", "mean"]).unwrap();
        for row in rows {
            table.push(row).unwrap();
        }
        String::from_utf8(table.finish()).unwrap()
    }

    #[test]
    fn every_format_has_the_same_cells() {
        let rows = [
            [Cell::Ngram(b"a,b"), Cell::Number(12), Cell::Real(2.0, 6)],
            [Cell::Ngram(b"\xFF"), Cell::Missing, Cell::Mean(2.0, 6)],
        ];
        assert_eq!(table(OutputFormat::Csv, &rows[..1]), "word,count,mean\r\n\"a,b\",12,2.0\r\n");
        assert_eq!(table(OutputFormat::Tsv, &rows[..1]), "word\tcount\tmean\na,b\t12\t2.0\n");
        let (first, second) =
            (r#"{"word":"a,b","count":12,"mean":2.0}"#, "{\"word\":\"\u{FFFD}\",\"count\":null,\"mean\":2.0}");
        assert_eq!(table(OutputFormat::Json, &rows), format!("[\n{first},\n{second}\n]\n"));
        assert_eq!(table(OutputFormat::Jsonl, &rows), format!("{first}\n{second}\n"));
    }

    #[test]
    fn a_table_without_rows_has_its_frame() {
        assert_eq!(table(OutputFormat::Csv, &[]), "word,count,mean\r\n");
        assert_eq!(table(OutputFormat::Json, &[]), "[\n]\n");
        assert_eq!(table(OutputFormat::Jsonl, &[]), "");
    }
}
