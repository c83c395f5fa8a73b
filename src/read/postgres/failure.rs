//! What goes wrong with a server, as a message for the user.

use std::error::Error as _;
use std::fmt;
use std::io;

use tokio_postgres::error::SqlState;

use crate::error::plain;
use crate::printable::quoted;

/// The reason why something can't be read from a server or written to it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(super) kind: FailureKind,
    message: String,
}

/// The kinds of failures that are not all treated alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The server takes no more connections.
    TooManyConnections,
    /// The server exports no snapshot to other connections, or takes none.
    NoSnapshot,
    /// Something else.
    Other,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { kind: FailureKind::Other, message: message.into() }
    }

    /// The failure of a column that a table lacks. `all` are those that it has.
    pub(crate) fn no_column<'a>(name: &str, all: impl Iterator<Item = &'a str>, remedy: &str) -> Self {
        let (name, all) = (quoted(name.as_bytes()), all.collect::<Vec<_>>().join(", "));
        Self::new(format!("there is no column {name}; the table has {all}. {remedy}"))
    }

    pub(super) fn of_kind(self, kind: FailureKind) -> Self {
        Self { kind, ..self }
    }

    /// The failure of a connection to `server`.
    pub(super) fn of_connecting(server: &str, source: &io::Error) -> Self {
        let advice = match source.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => "; is a server running there?",
            _ => "",
        };
        Self::new(format!("can't connect to {server}: {}{advice}", plain(source)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        Self::other(failure)
    }
}

/// The server's own words: message, detail and hint. An error of the connection is explained by its cause.
impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        if let Some(answer) = error.as_db_error() {
            let kind = match answer.code() {
                &SqlState::TOO_MANY_CONNECTIONS => FailureKind::TooManyConnections,
                _ => FailureKind::Other,
            };
            let mut message = answer.message().to_owned();
            for part in [answer.detail(), answer.hint()].into_iter().flatten() {
                message.push_str("; ");
                message.push_str(part.trim_end_matches('.'));
            }
            if answer.code() == &SqlState::INVALID_PASSWORD {
                message.push_str("; the password comes from PGPASSWORD, ~/.pgpass or the URL");
            }
            return Self { kind, message: message.replace(['\n', '\r'], " ") };
        }
        let cause = error.source().map(plain_cause);
        Self::new(match cause {
            Some(cause) if cause == "password missing" => {
                "the server asks for a password: set PGPASSWORD, or write it into ~/.pgpass".into()
            }
            Some(cause) => format!("the connection to the server broke: {cause}"),
            None if error.is_closed() => "the server closed the connection".into(),
            None => error.to_string(),
        })
    }
}

fn plain_cause(cause: &(dyn std::error::Error + 'static)) -> String {
    plain(&cause.to_string())
}
