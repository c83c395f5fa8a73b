//! Starts servers of PostgreSQL, each with its data and its socket in a temporary folder, and ends them.
//!
//! A shell keeps each server. It waits for the end of a pipe that this process holds open, then ends the server and removes
//! the folder. The system closes the pipe even when this process is killed, so no server outlives the tests.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::programs;

/// How a server differs from the one that all ordinary tests share.
#[derive(Default)]
pub(crate) struct Settings<'a> {
    /// Listens on 127.0.0.1, too.
    pub(crate) tcp: bool,
    /// The lines of `pg_hba.conf`; empty for the usual lines, which trust everyone.
    pub(crate) access: &'a str,
    /// A certificate and its key for TLS.
    pub(crate) certificate: Option<[&'a Path; 2]>,
    /// The number of connections that the server takes.
    pub(crate) max_connections: Option<u16>,
}

/// A running server.
pub(crate) struct Server {
    programs: &'static Path,
    folder: PathBuf,
    port: u16,
    /// The shell that keeps the server.
    keeper: Child,
}

/// The files of TLS in a server's data, by their usual names.
const CERTIFICATE: [&str; 2] = ["server.crt", "server.key"];
/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(2);
/// Keeps the server in the folder `$1`. A signal for the whole group of processes must not end this shell: the end of the
/// pipe does.
const KEEP: &str = r#"
trap '' HUP INT QUIT TERM
folder=$1
shift
"$@" </dev/null >"$folder/log" 2>&1 &
echo started
exec >&-
read -r _
kill -QUIT $!
wait $!
rm -rf -- "$folder"
"#;

impl Server {
    /// The server of all tests that need nothing special; `None` if this machine lacks PostgreSQL.
    #[track_caller]
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Server> = OnceLock::new();
        let programs = programs_folder()?;
        Some(SHARED.get_or_init(|| Self::start_in(programs, &Settings::default())))
    }

    /// A server of its own; `None` if this machine lacks PostgreSQL.
    #[track_caller]
    pub(crate) fn start(settings: &Settings) -> Option<Self> {
        Some(Self::start_in(programs_folder()?, settings))
    }

    fn start_in(programs: &'static Path, settings: &Settings) -> Self {
        let user = User::of_server();
        // The keeper removes it.
        let folder = tempfile::tempdir().expect("a folder for the server").keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("permissions");
        user.own(&folder);
        let mut initdb = user.command(programs.join("initdb"), &folder);
        initdb.args(["--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust", "-U", "postgres", "-D", "data"]);
        let made = initdb.output().expect("initdb starts");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = if settings.tcp { free_port() } else { 5432 };
        settings.write(&folder, port, user);
        let mut keeper = user.command("sh", &folder);
        keeper.args(["-c", KEEP, "keeper"]).arg(&folder).arg(programs.join("postgres")).args(["-D", "data"]);
        let keeper =
            keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a shell");
        let mut server = Self { programs, folder, port, keeper };
        server.wait_until_ready();
        server
    }

    fn wait_until_ready(&mut self) {
        let mut line = String::new();
        let stdout = self.keeper.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the keeper says that it has started");
        let deadline = Instant::now() + PATIENCE;
        // Its last line tells the server's state.
        while !self.pid_file().is_some_and(|text| text.trim_end().ends_with("ready")) {
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < deadline && !log().contains("FATAL"), "the server does not start: {}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn pid_file(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("data/postmaster.pid")).ok()
    }

    /// The folder of the socket.
    pub(crate) fn folder(&self) -> &str {
        self.folder.to_str().expect("temporary folders have names of UTF-8")
    }

    /// The certificate with which the server proves who it is.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.join("data").join(CERTIFICATE[0])
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// psql as a superuser.
    pub(crate) fn psql(&self, database: &str) -> Command {
        let beside = self.programs.join("psql");
        let mut psql = Command::new(if beside.exists() { &beside } else { Path::new("psql") });
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h", self.folder()]);
        psql.args(["-p", &self.port.to_string(), "-d", database]);
        psql
    }

    /// Ends the server at once, as after a crash.
    pub(crate) fn crash(&self) {
        let pid_file = self.pid_file().expect("the server runs");
        let pid = pid_file.lines().next().expect("a number");
        assert!(Command::new("kill").args(["-s", "QUIT", pid]).status().expect("kill").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

impl Settings<'_> {
    fn write(&self, folder: &Path, port: u16, user: User) {
        let data = folder.join("data");
        let addresses = if self.tcp { "127.0.0.1" } else { "" };
        let mut lines = format!(
            "listen_addresses = '{addresses}'\nport = {port}\nunix_socket_directories = '{}'\n\
             max_connections = {}\nfsync = off\nfull_page_writes = off\nautovacuum = off\n",
            folder.display(),
            self.max_connections.unwrap_or(200)
        );
        if let Some(files) = self.certificate {
            for (name, file) in CERTIFICATE.into_iter().zip(files) {
                let copy = data.join(name);
                fs::copy(file, &copy).expect("the server's certificate");
                fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).expect("permissions");
                user.own(&copy);
            }
            lines.push_str("ssl = on\n");
        }
        let file = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"));
        file.and_then(|mut file| file.write_all(lines.as_bytes())).expect("the server's settings");
        if !self.access.is_empty() {
            fs::write(data.join("pg_hba.conf"), self.access).expect("the server's settings");
        }
    }
}

/// The user who runs a server. It must not be root.
#[derive(Clone, Copy)]
struct User(Option<(u32, u32)>);

impl User {
    fn of_server() -> Self {
        if !programs::is_root() {
            return Self(None);
        }
        let id = |option, user| {
            let found = Command::new("id").args([option, user]).stderr(Stdio::null()).output().expect("id");
            String::from_utf8_lossy(&found.stdout).trim().parse().ok()
        };
        let user = |name| Some((id("-u", name)?, id("-g", name)?));
        Self(Some(user("postgres").or_else(|| user("nobody")).expect("a user for the server")))
    }

    /// A command of this user, without an influence of the environment on it.
    fn command(self, program: impl AsRef<Path>, folder: &Path) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().env("PATH", env::var_os("PATH").unwrap_or_default()).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }

    /// Gives a file to this user.
    fn own(self, path: &Path) {
        if let Some((user, group)) = self.0 {
            chown(path, Some(user), Some(group)).expect("root may do so");
        }
        assert!(
            path.metadata().is_ok_and(|metadata| metadata.uid() == self.0.map_or(metadata.uid(), |(user, _)| user))
        );
    }
}

/// The folder of the server's programs: the newest version, or the one on PATH.
#[track_caller]
fn programs_folder() -> Option<&'static Path> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let has_all = |folder: &PathBuf| ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file());
    let folder = FOLDER.get_or_init(|| {
        let version = |folder: &PathBuf| -> Option<u32> { folder.parent()?.file_name()?.to_str()?.parse().ok() };
        let packages = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let newest = packages.map(|entry| entry.path().join("bin")).filter(has_all).max_by_key(version);
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).find(has_all).or(newest)
    });
    programs::is_here("initdb and postgres", folder.is_some()).then_some(folder.as_deref()).flatten()
}

/// A port that no server listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}
