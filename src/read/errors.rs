//! The errors of inputs.

use std::io;

use crate::error::Error;
use crate::read::input::{Input, Regular};
use crate::read::line_numbers::Nul;

impl Error {
    /// The error for a NUL in what was taken for text.
    pub(crate) fn binary(input: String, Nul { at, compression }: Nul) -> Self {
        Self::Binary { input, at, compression }
    }

    /// The error for a file whose length has changed.
    pub(crate) fn of_change(input: &Input, file: &Regular) -> Option<Self> {
        file.changed().map(|now| Self::Changed { input: input.to_string(), before: file.len, now })
    }

    /// The error for an input that can't be read. If it is a file that changed, the change is the reason.
    pub(crate) fn of_reading(input: &Input, source: io::Error, file: Option<&Regular>) -> Self {
        file.and_then(|file| Self::of_change(input, file))
            .unwrap_or_else(|| Self::Read { input: input.to_string(), source })
    }
}
