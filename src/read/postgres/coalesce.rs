//! `Coalesce`: a connection that joins consecutive messages of COPY data into one.
//!
//! The server sends each row in a message of its own. tokio-postgres hands each message to its caller, which costs more
//! than the rest of reading a row. The protocol lets a receiver ignore these boundaries, so we join all messages of one
//! read before tokio-postgres sees them:
//!
//! ```text
//! from the server     d 7 "a 1\n"  d 7 "b 2\n"  d 7 "c    (the rest has not come yet)
//! to tokio-postgres   d 12 "a 1\nb 2\n"
//! ```
//!
//! The payloads move to the left within the buffer. All other messages pass unchanged.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The initial length of the buffer in bytes. A longer message makes it longer.
const BUFFER: usize = 128 << 10;
/// The length of a message's header in bytes: its tag, and the length of all behind the tag.
const HEADER: usize = 5;
/// The tag of a message of COPY data.
const COPY_DATA: u8 = b'd';

/// A stream of a server's messages, from the first one on.
pub(super) struct Coalesce<S> {
    stream: S,
    buffer: Vec<u8>,
    /// The whole messages in the buffer that the reader has not taken yet.
    ready: Range<usize>,
    /// The beginning of the next message.
    partial: Range<usize>,
    /// Whether we have closed our end.
    is_shut: bool,
}

impl<S> Coalesce<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, buffer: vec![0; BUFFER], ready: 0..0, partial: 0..0, is_shut: false }
    }

    /// Joins the COPY data among the whole messages of `partial`, and makes these messages ready.
    fn join(&mut self) -> io::Result<()> {
        debug_assert!(self.ready.is_empty() && self.partial.start == 0, "{:?} {:?}", self.ready, self.partial);
        let Range { start: mut from, end } = self.partial;
        let (mut to, mut joined) = (0, None);
        while let Some(len) = message_len(&self.buffer[from..end])? {
            if from + len > end {
                break;
            }
            let is_data = self.buffer[from] == COPY_DATA;
            let skip = if is_data && joined.is_some() { HEADER } else { 0 };
            self.buffer.copy_within(from + skip..from + len, to);
            match joined {
                _ if !is_data => joined = None,
                None => joined = Some(to),
                Some(_) => {}
            }
            (from, to) = (from + len, to + len - skip);
            if let Some(start) = joined {
                let len = u32::try_from(to - start - 1).map_err(|_| no_message())?;
                self.buffer[start + 1..start + HEADER].copy_from_slice(&len.to_be_bytes());
            }
        }
        (self.ready, self.partial) = (0..to, from..end);
        Ok(())
    }
}

/// The length of the message that `bytes` begin with, with its header; `None` if the header is cut off.
fn message_len(bytes: &[u8]) -> io::Result<Option<usize>> {
    let Some(header) = bytes.first_chunk::<HEADER>() else { return Ok(None) };
    let len = u32::from_be_bytes([header[1], header[2], header[3], header[4]]) as usize;
    if len < HEADER - 1 { Err(no_message()) } else { Ok(Some(len + 1)) }
}

fn no_message() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the server's answer is not PostgreSQL's protocol")
}

impl<S: AsyncRead + Unpin> AsyncRead for Coalesce<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.ready.is_empty() {
            let Range { start, end } = this.partial;
            this.buffer.copy_within(start..end, 0);
            this.partial = 0..end - start;
            if let Some(len) = message_len(&this.buffer[..end - start])?
                && len > this.buffer.len()
            {
                this.buffer.resize(len, 0);
            }
            let mut free = ReadBuf::new(&mut this.buffer[end - start..]);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut free))?;
            let read = free.filled().len();
            if read == 0 {
                // The server has closed the connection. Within a message, its beginning tells nobody anything.
                return Poll::Ready(Ok(()));
            }
            this.partial.end += read;
            this.join()?;
        }
        let len = to.remaining().min(this.ready.len());
        to.put_slice(&this.buffer[this.ready.start..this.ready.start + len]);
        this.ready.start += len;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Coalesce<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, from)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    /// Closes our end, and waits until the server closes its own: until then, it counts the connection among those that it
    /// takes at most.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.is_shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.is_shut = true;
        }
        loop {
            let mut rest = [0; 512];
            let mut rest = ReadBuf::new(&mut rest);
            // A connection that breaks now is closed, too.
            let read = ready!(Pin::new(&mut this.stream).poll_read(context, &mut rest));
            if read.is_err() || rest.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tokio::io::AsyncReadExt;

    fn message(tag: u8, payload: &[u8]) -> Vec<u8> {
        [&[tag], &(payload.len() as u32 + 4).to_be_bytes()[..], payload].concat()
    }

    /// A reader that gives at most `step` bytes at a time.
    struct Steps<'a>(&'a [u8], usize);

    impl AsyncRead for Steps<'_> {
        fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, to: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            let len = self.1.min(to.remaining()).min(self.0.len());
            let (now, later) = self.0.split_at(len);
            to.put_slice(now);
            self.0 = later;
            Poll::Ready(Ok(()))
        }
    }

    fn read(stream: &[u8], step: usize) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(Coalesce::new(Steps(stream, step)).read_to_end(&mut all))?;
        Ok(all)
    }

    /// The messages of a stream, with consecutive COPY data joined.
    fn joined(mut stream: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let mut messages: Vec<(u8, Vec<u8>)> = Vec::new();
        while let Some(len) = message_len(stream).unwrap() {
            let (message, rest) = stream.split_at(len);
            match messages.last_mut() {
                Some((COPY_DATA, payload)) if message[0] == COPY_DATA => payload.extend_from_slice(&message[HEADER..]),
                _ => messages.push((message[0], message[HEADER..].to_vec())),
            }
            stream = rest;
        }
        messages
    }

    proptest! {
        #[test]
        fn no_byte_of_any_message_is_lost(
            messages in prop::collection::vec((prop::sample::select(&b"ddddCZ"[..]), "[a-z]{0,9}"), 0..30),
            step in 1_usize..100,
        ) {
            let stream: Vec<u8> =
                messages.iter().flat_map(|(tag, payload)| message(*tag, payload.as_bytes())).collect();
            prop_assert_eq!(joined(&read(&stream, step).unwrap()), joined(&stream));
        }
    }

    #[test]
    fn rows_of_one_read_are_one_message() {
        let stream = [message(b'd', b"a 1\n"), message(b'd', b"b 2\n"), message(b'c', b"")].concat();
        assert_eq!(read(&stream, 1000).unwrap(), [message(b'd', b"a 1\nb 2\n"), message(b'c', b"")].concat());
    }

    #[test]
    fn a_message_longer_than_the_buffer_comes_whole() {
        let stream = message(b'd', &vec![b'x'; 3 * BUFFER]);
        assert_eq!(read(&stream, 10_000).unwrap(), stream);
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        assert_eq!(read(b"H\0\0\0\x01TP/1.1", 9).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
