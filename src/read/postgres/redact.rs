//! Takes the password out of a URL, for messages. It does so for URLs with mistakes, too.

use percent_encoding::percent_decode_str;

/// The URL without its password: behind the user's name, and in parameters that may be meant as `password`.
pub(crate) fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (login, rest) = split_login(rest);
    let user = login.split(':').next().unwrap_or_default();
    let at = if rest.len() < url.len() - scheme.len() - "://".len() { "@" } else { "" };
    let (place, query) = rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let place = if at.is_empty() { without_false_port(place) } else { place.to_owned() };
    let query = query.map_or_else(String::new, |query| {
        let kept: Vec<&str> = query.split('&').filter(|pair| !may_be_password(pair)).collect();
        format!("?{}", kept.join("&"))
    });
    format!("{scheme}://{user}{at}{place}{query}")
}

/// Splits `user:password` and what is behind the `@`; the first is empty if there is no `@`. A password with `/`, `?` or `#`
/// should be percent-encoded, but often is not.
pub(super) fn split_login(rest: &str) -> (&str, &str) {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let end = if authority.contains('@') {
        authority.rfind('@')
    } else if has_false_port(authority) {
        rest.rfind('@')
    } else {
        None
    };
    end.map_or(("", rest), |end| (&rest[..end], &rest[end + 1..]))
}

/// Whether what stands in the place of a port is no number. `host:5432/db?table=a@b` has a port and no password.
fn has_false_port(authority: &str) -> bool {
    let behind_address = authority.rsplit_once(']').map_or(authority, |(_, behind)| behind);
    behind_address.split_once(':').is_some_and(|(_, port)| !port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// `user/db` of `user:password/db`, in which `@` and the host are missing.
fn without_false_port(place: &str) -> String {
    let (authority, database) = place.find('/').map_or((place, ""), |end| place.split_at(end));
    let host = if has_false_port(authority) { authority.split(':').next().unwrap_or_default() } else { authority };
    format!("{host}{database}")
}

/// Whether a parameter is a password, perhaps misspelled, or the rest of one behind `&`.
fn may_be_password(pair: &str) -> bool {
    let Some((name, _)) = pair.split_once('=') else { return !pair.is_empty() };
    let name = percent_decode_str(name).decode_utf8_lossy().trim().to_ascii_lowercase();
    name.starts_with("pass") && name != "passfile"
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
            ("postgres://ann@host/db?table=t&Pass%77ort=se&cret", "postgres://ann@host/db?table=t"),
            ("postgres://:secret@host/db?table=t", "postgres://@host/db?table=t"),
            ("postgres://ann:secret/db?table=t", "postgres://ann/db?table=t"),
            ("postgres://ann:secret", "postgres://ann"),
        ] {
            assert_eq!(redacted(url), shown);
        }
    }

    #[test]
    fn the_rest_is_shown_as_it_is() {
        for url in [
            "postgres://host:5432/db?table=a@b",
            "postgres://[::1]:5432/db?table=a@b",
            "postgres://[::1]/db?table=a@b",
            "postgres:///db?table=t&host=/var/run/postgresql&passfile=mine",
            "postgres://ann@host",
            "postgres://@host?",
            "no url",
        ] {
            assert_eq!(redacted(url), url);
        }
    }

    #[test]
    fn a_login_is_all_before_the_last_at_sign() {
        assert_eq!(split_login("ann:se@cret@host/db"), ("ann:se@cret", "host/db"));
        assert_eq!(split_login("ann:se/cr?et@host/db?table=t"), ("ann:se/cr?et", "host/db?table=t"));
        assert_eq!(split_login("host:5432/db?table=a@b"), ("", "host:5432/db?table=a@b"));
    }
}
