//! Deflated data (RFC 1951) of gzip and zip: decompresses it, and computes checksum and lengths.

use std::io::{self, BufRead, ErrorKind};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::read::unpack::trailing::damaged;

/// A decompressor for one deflated text after another. It reuses its memory.
pub(super) struct Inflater {
    decoder: Decompress,
    crc: Crc,
    has_ended: bool,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { decoder: Decompress::new(false), crc: Crc::new(), has_ended: false }
    }

    /// Prepares for another text.
    pub(super) fn reset(&mut self) {
        self.decoder.reset(false);
        self.crc.reset();
        self.has_ended = false;
    }

    /// Decompresses the next bytes of the text. Returns 0 at the end of the text, which the data itself marks.
    /// `compression` is for messages.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedEof`] where `compressed` ends before the text does; [`damaged`] for malformed data, after
    /// all bytes before the damage.
    pub(super) fn read(
        &mut self,
        compressed: &mut impl BufRead,
        buffer: &mut [u8],
        compression: &str,
    ) -> io::Result<usize> {
        debug_assert!(!buffer.is_empty(), "0 means the end");
        while !self.has_ended {
            let ahead = compressed.fill_buf()?;
            let is_all = ahead.is_empty();
            let (taken, given) = (self.taken(), self.given());
            let status = self.decoder.decompress(ahead, buffer, FlushDecompress::None);
            let (taken, given) = ((self.taken() - taken) as usize, (self.given() - given) as usize);
            compressed.consume(taken);
            match status {
                // zlib-rs gives other reasons with a longer buffer, so the message has none of them.
                Err(_) if given == 0 => return Err(damaged(compression, "corrupt deflate stream")),
                // The bytes before the damage come first. The next call meets the damage again.
                status => self.has_ended = matches!(status, Ok(Status::StreamEnd)),
            }
            if given > 0 {
                self.crc.update(&buffer[..given]);
                return Ok(given);
            }
            if is_all && !self.has_ended {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }

    /// The checksum of the decompressed bytes so far.
    pub(super) fn crc(&self) -> u32 {
        self.crc.sum()
    }

    /// The number of compressed bytes of the text so far.
    pub(super) fn taken(&self) -> u64 {
        self.decoder.total_in()
    }

    /// The number of decompressed bytes of the text so far.
    pub(super) fn given(&self) -> u64 {
        self.decoder.total_out()
    }
}
