//! Xz (version 1.2.1 of its description): a member is a stream, which has blocks, each with a checksum. Zeros may stand
//! between streams.

use std::io::{self, BufRead, ErrorKind};
use std::mem;
use std::ops::Range;

use liblzma::stream::{Action, Error, Status, Stream, TELL_UNSUPPORTED_CHECK};

use crate::read::unpack::XZ;
use crate::read::unpack::members::{Codec, first_byte};
use crate::read::unpack::trailing::damaged;
use crate::read::unpack::unsupported::unsupported;

/// The memory that a block may ask for. The program xz makes dictionaries of 1.5 GiB at most, with `--lzma2=dict=`, and
/// its decoder needs some kilobytes more. The format has 4 GiB. The system gives the pages of a dictionary only when
/// they are written, so a short file that asks for a long one does no harm.
const MAX_MEMORY: u64 = 3 * (GIB / 2) + OVERHEAD;
const GIB: u64 = 1 << 30;
const OVERHEAD: u64 = 1 << 20;

/// The decoder of xz. Its members are streams.
///
/// How many bytes the library passes on before damage depends on the length of its buffer. So it fills a buffer of our
/// own: the text before an error is then the same, whatever buffers the caller has, and however the compressed bytes
/// arrive.
pub(crate) struct Xz {
    /// `None` before the first stream.
    decoder: Option<Stream>,
    text: Box<[u8]>,
    /// The part of `text` that has not been passed on.
    ready: Range<usize>,
    /// What comes behind `text`.
    next: Next,
}

enum Next {
    More,
    End,
    Failure(io::Error),
}

/// Not tuned.
const BUFFER: usize = 64 << 10;

impl Xz {
    pub(crate) fn new() -> Self {
        Self { decoder: None, text: vec![0; BUFFER].into(), ready: 0..0, next: Next::End }
    }

    /// Decompresses until the buffer is full, or the stream ends or fails.
    fn fill(&mut self, compressed: &mut impl BufRead) {
        let Some(decoder) = self.decoder.as_mut() else { return };
        self.ready = 0..0;
        while self.ready.end < self.text.len() && matches!(self.next, Next::More) {
            let ahead = match compressed.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.next = Next::Failure(error);
                    return;
                }
                Ok(ahead) => ahead,
            };
            let is_all = ahead.is_empty();
            let (taken, given) = (decoder.total_in(), decoder.total_out());
            let status = decoder.process(ahead, &mut self.text[self.ready.end..], Action::Run);
            let (taken, given) = (decoder.total_in() - taken, decoder.total_out() - given);
            compressed.consume(taken as usize);
            self.ready.end += given as usize;
            self.next = match status {
                Ok(Status::StreamEnd) => Next::End,
                Ok(_) if is_all && given == 0 => Next::Failure(ErrorKind::UnexpectedEof.into()),
                Ok(_) => Next::More,
                Err(error) => Next::Failure(explained(error, decoder)),
            };
        }
    }
}

impl Codec for Xz {
    const NAME: &'static str = "xz";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        let zeros = skip_zeros(compressed)?;
        if first_byte(compressed)? != Some(XZ[0]) {
            return Ok(false);
        }
        if zeros % 4 != 0 {
            return Err(damaged(Self::NAME, "the padding between its streams is no multiple of four bytes"));
        }
        // The decoder before frees its memory first.
        self.decoder = None;
        let decoder = Stream::new_stream_decoder(MAX_MEMORY, TELL_UNSUPPORTED_CHECK);
        self.decoder = Some(decoder.map_err(|_| ErrorKind::OutOfMemory)?);
        self.next = Next::More;
        Ok(true)
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready.is_empty() && matches!(self.next, Next::More) {
            self.fill(compressed);
        }
        if self.ready.is_empty() {
            return match mem::replace(&mut self.next, Next::End) {
                Next::Failure(failure) => Err(failure),
                Next::More | Next::End => Ok(0),
            };
        }
        let len = self.ready.len().min(buffer.len());
        buffer[..len].copy_from_slice(&self.text[self.ready.start..][..len]);
        self.ready.start += len;
        Ok(len)
    }
}

