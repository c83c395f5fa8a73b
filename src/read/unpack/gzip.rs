//! Gzip of many members, to the last byte: what is behind them must be another member or nothing.
//!
//! flate2 decodes one member; going on to the next is done here, since garbage behind the data, a download that broke
//! off and zeros that a tape or a disk block was filled up with want to be told apart.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use crate::read::unpack::trailing::{breaks_off, damaged, nothing_behind};

/// The decompressed bytes of all members, one after another.
pub(crate) struct Members<R> {
    state: State<R>,
}

enum State<R> {
    Member(Box<GzDecoder<R>>),
    Between(R),
    /// After the last member or an error; only for a moment while a state becomes another.
    Ended,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(compressed: R) -> Self {
        Self { state: State::Member(Box::new(GzDecoder::new(compressed))) }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            self.state = match std::mem::replace(&mut self.state, State::Ended) {
                State::Member(mut member) => match member.read(buffer) {
                    Ok(0) => State::Between(member.into_inner()),
                    Ok(len) => {
                        self.state = State::Member(member);
                        return Ok(len);
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                        self.state = State::Member(member);
                        return Err(error);
                    }
                    Err(error) => return Err(explain(&error)),
                },
                State::Between(compressed) => match next_member(compressed)? {
                    Some(member) => State::Member(Box::new(member)),
                    None => return Ok(0),
                },
                State::Ended => return Ok(0),
            };
        }
    }
}

/// The member that begins here, or `None` at the end of the input.
fn next_member<R: BufRead>(mut compressed: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        match compressed.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok([0x1F, ..]) => return Ok(Some(GzDecoder::new(compressed))),
            Ok(_) => return nothing_behind("gzip", &mut compressed).map(|()| None),
        }
    }
}

/// The decoder's errors in words that say what to do.
fn explain(error: &io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => breaks_off("gzip"),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => damaged("gzip", error),
        _ => io::Error::new(error.kind(), error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Decodes with buffers of one byte, too, so that each member ends at a buffer's end once.
    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut results = [1, 2, 8192].map(|capacity| {
            let mut text = Vec::new();
            let error = Members::new(io::BufReader::with_capacity(capacity, compressed)).read_to_end(&mut text).err();
            (text, error.map(|error| error.to_string()))
        });
        assert!(results.iter().all(|result| *result == results[0]), "{results:?}");
        std::mem::take(&mut results[0])
    }

    #[test]
    fn members_are_joined() {
        let compressed = [gzip(b"one\n"), gzip(b""), gzip(b"two\n")].concat();
        assert_eq!(decode(&compressed), (b"one\ntwo\n".to_vec(), None));
        assert_eq!(decode(&[&compressed[..], &[0; 512]].concat()), (b"one\ntwo\n".to_vec(), None), "padded");
    }

    #[test]
    fn what_is_cut_off_or_behind_the_end_is_an_error() {
        let whole = gzip(b"one\n");
        for len in 1..whole.len() {
            let (_, error) = decode(&whole[..len]);
            assert!(error.unwrap().contains("breaks off"), "{len}");
            let (text, error) = decode(&[&whole[..], &whole[..len]].concat());
            assert!(text.starts_with(b"one\n") && error.is_some(), "{len}");
        }
        for garbage in [&b"x"[..], b"one\n", b"\0x", b"\0\x1F\x8B"] {
            let (text, error) = decode(&[&whole[..], garbage].concat());
            assert_eq!(text, b"one\n");
            assert!(error.unwrap().contains("garbage behind"), "{garbage:?}");
        }
    }

    #[test]
    fn a_flipped_bit_is_an_error() {
        let whole = gzip(&b"one two three\n".repeat(20));
        let mut damaged = whole.clone();
        let crc = damaged.len() - 8;
        damaged[crc] ^= 1;
        assert!(decode(&damaged).1.unwrap().contains("damaged"));
    }
}
