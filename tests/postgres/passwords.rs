//! Passwords: where they may stand, and that nobody sees them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::common::Ran;
use crate::database::Database;
use crate::tls::remote;

const PASSWORD: &str = "se:cr\\et %&@/?#";
const ENCODED: &str = "se%3Acr%5Cet%20%25%26%40%2F%3F%23";

/// A database in which `ann` may read a table with her password.
fn with_password() -> Option<Database<'static>> {
    let db = Database::on(remote()?);
    db.sql(format!(
        "CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1);
         CREATE ROLE {} LOGIN PASSWORD '{PASSWORD}'; GRANT SELECT ON words TO {}",
        db.name, db.name
    ));
    Some(db)
}

/// Runs the command with these variables of the environment.
fn run(db: &Database, url: &str, variables: &[(&str, &str)]) -> Ran {
    let ran = Ran::of(db.command([url, "--stats", "json"]).envs(variables.iter().copied()), None);
    let said = ran.stderr();
    assert!(!said.contains("cr\\\\et") && !said.contains("cr\\et") && !said.contains("cr%5Cet"), "a password\n{ran}");
    ran
}

#[track_caller]
fn works(db: &Database, url: &str, variables: &[(&str, &str)]) {
    run(db, url, variables).exits(0).writes("a\t1\n");
}

#[track_caller]
fn fails(db: &Database, url: &str, variables: &[(&str, &str)], reason: &str) {
    let ran = run(db, url, variables);
    ran.exits(2).writes("");
    assert!(ran.stderr().ends_with(&format!(": {reason}\n")), "{ran}");
}

const MISSING: &str = "the server asks for a password: set PGPASSWORD, or write it into ~/.pgpass";

fn wrong(user: &str) -> String {
    format!(
        "password authentication failed for user \"{user}\"; the password comes from PGPASSWORD, ~/.pgpass or the URL"
    )
}

#[test]
fn a_password_stands_in_the_url_or_the_environment() {
    let Some(db) = with_password() else { return };
    let user = db.name.clone();
    let url = db.url_of_tcp(&user, "127.0.0.1", "table=words");
    fails(&db, &url, &[], MISSING);
    works(&db, &url, &[("PGPASSWORD", PASSWORD)]);
    fails(&db, &url, &[("PGPASSWORD", "wrong")], &wrong(&user));
    let with = db.url_of_tcp(&format!("{user}:{ENCODED}"), "127.0.0.1", "table=words");
    works(&db, &with, &[]);
    works(&db, &with, &[("PGPASSWORD", "wrong")]);
    works(&db, &format!("{url}&password={ENCODED}"), &[]);
    fails(&db, &db.url_of_tcp(&format!("{user}:other"), "127.0.0.1", "table=words"), &[], &wrong(&user));
}

#[test]
fn a_password_stands_in_a_file_that_only_the_user_can_read() {
    let Some(db) = with_password() else { return };
    let user = db.name.clone();
    let url = db.url_of_tcp(&user, "127.0.0.1", "table=words");
    let line = format!("127.0.0.1:{}:*:{user}:se\\:cr\\\\et %&@/?#\n", db.server.port());
    let lines = format!("# a comment\nlocalhost:*:*:*:wrong\n127.0.0.1:1:*:*:wrong\n{line}*:*:*:*:wrong\n");
    let home = db.scratch.path(".pgpass");
    for (file, variables) in [(home, &[][..]), (db.scratch.path("mine"), &[("PGPASSFILE", "mine")])] {
        for (mode, is_read) in [(0o600, true), (0o400, true), (0o644, false), (0o640, false), (0o602, false)] {
            let _ = fs::remove_file(&file);
            fs::write(&file, &lines).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            if is_read {
                works(&db, &url, variables);
            } else {
                fails(&db, &url, variables, MISSING);
            }
        }
        fs::remove_file(&file).unwrap();
    }
    db.scratch.write("mine", &line);
    fs::set_permissions(db.scratch.path("mine"), fs::Permissions::from_mode(0o600)).unwrap();
    works(&db, &format!("{url}&passfile=mine"), &[]);
    fails(&db, &format!("{url}&passfile=nothing"), &[], MISSING);
    // What is nearer wins.
    works(&db, &format!("{url}&passfile=mine"), &[("PGPASSFILE", "nothing")]);
    fails(&db, &format!("{url}&passfile=mine"), &[("PGPASSWORD", "wrong")], &wrong(&user));
}

/// The other parts of the address come from the environment, too.
#[test]
fn the_environment_completes_a_url() {
    let Some(db) = Database::new() else { return };
    db.sql("CREATE TABLE words (word text, count int); INSERT INTO words VALUES ('a', 1)");
    let server = [("PGHOST", db.server.folder()), ("PGUSER", "postgres"), ("PGDATABASE", &db.name)];
    works(&db, "postgres:///?table=words", &server);
    works(&db, "postgres://?table=words", &server);
    works(&db, &format!("postgresql:///{}?table=words&user=postgres", db.name), &server[..1]);
    works(&db, &format!("postgres://?table=words&dbname={}", db.name), &server[..2]);
}
