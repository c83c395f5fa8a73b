//! An input: what it is called, how it is opened, and whether it can be read by position or only as a stream.
//!
//! Compression is known by the first bytes, never by the name.

mod ends;
mod gzip;
mod tap;
mod zip;
mod zstd;

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use self::tap::Tap;
use crate::chunk::BYTE_ORDER_MARK;
use crate::error::{Error, Result};
use crate::printable::printable;

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
        let Self::File(path) = self else { return Ok(size(&self.file()?)) };
        let open = |source| Error::Open { input: self.to_string(), source };
        let metadata = path.metadata().map_err(open)?;
        if !metadata.is_file() && !metadata.is_dir() {
            // Opening a named pipe here would take its writer's only reader away again.
            return Ok(None);
        }
        Ok(size(&self.file()?))
    }

    /// Opens the input.
    pub(crate) fn open(&self) -> Result<Opened> {
        let name = self.to_string();
        let wrap = |source| Error::Read { input: name.clone(), source };
        let mut file = self.file()?;
        if let Some(end) = size(&file) {
            // Standard input may have been read by another program up to here.
            let start = file.stream_position().map_err(wrap)?;
            let mut magic = [0; MAGIC];
            let len = file.read_at(&mut magic, start).map_err(wrap)?;
            return Ok(match Compression::of(&magic[..len]).map_err(wrap)? {
                None => Opened::Plain { file, start: start.min(end), end },
                compression => Opened::stream(file, compression).map_err(wrap)?,
            });
        }
        let mut magic = Vec::new();
        file.by_ref().take(MAGIC as u64).read_to_end(&mut magic).map_err(wrap)?;
        let compression = Compression::of(&magic).map_err(wrap)?;
        Opened::stream(Cursor::new(magic).chain(file), compression).map_err(wrap)
    }

    /// All of the input, decompressed; for what is small.
    pub(crate) fn read(&self) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        let wrap = |source| Error::Read { input: self.to_string(), source };
        match self.open()? {
            Opened::Plain { mut file, .. } => file.read_to_end(&mut text).map_err(wrap)?,
            Opened::Stream(mut stream) => stream.read_to_end(&mut text).map_err(wrap)?,
        };
        Ok(text)
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
    text.starts_with(BYTE_ORDER_MARK) || !matches!(Compression::of(text), Ok(None))
}

/// The lines of a text that are not blank, without their ends and without a byte-order mark.
pub(crate) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.filter(|line| !line.is_empty())
}

/// The length of a regular file. Files under `/proc` call themselves regular and empty, and are streams.
fn size(file: &File) -> Option<u64> {
    file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() > 0).map(|metadata| metadata.len())
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
pub(crate) enum Opened {
    /// The bytes `start..end` of a plain file.
    Plain { file: File, start: u64, end: u64 },
    /// Anything else, decompressed.
    Stream(Stream),
}

/// A decompressed stream, and how much of what is stored it has taken so far.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    /// Bytes taken from the file or pipe, still compressed.
    pub(crate) stored: Arc<AtomicU64>,
    pub(crate) compression: Option<Compression>,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Opened {
    fn stream(file: impl Read + Send + 'static, compression: Option<Compression>) -> io::Result<Self> {
        let stored = Arc::new(AtomicU64::new(0));
        let tap = Tap::new(file, Arc::clone(&stored));
        let buffered = |tap| BufReader::with_capacity(COMPRESSED_BUFFER, tap);
        let reader: Box<dyn Read + Send> = match compression {
            None => Box::new(tap),
            Some(Compression::Gzip) => Box::new(gzip::Members::new(buffered(tap))),
            Some(Compression::Zstd) => Box::new(zstd::Frames::new(buffered(tap))?),
            Some(Compression::Zip) => Box::new(zip::Members::new(buffered(tap))),
        };
        Ok(Self::Stream(Stream { reader, stored, compression }))
    }
}

/// How many compressed bytes are read at once.
const COMPRESSED_BUFFER: usize = 128 << 10;

/// How many bytes tell the compression.
const MAGIC: usize = 10;

/// What other compressed files begin with, what they are called, and what unpacks them.
const UNREADABLE: [(&[u8], &str, &str); 2] = [(b"BZh91AY&SY", "bzip2", "bzip2 -dc"), (b"\xFD7zXZ\0", "xz", "xz -dc")];

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Compression {
    /// RFC 1952, of one member or many.
    Gzip,
    /// Zstandard, RFC 8878, of one frame or many.
    Zstd,
    /// Zip, whose members are read one after another.
    Zip,
}

impl Compression {
    /// # Errors
    /// For a compression that is known and can't be read.
    fn of(magic: &[u8]) -> io::Result<Option<Self>> {
        if let Some((_, name, command)) = UNREADABLE.iter().find(|(begin, ..)| magic.starts_with(begin)) {
            return Err(io::Error::other(format!(
                "{name} files are not read yet; unpack it first, as in: {command} FILE | ngram-count"
            )));
        }
        Ok(match magic {
            [0x1F, 0x8B, 0x08, ..] => Some(Self::Gzip),
            _ if zstd::is_zstd(magic) => Some(Self::Zstd),
            _ if zip::is_zip(magic) => Some(Self::Zip),
            _ => None,
        })
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gzip => f.write_str("gzip"),
            Self::Zstd => f.write_str("zstd"),
            Self::Zip => f.write_str("zip"),
        }
    }
}
