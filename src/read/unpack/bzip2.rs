//! Bzip2: a member is a stream. The program bzip2 makes one of a file; pbzip2 and the dumps of Wikipedia have many.
//!
//! A stream is cut into blocks of 900 kB at most. The decoder passes a block on when it has all of it, so the text
//! before an error is the same, however the compressed bytes arrive.

use std::io::{self, BufRead, ErrorKind};

use ::bzip2::{Decompress, Status};

use crate::read::unpack::members::{Codec, first_byte};
use crate::read::unpack::trailing::damaged;

/// The decoder of bzip2. Its members are streams.
pub(crate) struct Bzip2 {
    decoder: Decompress,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Within,
    Done,
    /// At damage. The text before it has been passed on.
    Damaged,
}

impl Bzip2 {
    pub(crate) fn new() -> Self {
        Self { decoder: Decompress::new(false), state: State::Within }
    }
}

impl Codec for Bzip2 {
    const NAME: &'static str = "bzip2";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        let is_member = first_byte(compressed)? == Some(b'B');
        if is_member && self.decoder.total_in() > 0 {
            // A decoder can't be used twice. It takes memory for blocks only when it meets the first one.
            self.decoder = Decompress::new(false);
        }
        self.state = State::Within;
        Ok(is_member)
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        while self.state != State::Done {
            if self.state == State::Damaged {
                return Err(damaged(Self::NAME, "corrupt bzip2 stream"));
            }
            let ahead = compressed.fill_buf()?;
            let is_all = ahead.is_empty();
            let (taken, given) = (self.decoder.total_in(), self.decoder.total_out());
            let status = self.decoder.decompress(ahead, buffer);
            let (taken, given) = (self.decoder.total_in() - taken, self.decoder.total_out() - given);
            compressed.consume(taken as usize);
            self.state = match status {
                Ok(Status::StreamEnd) => State::Done,
                Ok(Status::MemNeeded) => return Err(ErrorKind::OutOfMemory.into()),
                Ok(_) => State::Within,
                // The bytes before the damage come first.
                Err(_) => State::Damaged,
            };
            if given > 0 {
                return Ok(given as usize);
            }
            if is_all && self.state == State::Within {
                return Err(ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ::bzip2::Compression;
    use ::bzip2::write::BzEncoder;

    use super::*;
    use crate::read::unpack::members::decoded;

    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        decoded(compressed, Bzip2::new)
    }

    fn bzip2(text: &[u8]) -> Vec<u8> {
        let mut encoder = BzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Distinct words, in several blocks of the 100 kB of the fastest level.
    fn words() -> Vec<u8> {
        (0..60_000_u64).flat_map(|n| format!("word{}\n", n * n * 7919 % 99_991).into_bytes()).collect()
    }

    #[test]
    fn streams_are_joined() {
        let text = words();
        let compressed = [bzip2(b"one\n"), bzip2(b""), bzip2(&text), bzip2(b""), bzip2(b"two\n")].concat();
        let expected = [b"one\n", &text[..], b"two\n"].concat();
        assert_eq!(decode(&compressed), (expected.clone(), None));
        assert_eq!(decode(&[&compressed[..], &[0; 513]].concat()), (expected, None), "padded");
    }

    #[test]
    fn what_is_cut_off_or_behind_the_end_is_an_error() {
        let whole = bzip2(b"one\n");
        for len in 1..whole.len() {
            let (_, error) = decode(&whole[..len]);
            assert!(error.unwrap().contains("breaks off"), "{len}");
            let (text, error) = decode(&[&whole[..], &whole[..len]].concat());
            assert!(text.starts_with(b"one\n") && error.unwrap().contains("breaks off"), "{len}");
        }
        for garbage in [&b"x"[..], b"one\n", b"\0x", b"\0BZh9"] {
            let (text, error) = decode(&[&whole[..], garbage].concat());
            assert_eq!(text, b"one\n");
            assert!(error.unwrap().contains("garbage behind the bzip2 data"), "{garbage:?}");
        }
        let (text, error) = decode(&[&whole[..], b"But this is text\n"].concat());
        assert!(text == b"one\n" && error.unwrap().contains("the bzip2 data is damaged"));
    }

    #[test]
    fn a_flipped_bit_is_an_error() {
        let text = words()[..300].to_vec();
        let whole = bzip2(&text);
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let (found, error) = decode(&damaged);
            // Some bits have no meaning, such as those of a table that no letter uses.
            assert!(error.is_some() || found == text, "{bit}");
            let is_checksum = (10..14).contains(&(bit / 8));
            assert!(!is_checksum || error.unwrap().contains("the bzip2 data is damaged"), "{bit}");
        }
    }

    #[test]
    fn the_text_before_the_damage_is_that_of_all_whole_blocks() {
        let text = words();
        let whole = [bzip2(&text), bzip2(b"end\n")].concat();
        let mut lens = Vec::new();
        for at in (4..whole.len() - 40).step_by(whole.len() / 12) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let (found, error) = decode(&damaged);
            assert!(error.unwrap().contains("the bzip2 data is damaged"), "{at}");
            lens.push(found.len());
            assert!(text.starts_with(&decode(&whole[..at]).0), "{at}");
        }
        assert!(lens.iter().any(|len| *len > 200 << 10), "blocks before the damaged one: {lens:?}");
    }
}
