//! Deflated data (RFC 1951), which both gzip and zip hold: decompressed, summed up and measured.

use std::io::{self, BufRead, ErrorKind};

use flate2::{Crc, Decompress, DecompressError, FlushDecompress, Status};

/// Decompresses one deflated text after another. Its memory is used again for each.
pub(super) struct Inflater {
    decoder: Decompress,
    crc: Crc,
    has_ended: bool,
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { decoder: Decompress::new(false), crc: Crc::new(), has_ended: false }
    }

    /// Begins another text.
    pub(super) fn reset(&mut self) {
        self.decoder.reset(false);
        self.crc.reset();
        self.has_ended = false;
    }

    /// Decompresses until there are bytes to give out. 0 at the end of the text, which the data tells itself.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedEof`] where `compressed` ends before the text does; that of `damaged` for other bytes
    /// than deflated ones.
    pub(super) fn read(
        &mut self,
        compressed: &mut impl BufRead,
        buffer: &mut [u8],
        damaged: impl FnOnce(DecompressError) -> io::Error,
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
                Err(error) => return Err(damaged(error)),
                Ok(status) => self.has_ended = status == Status::StreamEnd,
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

    /// The checksum of the bytes given out so far.
    pub(super) fn crc(&self) -> u32 {
        self.crc.sum()
    }

    /// How many deflated bytes the text has so far.
    pub(super) fn taken(&self) -> u64 {
        self.decoder.total_in()
    }

    /// How many bytes the text has so far.
    pub(super) fn given(&self) -> u64 {
        self.decoder.total_out()
    }
}
