//! Whoever reads a result may have enough of it: a broken pipe is no error.

use std::io;

/// What becomes of a write into a pipe whose reader has enough and is gone, as in `| head`: `Ok(None)`, since that is no
/// error. All of the program asks here.
///
/// # Errors
/// All but [`io::ErrorKind::BrokenPipe`].
pub fn unless_reader_is_gone<T>(written: io::Result<T>) -> io::Result<Option<T>> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        written => written.map(Some),
    }
}
