//! The URL of a PostgreSQL table as a name: how to tell it from a path, and how to show it. A program without the
//! feature `postgres` needs this, too: it must not take a URL for a path, and must not show its password.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;

#[cfg(feature = "postgres")]
use crate::read::postgres::redact::redacted;
#[cfg(not(feature = "postgres"))]
use crate::read::unpack::unsupported::{Remedy, Unsupported};

/// Whether a name is the URL of a PostgreSQL table and not a path.
pub fn is_table_url(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let begins_with = |scheme: &[u8]| name.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
    begins_with(b"postgres://") || begins_with(b"postgresql://")
}

/// A name for messages: a path as it is, the URL of a table without its password.
pub(crate) fn shown(name: &OsStr) -> Cow<'_, OsStr> {
    if is_table_url(name) { Cow::Owned(redacted(&name.to_string_lossy()).into()) } else { Cow::Borrowed(name) }
}

/// The scheme alone: a program that reads no URL can't tell where its password is.
#[cfg(not(feature = "postgres"))]
fn redacted(url: &str) -> String {
    let scheme = url.split("://").next().unwrap_or_default();
    format!("{scheme}://...")
}

/// The error for a URL that stands where only a file can stand.
pub(crate) fn no_file() -> io::Error {
    #[cfg(feature = "postgres")]
    return io::Error::other("is a table of PostgreSQL, and not a file");
    #[cfg(not(feature = "postgres"))]
    io::Error::other(Unsupported::new(
        "is a table of PostgreSQL, and this program is built without PostgreSQL",
        Remedy::Feature("postgres"),
    ))
}
