//! `Input`: a file, standard input, or bytes, an open file or a reader of the program's own.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
pub(crate) use crate::parse::lines;
use crate::printable::printable;
pub(crate) use crate::read::counting_reader::Facts;
use crate::read::decode;
pub use crate::read::decode::Encoding;
pub(crate) use crate::read::decode::csv::{CsvKind, csv_kind};
use crate::read::named_input::{Handle, NamedInput, OnceReader};
pub(crate) use crate::read::opened::{Content, Opened};
use crate::read::part::FilePart;
pub(crate) use crate::read::peek::Peeked;
#[cfg(feature = "postgres")]
use crate::read::postgres::PostgresTable;
pub(crate) use crate::read::random_access::RandomAccess;
use crate::read::random_access::SharedBytes;
use crate::read::signature::page;
pub(crate) use crate::read::signature::{archive, foreign};
pub(crate) use crate::read::stream::Stream;
use crate::read::table_url::{is_table_url, no_file, shown};
pub use crate::read::unpack::Compression;

/// An input of a job.
///
/// Most inputs are paths. A program also makes inputs from [bytes in memory](Input::from_bytes), from an [open
/// file](Input::from_file) or from [any reader](Input::from_reader). All inputs may be compressed, and may have any
/// format and encoding that files may have.
///
/// ```
/// use ngram_count::{Input, Job};
///
/// let text = "a rose is a rose\n";
/// let outcome = Job::new().inputs([Input::from_bytes("a poem", text)]).run()?;
/// assert_eq!(outcome.counts.iter().next(), Some((&b"a"[..], 2)));
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// The path of a file, a pipe or a device.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Bytes in memory, an open file or a reader.
    Named(NamedInput),
    /// A part of a plain file.
    Part(FilePart),
    /// A table of PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(PostgresTable),
}

impl Input {
    /// The input that a user names: a path, `-` for standard input, or, with the feature `postgres`, the URL of a table
    /// such as `postgres://user@host/db?table=ngrams`.
    pub fn from_name(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        #[cfg(feature = "postgres")]
        if let Some(url) = name.to_str().filter(|_| is_table_url(name)) {
            return Self::Postgres(PostgresTable::new(url));
        }
        if name == "-" { Self::Stdin } else { Self::File(name.into()) }
    }

    /// A part of a plain file: the lines whose first byte lies in `range`. The results of parts whose ranges tile a file
    /// add up to the result of the file. A range may pass the end of the file. A file that can only be read from its
    /// beginning is an error: compressed data, UTF-16, CSV of this program, a pipe.
    ///
    /// ```
    /// use ngram_count::{Input, Job};
    ///
    /// let rows = |begin, end| -> ngram_count::Result<u64> {
    ///     let outcome = Job::new().input(Input::from_range("data/sample-v2.tsv", begin..end)).run()?;
    ///     Ok(outcome.stats.rows)
    /// };
    /// assert_eq!(rows(0, 1000)? + rows(1000, u64::MAX)?, rows(0, u64::MAX)?);
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn from_range(path: impl Into<PathBuf>, range: Range<u64>) -> Self {
        Self::Part(FilePart { path: path.into(), range })
    }

    /// Bytes in memory, such as a `Vec<u8>`, a `&'static str`, an `Arc<[u8]>` or a mapped file. A run does not copy
    /// them, and all workers read them in parallel unless they are compressed. Messages and
    /// [`InputStats`](crate::InputStats) call the input `name`.
    ///
    /// Each call of `bytes.as_ref()` must return the same bytes.
    pub fn from_bytes(name: impl Into<String>, bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::named(name, Handle::Bytes(SharedBytes::new(bytes)))
    }

    /// An open file, from its current position on. All workers read a regular file in parallel, as with a path; one
    /// worker at a time reads any other file, such as a pipe, as a stream.
    pub fn from_file(name: impl Into<String>, file: File) -> Self {
        Self::named(name, Handle::File(Arc::new(file)))
    }

    /// A reader of bytes. One worker at a time reads it, while all workers count. A second run with this input, or with
    /// a clone of it, is an error, because a reader can be read only once.
    ///
    /// The worker that reads is a thread of the job's pool. The reader must not wait for other work of that pool: such
    /// work may wait for the reader.
    ///
    /// ```
    /// use std::io::{Cursor, Read};
    /// use ngram_count::{Input, Job};
    ///
    /// let reader = Cursor::new("to be\n").chain(Cursor::new("or not to be\n"));
    /// let outcome = Job::new().inputs([Input::from_reader("a question", reader)]).run()?;
    /// assert_eq!(outcome.counts.iter().next(), Some((&b"be"[..], 2)));
    /// # Ok::<(), ngram_count::Error>(())
    /// ```
    pub fn from_reader(name: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        Self::named(name, Handle::Reader(OnceReader::new(reader)))
    }

    fn named(name: impl Into<String>, handle: Handle) -> Self {
        Self::Named(NamedInput { name: name.into(), handle })
    }

