//! The errors of reading: an input is unreadable, or its content does not fit its format.

use std::io;

use crate::error::Error;
use crate::parse::ParseOptions;
use crate::parse::report::Nul;
use crate::read::InputReport;
use crate::read::input::{Input, RandomAccess};

/// The error for a NUL in an input that was detected as text.
pub(super) fn binary(input: &Input, Nul { at, compression }: Nul) -> Error {
    Error::Binary { input: input.to_string(), at, compression }
}

/// The error for a file that something has written to since the opening; `None` if nothing has.
pub(super) fn changed(input: &Input, file: &RandomAccess) -> Option<Error> {
    file.changed().map(|now| Error::Changed { input: input.to_string(), before: file.len, now })
}

/// The error for an input that can't be read. If its file changed, the change explains the failure.
pub(super) fn unreadable(input: &Input, source: io::Error, file: Option<&RandomAccess>) -> Error {
    file.and_then(|file| changed(input, file)).unwrap_or_else(|| Error::Read { input: input.to_string(), source })
}

/// The error for the content of an input: a NUL in text, or a malformed line, unless the options skip malformed lines.
pub(super) fn in_content(report: &InputReport, options: &ParseOptions) -> Option<Error> {
    let InputReport { input, found, sum } = report;
    if let Some(nul) = sum.nul {
        return Some(binary(input, nul));
    }
    let (line, reason) = sum.first_malformed.clone().filter(|_| !options.skip_malformed)?;
    let detected = found.as_ref().map(|found| found.detected);
    let guess = detected.filter(|detected| !detected.is_sure).map(|detected| detected.format);
    Some(Error::Malformed { input: input.to_string(), line, reason, guess })
}
