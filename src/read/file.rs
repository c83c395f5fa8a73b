//! Regular files: how long they are, read by position, and whether they change meanwhile.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

/// A regular file, as it was when it was opened.
#[derive(Debug, Clone)]
pub(crate) struct Regular {
    pub(crate) file: Arc<File>,
    pub(crate) len: u64,
}

impl Regular {
    /// Its length now, where that is another.
    pub(crate) fn changed(&self) -> Option<u64> {
        self.file.metadata().ok().map(|metadata| metadata.len()).filter(|now| *now != self.len)
    }
}

/// The length of a regular file; `None` for what can only be read as a stream.
///
/// Files of the system's own call themselves regular, too: those under `/proc` are 0 bytes long, and those under `/sys`
/// 4096, of which most do not exist.
pub(super) fn size(file: &File) -> Option<u64> {
    let metadata = file.metadata().ok().filter(|metadata| metadata.is_file() && metadata.len() > 0)?;
    // Files without blocks are also what a small file is on some file systems, and one that is all hole.
    let is_real = metadata.blocks() > 0 || file.read_exact_at(&mut [0], metadata.len() - 1).is_ok();
    is_real.then_some(metadata.len())
}

/// The bytes of a file from a position on, whose own position stays as it is: standard input shares it with others.
#[derive(Debug)]
pub(crate) struct From {
    file: Arc<File>,
    at: u64,
}

impl From {
    pub(crate) fn new(file: &Arc<File>, at: u64) -> Self {
        Self { file: Arc::clone(file), at }
    }
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.file.read_at(buffer, self.at)?;
        self.at += len as u64;
        Ok(len)
    }
}
