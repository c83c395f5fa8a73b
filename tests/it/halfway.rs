//! Inputs that change or fail in the middle of a run: every kind of source, at each of its first reads. The result is
//! that of the old file, or a message and status 2.
//!
//! A library in C stands between the command and the system. Without a C compiler or `LD_PRELOAD`, these tests do not
//! run.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::time::SystemTime;

use crate::common::shim::Shim;
use crate::common::{PROGRAM, Ran, Scratch, bzip2, counted, gzip, sample, xz, zip, zstd};

/// At call `AT` that reads the file with inode `INODE`, or releases mapped pages, does what `DO` says. With `NO_MAP`,
/// this file can't be mapped.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#define REAL(name) dlsym(RTLD_NEXT, name)

static int is_file(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && about.st_ino == strtoul(getenv("INODE"), 0, 10);
}
static int fails(void) {
    static int calls;
    if (__sync_add_and_fetch(&calls, 1) != atoi(getenv("AT"))) return 0;
    const char *action = getenv("DO");
    int fd = open("file", O_WRONLY | (strcmp(action, "grow") ? 0 : O_APPEND));
    struct stat about;
    fstat(fd, &about);
    if (!strcmp(action, "empty")) ftruncate(fd, 0);
    if (!strcmp(action, "cut")) ftruncate(fd, about.st_size - 1);
    if (!strcmp(action, "cut at a member")) ftruncate(fd, atol(getenv("MEMBER")));
    if (!strcmp(action, "grow")) write(fd, "z\t1999\t1\t1\n", 11);
    if (!strcmp(action, "write over")) pwrite(fd, "y", 1, 0);
    if (!strcmp(action, "replace")) rename("other", "file");
    close(fd);
    errno = EIO;
    return !strcmp(action, "fail");
}
ssize_t pread64(int fd, void *to, size_t len, off_t at) {
    if (is_file(fd) && fails()) return -1;
    return ((ssize_t (*)(int, void *, size_t, off_t))REAL("pread64"))(fd, to, len, at);
}
ssize_t read(int fd, void *to, size_t len) {
    if (is_file(fd) && fails()) return -1;
    return ((ssize_t (*)(int, void *, size_t))REAL("read"))(fd, to, len);
}
int madvise(void *at, size_t len, int advice) {
    if (advice == MADV_DONTNEED && fails()) return -1;
    return ((int (*)(void *, size_t, int))REAL("madvise"))(at, len, advice);
}
static void *map(const char *name, void *at, size_t len, int prot, int flags, int fd, off_t from) {
    if (fd >= 0 && getenv("NO_MAP") && is_file(fd)) { errno = ENODEV; return MAP_FAILED; }
    return ((void *(*)(void *, size_t, int, int, int, off_t))REAL(name))(at, len, prot, flags, fd, from);
}
void *mmap(void *at, size_t len, int prot, int flags, int fd, off_t from) {
    return map("mmap", at, len, prot, flags, fd, from);
}
void *mmap64(void *at, size_t len, int prot, int flags, int fd, off_t from) {
    return map("mmap64", at, len, prot, flags, fd, from);
}
"#;

/// A way to read a file.
struct Source {
    name: &'static str,
    content: Vec<u8>,
    /// The length of the first member, which is a whole file by itself.
    member: usize,
    arguments: &'static [&'static str],
}

