//! Finds a password in a file such as `~/.pgpass`: lines of `host:port:database:user:password`, where `*` is anything,
//! and a backslash stands before a colon or a backslash within a field.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::address::{Address, Host};

/// The permissions with which others could read the file. As psql does, we ignore such a file.
const OF_OTHERS: u32 = 0o077;

/// The password of the first line that fits; `None` without such a line or such a file.
pub(super) fn find(file: &Path, address: &Address) -> Option<String> {
    let metadata = fs::metadata(file).ok()?;
    if !metadata.is_file() || metadata.permissions().mode() & OF_OTHERS != 0 {
        return None;
    }
    let lines = fs::read_to_string(file).ok()?;
    let find = |host: &str| {
        let server = [host, &address.port.to_string(), &address.database, &address.user];
        lines.lines().find_map(|line| of_line(line, &server))
    };
    match &address.host {
        Host::Folder(folder) => find("localhost").or_else(|| find(folder.to_str()?)),
        Host::Name(name) => find(name),
    }
}

/// The password of a line, if its other fields fit.
fn of_line(line: &str, server: &[&str; 4]) -> Option<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let is_separator = letter == ':' && fields.len() <= server.len();
        let field = fields.last_mut()?;
        match letter {
            _ if is_separator => fields.push(String::new()),
            '\\' => field.extend(letters.next()),
            _ => field.push(letter),
        }
    }
    let password = fields.pop()?;
    let fits =
        fields.len() == server.len() && fields.iter().zip(server).all(|(field, part)| field == "*" || field == part);
    (fits && !line.starts_with('#')).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_fits_a_server() {
        let server = ["host", "5432", "db", "ann"];
        for (line, password) in [
            ("host:5432:db:ann:secret", Some("secret")),
            ("*:*:*:ann:se\\:cr\\\\et", Some("se:cr\\et")),
            ("*:*:*:*:with:colon", Some("with:colon")),
            ("other:5432:db:ann:secret", None),
            ("#*:*:*:ann:secret", None),
            ("host:5432:db:ann", None),
            ("", None),
        ] {
            assert_eq!(of_line(line, &server).as_deref(), password, "{line}");
        }
    }
}
