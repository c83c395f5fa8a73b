//! Exports: the report in files, for programs and for other pages.

mod csv;
mod json;
mod markdown;

use std::io;
use std::path::Path;

use ngram_count::write::Destination;

use crate::args::BenchOptions;
use crate::commands::bench::picture;
use crate::commands::bench::report::Report;
use crate::error::Error;

/// The format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Csv,
    Markdown,
    Svg,
}

/// A file for the report.
#[derive(Debug)]
pub(crate) struct Export {
    kind: Kind,
    pub(crate) destination: Destination,
}

impl Export {
    /// Opens all exports before the long run.
    ///
    /// # Errors
    /// When a file can't be written.
    pub(crate) fn open_all(options: &BenchOptions) -> Result<Vec<Self>, Error> {
        let asked = [
            (Kind::Json, &options.export_json),
            (Kind::Csv, &options.export_csv),
            (Kind::Markdown, &options.export_markdown),
            (Kind::Svg, &options.svg),
        ];
        let asked = asked.into_iter().filter_map(|(kind, path)| Some((kind, path.as_ref()?)));
        asked.map(|(kind, path)| Self::open(kind, path)).collect()
    }

    fn open(kind: Kind, path: &Path) -> Result<Self, Error> {
        Ok(Self { kind, destination: Destination::file(path)? })
    }

    /// The destination and the text of the export.
    ///
    /// # Errors
    /// When the text can't be made.
    pub(crate) fn render(self, report: &Report) -> Result<(Destination, Vec<u8>), Error> {
        let text = self.kind.render(report).map_err(|source| self.destination.error(source))?;
        Ok((self.destination, text))
    }
}

impl Kind {
    fn render(self, report: &Report) -> io::Result<Vec<u8>> {
        match self {
            Self::Json => json::render(report),
            Self::Csv => csv::render(report),
            Self::Markdown => Ok(markdown::render(report).into_bytes()),
            Self::Svg => picture::render(report).map(String::into_bytes),
        }
    }
}
