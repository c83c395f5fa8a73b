//! Compression: detects it from the first bytes, and decompresses.
//!
//! Each compression is a [`Codec`](members::Codec) with its own file: `gzip`, `zstd`, `zip`. [`members`] has the one
//! loop over a codec's members. No code here depends on files, formats or encodings.

mod deflate;
pub(crate) mod gzip;
pub(crate) mod members;
pub(crate) mod trailing;
pub(crate) mod unsupported;
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
}

/// The number of first bytes that identify the compression.
pub(crate) const MAGIC_LEN: usize = 10;

/// Whether a file with these first bytes is bzip2: its name, a level, and a block or the end of an empty file.
fn is_bzip2(magic: &[u8]) -> bool {
    const BLOCK: &[u8] = b"1AY&SY";
    const END: &[u8] = b"\x17\x72\x45\x38\x50\x90";
    matches!(magic, [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if rest.starts_with(BLOCK) || rest.starts_with(END))
}

/// The name of a known compression that this crate can't read, and the command that unpacks it.
pub(crate) fn unreadable(magic: &[u8]) -> Option<(&'static str, &'static str)> {
    match magic {
        _ if is_bzip2(magic) => Some(("bzip2", "bzip2 -dc")),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Some(("xz", "xz -dc")),
        _ => None,
    }
}

impl Compression {
    /// All compressions, and the first bytes of each.
    const ALL: [(Self, &[u8]); 3] = [(Self::Gzip, &gzip::MAGIC), (Self::Zstd, zstd::FRAME), (Self::Zip, &zip::MEMBER)];

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
            _ => None,
        }
    }

    /// The compression of files with this extension.
    pub(crate) fn of_name(extension: &OsStr) -> Option<Self> {
        match extension.to_ascii_lowercase().to_str()? {
            "gz" => Some(Self::Gzip),
            "zst" => Some(Self::Zstd),
            "zip" => Some(Self::Zip),
            _ => None,
        }
    }

    /// The compression of a download that broke off at once: `all`, the whole input, is shorter than a signature. If
    /// `all` may be text, it counts as text, unless the input's name promises the compression.
    pub(crate) fn cut_off(all: &[u8], named: Option<Self>) -> Option<Self> {
        let is_text = std::str::from_utf8(all).is_ok() && all != b"PK\x03";
        let is_cut = |(_, magic): &(Self, &[u8])| all.len() < magic.len() && magic.starts_with(all);
        Self::ALL.into_iter().filter(is_cut).map(|(kind, _)| kind).find(|kind| !is_text || named == Some(*kind))
    }

    /// The compression of the first compressed data within a text.
    pub(crate) fn within(text: &[u8]) -> Option<Self> {
        let found = Self::ALL.iter().filter_map(|(kind, magic)| Some((memchr::memmem::find(text, magic)?, *kind)));
        found.min_by_key(|(place, _)| *place).map(|(_, kind)| kind)
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
        })
    }
}
