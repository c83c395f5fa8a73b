//! Zip, read as a stream from its beginning to its end. A member is a file within the archive.
//!
//! We parse the headers ourselves. The crates for zip need to seek, or give up on a member with its length behind the
//! data, as packers write it to a stream. We need not seek: the directory at the end repeats the headers, and adds only
//! the length of such a member, and deflated data marks its own end.

mod header;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::Crc;

pub(super) use self::header::MEMBER;
use self::header::{END, Header, Method, Sums, directory};
use crate::read::unpack::deflate::Inflater;
use crate::read::unpack::members::{Codec, bytes};
use crate::read::unpack::trailing::damaged;

/// Whether a file with these first bytes is a zip file.
pub(crate) fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(&MEMBER) || magic.starts_with(&END)
}

/// The decoder of zip. It checks and skips the files that macOS adds to each archive.
pub(crate) struct Zip {
    /// The current member; `None` at its end.
    member: Option<Member>,
    /// The number of members so far.
    begun: u64,
    inflater: Inflater,
}

struct Member {
    header: Header,
    data: Data,
}

enum Data {
    Stored(Stored),
    /// Deflated data, for [`Zip::inflater`].
    Deflated,
}

/// Data that is not compressed.
struct Stored {
    left: u64,
    len: u64,
    crc: Crc,
}

impl Zip {
    pub(crate) fn new() -> Self {
        Self { member: None, begun: 0, inflater: Inflater::new() }
    }

    /// Reads the current member to its end, only to check it.
    fn pass_over(&mut self, compressed: &mut impl BufRead) -> io::Result<()> {
        let mut bytes = [0; 16 << 10];
        loop {
            match self.read(compressed, &mut bytes) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Codec for Zip {
    const NAME: &'static str = "zip";

    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool> {
        loop {
            let signature = bytes(compressed)?;
            if signature != MEMBER {
                let (begun, listed) = (self.begun, directory(signature, compressed)?);
                if listed != begun {
                    return Err(damaged(Self::NAME, format_args!("its directory lists {listed} members, not {begun}")));
                }
                return Ok(false);
            }
            self.begun += 1;
            let header = Header::read(compressed)?;
            let data = match header.method()? {
                Method::Stored(len) => Data::Stored(Stored { left: len, len, crc: Crc::new() }),
                Method::Deflated => Data::Deflated,
            };
            let is_of_macos = header.is_of_macos();
            self.inflater.reset();
            self.member = Some(Member { header, data });
            if !is_of_macos {
                return Ok(true);
            }
            self.pass_over(compressed)?;
        }
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(Member { header, data }) = &mut self.member else { return Ok(0) };
        let len = match data {
            Data::Stored(stored) => stored.read(compressed, buffer)?,
            Data::Deflated => self.inflater.read(compressed, buffer, Self::NAME)?,
        };
        if len == 0 {
            let found = match data {
                Data::Stored(Stored { len, crc, .. }) => Sums { crc: crc.sum(), stored: *len, len: *len },
                Data::Deflated => {
                    let inflater = &self.inflater;
                    Sums { crc: inflater.crc(), stored: inflater.taken(), len: inflater.given() }
                }
            };
            header.check(found, compressed)?;
            self.member = None;
        }
        Ok(len)
    }
}

impl Stored {
    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        let len = compressed.take(self.left).read(buffer)?;
        if len == 0 && self.left > 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.crc.update(&buffer[..len]);
        self.left -= len as u64;
        Ok(len)
    }
}
