//! Shared code of the integration tests: a scratch folder for the command, inputs, and the oracle.

pub(crate) mod damage;
pub(crate) mod laws;
pub(crate) mod naive;
pub(crate) mod oracle;
pub(crate) mod passages;
pub(crate) mod programs;
pub(crate) mod rows;
pub(crate) mod shim;
pub(crate) mod values;

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The command under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ngram-count");

/// The chunk sizes for tests with all chunk sizes and numbers of threads.
pub(crate) const CHUNK_SIZES: [&str; 5] = ["1", "7", "64", "4KiB", "1MiB"];
/// The numbers of threads for these tests.
pub(crate) const THREADS: [&str; 3] = ["1", "2", "8"];

/// Whether tests take all cases, as in `.ci/run`, by the environment variable `NGRAM_COUNT_ALL_CUTS`. Without it they
/// take some, so that a fresh clone is tested soon.
pub(crate) fn are_all_cases() -> bool {
    env::var_os("NGRAM_COUNT_ALL_CUTS").is_some()
}

/// Pairs of a chunk size and a number of threads: all, or one for each number of threads.
pub(crate) fn ways_to_cut() -> impl Iterator<Item = [&'static str; 4]> {
    let are_all = are_all_cases();
    let pairs = (0..THREADS.len()).flat_map(|threads| (0..CHUNK_SIZES.len()).map(move |size| (threads, size)));
    pairs
        .filter(move |pair| are_all || [(0, 1), (1, 0), (2, 3)].contains(pair))
        .map(|(threads, size)| ["--threads", THREADS[threads], "--chunk-size", CHUNK_SIZES[size]])
}

/// A separate folder for each test. The command runs in this folder, so that messages name files without a path.
pub(crate) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for the test"))
    }

    /// A folder with these files.
    pub(crate) fn with<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let scratch = Self::new();
        for (name, content) in files {
            scratch.write(name, content);
        }
        scratch
    }

    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect(name);
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect(name)
    }

    /// The names of all files, in order, to check that no other file is left.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("the test's folder");
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A named pipe.
    pub(crate) fn fifo(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
        path
    }

    /// A command that runs `program` in this folder, with an empty standard input, and without environment variables
    /// about the terminal, which differ between machines.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI", "TERM", "LC_ALL", "LC_CTYPE", "LANG", "LINES"] {
            command.env_remove(name);
        }
        command.current_dir(self.0.path()).env("COLUMNS", "80").stdin(Stdio::null());
        command
    }

    /// Runs `ngram-count` with these arguments.
    pub(crate) fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(self.command(PROGRAM).args(arguments), None)
    }

    /// Runs `ngram-count` with `input` coming through a pipe.
    pub(crate) fn pipe(&self, input: &[u8], arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(self.command(PROGRAM).args(arguments), Some(input))
    }

    /// Runs a line of shell in which `$0` is `ngram-count`.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        Ran::of(self.command("sh").args(["-c", line, PROGRAM]), None)
    }
}

/// The result of a command.
pub(crate) struct Ran {
    command: String,
    output: Output,
}

impl Ran {
    pub(crate) fn of(command: &mut Command, input: Option<&[u8]>) -> Self {
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
        let output = thread::scope(|scope| {
            if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
                // The command may end before it has read everything.
                scope.spawn(move || pipe.write_all(input));
            }
            child.wait_with_output().expect("the command ends")
        });
        Self { command: format!("{command:?}"), output }
    }

    /// Waits for a running command, and returns its result.
    pub(crate) fn of_child(child: Child, what: &str) -> Self {
        Self { command: what.to_owned(), output: child.wait_with_output().expect("the command ends") }
    }

    pub(crate) fn stdout(&self) -> &[u8] {
        &self.output.stdout
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).expect("messages are UTF-8")
    }

    /// The exit status; `None` after a signal.
    pub(crate) fn status(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// Checks the exit status.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.status(), Some(code), "the exit status is another\n{self}");
        self
    }

    /// Checks standard output.
    #[track_caller]
    pub(crate) fn writes(&self, expected: impl AsRef<[u8]>) -> &Self {
        let expected = expected.as_ref();
        let shown = String::from_utf8_lossy(expected);
        assert!(self.output.stdout == expected, "expected on stdout:\n{}\n{self}", clipped(&shown));
        self
    }

    /// Checks standard error.
    #[track_caller]
    pub(crate) fn says(&self, expected: &str) -> &Self {
        assert!(self.stderr() == expected, "expected on stderr:\n{}\n{self}", clipped(expected));
        self
    }

    /// Checks success: this output, and an empty standard error.
    #[track_caller]
    pub(crate) fn gives(&self, expected: impl AsRef<[u8]>) -> &Self {
        self.exits(0).writes(expected).says("")
    }

    /// Checks failure: exactly this line on standard error, and no result.
    #[track_caller]
    pub(crate) fn fails(&self, line: &str) -> &Self {
        self.exits(2).writes("").says(&format!("ngram-count: {line}\n"))
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [stdout, stderr] = [&self.output.stdout, &self.output.stderr].map(|text| String::from_utf8_lossy(text));
        writeln!(f, "command: {}\nstatus: {}", self.command, self.output.status)?;
        write!(f, "--- stdout:\n{}\n--- stderr:\n{}", clipped(&stdout), clipped(&stderr))
    }
}

