//! The errors of reading: what made an input unreadable, or unfit for what it was taken for.

use std::io;

use crate::error::Error;
use crate::read::input::{Input, RandomAccess};
use crate::read::line_numbers::Nul;

/// The error for a NUL in what was taken for text.
pub(super) fn binary(input: &Input, Nul { at, compression }: Nul) -> Error {
    Error::Binary { input: input.to_string(), at, compression }
}

/// The error for a file whose length is no longer what it was; `None` if it is.
pub(super) fn changed(input: &Input, file: &RandomAccess) -> Option<Error> {
    file.changed().map(|now| Error::Changed { input: input.to_string(), before: file.len, now })
}

/// The error for an input that can't be read. If its file changed, the change explains the failure.
pub(super) fn unreadable(input: &Input, source: io::Error, file: Option<&RandomAccess>) -> Error {
    file.and_then(|file| changed(input, file)).unwrap_or_else(|| Error::Read { input: input.to_string(), source })
}
