//! Whoever reads a result may have enough of it: a broken pipe is no error.

use std::io;

/// Turns the error of a write into a pipe without a reader, as before `| head`, into `Ok(None)`, since this is no
/// error. All code of the program uses this function.
///
/// # Errors
/// All errors but [`io::ErrorKind::BrokenPipe`].
pub fn unless_reader_is_gone<T>(written: io::Result<T>) -> io::Result<Option<T>> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(None),
        written => written.map(Some),
    }
}
