//! Inputs without a path, each with a name for messages: bytes in memory, an open file, any reader.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::sync::{Arc, Mutex};

use crate::lock::lock;
use crate::read::random_access::{SharedBytes, size};

/// The input that [`Input::from_bytes`](crate::Input::from_bytes), [`Input::from_file`](crate::Input::from_file) or
/// [`Input::from_reader`](crate::Input::from_reader) makes.
#[derive(Clone)]
pub struct NamedInput {
    pub(super) name: String,
    pub(super) handle: Handle,
}

/// A handle to an input's bytes. A clone is a handle to the same input.
#[derive(Clone)]
pub(crate) enum Handle {
    File(Arc<File>),
    Bytes(SharedBytes),
    Reader(OnceReader),
}

impl Handle {
    /// The stored length of the input in bytes, if it has a length.
    ///
    /// # Errors
    /// For a reader that a run has read already.
    pub(super) fn size(&self) -> io::Result<Option<u64>> {
        match self {
            Self::File(file) => Ok(size(file)),
            Self::Bytes(bytes) => Ok(Some(bytes.len() as u64)),
            Self::Reader(reader) => reader.check().map(|()| None),
        }
    }
}

/// A reader that only one run can take.
#[derive(Clone)]
pub(crate) struct OnceReader(Arc<Mutex<Option<Box<dyn Read + Send>>>>);

impl OnceReader {
    pub(super) fn new(reader: impl Read + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::new(reader)))))
    }

    /// # Errors
    /// When the reader was taken before.
    pub(super) fn take(&self) -> io::Result<Box<dyn Read + Send>> {
        lock(&self.0).take().ok_or_else(was_taken)
    }

    fn check(&self) -> io::Result<()> {
        let is_there = lock(&self.0).is_some();
        if is_there { Ok(()) } else { Err(was_taken()) }
    }
}

fn was_taken() -> io::Error {
    io::Error::other("was read before, and a reader can be read only once")
}

impl fmt::Debug for NamedInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NamedInput").field(&self.name).finish()
    }
}

/// Clones are equal; two inputs from separate calls are not.
impl PartialEq for NamedInput {
    fn eq(&self, other: &Self) -> bool {
        let is_same = match (&self.handle, &other.handle) {
            (Handle::File(one), Handle::File(two)) => Arc::ptr_eq(one, two),
            (Handle::Bytes(one), Handle::Bytes(two)) => one.is(two),
            (Handle::Reader(one), Handle::Reader(two)) => Arc::ptr_eq(&one.0, &two.0),
            _ => false,
        };
        is_same && self.name == other.name
    }
}

impl Eq for NamedInput {}
