//! Zstandard (RFC 8878): a member is a frame. A skippable frame has no data.

use std::io::{self, BufRead, ErrorKind};

use ::zstd::stream::raw::{DParameter, Decoder, InBuffer, Operation, OutBuffer};
use ::zstd::zstd_safe::zstd_sys::ZSTD_ErrorCode;

use crate::read::unpack::members::{Codec, first_byte};
use crate::read::unpack::trailing::damaged;
use crate::read::unpack::unsupported::unsupported;

/// The first bytes of a frame.
pub(super) const FRAME: &[u8] = b"\x28\xB5\x2F\xFD";
/// The second to fourth byte of a skippable frame. The first byte is one of 0x50 to 0x5F.
const SKIPPABLE: &[u8] = b"\x2A\x4D\x18";

/// The logarithm of the largest window that the library allows; `zstd --long=31` makes it. Such a frame takes 2 GiB of
/// memory. The command zstd refuses it without an option, since it also runs on small machines.
const LARGEST_WINDOW_LOG: u32 = 31;

/// Whether a file with these first bytes is Zstandard.
pub(crate) fn is_zstd(magic: &[u8]) -> bool {
    magic.starts_with(FRAME) || matches!(magic, [0x50..=0x5F, rest @ ..] if rest.starts_with(SKIPPABLE))
}

/// Whether a frame may begin with this byte.
fn is_first(byte: u8) -> bool {
    matches!(byte, 0x28 | 0x50..=0x5F)
}

/// The decoder of Zstandard. Its members are frames.
pub(crate) struct Zstd {
    decoder: Decoder<'static>,
    is_done: bool,
}

impl Zstd {
    /// # Errors
    /// When the library has no memory for a decoder.
    pub(crate) fn new() -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(LARGEST_WINDOW_LOG))?;
        Ok(Self { decoder, is_done: false })
    }
}

