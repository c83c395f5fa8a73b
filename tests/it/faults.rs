//! System calls that fail, one after the other, during the replacement of a file: either the whole result is there, or
//! the old file with a message and status 2. Nothing else is left.
//!
//! A library in C stands between the command and the system. Without a C compiler or `LD_PRELOAD`, these tests do not
//! run.

use std::fs;
use std::os::unix::fs::MetadataExt;

use crate::common::shim::Shim;
use crate::common::{PROGRAM, Ran, Scratch, are_all_cases, sample};

/// Makes calls of one function fail: `FAIL=name:number:errno`, where the number is that of the call, or 0 for all
/// calls. Of `close`, only calls for writable descriptors count.
const SHIM: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static int fails(const char *name) {
    static int calls;
    const char *asked = getenv("FAIL");
    size_t length = strlen(name);
    if (!asked || strncmp(asked, name, length) || asked[length] != ':') return 0;
    char *rest;
    long number = strtol(asked + length + 1, &rest, 10);
    int call = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (number && number != call) return 0;
    errno = atoi(rest + 1);
    return 1;
}

#define REAL(result, name, ...) ((result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name))

int fsync(int file) { return fails("fsync") ? -1 : REAL(int, "fsync", int)(file); }
int fchmod(int file, mode_t mode) { return fails("fchmod") ? -1 : REAL(int, "fchmod", int, mode_t)(file, mode); }
int fchown(int file, uid_t user, gid_t group) {
    return fails("fchown") ? -1 : REAL(int, "fchown", int, uid_t, gid_t)(file, user, group);
}
ssize_t write(int file, const void *text, size_t length) {
    return file != 2 && fails("write") ? -1 : REAL(ssize_t, "write", int, const void *, size_t)(file, text, length);
}
int close(int file) {
    int flags = fcntl(file, F_GETFL), failed = 0, code = 0;
    if (flags != -1 && (flags & O_ACCMODE) != O_RDONLY && fails("close")) { failed = 1; code = errno; }
    int closed = REAL(int, "close", int)(file);
    if (failed) errno = code;
    return failed ? -1 : closed;
}
int linkat(int from, const char *old, int to, const char *new, int flags) {
    return fails("linkat") ? -1 : REAL(int, "linkat", int, const char *, int, const char *, int)(from, old, to, new, flags);
}
int renameat(int from, const char *old, int to, const char *new) {
    return fails("renameat") ? -1 : REAL(int, "renameat", int, const char *, int, const char *)(from, old, to, new);
}
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    if (fails("renameat2")) return -1;
    return REAL(int, "renameat2", int, const char *, int, const char *, unsigned)(from, old, to, new, flags);
}
int unlinkat(int folder, const char *name, int flags) {
    return fails("unlinkat") ? -1 : REAL(int, "unlinkat", int, const char *, int)(folder, name, flags);
}
static int open_at(const char *real, int folder, const char *name, int flags, mode_t mode) {
    if ((flags & O_TMPFILE) == O_TMPFILE) {
        const char *none = getenv("NO_UNNAMED_FILES");
        if (none || fails("tmpfile")) { if (none) errno = EOPNOTSUPP; return -1; }
    }
    return REAL(int, real, int, const char *, int, mode_t)(folder, name, flags, mode);
}
int openat(int folder, const char *name, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return open_at("openat", folder, name, flags, mode);
}
int openat64(int folder, const char *name, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return open_at("openat64", folder, name, flags, mode);
}
"#;

/// A run with failing calls.
fn run(shim: &Shim, scratch: &Scratch, fail: &str, has_unnamed: bool, line: &str) -> Ran {
    let mut command = scratch.command("sh");
    command.args(["-c", &format!("LD_PRELOAD=$SHIM exec \"$0\" {line}"), PROGRAM]);
    command.env("SHIM", shim.path()).env("FAIL", fail);
    if !has_unnamed {
        command.env("NO_UNNAMED_FILES", "1");
    }
    Ran::of(&mut command, None)
}

const EIO: i32 = 5;
const EINVAL: i32 = 22;
const ENOSPC: i32 = 28;
const EOPNOTSUPP: i32 = 95;

const CALLS: [&str; 10] =
    ["fsync", "fchmod", "fchown", "write", "close", "linkat", "renameat", "renameat2", "unlinkat", "tmpfile"];

/// Checks that a run has failed or done everything. Returns whether it failed.
fn failed(ran: &Ran, scratch: &Scratch, old: Option<&[u8]>, new: &[u8]) -> bool {
    let there = fs::read(scratch.path("out")).ok();
    let failed = !ran.stderr().is_empty();
    if failed {
        ran.exits(2).writes("");
        assert!(ran.stderr().starts_with("ngram-count: ") && ran.stderr().lines().count() == 1, "{ran}");
        assert!(there.as_deref() == old, "{ran}");
    } else {
        ran.exits(0).writes("");
        assert!(there.as_deref() == Some(new), "{ran}");
    }
    let names: Vec<_> = scratch.names().into_iter().filter(|name| !["rows.tsv", "out"].contains(&&name[..])).collect();
    assert_eq!(names, [""; 0], "nothing is left\n{ran}");
    failed
}