/// Skips zeros, and returns their number.
fn skip_zeros(compressed: &mut impl BufRead) -> io::Result<u64> {
    let mut zeros = 0;
    while first_byte(compressed)? == Some(0) {
        let ahead = compressed.fill_buf()?;
        let len = ahead.iter().take_while(|&&byte| byte == 0).count();
        compressed.consume(len);
        zeros += len as u64;
    }
    Ok(zeros)
}

/// The decoder's errors, with advice.
fn explained(error: Error, decoder: &mut Stream) -> io::Error {
    let not_read = |what: &str| unsupported(format!("the xz data {what}; unpack it first"), "xz -dc FILE");
    match error {
        Error::Mem => ErrorKind::OutOfMemory.into(),
        Error::MemLimit => {
            let gib = (2..4).find(|gib| decoder.set_memlimit(gib * GIB + OVERHEAD).is_ok()).unwrap_or(4);
            not_read(&format!("needs {gib} GiB of memory for its dictionary, which is more than the program xz makes"))
        }
        Error::UnsupportedCheck => not_read("has a kind of checksum that is not known"),
        Error::Options => not_read("has a filter or an option that is not known"),
        Error::Format => damaged(Xz::NAME, "invalid xz header"),
        _ => damaged(Xz::NAME, "corrupt xz stream"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Crc;
    use liblzma::stream::{Check, Filters, LzmaOptions};
    use liblzma::write::XzEncoder;

    use super::*;
    use crate::read::unpack::members::decoded;

    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        decoded(compressed, Xz::new)
    }

    fn encoded(stream: Stream, text: &[u8]) -> Vec<u8> {
        let mut encoder = XzEncoder::new_stream(Vec::new(), stream);
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn checked(text: &[u8], check: Check) -> Vec<u8> {
        encoded(Stream::new_easy_encoder(0, check).unwrap(), text)
    }

    fn xz(text: &[u8]) -> Vec<u8> {
        checked(text, Check::Crc64)
    }

    /// Text that does not fit into one chunk of LZMA2.
    fn words() -> Vec<u8> {
        (0..60_000_u64).flat_map(|n| format!("word{}\n", n * n * 7919 % 99_991).into_bytes()).collect()
    }

    #[test]
    fn streams_of_all_checks_are_joined() {
        let text = words();
        for check in [Check::None, Check::Crc32, Check::Crc64, Check::Sha256] {
            let (word, none) = (checked(b"one\n", check), checked(b"", check));
            let compressed = [&word[..], &none, &[0; 4], &checked(&text, check), &[0; 8], &none, &word].concat();
            let expected = [b"one\n", &text[..], b"one\n"].concat();
            assert_eq!(decode(&compressed), (expected.clone(), None));
            assert_eq!(decode(&[&compressed[..], &[0; 513]].concat()), (expected, None), "padded");
        }
    }

    #[test]
    fn blocks_and_filters() {
        let text = words();
        let blocks = encoded_in_blocks(&text);
        assert_eq!(decode(&blocks), (text.clone(), None));
        let options = LzmaOptions::new_preset(0).unwrap();
        for is_x86 in [false, true] {
            let mut filters = Filters::new();
            if is_x86 {
                filters.x86();
            }
            filters.delta_properties(&[0]).unwrap().lzma2(&options);
            let filtered = encoded(Stream::new_stream_encoder(&filters, Check::Crc32).unwrap(), &text);
            assert_eq!(decode(&filtered), (text.clone(), None));
        }
    }

    fn encoded_in_blocks(text: &[u8]) -> Vec<u8> {
        let mut encoder = Stream::new_easy_encoder(0, Check::Crc64).unwrap();
        let mut compressed = Vec::with_capacity(text.len() * 2 + 1024);
        for part in text.chunks(100_000) {
            let before = encoder.total_in();
            while encoder.total_in() - before < part.len() as u64 {
                let left = &part[(encoder.total_in() - before) as usize..];
                encoder.process_vec(left, &mut compressed, Action::Run).unwrap();
            }
            while encoder.process_vec(&[], &mut compressed, Action::FullFlush).unwrap() != Status::StreamEnd {}
        }
        while encoder.process_vec(&[], &mut compressed, Action::Finish).unwrap() != Status::StreamEnd {}
        compressed
    }

    #[test]
    fn what_is_cut_off_or_behind_the_end_is_an_error() {
        for whole in [xz(b"one\n"), checked(b"one\n", Check::None), checked(b"one\n", Check::Sha256)] {
            for len in 1..whole.len() {
                let (_, error) = decode(&whole[..len]);
                assert!(error.unwrap().contains("breaks off"), "{len}");
                let (text, error) = decode(&[&whole[..], &whole[..len]].concat());
                assert!(text.starts_with(b"one\n") && error.unwrap().contains("breaks off"), "{len}");
            }
            for garbage in [&b"x"[..], b"one\n", b"\0x", b"\0\0\0\0x"] {
                let (text, error) = decode(&[&whole[..], garbage].concat());
                assert_eq!(text, b"one\n");
                assert!(error.unwrap().contains("garbage behind the xz data"), "{garbage:?}");
            }
            for zeros in [1, 2, 3, 5] {
                let (text, error) = decode(&[&whole[..], &vec![0; zeros], &whole].concat());
                assert!(text == b"one\n" && error.unwrap().contains("no multiple of four"), "{zeros}");
            }
        }
    }

    #[test]
    fn a_flipped_bit_is_an_error() {
        let text = b"one two three\n".repeat(20);
        for check in [Check::Crc32, Check::Crc64, Check::Sha256] {
            let whole = checked(&text, check);
            for bit in 0..whole.len() * 8 {
                let mut damaged = whole.clone();
                damaged[bit / 8] ^= 1 << (bit % 8);
                assert!(decode(&damaged).1.is_some(), "{bit}");
            }
        }
        let mut damaged = xz(&text);
        let check = damaged.len() - 12 - 8 - 1;
        damaged[check] ^= 1;
        let (found, error) = decode(&damaged);
        assert_eq!((found, error.unwrap().contains("damaged (corrupt xz stream)")), (text, true), "checksum");
    }

    #[test]
    fn the_text_before_the_damage_is_there() {
        let text = words();
        let whole = xz(&text);
        let mut longest = 0;
        for at in (10..whole.len() - 60).step_by(whole.len() / 12) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let (found, error) = decode(&damaged);
            assert!(error.is_some(), "{at}");
            longest = longest.max(found.iter().zip(&text).take_while(|(one, other)| one == other).count());
            assert!(text.starts_with(&decode(&whole[..at]).0), "{at}");
        }
        assert!(longest > text.len() / 2, "{longest} bytes before the damage");
    }

    /// The stream, with other bytes in the header of its only block, whose checksum is made to fit.
    fn with_block_header(stream: &[u8], change: impl Fn(&mut [u8])) -> Vec<u8> {
        const START: usize = 12;
        let mut stream = stream.to_vec();
        let end = START + (usize::from(stream[START]) + 1) * 4 - 4;
        change(&mut stream[START..end]);
        let mut crc = Crc::new();
        crc.update(&stream[START..end]);
        stream[end..end + 4].copy_from_slice(&crc.sum().to_le_bytes());
        stream
    }

    /// The size, the flags, and the filter: its number, the length of its property, and the property.
    const DICTIONARY: usize = 4;

    #[test]
    fn a_dictionary_may_be_as_long_as_xz_makes_it() {
        let stream = xz(b"one\n");
        let of = |code: u8| decode(&with_block_header(&stream, |header| header[DICTIONARY] = code));
        assert_eq!(of(37), (b"one\n".to_vec(), None), "1.5 GiB");
        for (code, gib) in [(38, 2), (39, 3), (40, 4)] {
            let (text, error) = of(code);
            let error = error.unwrap();
            assert!(text.is_empty() && error.contains(&format!("needs {gib} GiB of memory")), "{error}");
            assert!(error.ends_with("unpack it first, as in: xz -dc FILE"), "{error}");
        }
    }

    #[test]
    fn what_a_later_version_may_have_is_told() {
        let stream = xz(b"one\n");
        let filter = with_block_header(&stream, |header| header[2] = 0x3F);
        assert!(decode(&filter).1.unwrap().contains("has a filter or an option that is not known"));
        // The kind of checksum stands in both ends of a stream.
        let mut check = stream;
        check[7] = 2;
        let mut crc = Crc::new();
        crc.update(&check[6..8]);
        check[8..12].copy_from_slice(&crc.sum().to_le_bytes());
        assert!(decode(&check).1.unwrap().contains("has a kind of checksum that is not known"));
    }
}
