//! Lists of the names of files.

use std::ffi::OsStr;

use crate::error::Result;
use crate::parse::lines;
use crate::read::input::Input;

/// The names in the file `list`, which `separator` ends: an LF, or a NUL. Names are bytes, in no encoding. There is no
/// empty name.
///
/// # Errors
/// When the list can't be read.
pub fn names(list: &OsStr, separator: u8) -> Result<Vec<Vec<u8>>> {
    let text = Input::from_name(list).read_bytes()?;
    if separator == b'\n' {
        return Ok(lines(&text).map(Into::into).collect());
    }
    Ok(text.split(|&byte| byte == separator).filter(|name| !name.is_empty()).map(Into::into).collect())
}
