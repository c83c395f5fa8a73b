"""What all kinds of faults share: the folder and the program, the oracle, the checks, and what is printed."""

import bz2
import collections
import gzip
import io
import lzma
import os
import random
import subprocess
import zipfile

# Fails the n-th byte that is written (FULL_AT), or makes all files named (NO_UNNAMED_FILES). A part of a write succeeds.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#define REAL(name) dlsym(RTLD_NEXT, name)
ssize_t write(int file, const void *text, size_t length) {
    static long written;
    ssize_t (*real)(int, const void *, size_t) = REAL("write");
    const char *full = getenv("FULL_AT");
    if (file == 2 || !full) return real(file, text, length);
    long left = atol(full) - written;
    if (left <= 0 && length > 0) { errno = ENOSPC; return -1; }
    ssize_t done = real(file, text, length < (size_t)left ? length : (size_t)left);
    if (done > 0) written += done;
    return done;
}
static int none(int flags) {
    if ((flags & O_TMPFILE) == O_TMPFILE && getenv("NO_UNNAMED_FILES")) { errno = EOPNOTSUPP; return 1; }
    return 0;
}
int openat(int folder, const char *name, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return none(flags) ? -1 : ((int (*)(int, const char *, int, mode_t))REAL("openat"))(folder, name, flags, mode);
}
int openat64(int folder, const char *name, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    return none(flags) ? -1 : ((int (*)(int, const char *, int, mode_t))REAL("openat64"))(folder, name, flags, mode);
}
"""

# The content of an output file before each run.
OLD = b"old\n"


class Wrong(Exception):
    """A result that is not the right one."""


def check(is_right, *what):
    if not is_right:
        raise Wrong(" ".join(str(part) for part in what))


def kind(function):
    KINDS[function.__name__.rstrip("_")] = function
    return function


KINDS = {}


def said(text, **counts):
    """Prints a line of the table: what was tried, and how often each outcome came."""
    print(f"{text}: " + ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in counts.items()), flush=True)


class Bench:
    """A folder, the program, and the options of the current variant."""

    def __init__(self, program, folder, options, runs):
        self.program, self.folder, self.options, self.runs = program, folder, options, runs
        self.random = random.Random(1)
        self.shim = None

    def path(self, name):
        return self.folder / name

    def command(self, *arguments):
        subcommand, rest = (arguments[:1], arguments[1:]) if arguments[:1] == ("plot",) else ((), arguments)
        return [str(self.program), *subcommand, *self.options, *rest]

    def run(self, *arguments, **how):
        how = {"cwd": self.folder, "stdin": subprocess.DEVNULL, "capture_output": True, **how}
        return subprocess.run(self.command(*arguments), check=False, **how)

    def fails(self, ran, *what):
        """One line on standard error, no result, status 2."""
        is_line = ran.stderr.startswith(b"ngram-count: ") and ran.stderr.count(b"\n") == 1 and ran.stderr.endswith(b"\n")
        check(ran.returncode == 2 and is_line and not ran.stdout, *what, ran)

    def names(self, *inputs):
        return sorted(set(os.listdir(self.folder)) - set(inputs) - {"shim.so", "shim.c"})

    def preload(self, **variables):
        if self.shim is None:
            self.path("shim.c").write_text(SHIM)
            compiler = ["cc", "-shared", "-fPIC", "-w", "-o", "shim.so", "shim.c", "-ldl"]
            subprocess.run(compiler, cwd=self.folder, check=True)
            self.shim = str(self.path("shim.so"))
        return {**os.environ, "LD_PRELOAD": self.shim, **variables}

    def words(self, number):
        """Rows of so many words, and their counts in the order of the result."""
        rows = b"".join(b"word%d\t%d\t%d\t1\n" % (n, 1900 + n % 100, n % 9 + 1) for n in range(number))
        result = sorted(((b"word%d" % n, n % 9 + 1) for n in range(number)), key=lambda row: (-row[1], row[0]))
        return rows, b"".join(b"%b\t%d\n" % row for row in result)


def counted(rows):
    """The oracle: the result for rows of version 2, which must be well-formed."""
    counts = collections.Counter()
    for row in rows.split(b"\n"):
        if row:
            word, _, count, _ = row.split(b"\t")
            counts[word] += int(count)
    return b"".join(b"%b\t%d\n" % row for row in sorted(counts.items(), key=lambda row: (-row[1], row[0])))


def zipped(text, name="rows.csv", method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo(name), text, method, 6)
    return content.getvalue()


def zstded(text):
    return subprocess.run(["zstd", "-q", "-c", "--check"], input=text, capture_output=True, check=True).stdout


COMPRESSIONS = {"gzip": gzip.compress, "zstd": zstded, "zip": zipped, "bzip2": bz2.compress, "xz": lzma.compress}
