//! An input: what it is called, how it is opened, and whether it can be read by position or only as a stream.
//!
//! Compression is known by the first bytes, never by the name. A stream goes through layers of readers: the file, its
//! decompression, a counter of bytes, its decoding; see [`Stream`].

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;

use crate::error::{Error, Result};
pub(crate) use crate::parse::lines;
use crate::printable::printable;
pub use crate::read::decode::Encoding;
pub(crate) use crate::read::decode::csv::{Table, table};
pub(crate) use crate::read::file::{From, Regular};
pub(crate) use crate::read::peek::Peeked;
use crate::read::signature::page;
pub(crate) use crate::read::signature::{archive, foreign};
pub(crate) use crate::read::stream::Stream;
pub use crate::read::unpack::Compression;
pub(crate) use crate::read::unpack::counting_reader::Facts;
use crate::read::unpack::trailing;
use crate::read::{decode, file, unpack};

/// Where records come from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A file, or a pipe or device that has a path.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Input {
    /// What the user means by `name`: `-` is standard input.
    pub fn from_name(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        if name == "-" { Self::Stdin } else { Self::File(name.into()) }
    }

    /// Checks that the input can be opened, without reading anything.
    ///
    /// Returns its size as it is stored, in bytes, where it has one.
    ///
    /// # Errors
    /// [`Error::Open`] when it is missing, a directory, or not allowed.
    pub(crate) fn check(&self) -> Result<Option<u64>> {
        let Self::File(path) = self else { return Ok(file::size(&self.file()?)) };
        let open = |source| Error::Open { input: self.to_string(), source };
        let metadata = path.metadata().map_err(open)?;
        if !metadata.is_file() && !metadata.is_dir() {
            // Opening a named pipe here would take its writer's only reader away again.
            return Ok(None);
        }
        Ok(file::size(&self.file()?))
    }

    /// Opens the input.
    pub(crate) fn open(&self, encoding: Encoding) -> Result<Opened> {
        self.open_as(self.file()?, encoding).map_err(|source| Error::Read { input: self.to_string(), source })
    }

    fn open_as(&self, mut file: File, encoding: Encoding) -> io::Result<Opened> {
        let size = file::size(&file);
        // Standard input may have been read by another program up to here.
        let start = if size.is_some() { file.stream_position()? } else { 0 };
        let file = Arc::new(file);
        let regular = size.map(|len| Regular { file: Arc::clone(&file), len });
        let mut content: Peeked<Box<dyn Read + Send>> = Peeked::new(match &regular {
            Some(_) => Box::new(From::new(&file, start)),
            None => Box::new(file),
        });
        let magic = content.peek(unpack::MAGIC).to_vec();
        if let Some(error) = content.take_failure_if(true) {
            return Err(error);
        }
        let (named, compression) = (self.named_as(), Compression::of(&magic)?);
        if let Some(compression) = Compression::cut_off(&magic, named) {
            return Err(trailing::breaks_off(&compression.to_string()));
        }
        let content = match (&regular, compression) {
            (Some(regular), None) if encoding.of_next(&mut content)?.is_none() => {
                Content::Plain { regular: regular.clone(), start: start.min(regular.len) }
            }
            _ => Content::Stream(Stream::new(content, compression, encoding)?),
        };
        let misnamed = named.filter(|named| compression != Some(*named));
        Ok(Opened { content, regular, compression, misnamed })
    }

    /// All of the input, decompressed and decoded; for what is small.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`], also for what is no text: `what` says what it should be.
    pub(crate) fn read(&self, encoding: Encoding, what: &str) -> Result<Vec<u8>> {
        let wrap = |source| Error::Read { input: self.to_string(), source };
        let opened = self.open(Encoding::AUTO)?;
        let mut text = Vec::new();
        match opened.content {
            Content::Stream(mut stream) => stream.read_to_end(&mut text),
            Content::Plain { regular, start } => From::new(&regular.file, start).read_to_end(&mut text),
        }
        .map_err(wrap)?;
        if let Some(kind) = foreign(&text, opened.compression) {
            return Err(wrap(io::Error::other(kind)));
        }
        if let Some(page) = not_downloaded(&text, opened.misnamed) {
            return Err(wrap(io::Error::other(page)));
        }
        let text = encoding.decode_foreign(text).map_err(wrap)?;
        match memchr::memchr(0, &text) {
            Some(at) => Err(wrap(io::Error::other(format!("holds a NUL byte at byte {at}, so it is not {what}")))),
            None => Ok(text),
        }
    }

    /// The compression that the name promises.
    fn named_as(&self) -> Option<Compression> {
        let Self::File(path) = self else { return None };
        Compression::of_name(path.extension()?)
    }

    fn file(&self) -> Result<File> {
        let open = |source| Error::Open { input: self.to_string(), source };
        let file = match self {
            Self::File(path) => File::open(path).map_err(open)?,
            Self::Stdin => io::stdin().as_fd().try_clone_to_owned().map_err(open)?.into(),
        };
        if file.metadata().map_err(open)?.is_dir() {
            return Err(open(io::ErrorKind::IsADirectory.into()));
        }
        Ok(file)
    }
}

/// Whether a text begins with bytes that are no text at the beginning of an input: a byte-order mark, or what tells a
/// compression.
pub(crate) fn is_taken_for_another(text: &[u8]) -> bool {
    decode::has_mark(text) || !matches!(Compression::of(text), Ok(None))
}

/// What is wrong with a file that is `named` as a compression's are, and is the page that a web server answered instead.
pub(crate) fn not_downloaded(head: &[u8], named: Option<Compression>) -> Option<String> {
    let (named, kind) = (named?, page(head)?);
    Some(format!(
        "is {kind} and not {named}: what a server answers when there is nothing to download; download the file again"
    ))
}

/// Whether a text is UTF-8, but perhaps for a letter that its end cuts off.
pub(crate) fn is_utf8_so_far(text: &[u8]) -> bool {
    std::str::from_utf8(text).map_or_else(|error| error.error_len().is_none(), |_| true)
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.write_str(&printable(path.as_os_str())),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// An input that is ready to be read.
pub(crate) struct Opened {
    pub(crate) content: Content,
    /// The file, where it is a regular one.
    pub(crate) regular: Option<Regular>,
    pub(crate) compression: Option<Compression>,
    /// The compression that the name promises, where the content is not that.
    pub(crate) misnamed: Option<Compression>,
}

/// How an input is read.
pub(crate) enum Content {
    /// By position: the bytes of a file from `start` on, as they are.
    Plain { regular: Regular, start: u64 },
    /// Anything else.
    Stream(Stream),
}
