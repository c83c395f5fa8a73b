//! `RandomAccess`: regular files and bytes in memory, which many workers can read at any position in parallel.

use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use crate::read::mmap::MappedFile;

/// A regular file with its state at the opening, or bytes in memory.
#[derive(Debug, Clone)]
pub(crate) struct RandomAccess {
    storage: Storage,
    /// The time of the last write: seconds and nanoseconds. Zeros for bytes in memory.
    modified: (i64, i64),
    /// The length in bytes.
    pub(crate) len: u64,
}

#[derive(Debug, Clone)]
enum Storage {
    File(Arc<File>),
    Memory(SharedBytes),
}

/// Reads by position.
pub(crate) trait ReadAt {
    /// Fills `buffer` with the bytes from offset `at` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when there are fewer bytes.
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()>;
}

impl RandomAccess {
    /// A regular file; `None` for a file that can only be read as a stream.
    pub(super) fn of_file(file: &Arc<File>) -> Option<Self> {
        let metadata = regular(file)?;
        let (storage, modified) = (Storage::File(Arc::clone(file)), modified(&metadata));
        Some(Self { storage, modified, len: metadata.len() })
    }

    /// Bytes in memory; `None` if there are no bytes, as for an empty file.
    pub(super) fn of_bytes(bytes: SharedBytes) -> Option<Self> {
        let len = bytes.len() as u64;
        (len > 0).then_some(Self { storage: Storage::Memory(bytes), modified: (0, 0), len })
    }

    /// The current length of the file in bytes, if the file has changed. Its length may be the same as before.
    pub(crate) fn changed(&self) -> Option<u64> {
        let Storage::File(file) = &self.storage else { return None };
        let now = file.metadata().ok()?;
        (now.len() != self.len || modified(&now) != self.modified).then_some(now.len())
    }

    /// The content as one slice, without a copy; `None` for a file that can't be mapped. `name` is for the message that
    /// ends the process if the file shrinks.
    pub(crate) fn share(&self, name: &str) -> Option<SharedContent> {
        match &self.storage {
            Storage::File(file) => MappedFile::new(file, self.len, name).map(SharedContent::Mapped),
            Storage::Memory(bytes) => Some(SharedContent::Memory(bytes.clone())),
        }
    }

    /// A reader of the bytes from offset `at` on.
    pub(crate) fn reader(&self, at: u64) -> RandomAccessReader {
        RandomAccessReader { content: self.clone(), at }
    }
}

impl ReadAt for RandomAccess {
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        match &self.storage {
            Storage::File(file) => ReadAt::read_exact_at(&**file, buffer, at),
            Storage::Memory(bytes) => bytes.from(at).read_exact(buffer),
        }
    }
}

impl ReadAt for File {
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        FileExt::read_exact_at(self, buffer, at)
    }
}

/// The length of a regular file in bytes; `None` for a file that can only be read as a stream.
pub(super) fn size(file: &File) -> Option<u64> {
    regular(file).map(|metadata| metadata.len())
}

/// When a file was last written to: seconds and nanoseconds.
fn modified(metadata: &Metadata) -> (i64, i64) {
    (metadata.mtime(), metadata.mtime_nsec())
}

/// The metadata of a regular file; `None` for a file that can only be read as a stream.
///
/// Some pseudo-files claim to be regular, too: those under `/proc` claim a length of 0, those under `/sys` of 4096, and
/// most of these bytes do not exist.
fn regular(file: &File) -> Option<Metadata> {
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() > 0)?;
    // Some file systems store a small file without blocks, and a sparse file may have none. So we try to read the last
    // byte.
    let is_real = metadata.blocks() > 0 || FileExt::read_exact_at(file, &mut [0], metadata.len() - 1).is_ok();
    is_real.then_some(metadata)
}

/// A reader from an offset on. It does not move the file's own position, which standard input shares with other
/// processes.
#[derive(Debug)]
pub(crate) struct RandomAccessReader {
    content: RandomAccess,
    at: u64,
}

impl Read for RandomAccessReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = match &self.content.storage {
            Storage::File(file) => file.read_at(buffer, self.at)?,
            Storage::Memory(bytes) => bytes.from(self.at).read(buffer)?,
        };
        self.at += len as u64;
        Ok(len)
    }
}

/// The caller's bytes in memory.
#[derive(Clone)]
pub(crate) struct SharedBytes(Arc<dyn AsRef<[u8]> + Send + Sync>);

impl SharedBytes {
    pub(super) fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        Self(Arc::new(bytes))
    }

    /// Whether both are the same memory.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn from(&self, at: u64) -> &[u8] {
        self.get(at as usize..).unwrap_or_default()
    }
}

impl Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

impl fmt::Debug for SharedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.len())
    }
}

/// The whole content of an input as a slice, which all workers read without a copy.
#[derive(Debug)]
pub(crate) enum SharedContent {
    Mapped(MappedFile),
    Memory(SharedBytes),
}

impl SharedContent {
    /// Releases the pages of a range of a mapped file, which no worker needs any more. Does nothing for bytes in
    /// memory.
    pub(crate) fn release(&self, range: Range<usize>) {
        if let Self::Mapped(map) = self {
            map.release(range);
        }
    }
}

impl Deref for SharedContent {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Memory(bytes) => bytes,
        }
    }
}
