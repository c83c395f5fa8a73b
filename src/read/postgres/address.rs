//! `Address`: the parts of `postgres://user@host:port/db?table=schema.ngrams&columns=ngram,year,...`.
//!
//! Parts that the URL lacks come from the environment, as with psql: PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD,
//! PGSSLMODE and PGSSLROOTCERT; the password also from [a file](super::password).

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::password;
use super::redact::{redacted, split_login};
use super::tls::SslMode;
use crate::printable::quoted;

/// A server, a database and a table in it.
#[derive(Clone)]
pub(crate) struct Address {
    /// The URL without its password, for messages.
    shown: String,
    pub(super) host: Host,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) database: String,
    pub(crate) table: TableName,
    /// The columns, in the order ngram, year, match_count, volume_count. Empty to find them by their names.
    pub(crate) columns: Vec<String>,
    pub(super) ssl_mode: SslMode,
    pub(super) ssl_root_cert: Option<OsString>,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) application_name: String,
    pub(super) options: Option<String>,
}

/// Where the server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    /// The folder of its socket.
    Folder(PathBuf),
    /// A name or a number.
    Name(String),
}

/// The name of a table, exactly as in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName {
    /// The schema; `None` to search the user's path of schemas.
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
}

/// The parameters behind `?`.
const PARAMETERS: [&str; 13] = [
    "table",
    "columns",
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "sslmode",
    "sslrootcert",
    "connect_timeout",
    "application_name",
    "options",
    "passfile",
];
/// Where Debian's and most other servers have their socket.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];
const DEFAULT_PORT: u16 = 5432;

