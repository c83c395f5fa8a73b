//! Reading: an end that comes only once, failures at the beginning, files that change or have a wrong length, and the
//! counted bytes.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use crate::common::programs::has;
use crate::common::shim::Shim;
use crate::common::{COMPRESSIONS, PROGRAM, Ran, Scratch, bzip2, counted, gzip, sample, tsv, xz, zip_of, zstd};
use zip::CompressionMethod;

/// Types `keys` in a new terminal, with the file `out` as standard output. Prints `hung` if the command does not end.
const TYPE: &str = r#"
import os, pty, select, signal, sys, time
keys = sys.argv[1].encode().replace(b"^D", b"\x04")
pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
os.write(terminal, keys)
deadline = time.time() + 20
while True:
    if not select.select([terminal], [], [], max(0, deadline - time.time()))[0]:
        os.kill(pid, signal.SIGKILL)
        print("hung")
        break
    try:
        if not os.read(terminal, 4096):
            break
    except OSError:
        break
os.waitpid(pid, 0)
"#;

#[test]
fn one_ctrl_d_ends_what_is_typed() {
    if !has("python3") {
        return;
    }
    let scratch = Scratch::with([("rows", &sample(100)[..])]);
    let cases: [(&str, &[&str], &str); 5] = [
        ("b a\na\n^D", &["-"], "a\t2\nb\t1\n"),
        ("a\t5\n^D", &["-"], "a\t5\n"),
        ("b a\n^D", &["-", "-i", "text"], "a\t1\nb\t1\n"),
        // In the middle of a line, a terminal wants it twice.
        ("a b^D^D", &["-"], "a\t1\nb\t1\n"),
        ("no such word\n^D", &["--words-from", "-", "rows"], "no such word\t0\n"),
    ];
    for (keys, arguments, expected) in cases {
        let mut command = scratch.command("python3");
        command.args(["-c", TYPE, keys, PROGRAM, "-o", "out"]).args(arguments);
        let ran = Ran::of(&mut command, None);
        assert_eq!(ran.stdout(), b"", "{keys:?} {ran}");
        assert_eq!(scratch.read("out"), expected.as_bytes(), "{keys:?}");
        fs::remove_file(scratch.path("out")).unwrap();
    }
}

/// A library that makes only call number `FAIL` of `pread`, or of `read` from a pipe, fail.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
static int calls;
static int fails(void) {
    const char *number = getenv("FAIL");
    return number && __sync_add_and_fetch(&calls, 1) == atoi(number);
}
ssize_t pread64(int fd, void *to, size_t len, off64_t at) {
    ssize_t (*next)(int, void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pread64");
    if (fails()) { errno = EIO; return -1; }
    return next(fd, to, len, at);
}
ssize_t read(int fd, void *to, size_t len) {
    ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    struct stat about;
    if (fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode) && fails()) { errno = EIO; return -1; }
    return next(fd, to, len);
}
"#;

/// The sum of the counts of a result.
fn sum(result: &[u8]) -> u64 {
    let counts = result.split(|&byte| byte == b'\n' || byte == b'\t').skip(1).step_by(2);
    counts.map(|count| std::str::from_utf8(count).unwrap().parse::<u64>().unwrap()).sum()
}

#[test]
fn a_failure_while_the_format_is_found_out_is_told() {
    let rows = sample(20_000);
    let scratch = Scratch::with([("rows", &rows[..]), ("rows.gz", &gzip(&rows))]);
    let Some(shim) = Shim::of(SHIM) else { return };
    let run = |file: &str, fail: u32, options: &[&str]| {
        let mut command = scratch.command(PROGRAM);
        command.arg("-j1").args(options).env("FAIL", fail.to_string()).env("LD_PRELOAD", shim.path());
        if file == "-" { Ran::of(&mut command, Some(&rows)) } else { Ran::of(command.arg(file), None) }
    };
    for (file, name) in [("rows", "rows"), ("rows.gz", "rows.gz"), ("-", "standard input")] {
        for fail in 1..=6 {
            let ran = run(file, fail, &[]);
            // The first calls read the head; after that, a file may be mapped.
            if fail <= 2 || file == "-" {
                ran.fails(&format!("{name}: Input/output error"));
            } else if ran.stderr().is_empty() {
                ran.gives(counted(&rows));
            } else {
                ran.fails(&format!("{name}: Input/output error"));
            }
        }
    }
    for options in [&["-i", "text"][..], &["-i", "v2"], &["--by", "year"], &["-w", "a"]] {
        run("rows", 2, options).fails("rows: Input/output error");
    }
    run("rows", 2, &["--keep-going"]).exits(2).writes("").says("ngram-count: rows: Input/output error\n");
    // What a stream gave before the failure is counted then: whole lines, in the format that these have.
    for fail in 2..=4 {
        let ran = run("-", fail, &["--keep-going", "--chunk-size=1"]);
        ran.exits(2).says("ngram-count: standard input: Input/output error\n");
        let line_ends: Vec<_> = (0..=rows.len()).filter(|&end| end == 0 || rows[end - 1] == b'\n').collect();
        let lines = line_ends.partition_point(|&end| sum(&counted(&rows[..end])) < sum(ran.stdout()));
        assert_eq!(counted(&rows[..line_ends[lines]]), ran.stdout(), "{ran}");
        assert!(fail == 2 || !ran.stdout().is_empty(), "{ran}");
    }
}

