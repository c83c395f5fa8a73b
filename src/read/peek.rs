//! A reader that shows its next bytes before they are read.
//!
//! The reader is also a fuse: it does not read again after the end of the inner reader. A terminal would answer another
//! read with more input, and the user would have to press Ctrl-D again.

use std::io::{self, ErrorKind, Read};

/// A reader, with a buffer of bytes that it has shown and that nobody has read yet: `ahead[given..]`.
pub(crate) struct Peeked<R> {
    reader: R,
    ahead: Vec<u8>,
    /// The number of bytes of `ahead` that were read, at most its length.
    given: usize,
    state: State,
}

enum State {
    Reading,
    /// The reader failed in [`Peeked::peek`]. The bytes before the failure come first.
    Failed(io::Error),
    Ended,
}

impl<R: Read> Peeked<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, ahead: Vec::new(), given: 0, state: State::Reading }
    }

    /// Shows the next `len` bytes, or fewer before the end or a failure.
    pub(crate) fn peek(&mut self, len: usize) -> &[u8] {
        while self.ahead.len() - self.given < len && matches!(self.state, State::Reading) {
            let want = len - (self.ahead.len() - self.given);
            let before = self.ahead.len();
            let read = self.ahead.try_reserve(want).map_err(io::Error::from).and_then(|()| {
                // `read_to_end` retries interrupted reads, and does not zero the memory first.
                self.reader.by_ref().take(want as u64).read_to_end(&mut self.ahead)
            });
            match read {
                Ok(_) if self.ahead.len() - before == want => {}
                Ok(_) => self.state = State::Ended,
                Err(error) => self.state = State::Failed(error),
            }
        }
        let end = self.ahead.len().min(self.given.saturating_add(len));
        &self.ahead[self.given..end]
    }

    /// Takes out the error of [`Peeked::peek`] if `is_taken`. The reader then ends behind the bytes before the error.
    /// Otherwise the error stays.
    pub(crate) fn take_failure_if(&mut self, is_taken: bool) -> Option<io::Error> {
        if !is_taken || !self.has_failed() {
            return None;
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Failed(error) => Some(error),
            State::Reading | State::Ended => None,
        }
    }

    /// Whether [`Peeked::peek`] met an error.
    pub(crate) fn has_failed(&self) -> bool {
        matches!(self.state, State::Failed(_))
    }

    /// Skips the first `len` bytes that [`Peeked::peek`] showed.
    pub(crate) fn skip(&mut self, len: usize) {
        self.given += len;
        debug_assert!(self.given <= self.ahead.len(), "peeked before");
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.given < self.ahead.len() {
            let len = (&self.ahead[self.given..]).read(buffer)?;
            self.given += len;
            return Ok(len);
        }
        // A long first line has made the buffer large.
        self.ahead = Vec::new();
        self.given = 0;
        if let Some(error) = self.take_failure_if(true) {
            return Err(error);
        }
        if let State::Ended = self.state {
            return Ok(0);
        }
        match self.reader.read(buffer) {
            Ok(0) => {
                self.state = State::Ended;
                Ok(0)
            }
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                self.state = State::Ended;
                Err(error)
            }
            read => read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that returns `step` bytes for each read, then ends or fails. Another read panics.
    struct Once<'a> {
        text: &'a [u8],
        step: usize,
        fails: bool,
        has_ended: bool,
    }

    impl Read for Once<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            assert!(!self.has_ended, "asked again");
            let len = self.step.min(to.len());
            let read = self.text.read(&mut to[..len])?;
            self.has_ended = read == 0 && !to.is_empty();
            if self.has_ended && self.fails { Err(io::Error::other("broken")) } else { Ok(read) }
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_the_end_is_met_once(
            text in "[a-z]{0,40}", step in 1_usize..50, peeks in prop::collection::vec(0_usize..50, 0..4),
            skip in 0_usize..10, fails: bool,
        ) {
            let mut peeked = Peeked::new(Once { text: text.as_bytes(), step, fails, has_ended: false });
            for len in peeks {
                prop_assert_eq!(peeked.peek(len), &text.as_bytes()[..len.min(text.len())]);
            }
            let skip = skip.min(peeked.peek(skip).len());
            peeked.skip(skip);
            let mut read = Vec::new();
            let error = peeked.read_to_end(&mut read).err();
            prop_assert_eq!(&read[..], &text.as_bytes()[skip..]);
            prop_assert_eq!(error.is_some(), fails);
            prop_assert_eq!(peeked.read(&mut [0; 9]).unwrap(), 0);
        }
    }
}