    /// Checks that the input can be opened, without reading anything.
    ///
    /// Returns the stored length in bytes, if the input has a length.
    ///
    /// # Errors
    /// [`Error::Open`] when the input is missing, a directory, or not permitted, and for a reader that was read before.
    pub(crate) fn check(&self) -> Result<Option<u64>> {
        let open = |source| Error::Open { input: self.to_string(), source };
        #[cfg(feature = "postgres")]
        if let Self::Postgres(table) = self {
            return table.check().map_err(open);
        }
        if let Some(path) = self.path() {
            let metadata = path.metadata().map_err(|source| open(missing(path, source)))?;
            if !metadata.is_file() && !metadata.is_dir() {
                // Do not open a named pipe: closing it again would leave its writer without a reader.
                return Ok(None);
            }
        }
        let size = self.handle()?.size().map_err(open)?;
        Ok(match self {
            Self::Part(part) => size.map(|len| part.len_in(len)),
            _ => size,
        })
    }

    /// The input's name in a result: the path or the caller's name, `-` for standard input, or the name of a table.
    pub(crate) fn name(&self) -> Box<[u8]> {
        match self {
            Self::File(path) | Self::Part(FilePart { path, .. }) => path.as_os_str().as_encoded_bytes().into(),
            Self::Stdin => Box::from(&b"-"[..]),
            Self::Named(named) => named.name.as_bytes().into(),
            #[cfg(feature = "postgres")]
            Self::Postgres(table) => table.name().into_bytes().into(),
        }
    }

    /// The path of a file, or of a part of one.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Part(FilePart { path, .. }) => Some(path),
            _ => None,
        }
    }

    /// Whether the first chunk may have lines before it.
    pub(super) fn begins_within_file(&self) -> bool {
        matches!(self, Self::Part(part) if !part.has_first_line())
    }

    /// The compression that the name promises.
    pub(super) fn named_as(&self) -> Option<Compression> {
        let path = match self {
            Self::File(path) | Self::Part(FilePart { path, .. }) => path.as_path(),
            Self::Stdin => return None,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => return None,
            Self::Named(named) => Path::new(&named.name),
        };
        Compression::of_name(path.extension()?)
    }

    /// The handle to the input's bytes.
    ///
    /// # Errors
    /// [`Error::Open`].
    pub(super) fn handle(&self) -> Result<Handle> {
        let open = |source| Error::Open { input: self.to_string(), source };
        let handle = match self {
            Self::File(path) | Self::Part(FilePart { path, .. }) => {
                Handle::File(Arc::new(File::open(path).map_err(|source| open(missing(path, source)))?))
            }
            Self::Stdin => Handle::File(Arc::new(io::stdin().as_fd().try_clone_to_owned().map_err(open)?.into())),
            Self::Named(named) => named.handle.clone(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {
                return Err(open(no_file()));
            }
        };
        match &handle {
            Handle::File(file) if file.metadata().map_err(open)?.is_dir() => {
                Err(open(io::ErrorKind::IsADirectory.into()))
            }
            _ => Ok(handle),
        }
    }
}

/// The error of a path that can't be opened; a clearer one for the URL of a table that was taken for a path.
fn missing(path: &Path, source: io::Error) -> io::Error {
    if is_table_url(path.as_os_str()) { no_file() } else { source }
}

/// As [`Input::from_name`].
impl<T: AsRef<OsStr> + ?Sized> From<&T> for Input {
    fn from(name: &T) -> Self {
        Self::from_name(name)
    }
}

/// As [`Input::from_name`].
impl From<String> for Input {
    fn from(name: String) -> Self {
        Self::from_name(name)
    }
}

/// As [`Input::from_name`].
impl From<OsString> for Input {
    fn from(name: OsString) -> Self {
        Self::from_name(name)
    }
}

/// As [`Input::from_name`].
impl From<PathBuf> for Input {
    fn from(name: PathBuf) -> Self {
        Self::from_name(name)
    }
}

/// Whether an input that begins with `text` would be misread: `text` begins with a byte-order mark, or with the
/// signature of compressed data.
pub(crate) fn is_taken_for_another(text: &[u8]) -> bool {
    decode::has_mark(text) || !matches!(Compression::of(text), Ok(None))
}

/// A message for a file that holds a web server's error page, although its name promises the compression `named`;
/// `None` for other files.
pub(crate) fn not_downloaded(head: &[u8], named: Option<Compression>) -> Option<String> {
    let (named, kind) = (named?, page(head)?);
    Some(format!(
        "is {kind} and not {named}: what a server answers when there is nothing to download; download the file again"
    ))
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) | Self::Part(FilePart { path, .. }) => f.write_str(&printable(&shown(path.as_os_str()))),
            Self::Stdin => f.write_str("standard input"),
            Self::Named(named) => f.write_str(&printable(named.name.as_ref())),
            #[cfg(feature = "postgres")]
            Self::Postgres(table) => f.write_str(&printable(table.to_string().as_ref())),
        }
    }
}
