//! TLS, as `sslmode` asks for it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::common::programs::has;
use crate::common::{Ran, Scratch};
use crate::database::Database;
use crate::server::{Server, Settings};

/// Who may come in through TCP: `secure` only encrypted, `plain` only not, and all others with a password.
const ACCESS: &str = "local all all trust\nhostssl all secure all trust\nhostnossl all plain all trust\n\
                      host all secure,plain all reject\nhost all all all scram-sha-256\n";

/// The server of the tests that go through TCP, with TLS if there is a program to make a certificate; `None` if this machine
/// lacks PostgreSQL.
#[track_caller]
pub(crate) fn remote() -> Option<&'static Server> {
    static REMOTE: OnceLock<Option<Server>> = OnceLock::new();
    let start = || {
        let has_openssl = Command::new("openssl").arg("version").output().is_ok_and(|ran| ran.status.success());
        let scratch = Scratch::new();
        let files = has_openssl.then(|| certificate(&scratch, "localhost"));
        let paths = files.as_ref().map(|[certificate, key]| [&**certificate, &**key]);
        let server = Server::start(&Settings { tcp: true, access: ACCESS, certificate: paths, ..Settings::default() })?;
        let made = Ran::of(&mut server.psql("postgres"), Some(b"CREATE ROLE secure LOGIN; CREATE ROLE plain LOGIN"));
        made.gives("");
        Some(server)
    };
    REMOTE.get_or_init(start).as_ref()
}

/// Makes a certificate of its own authority for a host. Returns it and its key.
fn certificate(scratch: &Scratch, host: &str) -> [PathBuf; 2] {
    let files = ["crt", "key"].map(|end| scratch.path(format!("{host}.{end}")));
    let mut openssl = scratch.command("openssl");
    openssl.args([
        "req",
        "-new",
        "-x509",
        "-days",
        "2",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-subj",
        &format!("/CN={host}"),
    ]);
    openssl.args(["-addext", &format!("subjectAltName=DNS:{host}")]).arg("-out").arg(&files[0]);
    Ran::of(openssl.arg("-keyout").arg(&files[1]), None).exits(0);
    files
}

/// A database of the server with TLS, with a table of one row.
#[track_caller]
fn database() -> Option<(Database<'static>, String)> {
    if !has("openssl") {
        return None;
    }
    let db = Database::on(remote()?);
    with_words(&db);
    let certificate = db.server.certificate().to_str()?.to_owned();
    Some((db, certificate))
}

fn with_words(db: &Database) {
    db.sql(
        "CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1); GRANT SELECT ON words TO PUBLIC",
    );
}

/// Runs the command as this user, on this host, with these parameters.
fn run(db: &Database, [user, host, parameters]: [&str; 3]) -> Ran {
    db.run([db.url_of_tcp(user, host, &format!("table=words&{parameters}"))])
}

#[track_caller]
fn fails(db: &Database, place: [&str; 3], reason: &str) {
    let ran = run(db, place);
    ran.exits(2).writes("");
    assert!(ran.stderr().contains(reason) && ran.stderr().lines().count() == 1, "expected {reason}\n{ran}");
}

#[test]
fn an_encrypted_connection_needs_no_known_certificate_by_default() {
    let Some((db, _)) = database() else { return };
    for mode in ["", "sslmode=allow", "sslmode=prefer", "sslmode=require"] {
        run(&db, ["secure", "localhost", mode]).gives("a\t1\n");
        run(&db, ["secure", "127.0.0.1", mode]).gives("a\t1\n");
    }
    fails(&db, ["secure", "localhost", "sslmode=disable"], "pg_hba.conf rejects connection");
}

#[test]
fn a_plain_connection_is_only_used_where_it_may_be() {
    let Some((db, _)) = database() else { return };
    run(&db, ["plain", "localhost", "sslmode=disable"]).gives("a\t1\n");
    fails(&db, ["plain", "localhost", "sslmode=require"], "pg_hba.conf rejects connection");
}

#[test]
fn a_certificate_is_checked_as_far_as_the_mode_says() {
    let Some((db, root)) = database() else { return };
    let [other, _] = certificate(&db.scratch, "other.example");
    let other = other.to_str().unwrap().to_owned();
    let with = |mode: &str, root: &str| format!("sslmode={mode}&sslrootcert={root}");
    for host in ["localhost", "127.0.0.1"] {
        run(&db, ["secure", host, &with("verify-ca", &root)]).gives("a\t1\n");
        run(&db, ["secure", host, &with("require", &root)]).gives("a\t1\n");
        for mode in ["require", "verify-ca", "verify-full"] {
            fails(&db, ["secure", host, &with(mode, &other)], "TLS: invalid peer certificate");
        }
        // The system's authorities don't know it.
        for mode in ["verify-ca", "verify-full"] {
            fails(&db, ["secure", host, &format!("sslmode={mode}")], "TLS: ");
            fails(&db, ["secure", host, &with(mode, "system")], "TLS: ");
        }
    }
    run(&db, ["secure", "localhost", &with("verify-full", &root)]).gives("a\t1\n");
    fails(&db, ["secure", "127.0.0.1", &with("verify-full", &root)], "TLS: invalid peer certificate");
    fails(&db, ["secure", "localhost", &with("verify-full", "nothing.crt")], "sslrootcert nothing.crt: ");
    db.scratch.write("empty.crt", "");
    fails(&db, ["secure", "localhost", &with("verify-ca", "empty.crt")], "TLS: ");
    // As psql does, we look into the user's folder.
    std::fs::create_dir(db.scratch.path(".postgresql")).unwrap();
    std::fs::copy(&root, db.scratch.path(".postgresql/root.crt")).unwrap();
    run(&db, ["secure", "localhost", "sslmode=verify-full"]).gives("a\t1\n");
    fails(&db, ["secure", "127.0.0.1", "sslmode=verify-full"], "TLS: invalid peer certificate");
}

/// Many connections, large answers and a query that is cancelled: all through TLS.
#[test]
fn tables_are_read_through_tls() {
    let Some((db, _)) = database() else { return };
    db.with_pages();
    db.sql("GRANT SELECT ON ngrams TO secure");
    let url = db.url_of_tcp("secure", "localhost", "table=ngrams&sslmode=require");
    for options in [&[][..], &["--by", "year"], &["--word", "a"], &["--event-loops", "3", "--connections", "4"]] {
        let expected = db.run([&["rows.tsv", "-i", "v2"], options].concat());
        db.run([&[&*url], options].concat()).gives(expected.stdout());
    }
}

#[test]
fn a_server_without_tls_is_only_used_where_it_may_be() {
    let Some(server) = Server::start(&Settings { tcp: true, ..Settings::default() }) else { return };
    let db = Database::on(&server);
    with_words(&db);
    for mode in ["", "sslmode=disable", "sslmode=allow", "sslmode=prefer"] {
        run(&db, ["postgres", "127.0.0.1", mode]).gives("a\t1\n");
    }
    for mode in ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"] {
        fails(&db, ["postgres", "127.0.0.1", mode], "the server offers no TLS, and sslmode asks for it");
    }
}
