//! Encodings of text: a byte-order mark or the user names the encoding, and a decoder turns the text into UTF-8.
//!
//! The rules are ripgrep's. A byte-order mark is enough for UTF-16. The user must name any other encoding. UTF-8 needs
//! no decoding, since all bytes count as they are.

pub(crate) mod convert;
pub(crate) mod csv;
pub(crate) mod texts;

use std::fmt;
use std::io::{self, Read};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::{Error, Result};
use crate::parse::{BYTE_ORDER_MARK, is_table};
use crate::read::counting_reader::Facts;
use crate::read::decode::convert::Convert;
use crate::read::peek::Peeked;
use crate::read::unpack::unsupported::unsupported;

/// The encoding of an input's text. A byte-order mark of UTF-8 or UTF-16 wins over a named encoding.
///
/// ```
/// use ngram_count::Encoding;
///
/// let latin1: Encoding = "latin1".parse()?;
/// assert_eq!(latin1, "windows-1252".parse()?);
/// # Ok::<(), ngram_count::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Encoding(Choice);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Choice {
    /// The encoding of the mark; without a mark, bytes stay as they are.
    #[default]
    Auto,
    /// Bytes stay as they are, even behind a mark.
    None,
    Named(&'static encoding_rs::Encoding),
}

/// The length of the longest mark in bytes.
pub(crate) const MARK: usize = 4;
const UTF_32_MARKS: [&[u8]; 2] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"];
const UTF_16_MARKS: [(&[u8], &encoding_rs::Encoding); 2] = [(b"\xFF\xFE", UTF_16LE), (b"\xFE\xFF", UTF_16BE)];

/// The encoding of a text that needs decoding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ForeignText {
    pub(crate) encoding: &'static encoding_rs::Encoding,
    /// The length of the byte-order mark in bytes. The mark is not part of the text.
    pub(crate) mark: usize,
}

impl Encoding {
    /// UTF-16 by its mark; without one, bytes stay as they are. This is the default.
    pub const AUTO: Self = Self(Choice::Auto);
    /// Bytes stay as they are, also behind a mark.
    pub const NONE: Self = Self(Choice::None);

    /// As [`Encoding::of`], for a reader. The first word of a table may look like a mark. If the first lines are a
    /// table, there is no mark, because the first lines of UTF-16 and UTF-32 are never a table.
    pub(crate) fn of_next(self, text: &mut Peeked<impl Read>) -> io::Result<Option<ForeignText>> {
        // As many bytes as the detection of the format asks for first.
        const HEAD: usize = 16 << 10;
        if !has_mark(text.peek(MARK)) {
            return Ok(self.unmarked());
        }
        let head = text.peek(HEAD);
        if !head.starts_with(BYTE_ORDER_MARK) && is_table(head, head.len() < HEAD) {
            return Ok(self.unmarked());
        }
        self.of(head)
    }

    /// The decoding for a text with these first bytes; `None` if its bytes stay as they are.
    ///
    /// # Errors
    /// For UTF-32.
    pub(crate) fn of(self, begin: &[u8]) -> io::Result<Option<ForeignText>> {
        if self.0 == Choice::None || begin.starts_with(BYTE_ORDER_MARK) {
            return Ok(None);
        }
        if UTF_32_MARKS.iter().any(|mark| begin.starts_with(mark)) {
            return Err(unsupported(
                "is in UTF-32, which is not read; convert it first",
                "iconv -f UTF-32 -t UTF-8 FILE",
            ));
        }
        let marked = UTF_16_MARKS.iter().find(|(mark, _)| begin.starts_with(mark));
        Ok(marked.map_or(self.unmarked(), |(mark, encoding)| Some(ForeignText { encoding, mark: mark.len() })))
    }

    fn unmarked(self) -> Option<ForeignText> {
        match self.0 {
            Choice::Named(encoding) if encoding != UTF_8 => Some(ForeignText { encoding, mark: 0 }),
            _ => None,
        }
    }

    /// Decodes a whole text from the encoding that the user named. A text in UTF-8 without a NUL stays as it is.
    pub(crate) fn decode_foreign(self, text: Vec<u8>) -> io::Result<Vec<u8>> {
        let Choice::Named(encoding) = self.0 else { return Ok(text) };
        if encoding == UTF_8 || (std::str::from_utf8(&text).is_ok() && !text.contains(&0)) {
            return Ok(text);
        }
        let mut decoded = Vec::new();
        Decoder::new(encoding, &Arc::default()).push(&text, true, &mut decoded)?;
        Ok(decoded)
    }
}