impl Codec for Zstd {
    const NAME: &'static str = "zstd";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        // After the end of a frame, the decoder is ready for the next frame.
        self.is_done = false;
        Ok(first_byte(compressed)?.is_some_and(is_first))
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_done {
            let ahead = compressed.fill_buf()?;
            // Call the decoder at the end of the input, too: it may still hold decompressed bytes.
            let mut input = InBuffer::around(ahead);
            let mut output = OutBuffer::around(&mut *buffer);
            let more = self.decoder.run(&mut input, &mut output).map_err(explain)?;
            let (taken, given, is_all) = (input.pos(), output.pos(), ahead.is_empty());
            compressed.consume(taken);
            self.is_done = more == 0;
            if given > 0 {
                return Ok(given);
            }
            if is_all && !self.is_done {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

/// The decoder's errors, with advice.
fn explain(error: io::Error) -> io::Error {
    use ZSTD_ErrorCode::{ZSTD_error_dictionary_wrong, ZSTD_error_memory_allocation};
    let is = |kind| error.get_ref().and_then(|why| why.downcast_ref()).is_some_and(|why: &::zstd::Error| why.is(kind));
    if is(ZSTD_error_memory_allocation) {
        return ErrorKind::OutOfMemory.into();
    }
    if is(ZSTD_error_dictionary_wrong) {
        return unsupported("the zstd data needs a dictionary; unpack it first", "zstd -dc -D DICTIONARY FILE");
    }
    damaged(Zstd::NAME, error)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use ::zstd::Encoder;

    use super::*;
    use crate::read::unpack::members::Members;

    /// A frame with a checksum.
    fn zstd(text: &[u8]) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new(), 3).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn skippable(first: u8, len: u8) -> Vec<u8> {
        let mut frame = [&[first], SKIPPABLE, &[len, 0, 0, 0]].concat();
        frame.resize(frame.len() + usize::from(len), b'x');
        frame
    }

    /// Decodes with buffers of one byte, too, so that each frame ends at a buffer's end once.
    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut results = [1, 2, 8192].map(|capacity| {
            let mut text = Vec::new();
            let mut frames = Members::new(io::BufReader::with_capacity(capacity, compressed), Zstd::new().unwrap());
            let error = frames.read_to_end(&mut text).err();
            assert_eq!(frames.read(&mut [0]).unwrap(), 0, "after the end");
            (text, error.map(|error| error.to_string()))
        });
        for (text, error) in &results {
            // The length of the text before an error may differ.
            assert!(*error == results[0].1 && (error.is_some() || *text == results[0].0), "{results:?}");
        }
        std::mem::take(&mut results[0])
    }

    #[test]
    fn frames_are_joined() {
        let text = b"one two three\n".repeat(30_000);
        let parts =
            [skippable(0x50, 0), zstd(b"one\n"), zstd(b""), skippable(0x5F, 9), zstd(&text), skippable(0x57, 1)];
        assert!(
            is_zstd(&parts[0])
                && is_zstd(&parts[1])
                && is_zstd(&parts[3])
                && !is_zstd(b"\x60*M\x18")
                && !is_zstd(b"\x28*M\x18")
        );
        let compressed = parts.concat();
        let expected = [b"one\n", &text[..]].concat();
        assert_eq!(decode(&compressed), (expected.clone(), None));
        assert_eq!(decode(&[&compressed[..], &[0; 512]].concat()), (expected, None), "padded");
    }

    #[test]
    fn small_buffers_are_filled() {
        let compressed = [zstd(b"one\n"), zstd(b"two\n")].concat();
        let mut frames = Members::new(&compressed[..], Zstd::new().unwrap());
        let mut text = Vec::new();
        let mut byte = [0];
        assert_eq!(frames.read(&mut []).unwrap(), 0);
        while frames.read(&mut byte).unwrap() > 0 {
            text.push(byte[0]);
        }
        assert_eq!(text, b"one\ntwo\n");
    }

    #[test]
    fn what_is_cut_off_or_behind_the_end_is_an_error() {
        let whole = zstd(b"one\n");
        for len in 1..whole.len() {
            let (_, error) = decode(&whole[..len]);
            assert!(error.unwrap().contains("breaks off"), "{len}");
            let (text, error) = decode(&[&whole[..], &whole[..len]].concat());
            assert!(text.starts_with(b"one\n") && error.unwrap().contains("breaks off"), "{len}");
        }
        for garbage in [&b"x"[..], b"one\n", b"\0x", b"\0\x28\xB5\x2F\xFD"] {
            let (text, error) = decode(&[&whole[..], garbage].concat());
            assert_eq!(text, b"one\n");
            assert!(error.unwrap().contains("garbage behind the zstd data"), "{garbage:?}");
        }
    }

    #[test]
    fn a_flipped_bit_is_an_error() {
        let whole = zstd(&b"one two three\n".repeat(20));
        let mut damaged = whole.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(
            decode(&damaged).1.unwrap().contains("the zstd data is damaged (Restored data doesn't match checksum)")
        );
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            // An unused bit, and the length of the window.
            let is_harmless = bit == 36 || bit / 8 == 5;
            assert!(decode(&damaged).1.is_some() || is_harmless, "{bit}");
        }
    }

    /// The frame is made by hand, because `Encoder` would take gigabytes.
    #[test]
    fn the_longest_window_is_read() {
        const NO_LENGTH: u8 = 0;
        const WINDOW_OF_2_GIB: u8 = (31 - 10) << 3;
        const LAST_BLOCK_OF_4_BYTES: [u8; 3] = [4 << 3 | 1, 0, 0];
        let frame = [FRAME, &[NO_LENGTH, WINDOW_OF_2_GIB], &LAST_BLOCK_OF_4_BYTES, b"one\n"].concat();
        assert_eq!(decode(&frame), (b"one\n".to_vec(), None));
    }

    #[test]
    fn a_dictionary_is_asked_for() {
        const NUMBER_OF_1_BYTE: u8 = 1;
        let frame = [FRAME, &[NUMBER_OF_1_BYTE, 0, 7, 4 << 3 | 1, 0, 0], b"one\n"].concat();
        assert!(decode(&frame).1.unwrap().contains("needs a dictionary"));
    }
}
