//! The formats of a result: the bytes before, between and behind the lines.

use std::io;

use crate::write::columns::Column;
use crate::write::delimited;
use crate::write::packing::OutputCompression;

/// The format of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[non_exhaustive]
pub enum OutputFormat {
    /// Lines `ngram TAB count LF`, for the shell, and for this program to count again.
    #[cfg_attr(feature = "cli", value(help = "Word, TAB, count; can be counted again"))]
    Tsv,
    /// CSV by RFC 4180: commas, quotes where needed, lines that end in CR LF.
    #[cfg_attr(feature = "cli", value(help = "RFC 4180, with a header; lines end in CR LF"))]
    Csv,
    /// One JSON array of objects.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// Aligned columns with a header, for reading in a terminal: see [`OutputFormat::Tsv`] for programs.
    #[cfg_attr(feature = "cli", value(help = "Aligned columns, for a terminal"))]
    Table,
}

impl OutputFormat {
    /// The bytes before the first line, for columns with these names. TSV has a line of names only with `header`.
    pub(super) fn start(self, names: &[impl AsRef<str>], header: bool) -> io::Result<Vec<u8>> {
        Ok(match self {
            Self::Tsv if header => {
                let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
                format!("{}\n", names.join("\t")).into_bytes()
            }
            // The header of a table depends on its rows.
            Self::Tsv | Self::Jsonl | Self::Table => Vec::new(),
            Self::Csv => delimited::csv_header(names)?,
            Self::Json => b"[\n".to_vec(),
        })
    }

    /// The bytes between two lines, in addition to the line end behind each line of the formats with lines.
    pub(super) fn separator(self) -> &'static [u8] {
        if self == Self::Json { b",\n" } else { b"" }
    }

    /// The bytes behind the last line.
    pub(super) fn end(self, is_empty: bool) -> &'static [u8] {
        match (self, is_empty) {
            (Self::Json, true) => b"]\n",
            (Self::Json, false) => b"\n]\n",
            _ => b"",
        }
    }
}

/// The format and the columns of a result.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is an option by itself")]
pub struct OutputOptions {
    /// The format.
    pub format: OutputFormat,
    /// Whether TSV begins with a line of column names. CSV always does.
    pub header: bool,
    /// The columns. An empty list stands for [`Column::defaults`].
    pub columns: Vec<Column>,
    /// Whether CSV begins with a byte-order mark, by which Excel knows UTF-8. Other formats can't have one.
    pub bom: bool,
    /// Whether a result by years or decades has one line for each word, with a column for each year or decade from the first
    /// to the last one in which any of its words occurs. The columns are then [`Column::Word`] and one other, which each
    /// year shows; by default the count, or with totals the count per million words. TSV has a header.
    pub wide: bool,
    /// The compression of all of it, if there is one.
    pub compression: Option<OutputCompression>,
    /// Whether TSV has the escapes of PostgreSQL's COPY.
    pub(super) is_copy: bool,
}

impl OutputOptions {
    /// The default columns in a format, without a header in TSV.
    pub fn new(format: OutputFormat) -> Self {
        let columns = Vec::new();
        Self { format, header: false, columns, bom: false, wide: false, compression: None, is_copy: false }
    }

    /// Some columns as the text that PostgreSQL's COPY reads.
    #[cfg(feature = "postgres")]
    pub(super) fn copy_text(columns: Vec<Column>) -> Self {
        Self { columns, is_copy: true, ..Self::new(OutputFormat::Tsv) }
    }
}
