//! Gzip (RFC 1952): a member is a header, deflated data, a checksum and a length.
//!
//! flate2's own reader owns its input, so the loop of [`Members`] can't use it. We use flate2's decoder.
//!
//! [`Members`]: crate::read::unpack::members::Members

use std::io::{self, BufRead, Read};

use flate2::Crc;

use crate::read::unpack::deflate::Inflater;
use crate::read::unpack::members::{Codec, bytes, first_byte};
use crate::read::unpack::trailing::damaged;

/// The first bytes of a member. The third byte says that its data is deflated.
pub(super) const MAGIC: [u8; 3] = *b"\x1F\x8B\x08";

/// The flags for parts of the header behind its first ten bytes.
mod flag {
    pub(super) const CHECKSUM: u8 = 1 << 1;
    pub(super) const EXTRA: u8 = 1 << 2;
    pub(super) const NAME: u8 = 1 << 3;
    pub(super) const COMMENT: u8 = 1 << 4;
    /// Reserved flags. The RFC demands an error for them.
    pub(super) const RESERVED: u8 = 0b1110_0000;
}

/// The decoder of gzip.
pub(crate) struct Gzip {
    data: Inflater,
    is_done: bool,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self { data: Inflater::new(), is_done: false }
    }
}

impl Codec for Gzip {
    const NAME: &'static str = "gzip";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        if first_byte(compressed)? != Some(MAGIC[0]) {
            return Ok(false);
        }
        read_header(compressed)?;
        self.data.reset();
        self.is_done = false;
        Ok(true)
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_done {
            return Ok(0);
        }
        let len = self.data.read(compressed, buffer, Self::NAME)?;
        if len == 0 {
            let [crc, length] = [bytes(compressed)?, bytes(compressed)?].map(u32::from_le_bytes);
            // The stored length is modulo 2^32.
            if (crc, length) != (self.data.crc(), self.data.given() as u32) {
                return Err(mismatch());
            }
            self.is_done = true;
        }
        Ok(len)
    }
}

/// Reads and checks a header.
fn read_header(compressed: &mut impl BufRead) -> io::Result<()> {
    let mut header = bytes::<10>(compressed)?.to_vec();
    let flags = header[3];
    if !header.starts_with(&MAGIC) || flags & flag::RESERVED != 0 {
        return Err(damaged(Gzip::NAME, "invalid gzip header"));
    }
    if flags & flag::EXTRA != 0 {
        let len = bytes(compressed)?;
        header.extend(len);
        let start = header.len();
        header.resize(start + usize::from(u16::from_le_bytes(len)), 0);
        compressed.read_exact(&mut header[start..])?;
    }
    for text in [flag::NAME, flag::COMMENT] {
        if flags & text != 0 {
            read_text(compressed, &mut header)?;
        }
    }
    if flags & flag::CHECKSUM != 0 {
        let mut crc = Crc::new();
        crc.update(&header);
        if u16::from_le_bytes(bytes(compressed)?) != crc.sum() as u16 {
            return Err(mismatch());
        }
    }
    Ok(())
}

/// Reads a text of the header, up to its NUL.
fn read_text(compressed: &mut impl BufRead, header: &mut Vec<u8>) -> io::Result<()> {
    // flate2's limit: without one, a text without a NUL would fill the memory.
    const MAX_LEN: u64 = 65_535;
    let len = compressed.take(MAX_LEN + 1).read_until(0, header)? as u64;
    if len > 0 && header.ends_with(&[0]) {
        Ok(())
    } else if len > MAX_LEN {
        Err(damaged(Gzip::NAME, "gzip header field too long"))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn mismatch() -> io::Error {
    damaged(Gzip::NAME, "corrupt gzip stream does not have a matching checksum")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder, read::MultiGzDecoder, write::GzEncoder};
    use proptest::prelude::*;

    use super::*;
    use crate::read::unpack::members::decoded;

    fn decode(compressed: &[u8]) -> (Vec<u8>, Option<String>) {
        decoded(compressed, Gzip::new)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
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

    /// A member with all optional parts of a header.
    fn with_header(extra: &[u8], name: &[u8], comment: &[u8], text: &[u8]) -> Vec<u8> {
        let builder = GzBuilder::new().extra(extra).filename(name).comment(comment);
        let mut encoder = builder.write(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    proptest! {
        /// flate2's own reader is the oracle. It rejects zeros behind the data.
        #[test]
        fn damaged_or_not_it_reads_what_flate2_reads(
            extra in prop::collection::vec(any::<u8>(), 0..9), name in "[a-z]{0,9}", comment in "[a-z]{0,9}",
            text in "[ab\n]{0,99}", bit in 0_usize..4000, len in 0_usize..400,
        ) {
            let first = with_header(&extra, name.as_bytes(), comment.as_bytes(), text.as_bytes());
            let whole = [first, gzip(b"end\n")].concat();
            let mut damaged = whole.clone();
            if bit / 8 < whole.len() {
                damaged[bit / 8] ^= 1 << (bit % 8);
            }
            for compressed in [&whole[..], &damaged, &whole[..len.min(whole.len())]] {
                if !compressed.starts_with(&MAGIC[..1]) {
                    continue;
                }
                let mut expected = Vec::new();
                let error = MultiGzDecoder::new(compressed).read_to_end(&mut expected).err();
                let (text, found) = decode(compressed);
                prop_assert_eq!(found.is_some(), error.is_some());
                prop_assert!(error.is_some() || text == expected);
                let why = error.filter(|error| error.kind() == io::ErrorKind::InvalidInput);
                if let (Some(why), Some(found)) = (why, found) {
                    prop_assert!(found.contains(&why.to_string()) || found.contains("garbage"), "{} {}", found, why);
                }
            }
        }
    }

    #[test]
    fn the_text_before_the_damage_is_there() {
        let text: Vec<u8> = (0..9000).flat_map(|n| format!("word{n}\n").into_bytes()).collect();
        let whole = gzip(&text);
        let mut longest = 0;
        for at in (10..whole.len() - 8).step_by(whole.len() / 16) {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let (found, error) = decode(&damaged);
            assert!(error.is_some(), "{at}");
            let alike = found.iter().zip(&text).take_while(|(one, other)| one == other).count();
            longest = longest.max(alike);
            assert!(text.starts_with(&decode(&whole[..at]).0), "{at}");
        }
        assert!(longest > text.len() / 2, "{longest} bytes before the damage");
    }

    #[test]
    fn the_checksum_of_a_header_is_checked() {
        let mut member = gzip(b"one\n");
        member[3] |= flag::CHECKSUM;
        let mut crc = Crc::new();
        crc.update(&member[..10]);
        let crc = (crc.sum() as u16).to_le_bytes();
        let right = [&member[..10], &crc, &member[10..]].concat();
        assert_eq!(decode(&right), (b"one\n".to_vec(), None));
        let wrong = [&member[..10], &[crc[0] ^ 1, crc[1]], &member[10..]].concat();
        assert!(decode(&wrong).1.unwrap().contains("does not have a matching checksum"));
    }

    #[test]
    fn a_name_may_be_long_but_not_without_end() {
        for (len, is_right) in [(65_535, true), (65_536, false)] {
            let (text, error) = decode(&with_header(b"", &vec![b'x'; len], b"", b"one\n"));
            assert_eq!(error.is_none(), is_right);
            assert_eq!(text == b"one\n", is_right);
        }
    }
}