fn source(name: &'static str, content: Vec<u8>, arguments: &'static [&'static str]) -> Source {
    Source { name, member: content.len() / 2, content, arguments }
}

/// Two members, so that a file cut between them is whole.
fn in_members(name: &'static str, rows: &[u8], compress: fn(&[u8]) -> Vec<u8>) -> Source {
    let middle = rows.iter().take(rows.len() / 2).rposition(|&byte| byte == b'\n').unwrap() + 1;
    let first = compress(&rows[..middle]);
    let content = [&first[..], &compress(&rows[middle..])].concat();
    Source { name, member: first.len(), content, arguments: &["file"] }
}

fn sources(rows: &[u8]) -> Vec<Source> {
    let csv: String = (0..20_000).map(|n| format!("word{},1\r\n", n % 50)).collect();
    let words: String = "a\nz\n".into();
    let words = words + &(0..20_000).map(|n| format!("word{n}\n")).collect::<String>();
    let totals: String = (1000..9000).map(|year| format!("\t{year},{year},1,1")).collect();
    vec![
        source("mapped", rows.to_vec(), &["file"]),
        source("by position", rows.to_vec(), &["file"]),
        source("standard input", rows.to_vec(), &["-"]),
        in_members("gzip", rows, gzip),
        in_members("zstd", rows, zstd),
        source("zip", zip(rows), &["file"]),
        in_members("bzip2", rows, bzip2),
        in_members("xz", rows, xz),
        source("CSV", format!("word,count\r\n{csv}").into_bytes(), &["file"]),
        source("word list", words.into_bytes(), &["rows", "--words-from", "file"]),
        source("totals", totals.into_bytes(), &["rows", "--totals", "file", "--columns", "word,per-million"]),
    ]
}

/// Runs the command, to which `action` happens at call `at`.
fn run(shim: &Shim, scratch: &Scratch, source: &Source, action: &str, at: u32) -> Ran {
    scratch.write("file", &source.content);
    // The system's clock for files may stand still for some milliseconds.
    File::options().write(true).open(scratch.path("file")).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    scratch.write("other", b"x\t1999\t1\t1\n");
    scratch.write("out", "old\n");
    let mut command = scratch.command(PROGRAM);
    command.args(["-j2", "--chunk-size", "20k", "--progress", "never", "-o", "out"]).args(source.arguments);
    command.env("LD_PRELOAD", shim.path()).env("DO", action).env("AT", at.to_string());
    command.env("INODE", fs::metadata(scratch.path("file")).unwrap().ino().to_string());
    command.env("MEMBER", source.member.to_string());
    if source.name == "by position" {
        command.env("NO_MAP", "1");
    }
    if source.arguments == ["-"] {
        command.stdin(File::open(scratch.path("file")).unwrap());
    }
    Ran::of(&mut command, None)
}

#[test]
fn of_a_plain_file_the_result_is_that_of_the_old_one_or_there_is_none() {
    check(&["mapped", "by position", "standard input"]);
}

#[test]
fn of_a_stream_the_result_is_that_of_the_old_one_or_there_is_none() {
    check(&["gzip", "zstd", "zip", "bzip2", "xz", "CSV"]);
}

#[test]
fn of_a_list_the_result_is_that_of_the_old_one_or_there_is_none() {
    check(&["word list", "totals"]);
}

/// Checks these sources, with everything that can happen to a file.
fn check(names: &[&str]) {
    let rows = sample(20_000);
    let Some(shim) = Shim::of(SHIM) else { return };
    let scratch = Scratch::with([("rows", &sample(50)[..])]);
    for source in sources(&rows).into_iter().filter(|source| names.contains(&source.name)) {
        run(&shim, &scratch, &source, "nothing", 0).gives("");
        let expected = scratch.read("out");
        assert!(!["mapped", "by position", "gzip", "zip"].contains(&source.name) || expected == counted(&rows));
        for action in ["fail", "empty", "cut", "cut at a member", "grow", "write over", "replace"] {
            let mut errors = 0;
            for at in [1, 2, 5] {
                let ran = run(&shim, &scratch, &source, action, at);
                let what = format!("{}, {action} at {at}: {ran}", source.name);
                if ran.stderr().is_empty() {
                    ran.exits(0).writes("");
                    assert!(scratch.read("out") == expected, "another result: {what}");
                } else {
                    let is_one_line = ran.stderr().starts_with("ngram-count: ") && ran.stderr().lines().count() == 1;
                    assert!(is_one_line, "{what}");
                    ran.exits(2).writes("");
                    assert_eq!(scratch.read("out"), b"old\n", "{what}");
                    errors += 1;
                }
                assert_eq!(scratch.names().iter().filter(|name| name.starts_with('.')).count(), 0, "{what}");
            }
            // Otherwise the calls are no longer made, or not by way of the library.
            assert!(errors > 0 || action == "replace", "{}: {action} is never noticed", source.name);
        }
    }
}
