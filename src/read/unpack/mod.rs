//! Compression: detects it from the first bytes, and decompresses.
//!
//! Each compression is a [`Codec`](members::Codec) with its own file: `bzip2`, `gzip`, `xz`, `zip`, `zstd`. [`members`]
//! has the one loop over a codec's members. No code here depends on files, formats or encodings.

#[cfg(feature = "bzip2")]
pub(crate) mod bzip2;
mod deflate;
pub(crate) mod gzip;
pub(crate) mod members;
pub(crate) mod trailing;
pub(crate) mod unsupported;
#[cfg(feature = "xz")]
pub(crate) mod xz;
pub(crate) mod zip;
pub(crate) mod zstd;

use std::ffi::OsStr;
use std::fmt;
use std::io;

use self::unsupported::unsupported;

/// The compression of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Compression {
    /// RFC 1952, with one member or many.
    Gzip,
    /// Zstandard, RFC 8878, with one frame or many.
    Zstd,
    /// Zip. The files in the archive count one after another.
    Zip,
    /// Bzip2, with one stream or many. Read with the feature `bzip2`.
    Bzip2,
    /// Xz, with one stream or many. Read with the feature `xz`.
    Xz,
}

/// The number of first bytes that identify the compression.
pub(crate) const MAGIC_LEN: usize = 13;

/// The first bytes of a stream of xz.
const XZ: &[u8] = b"\xFD7zXZ\0";

/// The first bytes of bzip2. A level follows, and then a block or the end of an empty stream.
const BZIP2: &[u8] = b"BZh";
/// The number of first bytes that identify bzip2.
const BZIP2_LEN: usize = 10;

/// Whether a file with these first bytes is bzip2.
fn is_bzip2(magic: &[u8]) -> bool {
    magic.len() >= BZIP2_LEN && is_bzip2_so_far(magic)
}

/// Whether a file with these first bytes, however few they are, may be bzip2.
fn is_bzip2_so_far(magic: &[u8]) -> bool {
    const BLOCK: &[u8] = b"1AY&SY";
    const END: &[u8] = b"\x17\x72\x45\x38\x50\x90";
    let begins_alike = |one: &[u8], other: &[u8]| one.iter().zip(other).all(|(one, other)| one == other);
    let rest = magic.get(BZIP2.len() + 1..).unwrap_or_default();
    begins_alike(magic, BZIP2)
        && magic.get(BZIP2.len()).is_none_or(|level| matches!(level, b'1'..=b'9'))
        && (begins_alike(rest, BLOCK) || begins_alike(rest, END))
}

/// Whether a file with these first bytes is in the format that was before xz: its properties as all programs set them,
/// a dictionary that is a power of two, and the length of its text, mostly not told.
fn is_lzma(magic: &[u8]) -> bool {
    let [0x5D, a, b, c, d, len @ ..] = magic else { return false };
    let is_len = *len == [0xFF; 8] || len.len() == 8 && len[5..] == [0; 3];
    u32::from_le_bytes([*a, *b, *c, *d]).is_power_of_two() && is_len
}

/// The name of a known compression that this crate can't read, and the command that unpacks it.
pub(crate) fn unreadable(magic: &[u8]) -> Option<(&'static str, &'static str)> {
    let magic = &magic[..magic.len().min(MAGIC_LEN)];
    is_lzma(magic).then_some(("lzma", "xz -dc"))
}

impl Compression {
    /// All compressions, and the first bytes of each.
    const ALL: [(Self, &[u8]); 5] = [
        (Self::Gzip, &gzip::MAGIC),
        (Self::Zstd, zstd::FRAME),
        (Self::Zip, &zip::MEMBER),
        (Self::Bzip2, BZIP2),
        (Self::Xz, XZ),
    ];

    /// The compression with these first bytes; `None` for plain data.
    ///
    /// # Errors
    /// For a compression that this crate knows and can't read.
    pub(crate) fn of(magic: &[u8]) -> io::Result<Option<Self>> {
        if let Some((name, command)) = unreadable(magic) {
            let what = format!("{name} files are not read yet; unpack it first");
            return Err(unsupported(what, format!("{command} FILE")));
        }
        Ok(Self::known(magic))
    }

    /// The compression with these first bytes, among those that this crate reads.
    pub(crate) fn known(magic: &[u8]) -> Option<Self> {
        match magic {
            _ if magic.starts_with(&gzip::MAGIC) => Some(Self::Gzip),
            _ if zstd::is_zstd(magic) => Some(Self::Zstd),
            _ if zip::is_zip(magic) => Some(Self::Zip),
            _ if is_bzip2(magic) => Some(Self::Bzip2),
            _ if magic.starts_with(XZ) => Some(Self::Xz),
            _ => None,
        }
    }

    /// The compression of files with this extension.
    pub(crate) fn of_name(extension: &OsStr) -> Option<Self> {
        match extension.to_ascii_lowercase().to_str()? {
            "gz" => Some(Self::Gzip),
            "zst" => Some(Self::Zstd),
            "zip" => Some(Self::Zip),
            "bz2" => Some(Self::Bzip2),
            "xz" => Some(Self::Xz),
            _ => None,
        }
    }

    /// The compression of a download that broke off at once: `all`, the whole input, is shorter than a signature. If
    /// `all` may be text, it counts as text, unless the input's name promises the compression.
    pub(crate) fn cut_off(all: &[u8], named: Option<Self>) -> Option<Self> {
        // No word looks like the first seven bytes of bzip2 by chance.
        let is_text = std::str::from_utf8(all).is_ok() && all != b"PK\x03" && !(is_bzip2_so_far(all) && all.len() >= 7);
        let is_cut = |(kind, magic): &(Self, &[u8])| match kind {
            Self::Bzip2 => all.len() < BZIP2_LEN && is_bzip2_so_far(all),
            _ => all.len() < magic.len() && magic.starts_with(all),
        };
        Self::ALL.into_iter().filter(is_cut).map(|(kind, _)| kind).find(|kind| !is_text || named == Some(*kind))
    }

    /// The compression of the first compressed data within a text.
    pub(crate) fn within(text: &[u8]) -> Option<Self> {
        let first = |kind, magic| memchr::memmem::find_iter(text, magic).find(|at| Self::known(&text[*at..]) == kind);
        let found = Self::ALL.iter().filter_map(|(kind, magic)| Some((first(Some(*kind), magic)?, *kind)));
        found.min_by_key(|(place, _)| *place).map(|(_, kind)| kind)
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
        })
    }
}
