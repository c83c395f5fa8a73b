//! A part of a plain file: the lines whose first byte lies in a range. Parts whose ranges tile a file count each of its
//! lines once, so that many processes can share a file.

use std::io;
use std::ops::Range;
use std::path::PathBuf;

use crate::read::input::{Content, Opened};

/// The input that [`Input::from_range`](crate::Input::from_range) makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePart {
    pub(super) path: PathBuf,
    /// The range of bytes. It may pass the end of the file.
    pub(super) range: Range<u64>,
}

impl FilePart {
    /// The length of the part of a file of `len` bytes.
    pub(super) fn len_in(&self, len: u64) -> u64 {
        self.range.end.min(len).saturating_sub(self.range.start)
    }

    /// Whether the part has the first line, which begins at byte 0, with a byte-order mark.
    pub(super) fn has_first_line(&self) -> bool {
        self.range.contains(&0)
    }

    /// Checks that the file can be read from any byte on.
    ///
    /// # Errors
    /// For a file that can only be read from its beginning.
    pub(super) fn check(opened: &mut Opened) -> io::Result<()> {
        let what = match (&mut opened.content, opened.compression) {
            (Content::Plain { .. }, _) => return Ok(()),
            (_, Some(compression)) => format!("is compressed with {compression}"),
            (_, None) if opened.regular.is_some() => "must be decoded".into(),
            (Content::Stream(stream), None) => {
                // An empty file has no lines that could count twice. Pipes and files under /proc have no length, either.
                if stream.text.peek(1).is_empty() {
                    return Ok(());
                }
                "is no regular file".into()
            }
        };
        Err(Self::indivisible(&what))
    }

    /// The error for a file that can only be read from its beginning. `what` says why.
    pub(super) fn indivisible(what: &str) -> io::Error {
        io::Error::other(format!("{what}, so a part of it can't be counted by itself; count the whole file"))
    }
}