/// Whether a text begins with a byte-order mark.
pub(crate) fn has_mark(text: &[u8]) -> bool {
    text.starts_with(BYTE_ORDER_MARK) || !matches!(Encoding::AUTO.of(text), Ok(None))
}

impl FromStr for Encoding {
    type Err = Error;

    /// Reads `auto`, `none`, or a label of the WHATWG's Encoding Standard, such as `latin1`.
    fn from_str(name: &str) -> Result<Self> {
        if name.eq_ignore_ascii_case("auto") {
            return Ok(Self::AUTO);
        }
        if name.eq_ignore_ascii_case("none") {
            return Ok(Self::NONE);
        }
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes())
            .map(|encoding| Self(Choice::Named(encoding)))
            .ok_or_else(|| Error::UnknownEncoding { name: name.to_owned() })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Choice::Auto => "auto",
            Choice::None => "none",
            Choice::Named(encoding) => encoding.name(),
        })
    }
}

/// A decoder of text into UTF-8, piece by piece. It replaces each malformed sequence by U+FFFD, and counts these.
pub(crate) struct Decoder {
    decoder: encoding_rs::Decoder,
    facts: Arc<Facts>,
}

impl Decoder {
    pub(crate) fn new(encoding: &'static encoding_rs::Encoding, facts: &Arc<Facts>) -> Self {
        Self { decoder: encoding.new_decoder_without_bom_handling(), facts: Arc::clone(facts) }
    }
}

impl Convert for Decoder {
    fn push(&mut self, mut bytes: &[u8], is_last: bool, text: &mut Vec<u8>) -> io::Result<()> {
        let mut end = text.len();
        loop {
            let most = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            let needed = end + most.ok_or(io::ErrorKind::OutOfMemory)?;
            if text.len() < needed {
                text.try_reserve(needed - text.len())?;
                text.resize(needed, 0);
            }
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(bytes, &mut text[end..], is_last);
            bytes = &bytes[read..];
            end += written;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.facts.replaced.fetch_add(1, Ordering::Relaxed);
                    let replacement = "\u{FFFD}".as_bytes();
                    // Call `resize` only if the text is too short. Otherwise we would zero the scratch memory behind
                    // the text once for each malformed byte.
                    text.resize(text.len().max(end + replacement.len()), 0);
                    text[end..end + replacement.len()].copy_from_slice(replacement);
                    end += replacement.len();
                }
            }
        }
        text.truncate(end);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Decodes in pieces of `step` bytes.
    fn decode(name: &str, bytes: &[u8], step: usize) -> (String, u64) {
        let Choice::Named(encoding) = name.parse::<Encoding>().unwrap().0 else { panic!("{name}") };
        let facts = Arc::default();
        let (mut decoder, mut text) = (Decoder::new(encoding, &facts), Vec::new());
        for piece in bytes.chunks(step) {
            decoder.push(piece, false, &mut text).unwrap();
        }
        decoder.push(b"", true, &mut text).unwrap();
        (String::from_utf8(text).unwrap(), facts.replaced.load(Ordering::Relaxed))
    }

    proptest! {
        #[test]
        fn utf_16_is_decoded_however_it_is_cut(text: String, step in 1_usize..20) {
            let units = text.encode_utf16();
            let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
            prop_assert_eq!(decode("utf-16le", &bytes, step), (text.clone(), 0));
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            prop_assert_eq!(decode("utf-16be", &bytes, step), (text, 0));
        }

        #[test]
        fn what_is_malformed_is_counted(bytes: Vec<u8>, step in 1_usize..20) {
            for name in ["shift_jis", "big5", "euc-kr"] {
                let Choice::Named(encoding) = name.parse::<Encoding>().unwrap().0 else { panic!("{name}") };
                let (expected, _) = encoding.decode_without_bom_handling(&bytes);
                let (text, replaced) = decode(name, &bytes, step);
                prop_assert_eq!(&text, &expected);
                prop_assert_eq!(replaced, text.matches('\u{FFFD}').count() as u64);
            }
        }
    }
}
