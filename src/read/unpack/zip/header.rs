//! The parts of a zip file around its members' data: a header before each member, a descriptor behind some members, the
//! directory at the end.

use std::io::{self, ErrorKind, Read};

use crate::printable::quoted;
use crate::read::unpack::members::bytes;
use crate::read::unpack::trailing::damaged;
use crate::read::unpack::unsupported::unsupported;

/// The first four bytes of each part.
pub(crate) type Signature = [u8; 4];
pub(crate) const MEMBER: Signature = *b"PK\x03\x04";
const DESCRIPTOR: Signature = *b"PK\x07\x08";
const LISTED: Signature = *b"PK\x01\x02";
const SIGNED: Signature = *b"PK\x05\x05";
const LONG_END: Signature = *b"PK\x06\x06";
const LONG_END_PLACE: Signature = *b"PK\x06\x07";
/// The signature of the last part, which is the only part of a file without members.
pub(crate) const END: Signature = *b"PK\x05\x06";

/// Methods that this crate does not read: number, name, and command that unpacks it. unzip supports only the first two.
const UNREADABLE: [(u16, &str, &str); 5] = [
    (9, "Deflate64", "unzip -p"),
    (12, "bzip2", "unzip -p"),
    (14, "LZMA", "7z x -so"),
    (93, "zstd", "7z x -so"),
    (95, "xz", "7z x -so"),
];

/// The header of a member, which comes before its data.
pub(crate) struct Header {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    /// Checksum and lengths in the header. Mostly zeros if a descriptor follows the data.
    told: Sums,
    /// Whether the lengths in the descriptor should have 8 bytes each.
    is_long: bool,
}

/// Checksum and lengths of a member.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Sums {
    pub(crate) crc: u32,
    /// The length of the compressed data.
    pub(crate) stored: u64,
    pub(crate) len: u64,
}

/// The compression of a member's data.
pub(crate) enum Method {
    /// No compression; the data has this length in bytes.
    Stored(u64),
    Deflated,
}

impl Header {
    /// Reads a header behind its signature.
    pub(crate) fn read(from: &mut impl Read) -> io::Result<Self> {
        let fixed: [u8; 26] = bytes(from)?;
        let mut name = vec![0; usize::from(u16_at(&fixed, 22))];
        from.read_exact(&mut name)?;
        let mut extra = vec![0; usize::from(u16_at(&fixed, 24))];
        from.read_exact(&mut extra)?;
        let [crc, stored, len] = [10, 14, 18].map(|at| u32_at(&fixed, at));
        let told = Sums { crc, stored: stored.into(), len: len.into() };
        let mut header = Self { name, flags: u16_at(&fixed, 2), method: u16_at(&fixed, 4), told, is_long: false };
        header.lengthen(&extra);
        Ok(header)
    }

    /// Takes lengths of 8 bytes from the extra fields. Such a length is all ones in the fixed part.
    fn lengthen(&mut self, mut extra: &[u8]) {
        const LENGTHS: u16 = 1;
        while extra.len() >= 4 {
            let (id, len) = (u16_at(extra, 0), usize::from(u16_at(extra, 2)));
            let (mut field, others) = extra[4..].split_at(len.min(extra.len() - 4));
            extra = others;
            if id != LENGTHS {
                continue;
            }
            self.is_long = true;
            for length in [&mut self.told.len, &mut self.told.stored] {
                if *length == u64::from(u32::MAX)
                    && let Some((long, others)) = field.split_first_chunk()
                {
                    *length = u64::from_le_bytes(*long);
                    field = others;
                }
            }
        }
    }

    /// Whether macOS added this file to the archive: it adds one for each of the user's files, and one for each folder.
    pub(crate) fn is_of_macos(&self) -> bool {
        let file = self.name.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let is_in = |folder: &[u8]| self.name.split(|&byte| byte == b'/').any(|part| part == folder);
        is_in(b"__MACOSX") || file == b".DS_Store" || file.starts_with(b"._")
    }

