//! Servers that are not there, and URLs with mistakes: an error in one line, no result, and the old file stays.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::common::{Ran, Scratch};
use crate::database::Database;

/// Runs the command with a URL and an old output file, which must stay. Returns the one line that it says.
#[track_caller]
fn failure(url: &str) -> String {
    let scratch = Scratch::with([("out.tsv", &b"old\n"[..])]);
    let mut command = scratch.command(crate::common::PROGRAM);
    let ran = Ran::of(command.env("USER", "ann").env("HOME", scratch.path("")).args([url, "-o", "out.tsv"]), None);
    ran.exits(2).writes("");
    assert_eq!((scratch.read("out.tsv"), scratch.names()), (b"old\n".to_vec(), vec!["out.tsv".to_owned()]));
    let said = ran.stderr();
    let line = said.strip_prefix("ngram-count: ").and_then(|said| said.strip_suffix('\n'));
    let line = line.filter(|line| !line.contains('\n')).unwrap_or_else(|| panic!("not one line\n{ran}"));
    assert!(!said.contains("secret"), "the password is in the message\n{ran}");
    line.to_owned()
}

#[test]
fn a_missing_socket_or_a_closed_port_asks_whether_a_server_runs() {
    assert_eq!(
        failure("postgres://ann:secret@localhost/db?table=t&host=/no/such/folder"),
        "postgres://ann@localhost/db?table=t&host=/no/such/folder: can't connect to the server in /no/such/folder, port \
         5432: No such file or directory; is a server running there?"
    );
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(
        failure(&format!("postgres://ann:secret@127.0.0.1:{port}/db?table=t")),
        format!(
            "postgres://ann@127.0.0.1:{port}/db?table=t: can't connect to 127.0.0.1:{port}: Connection refused; is a \
             server running there?"
        )
    );
}

#[test]
fn a_host_without_an_address_is_an_error() {
    let line = failure("postgres://ann:secret@no-such-host.invalid/db?table=t");
    let start = "postgres://ann@no-such-host.invalid/db?table=t: can't connect to no-such-host.invalid:5432: ";
    assert!(line.starts_with(start), "{line}");
}

/// Something else listens: what it answers is no PostgreSQL.
#[test]
fn another_server_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 100]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for mode in ["disable", "prefer", "require"] {
        let url = format!("postgres://ann@127.0.0.1:{port}/db?table=t&sslmode={mode}");
        let line = failure(&url);
        assert!(line.starts_with(&format!("{url}: ")) && line.contains("server"), "{line}");
    }
}

#[test]
fn a_server_that_closes_the_connection_is_an_error() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || listener.incoming().flatten().for_each(drop));
    for mode in ["disable", "prefer"] {
        let line = failure(&format!("postgres://ann@127.0.0.1:{port}/db?table=t&sslmode={mode}"));
        assert!(line.contains(": "), "{line}");
    }
}

#[test]
fn a_server_that_does_not_answer_is_given_up_after_the_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("postgres://ann@127.0.0.1:{port}/db?table=t&connect_timeout=1&sslmode=disable");
    assert_eq!(failure(&url), format!("{url}: can't connect to 127.0.0.1:{port}: no answer in 1s"));
}

#[test]
fn mistakes_in_a_url_are_explained_without_the_password() {
    let known = "table, columns, host, port, user, password, dbname, sslmode, sslrootcert, connect_timeout, \
                 application_name, options, passfile";
    for (rest, reason) in [
        ("localhost/db", "names no table: expected ?table=NAME at its end"),
        ("localhost/db?table=", "expected a name, found \"\""),
        ("localhost/db?table=a.b.c", "expected table=NAME or table=SCHEMA.NAME, found \"a.b.c\""),
        ("localhost/db?table=\"a", "expected a name, found \"\\\"a\""),
        ("localhost/db?table=t&table=u", "has the parameter table twice"),
        ("localhost/db?table=t&columns=a,,b", "expected a name, found \"a,,b\""),
        ("localhost/db?table=%FF", "has percent signs that decode to no UTF-8"),
        ("localhost:x/db?table=t", "expected the port to be a number up to 65535"),
        ("localhost:70000/db?table=t", "expected the port to be a number up to 65535"),
        ("[::1/db?table=t", "has a [ without ]"),
        (
            "localhost/db?table=t&sslmode=on",
            "expected sslmode to be disable, allow, prefer, require, verify-ca or verify-full, found \"on\"",
        ),
        ("localhost/db?table=t&connect_timeout=soon", "expected connect_timeout in seconds, found \"soon\""),
    ] {
        for scheme in ["postgres", "postgresql"] {
            assert_eq!(failure(&format!("{scheme}://ann:secret@{rest}")), format!("{scheme}://ann@{rest}: {reason}"));
        }
    }
    for parameter in ["tabel=t", "Table=t", "target_session_attrs=any"] {
        let name = parameter.split('=').next().unwrap_or_default();
        assert_eq!(
            failure(&format!("postgres://ann:secret@localhost/db?table=t&{parameter}")),
            format!(
                "postgres://ann@localhost/db?table=t&{parameter}: has the unknown parameter \"{name}\"; known are {known}"
            )
        );
    }
}

/// Wherever a password stands, and however wrong the URL is.
#[test]
fn no_password_is_ever_shown() {
    for url in [
        "postgres://ann:secret@",
        "postgres://ann:secret@localhost:1",
        "postgres://ann:secret@localhost:1/db?tabl=t",
        "postgres://ann:se/secret@localhost:1/db?table=t",
        "postgres://ann:a?secret@localhost:1/db?table=t",
        "postgres://ann:a#secret@localhost:1/db?table=t",
        "postgres://ann:a@secret@localhost:1/db?table=t",
        "postgres://ann:secret%ZZ@localhost:1/db?table=t",
        "postgres://ann:%FFsecret@localhost:1/db?table=t",
        "postgres://ann:12:secret@localhost:1/db?table=t",
        "postgres://ann@localhost:1/db?password=secret&table=t",
        "postgres://ann@localhost:1/db?table=t&password=secret",
        "postgres://ann@localhost:1/db?table=t&password=a%26secret&password=secret2",
        "postgres://ann@localhost:1/db?table=t&password=a&secret",
        "postgres://ann@localhost:1/db?table=t&passwort=secret",
        "postgres://ann@localhost:1/db?table=t&pass%77ord=secret",
        "postgres://ann@localhost:1/db?table=t&PASSWORD=secret",
        "postgres://ann@localhost:1/db?table=t& password=secret",
        "postgresql://:secret@localhost:1/db?table=t",
        "postgres://ann:secret@/db?table=t&host=/no/such",
        "postgres://ann:secret@[::1]:1/db?table=t",
        "postgres://ann:secret@localhost:port/db?table=t",
        "postgres://ann:secret",
        "postgres://ann:secret/db?table=t",
        "Postgres://ann:secret@localhost:1/db?table=t",
    ] {
        failure(url);
    }
}

#[test]
fn no_such_database_or_user_is_an_error() {
    let Some(db) = Database::new() else { return };
    let url = format!("postgres://postgres@localhost/no_such_db?table=t&host={}", db.server.folder());
    assert_eq!(failure(&url), format!("{url}: database \"no_such_db\" does not exist"));
    let url = db.url_of("nobody_at_all", "table=t");
    assert_eq!(failure(&url), format!("{url}: role \"nobody_at_all\" does not exist"));
}
