//! Zip, read from its beginning to its end as a stream: the texts of all members, one after another.
//!
//! The headers are read here, since the crates that read zip want to seek, or else give up on a member whose length
//! follows its data, as it does in whatever was packed as a stream. Little is lost without seeking: the directory at the
//! end says the same as the headers once more, but for the length of such a member, which deflated data tells itself.

mod header;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use self::header::{END, Header, MEMBER, Method, Sums, bytes, directory};
use crate::read::chunk::BYTE_ORDER_MARK;
use crate::read::decode::convert::Convert;
use crate::read::decode::{Decoder, Encoding, Found, MARK};
use crate::read::unpack::counting_reader::Facts;
use crate::read::unpack::trailing::{breaks_off, damaged, nothing_behind};

/// Whether a file that begins so is a zip file.
pub(crate) fn is_zip(magic: &[u8]) -> bool {
    magic.starts_with(&MEMBER) || magic.starts_with(&END)
}

/// The texts of all members. Each is read as a file of its own would be: it may begin with a byte-order mark and be
/// decoded by it, and a last line without an end gets one if another text follows. What macOS adds to each archive is
/// checked, and passed over.
pub(crate) struct Members<R> {
    compressed: R,
    encoding: Encoding,
    facts: Arc<Facts>,
    state: State,
    /// How many members have begun.
    begun: u64,
    /// Bytes of a text that are at hand: its beginning, or what was decoded.
    ready: Vec<u8>,
    /// How many of them were read.
    given: usize,
    /// The last byte of the text so far.
    last: Option<u8>,
}

enum State {
    Member(Box<Member>, Use),
    Between,
    /// After the directory or an error.
    Ended,
}

/// What becomes of a member's bytes.
enum Use {
    AsTheyAre,
    /// They go through [`Members::ready`].
    Decoded(Box<Decoder>),
    PassedOver,
}

/// How many bytes are decoded at once.
const PIECE: usize = 16 << 10;

impl<R: BufRead> Members<R> {
    /// The bytes of the texts, before they are decoded, and what could not be decoded are added to `facts`.
    pub(crate) fn new(compressed: R, encoding: Encoding, facts: &Arc<Facts>) -> Self {
        let facts = Arc::clone(facts);
        Self { compressed, encoding, facts, state: State::Between, begun: 0, ready: Vec::new(), given: 0, last: None }
    }

    fn unpack(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.given < self.ready.len() {
                let len = (&self.ready[self.given..]).read(buffer)?;
                self.given += len;
                self.last = Some(buffer[len - 1]);
                return Ok(len);
            }
            let len = match &mut self.state {
                State::Ended => return Ok(0),
                State::Between => {
                    self.state = self.next_member()?;
                    continue;
                }
                State::Member(member, Use::AsTheyAre) => {
                    let len = member.read(&mut self.compressed, buffer)?;
                    self.facts.bytes.fetch_add(len as u64, Ordering::Relaxed);
                    if len > 0 {
                        self.last = Some(buffer[len - 1]);
                        return Ok(len);
                    }
                    len
                }
                State::Member(member, Use::Decoded(decoder)) => {
                    let mut bytes = [0; PIECE];
                    let len = member.read(&mut self.compressed, &mut bytes)?;
                    self.facts.bytes.fetch_add(len as u64, Ordering::Relaxed);
                    self.ready.clear();
                    self.given = 0;
                    decoder.push(&bytes[..len], len == 0, &mut self.ready)?;
                    len
                }
                State::Member(member, Use::PassedOver) => member.read(&mut self.compressed, &mut [0; PIECE])?,
            };
            if len == 0 {
                self.state = State::Between;
            }
        }
    }

    /// The member that begins here, or the end of the input.
    fn next_member(&mut self) -> io::Result<State> {
        let signature = bytes(&mut self.compressed)?;
        if signature == MEMBER {
            self.begun += 1;
            let mut member = Box::new(Member::new(Header::read(&mut self.compressed)?)?);
            let its_use = if member.header.is_of_macos() { Use::PassedOver } else { self.begin(&mut member)? };
            return Ok(State::Member(member, its_use));
        }
        let (begun, listed) = (self.begun, directory(signature, &mut self.compressed)?);
        if listed != begun {
            return Err(damaged("zip", format_args!("its directory lists {listed} members, not {begun}")));
        }
        nothing_behind("zip", &mut self.compressed).map(|()| State::Ended)
    }

    /// Reads the beginning of a text, to join it to the one before, and to see whether it must be decoded.
    fn begin(&mut self, member: &mut Member) -> io::Result<Use> {
        let mut begin = [0; MARK];
        let mut len = 0;
        while len < begin.len() {
            match member.read(&mut self.compressed, &mut begin[len..]) {
                Ok(0) => break,
                Ok(more) => len += more,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.facts.bytes.fetch_add(len as u64, Ordering::Relaxed);
        self.ready.clear();
        self.given = 0;
        let mut begin = &begin[..len];
        let found = self.encoding.of(begin)?;
        if self.last.is_some() && !begin.is_empty() {
            if self.last != Some(b'\n') {
                self.ready.push(b'\n');
            }
            // That of the first text is passed over where that of a plain file is.
            begin = begin.strip_prefix(BYTE_ORDER_MARK).unwrap_or(begin);
        }
        let Some(Found { encoding, mark }) = found else {
            self.ready.extend_from_slice(begin);
            return Ok(Use::AsTheyAre);
        };
        let mut decoder = Decoder::new(encoding, &self.facts);
        decoder.push(&begin[mark..], false, &mut self.ready)?;
        Ok(Use::Decoded(Box::new(decoder)))
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
                self.ready.clear();
                self.given = 0;
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
