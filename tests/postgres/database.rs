//! A database for each test, so that the tests of a server run side by side: its tables, and the command that counts them.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{PROGRAM, Ran, Scratch};
use crate::server::Server;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) ngram: String,
    pub(crate) year: u16,
    pub(crate) matches: u64,
    pub(crate) volumes: u64,
}

/// The usual columns.
pub(crate) const COLUMNS: &str = "ngram text, year int, match_count bigint, volume_count bigint";
/// A column that leaves space for four rows in a page, so that few rows are many ranges of pages.
pub(crate) const WIDE: &str = "padding text DEFAULT repeat('x', 1900)";

/// A database of a server, and a folder for the command.
pub(crate) struct Database<'a> {
    pub(crate) server: &'a Server,
    pub(crate) name: String,
    pub(crate) scratch: Scratch,
}

impl Database<'static> {
    /// A new database of the shared server; `None` if this machine lacks PostgreSQL.
    #[track_caller]
    pub(crate) fn new() -> Option<Self> {
        Some(Self::on(Server::shared()?))
    }
}

/// A database has hundreds of files, which must not add up until the server ends.
impl Drop for Database<'_> {
    fn drop(&mut self) {
        let mut psql = self.server.psql("postgres");
        let drop = psql.args(["-c", &format!("DROP DATABASE {} WITH (FORCE)", self.name)]);
        // The server may have ended.
        let _ = drop.stdin(Stdio::null()).output();
    }
}

impl<'a> Database<'a> {
    pub(crate) fn on(server: &'a Server) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let created = Ran::of(&mut server.psql("postgres"), Some(format!("CREATE DATABASE {name}").as_bytes()));
        created.gives("");
        Self { server, name, scratch: Scratch::new() }
    }

    /// Runs SQL as a superuser. Returns what psql prints.
    #[track_caller]
    pub(crate) fn sql(&self, text: impl AsRef<str>) -> String {
        let ran = Ran::of(&mut self.psql(), Some(text.as_ref().as_bytes()));
        ran.exits(0);
        String::from_utf8(ran.stdout().to_vec()).expect("the server speaks UTF-8").trim_end().to_owned()
    }

    pub(crate) fn psql(&self) -> Command {
        self.server.psql(&self.name)
    }

    /// Appends rows to the columns ngram, year, match_count and volume_count of a table.
    #[track_caller]
    pub(crate) fn copy(&self, table: &str, rows: &[Row]) {
        self.copy_to(&format!("{table} (ngram, year, match_count, volume_count)"), rows);
    }

    /// Appends rows to four columns of a table, as in `table (ngram, ...)`.
    #[track_caller]
    pub(crate) fn copy_to(&self, table: &str, rows: &[Row]) {
        let mut text = format!("COPY {table} FROM STDIN;\n");
        for Row { ngram, year, matches, volumes } in rows {
            let ngram = ngram.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r");
            let _ = writeln!(text, "{ngram}\t{year}\t{matches}\t{volumes}");
        }
        self.sql(text + "\\.\n");
    }

    /// A table `ngrams` of many pages with 400 rows, and `rows.tsv` with the same rows.
    #[track_caller]
    pub(crate) fn with_pages(&self) {
        self.with_rows(&format!("CREATE TABLE ngrams ({COLUMNS}, {WIDE})"), &rows(400));
    }

    /// Makes a table `ngrams` by this SQL, and fills it and `rows.tsv` with these rows.
    #[track_caller]
    pub(crate) fn with_rows(&self, create: &str, rows: &[Row]) {
        self.sql(create);
        self.copy("ngrams", rows);
        self.scratch.write("rows.tsv", v2(rows));
    }

    /// A role for which each row of `ngrams` takes some time, so that all connections are busy, and that may have this
    /// number of connections; `None` is any.
    pub(crate) fn slow_role(&self, seconds: f32, connections: Option<usize>) -> String {
        let role = self.name.clone();
        let connections = connections.map_or(String::new(), |number| format!(" CONNECTION LIMIT {number}"));
        self.sql(format!(
            "CREATE FUNCTION slow() RETURNS bool LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep({seconds}); RETURN true; END';
             CREATE ROLE {role} LOGIN{connections}; GRANT SELECT ON ngrams TO {role};
             ALTER TABLE ngrams ENABLE ROW LEVEL SECURITY; CREATE POLICY slow ON ngrams USING (slow())"
        ));
        role
    }

