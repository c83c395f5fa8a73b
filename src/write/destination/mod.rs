//! The destination of a result: standard output, a file that [`Destination::commit`] replaces in one step, or a table of
//! PostgreSQL whose rows it replaces.
//!
//! A program opens a [`Destination`] before the work begins, so that a place that can't be written to gives an error at
//! once. `file` opens what is no table: `follow` finds what a path means, `refuse` and `owner` keep the rules of the old
//! file, `replacement` makes the new file. `identity` finds destinations that clash.

mod file;
mod follow;
mod identity;
mod owner;
mod refuse;
mod replacement;

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use self::file::OpenFile;
pub use self::file::close_stdout;
pub(crate) use self::identity::Identity;
use crate::error::{Error, Result};
use crate::printable::printable;
use crate::read::table_url::{is_table_url, no_file, shown};
use crate::result::counts::Counts;
#[cfg(feature = "postgres")]
use crate::write::postgres::Table;
use crate::write::{OutputOptions, Written, write};

/// An open destination for a result. Dropping it without [`Destination::commit`] leaves an old file, or the rows of a
/// table, unchanged.
#[derive(Debug)]
pub struct Destination {
    /// The name as the user wrote it, without a password; for messages.
    name: PathBuf,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(OpenFile),
    #[cfg(feature = "postgres")]
    Table(Table),
}

impl Destination {
    /// Standard output.
    ///
    /// # Errors
    /// [`Error::Write`] when standard output is closed.
    pub fn stdout() -> Result<Self> {
        Self::open("standard output".as_ref(), || OpenFile::stdout().map(Place::File))
    }

    /// The file at `path`, which need not exist yet; `-` is standard output. Call this before the work begins, so that
    /// a path that can't be written to gives an error at once.
    ///
    /// Follows links. [`Destination::commit`] replaces a file. The result goes straight into a pipe, a device or a
    /// descriptor such as `/dev/fd/3`.
    ///
    /// # Errors
    /// [`Error::Write`] when the folder takes no new file, when the old file can't be replaced or is read-only, or when
    /// `path` is a folder or the URL of a table.
    pub fn file(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Self::stdout();
        }
        Self::open(path.as_os_str(), || {
            if is_table_url(path.as_os_str()) { Err(no_file()) } else { OpenFile::at(path).map(Place::File) }
        })
    }

    /// The destination that a user names for a result with these options: a path, `-` for standard output, or, with the
    /// feature `postgres`, the URL of a table such as `postgres://user@host/db?table=counts`.
    ///
    /// For a table, this connects to the server, checks that [`Destination::write_result`] can make the table or replace
    /// its rows, and closes the connection again. The table has the names of the result's columns, or those that the URL
    /// lists, as in `&columns=ngram,n`.
    ///
    /// # Errors
    /// As [`Destination::file`]. For a table, also when the server can't be reached, the user may not write to the table,
    /// the columns don't fit, or the options ask for a format other than TSV without a header.
    pub fn from_name(name: impl AsRef<OsStr>, options: &OutputOptions) -> Result<Self> {
        let name = name.as_ref();
        #[cfg(feature = "postgres")]
        if let Some(url) = name.to_str().filter(|_| is_table_url(name)) {
            return Self::open(name, || Table::open(url, options).map(Place::Table));
        }
        let _ = options;
        Self::file(name.as_ref())
    }

    fn open(name: &OsStr, open: impl FnOnce() -> io::Result<Place>) -> Result<Self> {
        let name = PathBuf::from(shown(name).into_owned());
        match open() {
            Ok(place) => Ok(Self { name, place }),
            Err(source) => Err(Error::Write { path: name, source }),
        }
    }

    /// Whether this is standard output, by any name.
    pub fn is_stdout(&self) -> bool {
        matches!(&self.place, Place::File(file) if file.is_stdout)
    }

    fn identity(&self) -> &Identity {
        match &self.place {
            Place::File(file) => &file.identity,
            #[cfg(feature = "postgres")]
            Place::Table(table) => &table.identity,
        }
    }

    /// Checks that no two destinations clash: one result would be lost, or mixed with the other. `/dev/null` takes any
    /// number of results.
    ///
    /// # Errors
    /// [`SamePlace`], which names both destinations.
    pub fn check_all_differ<'a>(
        destinations: impl IntoIterator<Item = &'a Self>,
    ) -> std::result::Result<(), SamePlace> {
        let mut seen: Vec<&Self> = Vec::new();
        for destination in destinations {
            if let Some(other) = seen.iter().find(|other| other.identity().clashes_with(destination.identity())) {
                return Err(SamePlace { one: destination.name.clone(), other: other.name.clone() });
            }
            seen.push(destination);
        }
        Ok(())
    }

    /// Whether readers see the result only after [`Destination::commit`].
    pub fn is_replaced(&self) -> bool {
        match &self.place {
            Place::File(file) => file.replacement.is_some(),
            #[cfg(feature = "postgres")]
            Place::Table(_) => true,
        }
    }

    /// Writes a result, as [`write()`] does. A table gets a row for each line.
    ///
    /// # Errors
    /// As [`write()`]; for a table, also the server's. [`Destination::error`] adds the destination's name.
    pub fn write_result(&mut self, counts: &Counts, options: &OutputOptions) -> io::Result<Written> {
        match &mut self.place {
            Place::File(file) => write(counts, options, &mut file.file),
            #[cfg(feature = "postgres")]
            Place::Table(table) => table.write_result(counts, options),
        }
    }

    /// Brings a result that [`Destination::commit`] will show to the disk, or to the server. A program with several
    /// results can thus bring all of them there before it shows the first.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn sync(&self) -> Result<()> {
        let done = match &self.place {
            Place::File(file) => file.sync(),
            #[cfg(feature = "postgres")]
            Place::Table(table) => table.sync(),
        };
        done.map_err(|source| self.error(source))
    }

    /// Puts the new file in the old one's place, or the new rows in the place of the old ones.
    ///
    /// # Errors
    /// [`Error::Write`]. The old file or the old rows then stay as they were.
    pub fn commit(self) -> Result<()> {
        let Self { name, place } = self;
        let done = match place {
            Place::File(file) => file.commit(),
            #[cfg(feature = "postgres")]
            Place::Table(table) => table.commit(),
        };
        done.map_err(|source| Error::Write { path: name, source })
    }

    /// An error of writing to this destination; or the error of the temporary file that holds the result
    /// ([`Error::TempFile`]).
    pub fn error(&self, source: io::Error) -> Error {
        source.downcast().unwrap_or_else(|source| Error::Write { path: self.name.clone(), source })
    }
}

/// The error of two destinations that clash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePlace {
    one: PathBuf,
    other: PathBuf,
}

impl fmt::Display for SamePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, other] = [&self.one, &self.other].map(|path| printable(path.as_os_str()));
        write!(f, "two results can't both be written to {one}")?;
        if one == other { Ok(()) } else { write!(f, ": {other} leads there, too") }
    }
}

impl std::error::Error for SamePlace {}

/// Writes a text. A table takes no text: see [`Destination::write_result`].
impl Write for Destination {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match &mut self.place {
            Place::File(file) => file.file.write(text),
            #[cfg(feature = "postgres")]
            Place::Table(_) => Err(no_file()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
