//! The URL of a PostgreSQL table as a name: how to tell it from a path, and how to show it. A program without the
//! feature `postgres` needs this, too: it must not take a URL for a path, and must not show its password.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io;

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

/// The URL without its password: behind the user's name, and in the parameter `password`. It does so for URLs with
/// mistakes, too.
pub(crate) fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let rest = without_login_password(rest);
    let Some((place, query)) = rest.split_once('?') else { return format!("{scheme}://{rest}") };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("password")).collect();
    format!("{scheme}://{place}?{}", kept.join("&"))
}

/// `user@host...` of `user:password@host...`. A password with `/`, `?` or `#` should be percent-encoded, but often is
/// not.
fn without_login_password(rest: &str) -> String {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let end = if authority.contains('@') {
        authority.rfind('@')
    } else {
        // `host:5432/db?table=a@b` has a port and no password.
        let port = authority.split_once(':').map_or("", |(_, port)| port);
        if port.bytes().all(|byte| byte.is_ascii_digit()) { None } else { rest.rfind('@') }
    };
    match end.map(|end| rest.split_at(end)) {
        Some((login, server)) => format!("{}{server}", login.split(':').next().unwrap_or_default()),
        None => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        for (url, shown) in [
            ("postgres://ann:secret@host/db?table=t", "postgres://ann@host/db?table=t"),
            ("postgres://ann:se@cret@host:5432/db?table=t", "postgres://ann@host:5432/db?table=t"),
            ("postgres://ann:se/cret@host/db?table=t", "postgres://ann@host/db?table=t"),
            ("postgres://ann:se?cret#@host/db?table=t", "postgres://ann@host/db?table=t"),
            ("postgres://ann@host/db?password=secret&table=t", "postgres://ann@host/db?table=t"),
            ("postgres://:secret@host/db?table=t", "postgres://@host/db?table=t"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn the_rest_is_shown_as_it_is() {
        for url in [
            "postgres://host:5432/db?table=a@b",
            "postgres:///db?table=t&host=/var/run/postgresql",
            "postgres://ann@host",
            "no url",
        ] {
            assert_eq!(redacted(url), url);
        }
    }
}
