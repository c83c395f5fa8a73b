"""Faults of the temporary file: the disk is full at any byte of it, it can't be read back, it is damaged, its folder is gone."""

import json
import os
import subprocess

from harness import OLD, check, kind, said

# Fails a write to an unnamed file after so many bytes (TEMP_FULL_AT), or the n-th read of one (BAD_READ), or changes a bit
# of what the n-th read gives (DAMAGED_READ).
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#define REAL(name) dlsym(RTLD_NEXT, name)
static int is_unnamed(int file) { struct stat about; return fstat(file, &about) == 0 && about.st_nlink == 0; }
static long number(const char *name) { const char *value = getenv(name); return value ? atol(value) : -1; }
ssize_t pwrite64(int file, const void *text, size_t length, off_t at) {
    static long written;
    ssize_t (*real)(int, const void *, size_t, off_t) = REAL("pwrite64");
    long full = number("TEMP_FULL_AT");
    if (full < 0 || !is_unnamed(file)) return real(file, text, length, at);
    long left = full - __sync_fetch_and_add(&written, (long)length);
    if (left <= 0) { errno = ENOSPC; return -1; }
    return real(file, text, length < (size_t)left ? length : (size_t)left, at);
}
ssize_t pread64(int file, void *to, size_t length, off_t at) {
    static long reads;
    ssize_t (*real)(int, void *, size_t, off_t) = REAL("pread64");
    if (!is_unnamed(file)) return real(file, to, length, at);
    long now = __sync_add_and_fetch(&reads, 1);
    if (now == number("BAD_READ")) { errno = EIO; return -1; }
    ssize_t done = real(file, to, length, at);
    if (done > 0 && now == number("DAMAGED_READ")) ((char *)to)[done / 2] ^= 1;
    return done;
}
"""

JOBS = {
    "words": ["words"],
    "words, by their bytes": ["words", "--sort=word"],
    "words in any case": ["words", "--ignore-case"],
    "the top of many": ["words", "--top=100000", "--sort=word"],
    "rows, by year": ["rows", "--by=year"],
}


@kind
def temporary(bench):
    """Faults of the temporary file, at random places."""
    rows, _ = bench.words(300_000)
    bench.path("rows").write_bytes(rows)
    bench.path("words").write_bytes(b"".join(b"word%x Word%X\n" % (n % 400_000, n % 350_000) for n in range(500_000)))
    bench.path("shim.c").write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-w", "-o", "shim.so", "shim.c", "-ldl"], cwd=bench.folder, check=True)
    preload = {**os.environ, "LD_PRELOAD": str(bench.path("shim.so"))}
    for name, job in JOBS.items():
        bound = [] if "--memory" in bench.options else ["--memory", "16MiB"]
        arguments = [*job, *bound, "-j2", "-o", "out", "--temp-dir=."]
        plain = subprocess.run([str(bench.program), *job, "--memory=none"], cwd=bench.folder, capture_output=True, check=True)
        stats = json.loads(bench.run(*arguments, "--stats=json", "-q").stderr)
        check(bench.path("out").read_bytes() == plain.stdout and stats["spilled_bytes"] > 1 << 20, name, stats)
        # A block takes some kilobytes. The number of reads varies with the threads.
        places = {"TEMP_FULL_AT": stats["spilled_bytes"], "BAD_READ": 2000, "DAMAGED_READ": 2000}
        for fault, most in places.items():
            old = new = 0
            for _ in range(max(bench.runs // 5, 10)):
                bench.path("out").write_bytes(OLD)
                place = bench.random.choice([1, 2, bench.random.randrange(1, most)])
                ran = bench.run(*arguments, env={**preload, fault: str(place)})
                content = bench.path("out").read_bytes()
                if ran.returncode == 0:
                    check(content == plain.stdout, name, fault, place, ran)
                    new += 1
                else:
                    bench.fails(ran, name, fault, place)
                    check(ran.stderr.startswith(b"ngram-count: the temporary folder .: "), name, fault, place, ran)
                    check(b"--temp-dir" in ran.stderr and content == OLD, name, fault, place, ran)
                    check(ran.stderr.count(b"the temporary folder") == 1, name, fault, place, ran)
                    old += 1
                check(not bench.names("rows", "words", "out"), name, fault, bench.names())
            check(old > 0, name, fault, "has never failed")
            said(f"{name}, {fault.lower().replace('_', ' ')}", errors_with_the_old_file_whole=old, right_results=new)
