//! Users who may not see everything.

use crate::database::{COLUMNS, Database, Row, WIDE, rows, v2};

/// A role that is named as the database is: roles belong to all databases of a server.
fn role(db: &Database) -> String {
    db.sql(format!("CREATE ROLE {} LOGIN", db.name));
    db.name.clone()
}

#[test]
fn a_table_that_the_user_may_not_read_is_an_error() {
    let Some(db) = Database::new() else { return };
    let role = role(&db);
    db.with_pages();
    for (grant, is_enough) in [
        ("", false),
        ("GRANT INSERT ON ngrams TO", false),
        ("GRANT SELECT (ngram) ON ngrams TO", false),
        ("GRANT SELECT (match_count, year, volume_count) ON ngrams TO", true),
    ] {
        if !grant.is_empty() {
            db.sql(format!("{grant} {role}"));
        }
        let url = db.url_of(&role, "table=ngrams");
        if is_enough {
            // The rights to the columns are enough, without one to the hidden column ctid.
            db.agrees_by(&url, &["--by", "year"]);
        } else {
            db.run([&url]).fails(&format!("{url}: permission denied for table ngrams"));
            db.run([&*url, "--word", "a"]).fails(&format!("{url}: permission denied for table ngrams"));
        }
    }
}

#[test]
fn a_schema_that_the_user_may_not_use_is_an_error() {
    let Some(db) = Database::new() else { return };
    let role = role(&db);
    db.sql(format!(
        "CREATE SCHEMA hidden; CREATE TABLE hidden.words (word text, count int); GRANT SELECT ON hidden.words TO {role}"
    ));
    let url = db.url_of(&role, "table=hidden.words");
    db.run([&url]).fails(&format!("{url}: permission denied for schema hidden"));
}

/// In SQL, the right to a table is enough to read its partitions through it.
#[test]
fn partitions_that_the_user_may_not_read_are_read_through_their_table() {
    let Some(db) = Database::new() else { return };
    let role = role(&db);
    let rows = rows(300);
    db.with_rows(
        &format!(
            "CREATE TABLE ngrams ({COLUMNS}, {WIDE}) PARTITION BY RANGE (year); CREATE SCHEMA hidden;
             CREATE TABLE early PARTITION OF ngrams FOR VALUES FROM (0) TO (1850);
             CREATE TABLE middle PARTITION OF ngrams FOR VALUES FROM (1850) TO (1900);
             CREATE TABLE hidden.late PARTITION OF ngrams DEFAULT; GRANT SELECT ON ngrams TO {role}"
        ),
        &rows,
    );
    let url = db.url_of(&role, "table=ngrams");
    for grant in ["early", "early, middle", "early, middle, hidden.late"] {
        db.sql(format!("GRANT SELECT ON {grant} TO {role}"));
        for options in [&[][..], &["--by", "year"], &["--word", "a"]] {
            db.agrees_by(&url, options);
        }
    }
    db.sql(format!("GRANT USAGE ON SCHEMA hidden TO {role}"));
    db.agrees_by(&url, &[]);
    // The rights to columns are rights, too.
    db.sql(format!("REVOKE SELECT ON early FROM {role}; GRANT SELECT (ngram, match_count) ON early TO {role}"));
    db.agrees_by(&url, &["--by", "year"]);
}

#[test]
fn rows_that_the_user_may_not_see_do_not_count() {
    let Some(db) = Database::new() else { return };
    let role = role(&db);
    let rows = rows(400);
    db.with_pages();
    db.sql(format!(
        "GRANT SELECT ON ngrams TO {role}; ALTER TABLE ngrams ENABLE ROW LEVEL SECURITY;
         CREATE POLICY late ON ngrams FOR SELECT USING (year >= 1900);
         CREATE TABLE parts ({COLUMNS}, {WIDE}) PARTITION BY LIST (volume_count); GRANT SELECT ON parts TO {role};
         CREATE TABLE one PARTITION OF parts FOR VALUES IN (1); CREATE TABLE rest PARTITION OF parts DEFAULT;
         ALTER TABLE parts ENABLE ROW LEVEL SECURITY; CREATE POLICY late ON parts FOR SELECT USING (year >= 1900);
         GRANT SELECT ON one, rest TO {role}"
    ));
    db.copy("parts", &rows);
    db.agrees("table=ngrams", &["--by", "year"]);
    db.agrees("table=parts", &["--by", "year"]);
    let seen: Vec<Row> = rows.into_iter().filter(|row| row.year >= 1900).collect();
    db.scratch.write("rows.tsv", v2(&seen));
    for table in ["ngrams", "parts"] {
        db.agrees_by(&db.url_of(&role, &format!("table={table}")), &["--by", "year"]);
        db.agrees_by(&db.url_of(&role, &format!("table={table}")), &["--word", "a"]);
    }
    // A policy of a partition holds only for who reads the partition itself.
    db.sql("ALTER TABLE parts DISABLE ROW LEVEL SECURITY; ALTER TABLE one ENABLE ROW LEVEL SECURITY");
    db.scratch.write("rows.tsv", v2(&self::rows(400)));
    db.agrees_by(&db.url_of(&role, "table=parts"), &["--by", "year"]);
}