#[test]
fn whatever_fails_the_old_file_is_there_or_the_new_one() {
    let Some(shim) = Shim::of(SHIM) else { return };
    let rows = sample(2000);
    for line in ["rows.tsv -o out", "plot rows.tsv -w a --svg out"] {
        let fresh = Scratch::with([("rows.tsv", &rows[..])]);
        run(&shim, &fresh, "", true, line).gives("");
        let new = fresh.read("out");
        for has_unnamed in [true, false] {
            for call in CALLS {
                let mut failures = 0;
                for (number, errno) in
                    (1..=4).map(|number| (number, EIO)).chain([(1, ENOSPC), (1, EINVAL), (0, EOPNOTSUPP)])
                {
                    // Nothing can be removed then.
                    if call == "unlinkat" && number == 0 {
                        continue;
                    }
                    let old_files = [Some(&b"old\n"[..]), None];
                    let tried = if are_all_cases() || number == 1 { 2 } else { 1 };
                    for &old in &old_files[..tried] {
                        let scratch = Scratch::with([("rows.tsv", &rows[..])]);
                        if let Some(old) = old {
                            scratch.write("out", old);
                        }
                        let ran = run(&shim, &scratch, &format!("{call}:{number}:{errno}"), has_unnamed, line);
                        failures += usize::from(failed(&ran, &scratch, old, &new));
                    }
                }
                // Otherwise the calls are no longer made, or not by way of the library.
                let must_fail = ["fsync", "fchmod", "write", "close", "renameat2"].contains(&call);
                assert!(!must_fail || failures > 0, "{call} of {line}");
            }
        }
    }
}

/// Two results are one step: if the second can't be written, the first file is unchanged.
#[test]
fn several_results_are_replaced_together() {
    let Some(shim) = Shim::of(SHIM) else { return };
    let rows = sample(200);
    for line in
        ["plot rows.tsv -w a --svg one --png two", "bench rows.tsv -q -r2 --chunk-sizes 1M --export-json one --svg two"]
    {
        let failures = [("write", 2), ("fsync", 1), ("fsync", 4), ("write", 1), ("fsync", 2), ("fsync", 3)];
        for &(call, number) in if are_all_cases() { &failures[..] } else { &failures[..3] } {
            let scratch = Scratch::with([("rows.tsv", &rows[..]), ("one", b"1"), ("two", b"2")]);
            let ran = run(&shim, &scratch, &format!("{call}:{number}:{EIO}"), true, &format!("{line} >stdout"));
            assert!(ran.exits(2).stderr().ends_with(": Input/output error\n"), "{ran}");
            assert_eq!((scratch.read("one"), scratch.read("two")), (b"1".to_vec(), b"2".to_vec()), "{ran}");
        }
    }
}

/// A network file system may report an error only when a file is closed.
#[test]
fn standard_output_that_cannot_be_closed_is_an_error() {
    let Some(shim) = Shim::of(SHIM) else { return };
    let scratch = Scratch::with([("rows.tsv", &b"a\t1999\t5\t1\n"[..])]);
    for command in ["rows.tsv", "plot rows.tsv -w a", "man", "--version", "rows.tsv -o /dev/fd/3 3>out"] {
        let ran = run(&shim, &scratch, "close:0:5", true, &format!("{command} >stdout"));
        let line = "Input/output error\n";
        assert!(ran.exits(2).stderr().contains(line), "{ran}");
    }
}

#[test]
fn without_unnamed_files_the_temporary_one_is_private_and_goes() {
    let Some(shim) = Shim::of(SHIM) else { return };
    let scratch = Scratch::with([("out", &b"old\n"[..])]);
    let before = fs::metadata(scratch.path("out")).unwrap();
    // The last ones are IO, STKFLT and a real-time signal.
    for (signal, status) in [
        ("TERM", 143),
        ("QUIT", 131),
        ("USR1", 138),
        ("ALRM", 142),
        ("HUP", 129),
        ("29", 157),
        ("16", 144),
        ("35", 163),
    ] {
        let line = format!(
            "chmod 600 out; umask 0; mkfifo in; LD_PRELOAD={} NO_UNNAMED_FILES=1 env --default-signal \"$0\" in -o out & \
             exec 9>in; sleep 0.3; stat -c %a .ngram-count-*; kill -{signal} $!; wait $!; echo $?; rm in",
            shim.path().display()
        );
        let ran = scratch.shell(&line);
        assert_eq!(String::from_utf8_lossy(ran.stdout()), format!("600\n{status}\n"), "{ran}");
        assert_eq!((scratch.names(), scratch.read("out")), (vec!["out".to_owned()], b"old\n".to_vec()));
    }
    assert_eq!(fs::metadata(scratch.path("out")).unwrap().ino(), before.ino());
}
