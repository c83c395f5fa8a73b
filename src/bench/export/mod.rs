//! The report in files, for programs and for other pages.

mod csv;
mod json;
mod markdown;

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use ngram_count::Error;
use ngram_count::output::Destination;

use super::picture;
use super::report::Report;
use crate::interrupt;

/// What a report can be written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Csv,
    Markdown,
    Svg,
}

/// A file that the report goes to.
#[derive(Debug)]
pub(crate) struct Export {
    kind: Kind,
    path: PathBuf,
    /// Open from the start only where it is no file that is replaced: a pipe, or standard output.
    open: Option<Destination>,
}

impl Export {
    /// Finds out whether `path` can be written to, before the long run.
    ///
    /// The file beside it that will take its place is made again at the end. One that lay there all the while would be
    /// left behind if the machine went down meanwhile.
    ///
    /// # Errors
    /// When it can't.
    pub(crate) fn open(kind: Kind, path: PathBuf) -> Result<Self, Error> {
        let open = Destination::file(&path)?;
        let open = open.temporary().is_none().then_some(open);
        Ok(Self { kind, path, open })
    }

    /// Whether it goes to standard output, which then has nothing else.
    pub(crate) fn is_stdout(&self) -> bool {
        self.path.as_os_str() == OsStr::new("-")
    }

    /// Writes the report, in one step where it is a file.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn write(self, report: &Report) -> Result<(), Error> {
        let mut destination = match self.open {
            Some(open) => open,
            None => Destination::file(&self.path)?,
        };
        interrupt::guard(destination.temporary());
        let text = self.kind.render(report).map_err(|source| destination.error(source))?;
        match destination.write_all(&text) {
            // The reader of the pipe has what it wanted.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written.map_err(|source| destination.error(source))?,
        }
        destination.commit()?;
        interrupt::guard(None);
        Ok(())
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