impl Address {
    /// Whether a name is a URL of this kind.
    pub(crate) fn is_one(name: &str) -> bool {
        name.split_once("://").is_some_and(|(scheme, _)| {
            ["postgres", "postgresql"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        })
    }

    /// # Errors
    /// The message, without the URL.
    pub(crate) fn parse(url: &str, environment: &impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let (_, rest) = url.split_once("://").ok_or("expected postgres://user@host:port/db?table=NAME")?;
        let (login, rest) = split_login(rest);
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (server, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (host, port) = split_port(server)?;

        let mut parameters = Parameters::parse(query)?;
        let set = |text: &str| if text.is_empty() { Ok(None) } else { decoded(text).map(Some) };
        let mut find = |in_url: &str, name: &str, variable: &str| -> Result<Option<String>, String> {
            // As with psql, a parameter wins.
            let named = parameters.take(name)?;
            Ok(named.or(set(in_url)?).or_else(|| environment(variable)))
        };
        let user = find(user, "user", "PGUSER")?.or_else(|| environment("USER")).or_else(|| environment("LOGNAME"));
        let user = user.ok_or("names no user: expected postgres://user@host/db?table=NAME")?;
        let password = find(password, "password", "PGPASSWORD")?;
        let database = find(database, "dbname", "PGDATABASE")?.unwrap_or_else(|| user.clone());
        let host = find(host, "host", "PGHOST")?.map_or_else(default_host, Host::from);
        let port = match find(port, "port", "PGPORT")? {
            // Not what was found: where the host is missing, it may be a password.
            Some(port) => port.parse().map_err(|_| "expected the port to be a number up to 65535")?,
            None => DEFAULT_PORT,
        };
        let ssl_mode = find("", "sslmode", "PGSSLMODE")?;
        let ssl_mode = ssl_mode.map_or(Ok(SslMode::Prefer), |mode| mode.parse())?;
        let ssl_root_cert = find("", "sslrootcert", "PGSSLROOTCERT")?.map(OsString::from);
        let application_name = find("", "application_name", "PGAPPNAME")?.unwrap_or_else(|| "ngram-count".into());
        let options = find("", "options", "PGOPTIONS")?;
        let connect_timeout = match find("", "connect_timeout", "PGCONNECT_TIMEOUT")? {
            Some(seconds) => timeout(&seconds)?,
            None => None,
        };
        let file = find("", "passfile", "PGPASSFILE")?.map(PathBuf::from);
        let table = parameters.take("table")?.ok_or("names no table: expected ?table=NAME at its end")?;
        let columns = parameters.take("columns")?.map_or(Ok(Vec::new()), |names| identifiers(&names, ','))?;
        let mut address = Self {
            shown: redacted(url),
            host,
            port,
            user,
            password,
            database,
            table: TableName::parse(&table)?,
            columns,
            ssl_mode,
            ssl_root_cert,
            connect_timeout,
            application_name,
            options,
        };
        if address.password.is_none() {
            let file = file.or_else(|| Some(PathBuf::from(environment("HOME")?).join(".pgpass")));
            address.password = file.and_then(|file| password::find(&file, &address));
        }
        Ok(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.shown).finish()
    }
}

impl From<String> for Host {
    fn from(host: String) -> Self {
        if host.starts_with('/') { Self::Folder(host.into()) } else { Self::Name(host) }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl TableName {
    /// Reads `ngrams`, `schema.ngrams` or `"a name with a dot . in it"`.
    fn parse(text: &str) -> Result<Self, String> {
        let mut names = identifiers(text, '.')?;
        match (names.len(), names.pop()) {
            (1 | 2, Some(name)) => Ok(Self { schema: names.pop(), name }),
            _ => Err(format!("expected table=NAME or table=SCHEMA.NAME, found {}", quoted(text.as_bytes()))),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// The parameters of a URL that nobody has asked for yet.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn parse(query: &'a str) -> Result<Self, String> {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<_> = pairs.filter_map(|pair| pair.split_once('=')).collect();
        // A part of a password may stand there.
        if !query.split('&').all(|pair| pair.is_empty() || pair.contains('=')) {
            return Err("has a parameter without a value; write & within a value as %26".into());
        }
        match pairs.iter().find(|(name, _)| !PARAMETERS.contains(name)) {
            Some((name, _)) => Err(format!(
                "has the unknown parameter {}; known are {}",
                quoted(name.as_bytes()),
                PARAMETERS.join(", ")
            )),
            None => Ok(Self(pairs)),
        }
    }

    fn take(&mut self, name: &str) -> Result<Option<String>, String> {
        let Some(place) = self.0.iter().position(|(found, _)| *found == name) else { return Ok(None) };
        let (_, value) = self.0.swap_remove(place);
        if self.0.iter().any(|(found, _)| *found == name) {
            return Err(format!("has the parameter {name} twice"));
        }
        decoded(value).map(Some)
    }
}

/// The names between `separator`s. A name in double quotes may hold any letter.
fn identifiers(text: &str, separator: char) -> Result<Vec<String>, String> {
    let (mut names, mut name, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => is_quoted = !is_quoted,
            _ if letter == separator && !is_quoted => names.push(std::mem::take(&mut name)),
            _ => name.push(letter),
        }
    }
    names.push(name);
    if is_quoted || names.iter().any(|name| name.is_empty() || name.contains('\0')) {
        return Err(format!("expected a name, found {}", quoted(text.as_bytes())));
    }
    Ok(names)
}

/// Splits `host:port`. An IPv6 address stands in brackets.
fn split_port(server: &str) -> Result<(&str, &str), String> {
    if let Some(rest) = server.strip_prefix('[') {
        let (host, behind) = rest.split_once(']').ok_or("has a [ without ]")?;
        return Ok((host, behind.strip_prefix(':').unwrap_or(behind)));
    }
    Ok(server.split_once(':').unwrap_or((server, "")))
}

fn decoded(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| "has percent signs that decode to no UTF-8".into())
}

fn default_host() -> Host {
    let folder = SOCKET_FOLDERS
        .iter()
        .map(PathBuf::from)
        .find(|folder| folder.join(format!(".s.PGSQL.{DEFAULT_PORT}")).exists());
    folder.map_or_else(|| Host::Name("localhost".into()), Host::Folder)
}

fn timeout(seconds: &str) -> Result<Option<Duration>, String> {
    let wrong = |_| format!("expected connect_timeout in seconds, found {}", quoted(seconds.as_bytes()));
    let seconds: u64 = seconds.parse().map_err(wrong)?;
    Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
}
