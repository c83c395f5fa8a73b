//! `Stream`: the text of an input that must be read from its beginning to its end.
//!
//! ```text
//! stored bytes -> count them -> decompress -> count them -> decode -> text
//! ```

use std::io::{self, BufReader, Read};
use std::sync::Arc;

use crate::read::counting_reader::{CountingReader, Facts};
use crate::read::decode::convert::Converted;
use crate::read::decode::csv::Records;
use crate::read::decode::texts::Texts;
use crate::read::decode::{Decoder, Encoding, ForeignText};
use crate::read::peek::Peeked;
use crate::read::unpack::Compression;
#[cfg(feature = "bzip2")]
use crate::read::unpack::bzip2::Bzip2;
use crate::read::unpack::gzip::Gzip;
use crate::read::unpack::members::Members;
#[cfg(not(all(feature = "bzip2", feature = "xz")))]
use crate::read::unpack::unsupported::unsupported;
#[cfg(feature = "xz")]
use crate::read::unpack::xz::Xz;
use crate::read::unpack::zip::Zip;
use crate::read::unpack::zstd::Zstd;

/// A reader of decompressed and decoded text. It shows its first bytes before they are read.
pub(crate) struct Stream {
    pub(crate) text: Peeked<Box<dyn Read + Send>>,
    pub(crate) facts: Arc<Facts>,
}

/// The length of the buffer for compressed bytes. Not tuned: long enough that system calls cost nothing, short enough
/// for the second-level cache.
const COMPRESSED_BUFFER: usize = 128 << 10;

impl Stream {
    /// The text of the stored bytes `content`.
    ///
    /// # Errors
    /// For an unsupported encoding, and if there is no memory for a decoder.
    pub(super) fn new(
        content: impl Read + Send + 'static,
        compression: Option<Compression>,
        encoding: Encoding,
    ) -> io::Result<Self> {
        let facts = Arc::<Facts>::default();
        let stored = CountingReader::new(content, &facts, |facts| &facts.stored);
        let buffered = |stored| BufReader::with_capacity(COMPRESSED_BUFFER, stored);
        let bytes: Box<dyn Read + Send> = match compression {
            None => Box::new(stored),
            Some(Compression::Gzip) => Box::new(Members::new(buffered(stored), Gzip::new())),
            Some(Compression::Zstd) => Box::new(Members::new(buffered(stored), Zstd::new()?)),
            Some(Compression::Zip) => {
                // Each file in the archive may have its own byte-order mark.
                let texts = Texts::new(Members::new(buffered(stored), Zip::new()), encoding, &facts);
                return Ok(Self { text: Peeked::new(Box::new(texts)), facts });
            }
            #[cfg(feature = "bzip2")]
            Some(Compression::Bzip2) => Box::new(Members::new(buffered(stored), Bzip2::new())),
            #[cfg(not(feature = "bzip2"))]
            Some(Compression::Bzip2) => return Err(needs_feature("bzip2")),
            #[cfg(feature = "xz")]
            Some(Compression::Xz) => Box::new(Members::new(buffered(stored), Xz::new())),
            #[cfg(not(feature = "xz"))]
            Some(Compression::Xz) => return Err(needs_feature("xz")),
        };
        let mut text: Peeked<Box<dyn Read + Send>> =
            Peeked::new(Box::new(CountingReader::new(bytes, &facts, |facts| &facts.bytes)));
        // The decoder turns a mark into that of UTF-8, which the reader skips: one mark, and not another behind it.
        if let Some(ForeignText { encoding, .. }) = encoding.of_next(&mut text)? {
            let decoder = Decoder::new(encoding, &facts);
            text = Peeked::new(Box::new(Converted::new(text, decoder)));
        }
        Ok(Self { text, facts })
    }

    /// Turns the records of a CSV file into lines with TABs.
    pub(crate) fn of_csv(self) -> Self {
        Self { text: Peeked::new(Box::new(Converted::new(self.text, Records::new()))), facts: self.facts }
    }

    /// The text of a plain file that can't be read by position, such as CSV.
    pub(crate) fn of_plain(content: impl Read + Send + 'static) -> io::Result<Self> {
        Self::new(content, None, Encoding::NONE)
    }
}

/// The error for a compression that this crate was built without. The feature has the compression's name.
#[cfg(not(all(feature = "bzip2", feature = "xz")))]
fn needs_feature(compression: &str) -> io::Error {
    let what = format!("{compression} files need a build with the feature {compression}, or unpack it first");
    unsupported(what, format!("{compression} -dc FILE"))
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
    }
}
