//! What is counted: a file, standard input, or what a program has at hand.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
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
pub(crate) use crate::read::peek::Peeked;
pub(crate) use crate::read::random_access::RandomAccess;
use crate::read::random_access::SharedBytes;
use crate::read::signature::page;
pub(crate) use crate::read::signature::{archive, foreign};
pub(crate) use crate::read::stream::Stream;
pub use crate::read::unpack::Compression;

/// What is counted.
///
/// A program that has more than a path makes an input from [bytes in memory](Input::from_bytes), from an
/// [open file](Input::from_file) or from [any reader](Input::from_reader). All of them may be compressed, and in any
/// format and encoding that a file may be in.
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
    /// A file, or a pipe or device that has a path.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// What a program has at hand.
    Named(NamedInput),
}

impl Input {
    /// What the user means by `name`: `-` is standard input.
    pub fn from_name(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        if name == "-" { Self::Stdin } else { Self::File(name.into()) }
    }

    /// Bytes in memory, such as a `Vec<u8>`, a `&'static str`, an `Arc<[u8]>` or a mapped file. They are not copied;
    /// all workers read them at once unless they are compressed. Messages and [`InputStats`](crate::InputStats) call
    /// the input `name`.
    ///
    /// `bytes` must give the same bytes each time.
    pub fn from_bytes(name: impl Into<String>, bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self::named(name, Handle::Bytes(SharedBytes::new(bytes)))
    }

    /// An open file, from its current position on. A regular one is read as if its path were given; any other, such as
    /// a pipe, is read as a stream.
    pub fn from_file(name: impl Into<String>, file: File) -> Self {
        Self::named(name, Handle::File(Arc::new(file)))
    }

    /// A reader of bytes, which one worker reads while all of them count. It can be read only once: a second run with
    /// this input, or with a clone of it, is an error.
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
    /// Returns its length as it is stored, in bytes, if it has one.
    ///
    /// # Errors
    /// [`Error::Open`] when it is missing, a directory, or not allowed, and for a reader that was read before.
    pub(crate) fn check(&self) -> Result<Option<u64>> {
        let open = |source| Error::Open { input: self.to_string(), source };
        if let Self::File(path) = self {
            let metadata = path.metadata().map_err(open)?;
            if !metadata.is_file() && !metadata.is_dir() {
                // Opening a named pipe here would take its writer's only reader away again.
                return Ok(None);
            }
        }
        self.handle()?.size().map_err(open)
    }

    /// The compression that the name promises.
    pub(super) fn named_as(&self) -> Option<Compression> {
        let path = match self {
            Self::File(path) => path.as_path(),
            Self::Stdin => return None,
            Self::Named(named) => Path::new(&named.name),
        };
        Compression::of_name(path.extension()?)
    }

    /// What the input's bytes are read from.
    ///
    /// # Errors
    /// [`Error::Open`].
    pub(super) fn handle(&self) -> Result<Handle> {
        let open = |source| Error::Open { input: self.to_string(), source };
        let handle = match self {
            Self::File(path) => Handle::File(Arc::new(File::open(path).map_err(open)?)),
            Self::Stdin => Handle::File(Arc::new(io::stdin().as_fd().try_clone_to_owned().map_err(open)?.into())),
            Self::Named(named) => named.handle.clone(),
        };
        match &handle {
            Handle::File(file) if file.metadata().map_err(open)?.is_dir() => {
                Err(open(io::ErrorKind::IsADirectory.into()))
            }
            _ => Ok(handle),
        }
    }
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

/// Whether a reader would misunderstand `text` at the beginning of an input: it begins with a byte-order mark, or as
/// compressed data does.
pub(crate) fn is_taken_for_another(text: &[u8]) -> bool {
    decode::has_mark(text) || !matches!(Compression::of(text), Ok(None))
}

/// Says what is wrong with a file whose name promises the compression `named`, and which holds the error page of a web
/// server instead.
pub(crate) fn not_downloaded(head: &[u8], named: Option<Compression>) -> Option<String> {
    let (named, kind) = (named?, page(head)?);
    Some(format!(
        "is {kind} and not {named}: what a server answers when there is nothing to download; download the file again"
    ))
}

/// Whether a text is UTF-8. Its end may cut a character off.
pub(crate) fn is_utf8_so_far(text: &[u8]) -> bool {
    std::str::from_utf8(text).map_or_else(|error| error.error_len().is_none(), |_| true)
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&printable(path.as_os_str())),
            Self::Stdin => f.write_str("standard input"),
            Self::Named(named) => f.write_str(&printable(named.name.as_ref())),
        }
    }
}
