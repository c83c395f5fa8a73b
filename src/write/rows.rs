//! `Rows`: takes the cells of a result row by row, and makes the text of a format of them.

use std::io;

use csv::Writer;

use crate::write::cell::Cell;
use crate::write::format::OutputFormat;
use crate::write::{delimited, json};

/// Takes rows one after another.
pub(super) trait Rows {
    /// Takes a row. An ngram may have several; `is_first` tells its first one.
    ///
    /// # Errors
    /// For a word that the format can't hold.
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, is_first: bool) -> io::Result<()>;
}

/// Lines of TSV.
pub(super) struct Tsv<'t>(pub(super) &'t mut Vec<u8>);

impl Rows for Tsv<'_> {
    #[inline]
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, _is_first: bool) -> io::Result<()> {
        delimited::tsv(cells, self.0);
        Ok(())
    }
}

/// Rows of the text that PostgreSQL's COPY reads.
#[cfg(feature = "postgres")]
pub(super) struct CopyText<'t>(pub(super) &'t mut Vec<u8>);

#[cfg(feature = "postgres")]
impl Rows for CopyText<'_> {
    #[inline]
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, _is_first: bool) -> io::Result<()> {
        crate::write::copy_text::row(cells, self.0)
    }
}

/// Lines of CSV.
pub(super) struct Csv<'t>(pub(super) Writer<&'t mut Vec<u8>>);

impl Rows for Csv<'_> {
    #[inline]
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, _is_first: bool) -> io::Result<()> {
        delimited::csv(cells, &mut self.0)
    }
}

/// Objects of JSON, in an array or one a line.
pub(super) struct Json<'t, N> {
    pub(super) text: &'t mut Vec<u8>,
    pub(super) format: OutputFormat,
    /// The names of the columns.
    pub(super) names: &'t [N],
    /// The number of ngrams that are not UTF-8.
    pub(super) replaced: u64,
}

impl<N: AsRef<str>> Rows for Json<'_, N> {
    #[inline]
    fn row<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>, is_first: bool) -> io::Result<()> {
        if self.format == OutputFormat::Json && !self.text.is_empty() {
            self.text.extend_from_slice(self.format.separator());
        }
        let is_replaced = json::object(self.names.iter().map(AsRef::as_ref).zip(cells), self.text)?;
        // An ngram with several lines counts once.
        self.replaced += u64::from(is_replaced && is_first);
        if self.format == OutputFormat::Jsonl {
            self.text.push(b'\n');
        }
        Ok(())
    }
}
