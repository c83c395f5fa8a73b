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
///
/// If the decoder fails, it does not say what it decompressed in the same call. So no call goes on to the next block:
/// the text before an error is then the same, however the compressed bytes arrive.
pub(crate) struct Zstd {
    decoder: Decoder<'static>,
    /// The decoder's hint: the number of bytes that end the current block or header, and [`BLOCK_HEADER`] bytes more
    /// if another block follows.
    hint: usize,
    /// Whether the decoder may hold decompressed bytes, because the last buffer was too short for them.
    is_holding: bool,
    is_done: bool,
}

/// The length of a block's header in bytes.
const BLOCK_HEADER: usize = 3;

impl Zstd {
    /// # Errors
    /// When the library has no memory for a decoder.
    pub(crate) fn new() -> io::Result<Self> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(LARGEST_WINDOW_LOG))?;
        Ok(Self { decoder, hint: 0, is_holding: false, is_done: false })
    }
}

impl Codec for Zstd {
    const NAME: &'static str = "zstd";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        // After the end of a frame, the decoder is ready for the next frame.
        (self.hint, self.is_holding, self.is_done) = (0, false, false);
        Ok(first_byte(compressed)?.is_some_and(is_first))
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.is_done {
            // Held bytes come first, by a call without input.
            let ahead = if self.is_holding { &[] } else { compressed.fill_buf()? };
            let is_at_end = ahead.is_empty() && !self.is_holding;
            let mut input = InBuffer::around(&ahead[..ahead.len().min(self.bytes_of_block())]);
            let mut output = OutBuffer::around(&mut *buffer);
            self.hint = self.decoder.run(&mut input, &mut output).map_err(explain)?;
            let (taken, given) = (input.pos(), output.pos());
            compressed.consume(taken);
            self.is_done = self.hint == 0;
            self.is_holding = given == buffer.len();
            if given > 0 {
                return Ok(given);
            }
            if is_at_end && !self.is_done {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

impl Zstd {
    /// A number of bytes that do not reach into the next block. The last bytes come one by one: the decoder passes an
    /// uncompressed block on as it arrives, and fails only at its last byte.
    fn bytes_of_block(&self) -> usize {
        self.hint.saturating_sub(BLOCK_HEADER).max(1)
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
    use crate::read::unpack::members::{Members, decoded};

    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        decoded(compressed, || Zstd::new().unwrap())
    }

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

    /// Blocks of all kinds: compressed, of one byte repeated, and as they are.
    #[test]
    fn the_text_before_the_damage_is_that_of_all_whole_blocks() {
        let mut noise = 1_u32;
        let text: Vec<u8> = (0..420_000_u32)
            .map(|at| {
                noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                [b"one two\n"[at as usize % 8], b'x', (noise >> 24) as u8][at as usize / 140_000]
            })
            .collect();
        let whole = [zstd(&text), zstd(b"end\n")].concat();
        let mut lens = Vec::new();
        for at in (4..whole.len() - 13).step_by(whole.len() / 12) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let (found, error) = decode(&damaged);
            assert!(text.starts_with(&found) || error.is_some_and(|why| why.contains("checksum")), "{at}");
            lens.push(found.len());
            assert!(text.starts_with(&decode(&whole[..at]).0), "{at}");
        }
        assert!(lens.iter().any(|len| *len > 128 << 10), "blocks before the damaged one: {lens:?}");
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