    /// The URL of a table: `rest` is its parameters, such as `table=ngrams`.
    pub(crate) fn url(&self, rest: &str) -> String {
        self.url_of("postgres", rest)
    }

    /// The URL of a table for this user, who may have a password.
    pub(crate) fn url_of(&self, user: &str, rest: &str) -> String {
        let Self { server, name, .. } = self;
        format!("postgres://{user}@localhost:{}/{name}?{rest}&host={}", server.port(), server.folder())
    }

    /// The URL through TCP.
    pub(crate) fn url_of_tcp(&self, user: &str, host: &str, rest: &str) -> String {
        format!("postgres://{user}@{host}:{}/{}?{rest}", self.server.port(), self.name)
    }

    /// `ngram-count` without an influence of the environment on its connections, with few of them.
    pub(crate) fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = self.scratch.command(PROGRAM);
        for name in ["HOST", "PORT", "USER", "DATABASE", "PASSWORD", "PASSFILE", "SSLMODE", "SSLROOTCERT", "OPTIONS"] {
            command.env_remove(format!("PG{name}"));
        }
        command.env("HOME", self.scratch.path("")).args(arguments);
        command
    }

    /// Runs `ngram-count` with these arguments.
    pub(crate) fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(&mut self.command(arguments), None)
    }

    /// Counts the table of a URL.
    pub(crate) fn count(&self, table: &str, options: &[&str]) -> Ran {
        self.run([&[&*self.url(table)], options].concat())
    }

    /// Checks that the table counts as `rows.tsv` does with the same options. `table` is the parameters of its URL.
    #[track_caller]
    pub(crate) fn agrees(&self, table: &str, options: &[&str]) {
        self.agrees_by(&self.url(table), options);
    }

    /// As [`agrees`](Self::agrees), for a whole URL.
    #[track_caller]
    pub(crate) fn agrees_by(&self, url: &str, options: &[&str]) {
        let expected = self.run([&["rows.tsv", "-i", "v2"], options].concat());
        assert_eq!(expected.stderr(), "", "nothing is wrong with the file");
        let few = if options.contains(&"--connections") { &[] } else { &FEW[..] };
        let found = self.run([&[url], few, options].concat());
        found.writes(expected.stdout()).says("");
        assert_eq!(found.status(), expected.status(), "{found}");
    }

    /// Checks that the table of these parameters can't be counted, for this reason.
    #[track_caller]
    pub(crate) fn fails(&self, table: &str, reason: &str) {
        let url = self.url(table);
        self.run([&url]).fails(&format!("{url}: {reason}"));
    }

    /// Waits until this query, of a condition, gives `t`.
    #[track_caller]
    pub(crate) fn wait_until(&self, condition: &str) {
        let deadline = Instant::now() + Duration::from_mins(1);
        while self.sql(format!("SELECT {condition}")) != "t" {
            assert!(Instant::now() < deadline, "not yet: {condition}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The condition that queries of the command run in this database.
    pub(crate) fn is_active(&self) -> String {
        self.has_queries("state = 'active'")
    }

    /// The condition that the command has a query of this kind in this database.
    pub(crate) fn has_queries(&self, kind: &str) -> String {
        format!(
            "EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'ngram-count' AND datname = '{}' AND {kind})",
            self.name
        )
    }
}

/// Few connections: the tests run side by side.
const FEW: [&str; 4] = ["--event-loops", "2", "--connections", "2"];

/// Rows of some ngrams in many years, in no order.
pub(crate) fn rows(number: usize) -> Vec<Row> {
    const NGRAMS: [&str; 11] = [
        "Aardvark",
        "a",
        "A",
        "New York",
        "the_DET",
        "naïve",
        "x\"y",
        "C:\\temp",
        "don't",
        "{a,b}",
        "of the people by the people for the people",
    ];
    let row = |number: usize| Row {
        ngram: NGRAMS[number / 3 * 7 % NGRAMS.len()].into(),
        year: 1800 + (number * 37 % 220) as u16,
        matches: (number * number % 1000) as u64 + 1,
        volumes: (number % 3) as u64 + 1,
    };
    (0..number).map(row).collect()
}

/// The rows as lines of `v2`.
pub(crate) fn v2(rows: &[Row]) -> String {
    rows.iter()
        .map(|Row { ngram, year, matches, volumes }| format!("{ngram}\t{year}\t{matches}\t{volumes}\n"))
        .collect()
}
