//! The one loop over compressed data. The data is a sequence of members: the members of a gzip file, the frames of
//! Zstandard, the streams of bzip2 and xz, or the files within a zip archive. Only zeros may follow the last member.
//!
//! ```text
//! Between --begin: true-->  Within --read: 0-->  Between --begin: false, only zeros follow-->  Ended
//! ```
//! A [`Codec`] implements one compression. [`Members`] goes through the states, and reports the errors that all
//! compressions have in common: data that breaks off, and garbage behind the last member.

use std::io::{self, BufRead, ErrorKind, Read};

use crate::read::unpack::trailing::{breaks_off, nothing_behind};

/// One compression: begins a member, and decompresses its data.
pub(crate) trait Codec {
    /// The compression's name, for messages.
    const NAME: &'static str;

    /// Begins the next member; `false` if none follows. Retries interrupted reads.
    fn begin(&mut self, compressed: &mut impl BufRead) -> io::Result<bool>;

    /// Decompresses the member's next bytes into `buffer`, which is not empty. Returns 0 at the end of the member,
    /// after checking its checksum.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedEof`] where `compressed` ends within the member. After [`ErrorKind::Interrupted`], the
    /// call may be repeated.
    fn read(&mut self, compressed: &mut impl BufRead, buffer: &mut [u8]) -> io::Result<usize>;
}

/// A reader of the members of `compressed`, one after another.
pub(crate) struct Members<R, C> {
    compressed: R,
    codec: C,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Between,
    Within,
    /// Behind the last member, or after an error.
    Ended,
}

impl<R: BufRead, C: Codec> Members<R, C> {
    pub(crate) fn new(compressed: R, codec: C) -> Self {
        Self { compressed, codec, state: State::Between }
    }

    /// Goes to the next member, for [`Members::read_member`]. Returns `false` behind the last member.
    pub(crate) fn next_member(&mut self) -> io::Result<bool> {
        debug_assert!(self.state != State::Within, "the member before is at its end");
        if self.state == State::Ended {
            return Ok(false);
        }
        let begun = self.codec.begin(&mut self.compressed).and_then(|is_member| {
            if !is_member {
                nothing_behind(C::NAME, &mut self.compressed)?;
            }
            Ok(is_member)
        });
        self.state = if let Ok(true) = begun { State::Within } else { State::Ended };
        begun.map_err(explained::<C>)
    }

    /// Reads the next bytes of the current member; 0 at its end.
    pub(crate) fn read_member(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() || self.state != State::Within {
            return Ok(0);
        }
        let read = self.codec.read(&mut self.compressed, buffer);
        match &read {
            Ok(0) => self.state = State::Between,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => self.state = State::Ended,
        }
        read.map_err(explained::<C>)
    }
}

/// Reads the bytes of all members, joined.
impl<R: BufRead, C: Codec> Read for Members<R, C> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match self.state {
                State::Ended => return Ok(0),
                State::Between => {
                    self.next_member()?;
                }
                State::Within => {
                    let len = self.read_member(buffer)?;
                    if len > 0 {
                        return Ok(len);
                    }
                }
            }
        }
    }
}

fn explained<C: Codec>(error: io::Error) -> io::Error {
    if error.kind() == ErrorKind::UnexpectedEof { breaks_off(C::NAME) } else { error }
}

/// The next `N` bytes.
///
/// # Errors
/// [`ErrorKind::UnexpectedEof`] where there are fewer bytes.
pub(super) fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The next byte, without consuming it; `None` at the end.
pub(super) fn first_byte(from: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        match from.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            ahead => return Ok(ahead?.first().copied()),
        }
    }
}

/// Decodes with buffers of several lengths, so that members, blocks and damage lie at a buffer's end once. Checks that
/// the text and the error behind it are always the same.
#[cfg(test)]
pub(super) fn decoded<C: Codec>(compressed: &[u8], codec: impl Fn() -> C) -> (Vec<u8>, Option<String>) {
    let mut results = [(1, 8192), (2, 1), (8192, 7), (8192, 64 << 10)].map(|(capacity, len)| {
        let mut members = Members::new(io::BufReader::with_capacity(capacity, compressed), codec());
        let (mut text, mut buffer) = (Vec::new(), vec![0; len]);
        let error = loop {
            match members.read(&mut buffer) {
                Ok(0) => break None,
                Ok(len) => text.extend_from_slice(&buffer[..len]),
                Err(error) => break Some(error.to_string()),
            }
        };
        assert_eq!(members.read(&mut [0]).unwrap(), 0, "after the end");
        (text, error)
    });
    let lens = results.each_ref().map(|(text, error)| (text.len(), error));
    assert!(results.iter().all(|result| *result == results[0]), "{lens:?}");
    std::mem::take(&mut results[0])
}
