//! What can be read at any position, by many workers at once: regular files and bytes in memory.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::ops::{Deref, Range};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use crate::read::mmap::MappedFile;

/// A regular file, as it was when it was opened, or bytes in memory.
#[derive(Debug, Clone)]
pub(crate) struct RandomAccess {
    storage: Storage,
    /// The length in bytes.
    pub(crate) len: u64,
}

#[derive(Debug, Clone)]
enum Storage {
    File(Arc<File>),
    Memory(SharedBytes),
}

/// Reads that name their position.
pub(crate) trait ReadAt {
    /// Fills `buffer` with the bytes from position `at` on.
    ///
    /// # Errors
    /// [`io::ErrorKind::UnexpectedEof`] when there are fewer.
    fn read_exact_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()>;
}

impl RandomAccess {
    /// `None` for a file that can only be read as a stream.
    pub(super) fn of_file(file: &Arc<File>) -> Option<Self> {
        size(file).map(|len| Self { storage: Storage::File(Arc::clone(file)), len })
    }

    /// `None` for no bytes at all, as for an empty file.
    pub(super) fn of_bytes(bytes: SharedBytes) -> Option<Self> {
        let len = bytes.len() as u64;
        (len > 0).then_some(Self { storage: Storage::Memory(bytes), len })
    }

    /// The length that the file has now, if it is no longer what it was.
    pub(crate) fn changed(&self) -> Option<u64> {
        let Storage::File(file) = &self.storage else { return None };
        file.metadata().ok().map(|metadata| metadata.len()).filter(|now| *now != self.len)
    }

    /// The content as one slice, without a copy; `None` for a file that is not mapped. `name` is for the message that
    /// ends the process if the file shrinks.
    pub(crate) fn share(&self, name: &str) -> Option<SharedContent> {
        match &self.storage {
            Storage::File(file) => MappedFile::new(file, self.len, name).map(SharedContent::Mapped),
            Storage::Memory(bytes) => Some(SharedContent::Memory(bytes.clone())),
        }
    }

    /// Reads the bytes from position `at` on, one after another.
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

/// The length of a regular file; `None` for what can only be read as a stream.
///
/// Some files of the system call themselves regular, too: those under `/proc` are 0 bytes long, and those under `/sys`
/// 4096, of which most do not exist.
pub(super) fn size(file: &File) -> Option<u64> {
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() > 0)?;
    // Some file systems store a small file without blocks, and a file may be all hole. So we try the last byte.
    let is_real = metadata.blocks() > 0 || FileExt::read_exact_at(file, &mut [0], metadata.len() - 1).is_ok();
    is_real.then_some(metadata.len())
}

/// Reads from a position on. The position of the file itself stays as it is: standard input shares it with other
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

/// The whole content of an input, which all workers read without a copy.
#[derive(Debug)]
pub(crate) enum SharedContent {
    Mapped(MappedFile),
    Memory(SharedBytes),
}

impl SharedContent {
    /// Says that no worker needs these bytes any more. The pages of a mapped file go back to the system.
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
