"""Lines, fields and unpacked files of any length, and few descriptors and threads."""

import contextlib
import gzip
import itertools
import os
import pathlib
import resource
import shutil
import subprocess
import time

from harness import OLD, check, kind, said, zipped, zstded


@kind
def descriptors(bench):
    """Few file descriptors."""
    rows, result = bench.words(2000)
    for name, content in [("rows.tsv", rows), ("rows.gz", gzip.compress(rows)), ("words", b"word7\nword8\n"), ("x.tsv", b"")]:
        bench.path(name).write_bytes(content)
    jobs = [
        # With a small bound, a note would tell that fewer than 8 threads work.
        (["rows.tsv"], result), (["rows.gz"], result), (["rows.tsv", "x.tsv", "-j2" if bench.options else "-j8"], result),
        (["rows.tsv", "--words-from", "words"], b"word7\t8\nword8\t9\n"), (["rows.tsv", "-o", "out"], b""),
        (["plot", "rows.tsv", "-w", "word7", "--data"], b"year,word,value\r\n1907,word7,8\r\n"),
    ]
    right = message = unloaded = 0
    for limit, (job, expected) in itertools.product(range(3, 21), jobs):
        bench.path("out").write_bytes(OLD)
        ran = bench.run(*job, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
        there = bench.path("out").read_bytes()
        if ran.returncode == 0:
            is_plot = job[0] == "plot"
            check((is_plot or ran.stdout == expected) and not ran.stderr, limit, job, ran)
            check(there == (result if "-o" in job else OLD), limit, job)
            right += 1
        elif ran.returncode == 127:
            unloaded += 1
        else:
            bench.fails(ran, limit, job)
            check(there == OLD, limit, job)
            message += 1
        check(bench.names("rows.tsv", "rows.gz", "words", "x.tsv", "out") == [], limit, job)
    said("3 to 20 descriptors, 6 commands", right_results=right, errors=message, not_loaded_by_the_system=unloaded)


def peak(bench, *arguments, pipe=None, limit=None):
    """Runs a command. Returns its result, status, message, seconds, and the peak of its memory in MiB."""
    bounded = limit and (lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    begin = time.monotonic()
    with open(bench.path("result"), "w+b") as out, open(bench.path("messages"), "w+b") as err:
        feeder = pipe and subprocess.Popen(pipe, shell=True, stdout=subprocess.PIPE, cwd=bench.folder)
        child = subprocess.Popen(bench.command(*arguments), cwd=bench.folder, stdout=out, stderr=err, preexec_fn=bounded or None,
                                 stdin=feeder.stdout if feeder else subprocess.DEVNULL)
        if feeder:
            feeder.stdout.close()
        memory = 0
        # The system's account after the end would have the memory of Python in it, before the program took its place.
        while child.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
                if f"{bench.program.name[:15]}\n" in status:
                    memory = int(status.split("VmHWM:")[1].split()[0]) // 1024
            time.sleep(0.02)
        if feeder:
            feeder.wait()
        out.seek(0)
        err.seek(0)
        # Results here are short, or hold one word of gigabytes.
        length = os.fstat(out.fileno()).st_size
        text = out.read(1 << 20) if length < 1 << 20 else b"%d bytes" % length
        return text, child.returncode, err.read().decode(), time.monotonic() - begin, memory


def seen(what, ran):
    text, status, message, seconds, memory = ran
    shown = message.strip() or text.decode(errors="replace").strip()[:80]
    print(f"{what}: status {status}, {seconds:.1f} s, {memory:,} MiB: {shown}", flush=True)


def zip_of_many(text, times):
    """An archive of many equal members. Packing each of them would take minutes."""
    one = zipped(text)
    end = one.index(b"PK\x01\x02")
    listed = one[end : one.rindex(b"PK\x05\x06")]
    return one[:end] * times + listed * times + b"PK\x05\x06" + bytes(18)


@kind
def bombs(bench):
    """Files of some MB that unpack to 10 GB."""
    row, times = b"Aardvark\t1999\t7\t1\n", 160
    rows = (64 << 20) // len(row)
    makers = {
        "gzip": lambda text: gzip.compress(text, 6) * times,
        "zstd": lambda text: zstded(text) * times,
        "zip": lambda text: zip_of_many(text, times),
    }
    contents = {"one line": row * rows, "zeros": bytes(64 << 20)}
    for (name, make), (what, text) in itertools.product(makers.items(), contents.items()):
        bench.path("bomb").write_bytes(make(text))
        stored, unpacked = bench.path("bomb").stat().st_size, len(text) * times
        ran = peak(bench, "bomb", "--progress", "never")
        if what == "one line":
            check(ran[0] == b"Aardvark\t%d\n" % (7 * rows * times) and ran[1] == 0, name, ran)
        else:
            check(ran[1] == 2 and not ran[0], name, ran)
        check(ran[4] < 128, name, what, ran[4], "MiB")
        seen(f"{name} of {stored:,} bytes, {unpacked:,} bytes of {what}", ran)
        if what == "zeros":
            # Told to take it for a table, the program meets a line of 10 GB.
            ran = peak(bench, "bomb", "-i", "v2", "--progress", "never", limit=2 << 30)
            check(ran[1] == 2 and not ran[0] and ran[2].count("\n") == 1, name, ran)
            seen("the same as -i v2, with ulimit -v of 2 GiB", ran)


@kind
def lines(bench):
    """A line of 5 GB."""
    size = 5 << 30
    word = f"head -c {size} /dev/zero | tr '\\0' a"
    feed = f"{word}; printf '\\t1999\\t7\\t1\\nb\\t1999\\t3\\t1\\n'"
    with open(bench.path("line"), "wb") as file:
        file.truncate(size)
    seen("a sparse file of 5 GiB", peak(bench, "line"))
    seen("the same as -i v2", peak(bench, "line", "-i", "v2"))
    os.remove(bench.path("line"))
    ran = peak(bench, "-i", "v2", "-", pipe=feed, limit=2 << 30)
    check(ran[1] == 2 and not ran[0], ran)
    seen("a row of 5 GiB from a pipe, with ulimit -v of 2 GiB", ran)
    if shutil.disk_usage(bench.folder).free > 3 * size:
        subprocess.run(f"{{ {feed}; }} >line", shell=True, check=True, cwd=bench.folder)
        ran = peak(bench, "line", "-i", "v2", "-w", "b")
        check(ran[0] == b"b\t3\n", ran)
        seen("a row of 5 GiB in a file, asked for another word", ran)
        ran = peak(bench, "line", "-i", "v2", "-j2", limit=16 << 30)
        check(ran[1] == 2 and not ran[0] or ran[0] == b"%d bytes" % (size + 3 + 4), ran)
        seen("the same, all words, with ulimit -v of 16 GiB", ran)
        os.remove(bench.path("line"))
    else:
        print("a row of 5 GiB in a file: not tried, the disk is too full")


@kind
def fields(bench):
    """A line of 10,000,000 fields."""
    fields = 10_000_000
    bench.path("line").write_bytes(b"a" + b"\t1999" * fields + b"\nb\t1999\t3\t1\n")
    ran = peak(bench, "-i", "v2", "line")
    check(ran[1] == 2 and not ran[0], ran)
    seen("a row of 10,000,001 fields (v2)", ran)
    ran = peak(bench, "-i", "v2", "line", "--skip-malformed")
    check(ran[0] == b"b\t3\n", ran)
    seen("the same, left out", ran)
    bench.path("line").write_bytes(b"a" + b"\t1999,3,1" * fields + b"\n")
    ran = peak(bench, "line")
    check(ran[0] == b"a\t%d\n" % (3 * fields), ran)
    seen("a row of 10,000,000 years (v3)", ran)
    os.remove(bench.path("line"))
