//! An opened input: its compression and its encoding are known, and its text can be read.
//!
//! The first bytes tell the compression; the name never does.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::read::Decoding;
use crate::read::decode::Encoding;
use crate::read::failure;
use crate::read::input::{Input, not_downloaded};
use crate::read::named_input::Handle;
use crate::read::peek::Peeked;
use crate::read::random_access::{RandomAccess, SharedBytes};
use crate::read::signature::foreign;
use crate::read::stream::Stream;
use crate::read::unpack::{self, Compression, trailing};

/// An input whose text can be read.
pub(crate) struct Opened {
    pub(crate) content: Content,
    /// The regular file, or the bytes in memory, that the input is stored in.
    pub(crate) regular: Option<RandomAccess>,
    pub(crate) compression: Option<Compression>,
    /// The compression that the name promises, if the content has another one or none.
    pub(crate) misnamed: Option<Compression>,
}

/// The way to read the text of an input.
pub(crate) enum Content {
    /// By position: the stored bytes from offset `start` on are the text.
    Plain { regular: RandomAccess, start: u64 },
    /// One byte after another: the input is a pipe, or its text must be decompressed or decoded.
    Stream(Stream),
}

/// The stored bytes of an input.
struct StoredBytes {
    reader: Box<dyn Read + Send>,
    regular: Option<RandomAccess>,
    start: u64,
}

impl StoredBytes {
    fn new(handle: Handle) -> io::Result<Self> {
        match handle {
            Handle::File(file) => Self::of_file(&file),
            Handle::Bytes(bytes) => Ok(Self::of_bytes(bytes)),
            Handle::Reader(reader) => Ok(Self { reader: reader.take()?, regular: None, start: 0 }),
        }
    }

    fn of_file(file: &Arc<File>) -> io::Result<Self> {
        let Some(regular) = RandomAccess::of_file(file) else {
            return Ok(Self { reader: Box::new(Arc::clone(file)), regular: None, start: 0 });
        };
        // Another program may have read standard input up to here.
        let start = (&**file).stream_position()?;
        Ok(Self { reader: Box::new(regular.reader(start)), regular: Some(regular), start })
    }

    fn of_bytes(bytes: SharedBytes) -> Self {
        match RandomAccess::of_bytes(bytes) {
            Some(regular) => Self { reader: Box::new(regular.reader(0)), regular: Some(regular), start: 0 },
            None => Self { reader: Box::new(io::empty()), regular: None, start: 0 },
        }
    }
}

impl Input {
    /// Opens the input, and finds its compression and encoding; a raw one has none.
    pub(crate) fn open(&self, decoding: Decoding) -> Result<Opened> {
        let handle = self.handle()?;
        let opened = if decoding.is_raw { Self::open_raw(handle) } else { self.open_as(handle, decoding.encoding) };
        opened.map_err(|source| Error::Read { input: self.to_string(), source })
    }

    fn open_raw(handle: Handle) -> io::Result<Opened> {
        let StoredBytes { reader, regular, start } = StoredBytes::new(handle)?;
        let content = match &regular {
            Some(regular) => Content::Plain { regular: regular.clone(), start: start.min(regular.len) },
            None => Content::Stream(Stream::of_plain(reader)?),
        };
        Ok(Opened { content, regular, compression: None, misnamed: None })
    }

    fn open_as(&self, handle: Handle, encoding: Encoding) -> io::Result<Opened> {
        let StoredBytes { reader, regular, start } = StoredBytes::new(handle)?;
        let mut content = Peeked::new(reader);
        let magic = content.peek(unpack::MAGIC_LEN).to_vec();
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

    /// Reads all of a small input, decompressed and decoded.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`], also if the input is not text. `what` says in the message what it should be.
    pub(crate) fn read(&self, encoding: Encoding, what: &str) -> Result<Vec<u8>> {
        let wrap = |source| Error::Read { input: self.to_string(), source };
        let text = encoding.decode_foreign(self.read_bytes()?).map_err(wrap)?;
        match memchr::memchr(0, &text) {
            Some(at) => Err(wrap(io::Error::other(format!("holds a NUL byte at byte {at}, so it is not {what}")))),
            None => Ok(text),
        }
    }

    /// Reads all of a small input, decompressed.
    ///
    /// # Errors
    /// [`Error::Open`] or [`Error::Read`].
    pub(crate) fn read_bytes(&self) -> Result<Vec<u8>> {
        let wrap = |source| Error::Read { input: self.to_string(), source };
        let opened = self.open(Decoding::default())?;
        let mut text = Vec::new();
        match opened.content {
            Content::Stream(mut stream) => stream.read_to_end(&mut text),
            Content::Plain { regular, start } => regular.reader(start).read_to_end(&mut text),
        }
        .map_err(|source| failure::unreadable(self, source, opened.regular.as_ref()))?;
        // A list that something cuts meanwhile would silently lack words.
        if let Some(changed) = opened.regular.and_then(|file| failure::changed(self, &file)) {
            return Err(changed);
        }
        if let Some(kind) = foreign(&text, opened.compression) {
            return Err(wrap(io::Error::other(kind)));
        }
        if let Some(page) = not_downloaded(&text, opened.misnamed) {
            return Err(wrap(io::Error::other(page)));
        }
        Ok(text)
    }
}