#[test]
fn bytes_are_those_of_the_content() {
    let text = "a b\nc";
    let utf16: Vec<u8> = "\u{FEFF}a b\nc".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = "\u{FEFF}a b\nc";
    let zip = zip_of(&[("1", b"a b"), ("2", b"\xEF\xBB\xBFc"), ("3", b""), ("4", &utf16)], CompressionMethod::Deflated);
    let csv = b"word,count\r\na,5\r\n";
    let table = b"\xEF\xBB\xBFa\t5\r\n\nb\t6";
    let mut cases = vec![("zip members".to_owned(), zip, 3 + 4 + utf16.len())];
    for content in [text.as_bytes(), marked.as_bytes(), &utf16, csv, table, b"\xEF\xBB\xBF", b""] {
        cases.push(("plain".into(), content.to_vec(), content.len()));
        for (name, compress) in COMPRESSIONS {
            cases.push((name.into(), compress(content), content.len()));
        }
    }
    cases.push(("members".into(), [gzip(b"a b"), gzip(b"c\n")].concat(), 5));
    cases.push(("frames".into(), [zstd(b"a b"), zstd(b"c\n")].concat(), 5));
    cases.push(("streams".into(), [bzip2(b"a b"), bzip2(b"c\n")].concat(), 5));
    cases.push(("padded".into(), [&xz(b"a b")[..], &[0; 8], &xz(b"c\n")].concat(), 5));
    for (what, content, bytes) in cases {
        let scratch = Scratch::with([("f", &content[..])]);
        for size in ["1", "1MiB"] {
            let stats = ["--stats", "json", "--chunk-size", size];
            for ran in [scratch.run(stats.iter().chain(&["f"])), scratch.pipe(&content, stats)] {
                let stats: serde_json::Value = serde_json::from_str(&ran.exits(0).stderr()).unwrap();
                assert_eq!(
                    (&stats["bytes"], &stats["inputs"][0]["bytes"]),
                    (&bytes.into(), &bytes.into()),
                    "{what} {ran}"
                );
            }
        }
    }
}

/// Such files claim 4096 bytes, and have only a few.
#[test]
fn files_of_the_system_are_read_as_streams() {
    let files = ["/sys/kernel/mm/transparent_hugepage/enabled", "/sys/devices/system/cpu/online", "/proc/self/limits"];
    for file in files.map(Path::new).iter().filter(|file| file.exists()) {
        let text = fs::read(file).unwrap();
        let words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let mut counts = std::collections::BTreeMap::new();
        for word in words {
            *counts.entry(word.to_vec()).or_insert(0) += 1;
        }
        Scratch::new().run(["-i".as_ref(), "text".as_ref(), file.as_os_str()]).gives(tsv(&counts));
        let ran = Ran::of(Scratch::new().command(PROGRAM).args(["-i", "text"]).stdin(File::open(file).unwrap()), None);
        ran.gives(tsv(&counts));
    }
}

#[test]
fn a_plain_and_a_compressed_file_joined_by_cat() {
    for (name, compress) in COMPRESSIONS {
        let rows = sample(300);
        for (before, line) in [(&rows[..], 301), (&rows[..rows.len() - 1], 300)] {
            let scratch = Scratch::with([("a.tsv", before), ("b", &compress(&rows)[..])]);
            let expected = format!(
                "standard input:{line}: {name} data begins in this line, as where cat joins a plain and a compressed file; \
                 name both files instead"
            );
            // In text there are no malformed lines, but a NUL is soon met.
            scratch.write("a.txt", "once upon a time\n".repeat(10));
            let ran = scratch.shell("cat a.txt b | \"$0\"");
            let what = format!(", where {name} data begins, as where cat joins a plain and a compressed file;");
            assert!(ran.exits(2).writes("").stderr().contains(&what), "{ran}");
            for options in ["-j1", "-j2 --chunk-size 100", "-j8 --chunk-size 1", "-i v2"] {
                scratch.shell(&format!("cat a.tsv b | \"$0\" {options}")).fails(&expected);
            }
        }
    }
}

/// The cut may come before or after the end of the run.
#[test]
fn a_file_cut_by_one_byte_meanwhile_has_changed() {
    let text = sample(50_000);
    for options in [&[][..], &["--by", "year"], &["--skip-malformed"]] {
        let scratch = Scratch::with([("rows", &text[..])]);
        let expected = scratch.run(["rows"].iter().chain(options));
        let mut command = scratch.command(PROGRAM);
        command.args(["rows", "-j", "1", "--chunk-size", "1"]).args(options);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let maps = format!("/proc/{}/maps", child.id());
        while child.try_wait().unwrap().is_none() && !fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("/rows"))
        {
        }
        File::options().write(true).open(scratch.path("rows")).unwrap().set_len(text.len() as u64 - 1).unwrap();
        let ran = Ran::of_child(child, "ngram-count rows, while it is cut by one byte");
        if ran.stderr().is_empty() {
            ran.gives(expected.stdout());
        } else {
            let (before, now) = (text.len(), text.len() - 1);
            ran.fails(&format!(
                "rows: changed from {before} to {now} bytes while it was read; count it again when nothing writes to it"
            ));
        }
    }
}
