//! Zip, read from its beginning to its end as a stream: the texts of all members, one after another.
//!
//! The headers are read here, since the crates that read zip want to seek, or else give up on a member whose length
//! follows its data, as it does in whatever was packed as a stream. Little is lost without seeking: the directory at the
//! end says the same as the headers once more, but for the length of such a member, which deflated data tells itself.

mod header;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io::{self, BufRead, ErrorKind, Read};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use self::header::{END, Header, MEMBER, Method, Sums, bytes, directory};
use super::ends::{breaks_off, damaged, nothing_behind};
use crate::chunk::BYTE_ORDER_MARK;

/// Whether a file that begins so is a zip file.
pub(super) fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(&MEMBER) || magic.starts_with(&END)
}

/// The texts of all members. Each is read as a file of its own would be: a last line without an end gets one if another
/// text follows, which may begin with a byte-order mark.
pub(super) struct Members<R> {
    compressed: R,
    state: State,
    /// How many members have begun.
    begun: u64,
    /// The beginning of a text, which is read ahead.
    begin: VecDeque<u8>,
    /// The last byte of the text so far.
    last: Option<u8>,
}

enum State {
    Member(Box<Member>),
    Between,
    /// After the directory or an error.
    Ended,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(compressed: R) -> Self {
        Self { compressed, state: State::Between, begun: 0, begin: VecDeque::new(), last: None }
    }

    fn unpack(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.begin.is_empty() {
                return self.begin.read(buffer);
            }
            self.state = match &mut self.state {
                State::Member(member) => match member.read(&mut self.compressed, buffer)? {
                    0 => State::Between,
                    len => {
                        self.last = Some(buffer[len - 1]);
                        return Ok(len);
                    }
                },
                State::Between => self.next_member()?.map_or(State::Ended, State::Member),
                State::Ended => return Ok(0),
            }
        }
    }

    /// The member that begins here, or `None` at the end of the input.
    fn next_member(&mut self) -> io::Result<Option<Box<Member>>> {
        let signature = bytes(&mut self.compressed)?;
        if signature == MEMBER {
            self.begun += 1;
            let mut member = Box::new(Member::new(Header::read(&mut self.compressed)?)?);
            self.begin(&mut member)?;
            return Ok(Some(member));
        }
        let (begun, listed) = (self.begun, directory(signature, &mut self.compressed)?);
        if listed != begun {
            return Err(damaged("zip", format_args!("its directory lists {listed} members, not {begun}")));
        }
        nothing_behind("zip", &mut self.compressed).map(|()| None)
    }

    /// Reads the beginning of a text, to join it to the one before.
    fn begin(&mut self, member: &mut Member) -> io::Result<()> {
        let mut begin = [0; BYTE_ORDER_MARK.len()];
        let mut len = 0;
        while len < begin.len() {
            match member.read(&mut self.compressed, &mut begin[len..]) {
                Ok(0) => break,
                Ok(more) => len += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let Some(last) = self.last
            && len > 0
        {
            if last != b'\n' {
                self.begin.push_back(b'\n');
            }
            // That of the first text is passed over where that of a plain file is.
            if begin[..len] == *BYTE_ORDER_MARK {
                len = 0;
            }
        }
        self.begin.extend(&begin[..len]);
        self.last = self.begin.back().copied().or(self.last);
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        match self.unpack(buffer) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                self.state = State::Ended;
                self.begin.clear();
                // The only reason for which a header ends early.
                Err(if error.kind() == ErrorKind::UnexpectedEof { breaks_off("zip") } else { error })
            }
            result => result,
        }
    }
}

/// A member whose data is being read.
struct Member {
    header: Header,
    data: Data,
    crc: Crc,
    len: u64,
    /// Whether all was read, and found to be right.
    is_done: bool,
}

enum Data {
    /// So many bytes are left.
    Stored(u64),
    Deflated(Decompress),
}

impl Member {
    fn new(header: Header) -> io::Result<Self> {
        let data = match header.method()? {
            Method::Stored(len) => Data::Stored(len),
            Method::Deflated => Data::Deflated(Decompress::new(false)),
        };
        Ok(Self { header, data, crc: Crc::new(), len: 0, is_done: false })
    }

    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_done {
            return Ok(0);
        }
        let len = match &mut self.data {
            Data::Stored(left) => {
                let len = compressed.take(*left).read(buffer)?;
                if len == 0 && *left > 0 {
                    return Err(ErrorKind::UnexpectedEof.into());
                }
                *left -= len as u64;
                len
            }
            Data::Deflated(decoder) => inflate(decoder, compressed, buffer)?,
        };
        if len == 0 {
            let stored = match &self.data {
                Data::Stored(_) => self.len,
                Data::Deflated(decoder) => decoder.total_in(),
            };
            self.header.check(Sums { crc: self.crc.sum(), stored, len: self.len }, compressed)?;
            self.is_done = true;
        }
        self.crc.update(&buffer[..len]);
        self.len += len as u64;
        Ok(len)
    }
}

/// Decodes until there are bytes to give out, or none left.
fn inflate(decoder: &mut Decompress, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        let ahead = compressed.fill_buf()?;
        let is_end = ahead.is_empty();
        let (taken, given) = (decoder.total_in(), decoder.total_out());
        let result = decoder.decompress(ahead, buffer, FlushDecompress::None);
        let (taken, given) = (decoder.total_in() - taken, decoder.total_out() - given);
        compressed.consume(taken as usize);
        let status = result.map_err(|error| damaged("zip", error))?;
        if given > 0 || status == Status::StreamEnd {
            return Ok(given as usize);
        }
        if is_end {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
}