    /// # Errors
    /// For a member that can't be read. The error names a command that reads it.
    pub(crate) fn method(&self) -> io::Result<Method> {
        const ENCRYPTED: u16 = 1 << 0;
        /// The method number of members with AES encryption, which unzip does not support.
        const AES: u16 = 99;
        match self.method {
            AES => Err(self.unreadable("is encrypted", "7z x -so")),
            _ if self.flags & ENCRYPTED != 0 => Err(self.unreadable("is encrypted", "unzip -p")),
            0 => Ok(Method::Stored(self.told.stored)),
            8 => Ok(Method::Deflated),
            other => Err(match UNREADABLE.iter().find(|(method, ..)| *method == other) {
                Some((_, name, command)) => {
                    self.unreadable(&format!("is compressed with {name}, which is not read yet"), command)
                }
                None => self.unreadable(&format!("is compressed by method {other}, which is not read"), "7z x -so"),
            }),
        }
    }

    /// Compares the checksum and the lengths of the data with the header, or with the descriptor, which this function
    /// reads.
    pub(crate) fn check(&self, found: Sums, from: &mut impl Read) -> io::Result<()> {
        const DESCRIBED: u16 = 1 << 3;
        let is_described = self.flags & DESCRIBED != 0;
        let is_right = if is_described { self.is_descriptor(found, from)? } else { self.told == found };
        if is_right {
            return Ok(());
        }
        if is_described && matches!(self.method()?, Method::Stored(0)) {
            // A packer has stored a stream without compression, so nothing tells the end of its data.
            return Err(self.unreadable("does not say before its data how long it is", "unzip -p"));
        }
        Err(damaged("zip", format_args!("checksum or length of {} is wrong", quoted(&self.name))))
    }

    /// Whether the next bytes are a descriptor with the checksum and lengths of the data. A descriptor may lack its
    /// signature, and nothing says for sure whether its lengths have 4 bytes or 8. So we compare it in both ways.
    fn is_descriptor(&self, found: Sums, from: &mut impl Read) -> io::Result<bool> {
        let mut crc = bytes(from)?;
        if crc == DESCRIPTOR {
            crc = bytes(from)?;
        }
        if u32::from_le_bytes(crc) != found.crc {
            return Ok(false);
        }
        let lengths: [u8; 8] = bytes(from)?;
        let is_short = u64::from(u32_at(&lengths, 0)) == found.stored && u64::from(u32_at(&lengths, 4)) == found.len;
        // The descriptor of an empty member fits both ways, and the header decides.
        if u64::from_le_bytes(lengths) == found.stored && (self.is_long || !is_short) {
            return Ok(u64::from_le_bytes(bytes(from)?) == found.len);
        }
        Ok(is_short)
    }

    fn unreadable(&self, why: &str, command: &str) -> io::Error {
        let name = quoted(&self.name);
        unsupported(format!("its member {name} {why}; unpack it first"), format!("{command} FILE"))
    }
}

/// Reads the directory behind its first signature. Returns the number of members that it lists.
pub(crate) fn directory(mut signature: Signature, from: &mut impl Read) -> io::Result<u64> {
    let mut listed = 0;
    loop {
        match signature {
            LISTED => {
                let fixed: [u8; 42] = bytes(from)?;
                for at in [24, 26, 28] {
                    skip(u16_at(&fixed, at).into(), from)?;
                }
                listed += 1;
            }
            LONG_END => skip(u64::from_le_bytes(bytes(from)?), from)?,
            LONG_END_PLACE => skip(16, from)?,
            SIGNED => skip(u16::from_le_bytes(bytes(from)?).into(), from)?,
            END => {
                let fixed: [u8; 18] = bytes(from)?;
                skip(u16_at(&fixed, 16).into(), from)?;
                return Ok(listed);
            }
            _ => return Err(damaged("zip", "something else where a member or the directory must be")),
        }
        signature = bytes(from)?;
    }
}

fn skip(len: u64, from: &mut impl Read) -> io::Result<()> {
    let skipped = io::copy(&mut from.take(len), &mut io::sink())?;
    if skipped == len { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
