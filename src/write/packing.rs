//! Compresses a result on all threads: with gzip each text by itself, with zstd the whole in a frame.
//!
//! ```text
//! gzip    header | text 0 deflated | text 1 deflated | ... | an empty last block | CRC, length      one member
//! zstd    header | blocks, compressed by threads of zstd | checksum                                 one frame
//! ```
//!
//! One member and one frame, since some readers stop behind the first. A deflated text ends with a sync flush, at a whole
//! byte and not as the last block, so that texts form one stream; no text refers to another. The checksum of all is
//! combined of those of the texts.

use std::io::{self, Write};
use std::path::Path;

use flate2::{Compress, Crc, FlushCompress, Status};
use zstd::stream::write::Encoder;

/// The compression of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum OutputCompression {
    /// gzip, in one member.
    Gzip,
    /// zstd, in one frame with a checksum.
    Zstd,
}

impl OutputCompression {
    /// The compression that the end of a name asks for: `.gz` or `.zst`.
    ///
    /// ```
    /// use ngram_count::write::OutputCompression;
    ///
    /// assert_eq!(OutputCompression::of_name("top.tsv.gz"), Some(OutputCompression::Gzip));
    /// assert_eq!(OutputCompression::of_name("top.tsv"), None);
    /// ```
    pub fn of_name(name: impl AsRef<Path>) -> Option<Self> {
        match name.as_ref().extension()?.to_str()? {
            "gz" => Some(Self::Gzip),
            "zst" => Some(Self::Zstd),
            _ => None,
        }
    }
}

/// The level that the program gzip has by default.
const GZIP_LEVEL: u32 = 6;
/// The level that the program zstd has by default.
const ZSTD_LEVEL: i32 = 3;
/// A header without a name and a time, of an unknown system.
const GZIP_HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
/// An empty block that is the last of a deflate stream.
const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

/// A text that is ready to be written.
#[derive(Default)]
pub(super) struct Deflated {
    /// The blocks of a deflate stream.
    blocks: Vec<u8>,
    /// The checksum and the length of the text.
    crc: Crc,
    /// The compressor, to be used again.
    compressor: Option<Compress>,
}

impl Deflated {
    /// Replaces the content by a text.
    ///
    /// # Errors
    /// None is known: memory takes what is written.
    pub(super) fn fill(&mut self, mut text: &[u8]) -> io::Result<()> {
        let Self { blocks, crc, compressor } = self;
        let compressor = compressor.get_or_insert_with(|| Compress::new(flate2::Compression::new(GZIP_LEVEL), false));
        compressor.reset();
        blocks.clear();
        crc.reset();
        crc.update(text);
        loop {
            // A sync flush takes some bytes beyond those of the text.
            blocks.reserve(text.len() / 2 + 64);
            let before = compressor.total_in();
            let status = compressor.compress_vec(text, blocks, FlushCompress::Sync).map_err(io::Error::other)?;
            text = &text[(compressor.total_in() - before) as usize..];
            // All is out when the compressor leaves room.
            if text.is_empty() && blocks.len() < blocks.capacity() {
                debug_assert_eq!(status, Status::Ok, "only a last block ends the stream");
                return Ok(());
            }
        }
    }
}

/// What a result is written through.
pub(super) enum Packer<'a, W: Write> {
    Plain(&'a mut W),
    Gzip { out: &'a mut W, crc: Crc, piece: Deflated },
    Zstd(Box<Encoder<'static, &'a mut W>>),
}

impl<'a, W: Write> Packer<'a, W> {
    /// # Errors
    /// Those of `out`, and when zstd starts no threads.
    pub(super) fn new(out: &'a mut W, compression: Option<OutputCompression>) -> io::Result<Self> {
        match compression {
            None => Ok(Self::Plain(out)),
            Some(OutputCompression::Gzip) => {
                out.write_all(&GZIP_HEADER)?;
                Ok(Self::Gzip { out, crc: Crc::new(), piece: Deflated::default() })
            }
            Some(OutputCompression::Zstd) => {
                let mut encoder = Encoder::new(out, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                encoder.multithread(u32::try_from(rayon::current_num_threads()).unwrap_or(1))?;
                Ok(Self::Zstd(Box::new(encoder)))
            }
        }
    }

    /// Writes some bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Zstd(out) => out.write_all(bytes),
            Self::Gzip { .. } if bytes.is_empty() => Ok(()),
            Self::Gzip { out, crc, piece } => {
                piece.fill(bytes)?;
                crc.combine(&piece.crc);
                out.write_all(&piece.blocks)
            }
        }
    }

    /// Writes a text, which is `deflated` already for gzip.
    pub(super) fn write_text(&mut self, bytes: &[u8], deflated: &Deflated) -> io::Result<()> {
        match self {
            Self::Gzip { out, crc, .. } => {
                crc.combine(&deflated.crc);
                out.write_all(&deflated.blocks)
            }
            _ => self.write(bytes),
        }
    }

    /// Writes the end.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip { out, crc, .. } => {
                out.write_all(&LAST_BLOCK)?;
                out.write_all(&crc.sum().to_le_bytes())?;
                out.write_all(&crc.amount().to_le_bytes())?;
                out.flush()
            }
            Self::Zstd(out) => out.finish()?.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::bufread::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn packed(parts: &[Vec<u8>], compression: OutputCompression) -> Vec<u8> {
        let (mut out, mut deflated) = (Vec::new(), Deflated::default());
        let mut packer = Packer::new(&mut out, Some(compression)).unwrap();
        for (number, part) in parts.iter().enumerate() {
            if number % 3 == 0 {
                packer.write(part).unwrap();
            } else {
                deflated.fill(part).unwrap();
                packer.write_text(part, &deflated).unwrap();
            }
        }
        packer.finish().unwrap();
        out
    }

    fn part() -> impl Strategy<Value = Vec<u8>> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            (any::<u8>(), 0_usize..200_000).prop_map(|(byte, len)| vec![byte; len]),
            prop::collection::vec(any::<u8>(), 60_000..70_000),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(50))]

        #[test]
        fn one_member_and_one_frame_have_all_parts(parts in prop::collection::vec(part(), 0..6)) {
            let expected = parts.concat();
            let gzip = packed(&parts, OutputCompression::Gzip);
            let (mut decoder, mut text) = (GzDecoder::new(&gzip[..]), Vec::new());
            decoder.read_to_end(&mut text).unwrap();
            prop_assert!(text == expected && decoder.into_inner().is_empty());

            let zstd = packed(&parts, OutputCompression::Zstd);
            let mut decoder = zstd::Decoder::with_buffer(&zstd[..]).unwrap().single_frame();
            text.clear();
            decoder.read_to_end(&mut text).unwrap();
            prop_assert!(text == expected && decoder.finish().is_empty());
        }
    }
}