/// The beginning of a long text.
fn clipped(text: &str) -> String {
    const MAX_LETTERS: usize = 3000;
    match text.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => format!("{}... ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

/// A gzip file of one member.
pub(crate) fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A zstd frame with a checksum.
pub(crate) fn zstd(text: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.include_checksum(true).expect("a frame may have one");
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A bzip2 stream, in blocks of 100 kB.
pub(crate) fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// An xz stream with a checksum, as the program xz makes it.
pub(crate) fn xz(text: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 0);
    encoder.write_all(text).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A zip file of one deflated member, as Google's are.
pub(crate) fn zip(text: &[u8]) -> Vec<u8> {
    zip_of(&[("rows.csv", text)], CompressionMethod::Deflated)
}

/// A zip file of these members, and of a folder.
pub(crate) fn zip_of(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let options = SimpleFileOptions::DEFAULT.compression_method(method);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_directory("folder", options).expect("memory takes all");
    for (name, text) in members {
        writer.start_file(*name, options).expect("memory takes all");
        writer.write_all(text).expect("memory takes all");
    }
    writer.finish().expect("memory takes all").into_inner()
}

pub(crate) type Compress = fn(&[u8]) -> Vec<u8>;

/// All compressions, by their names in messages.
pub(crate) const COMPRESSIONS: [(&str, Compress); 5] =
    [("gzip", gzip), ("zstd", zstd), ("zip", zip), ("bzip2", bzip2), ("xz", xz)];

/// Deterministic v2 lines: unsorted words in runs, which repeat later.
pub(crate) fn sample(rows: usize) -> Vec<u8> {
    const WORDS: [&str; 9] = [
        "Aardvark",
        "a",
        "New York",
        "the_DET",
        "naïve",
        "x\"y",
        "antidisestablishmentarianism",
        "a b c d e f g h i j",
        "z",
    ];
    let mut text = Vec::new();
    for row in 0..rows {
        let word = WORDS[row / 5 * 7 % WORDS.len()];
        writeln!(text, "{word}\t{}\t{}\t{}", 1800 + row % 200, row * row % 1000 + 1, row % 3 + 1).expect("memory");
    }
    text
}

/// A file of the repository's `data/`.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// The number of fields of a line in each format, and the index of the counted field.
pub(crate) const V2: (usize, usize) = (4, 2);
pub(crate) const COUNTS: (usize, usize) = (2, 1);

/// The oracle: the count of each ngram, and the numbers of the malformed lines.
pub(crate) fn oracle((fields, counted): (usize, usize), text: &[u8]) -> (BTreeMap<Vec<u8>, u64>, Vec<u64>) {
    let mut counts = BTreeMap::new();
    let mut malformed = Vec::new();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let row: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        let is_number = |field: usize| {
            let text = std::str::from_utf8(row[field]).unwrap_or_default();
            text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
        };
        if line.is_empty() || line == b"\t" {
        } else if row.len() == fields && (1..fields).all(is_number) {
            let count: u64 = std::str::from_utf8(row[counted]).unwrap().parse().unwrap();
            *counts.entry(row[0].to_vec()).or_insert(0_u64) += count;
        } else {
            malformed.push(number);
        }
    }
    (counts, malformed)
}

/// A result in the default format: the highest count first, equal counts by the ngram's bytes.
pub(crate) fn tsv(counts: &BTreeMap<Vec<u8>, u64>) -> Vec<u8> {
    let mut rows: Vec<_> = counts.iter().collect();
    rows.sort_by_key(|&(ngram, &count)| (std::cmp::Reverse(count), ngram));
    rows.into_iter().flat_map(|(ngram, count)| [&ngram[..], format!("\t{count}\n").as_bytes()].concat()).collect()
}

/// The result for these v2 lines, which must be well-formed.
#[track_caller]
pub(crate) fn counted(text: &[u8]) -> Vec<u8> {
    let (counts, malformed) = oracle(V2, text);
    assert_eq!(malformed, [0_u64; 0], "the test's input has malformed lines");
    tsv(&counts)
}
