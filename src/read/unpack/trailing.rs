//! The errors of compressed data, in the same words for all compressions.

use std::io::{self, BufRead, ErrorKind};

/// The error for data that ends too early.
pub(crate) fn breaks_off(compression: &str) -> io::Error {
    let message = format!("the {compression} data breaks off before its end; download the file again");
    io::Error::new(ErrorKind::UnexpectedEof, message)
}

/// The error for damaged data. `why` is the decoder's reason.
pub(crate) fn damaged(compression: &str, why: impl std::fmt::Display) -> io::Error {
    let message = format!("the {compression} data is damaged ({why}); download the file again");
    io::Error::new(ErrorKind::InvalidData, message)
}

/// Reads to the end of the input.
///
/// # Errors
/// For any bytes but zeros. Zeros are allowed, because tapes and disk blocks are padded with them.
pub(crate) fn nothing_behind(compression: &str, compressed: &mut impl BufRead) -> io::Result<()> {
    loop {
        let ahead = match compressed.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            ahead => ahead?,
        };
        if ahead.is_empty() {
            return Ok(());
        }
        if ahead.iter().any(|&byte| byte != 0) {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                format!(
                    "garbage behind the {compression} data, so the file is damaged or not all {compression}; download \
                     it again"
                ),
            ));
        }
        let zeros = ahead.len();
        compressed.consume(zeros);
    }
}
