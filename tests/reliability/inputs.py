"""Inputs that are cut, damaged or unreadable."""

import itertools
import os
import subprocess
import time

from harness import COMPRESSIONS, OLD, check, counted, kind, said


@kind
def cut(bench):
    """Input cut at each byte."""
    rows, _ = bench.words(60)
    for name, content in {"plain": rows, **{name: compress(rows) for name, compress in COMPRESSIONS.items()}}.items():
        right = message = 0
        for length, is_pipe in itertools.product(range(len(content)), [False, True]):
            bench.path("in").write_bytes(content[:length])
            if is_pipe:
                ran = bench.run("-i", "v2", "-", input=content[:length], stdin=None)
            else:
                ran = bench.run("-i", "v2", "in")
            if ran.returncode == 0:
                # A plain file that ends in its last number, or behind a line, is a whole file of fewer rows.
                check(name == "plain" or length == 0, name, length, ran)
                check(ran.stdout == counted(content[:length]) and not ran.stderr, name, length, ran)
                right += 1
            else:
                bench.fails(ran, name, length)
                message += 1
        said(f"{name}, cut at each of {len(content):,} bytes, file and pipe", right_counts_of_the_rest=right, errors=message)


@kind
def damage(bench):
    """Compressed data with each bit flipped."""
    rows, result = bench.words(60)
    for name, compress in COMPRESSIONS.items():
        content = compress(rows)
        right = message = 0
        for bit in range(len(content) * 8):
            damaged = bytearray(content)
            damaged[bit // 8] ^= 1 << bit % 8
            ran = bench.run("-i", "v2", "-", input=bytes(damaged), stdin=None)
            if ran.returncode == 0:
                # Bits without a meaning, as in the time of a file.
                check(ran.stdout == result, name, bit, ran)
                right += 1
            else:
                bench.fails(ran, name, bit)
                message += 1
        said(f"{name}, each of {len(content) * 8:,} bits flipped", right_counts=right, errors=message)


def write_over(file, content):
    """As cp does: the same file, cut to nothing, and then written."""
    with open(file, "wb") as to:
        to.write(content)


def write_in_place(file, content):
    """As a database does: the length is never another one."""
    with open(file, "r+b") as to:
        to.write(content)


def replace(file, content):
    """As this program does with its results."""
    file.with_name("other").write_bytes(content)
    os.replace(file.with_name("other"), file)


def append(file, content):
    with open(file, "ab") as to:
        to.write(content)


@kind
def changes(bench):
    """Files that change at random times."""
    rows, old = bench.words(200_000)
    # The same length, and other counts.
    others = rows.replace(b"\t9\t1\n", b"\t8\t1\n")
    for name, compress in {"plain": bytes, **COMPRESSIONS}.items():
        content, other = compress(rows), compress(others)
        results = {content: old}
        bench.path("in").write_bytes(content)
        begin = time.monotonic()
        bench.run("in")
        last = (time.monotonic() - begin) * 1.1
        for change in [write_over, write_in_place, replace, append]:
            right = errors = 0
            for _ in range(bench.runs // 4):
                bench.path("in").write_bytes(content)
                # The system's clock for files may stand still for some milliseconds.
                os.utime(bench.path("in"), (0, 0))
                bench.path("out").write_bytes(OLD)
                child = subprocess.Popen(bench.command("in", "-o", "out"), cwd=bench.folder, stderr=subprocess.PIPE)
                time.sleep(bench.random.uniform(0, last))
                change(bench.path("in"), other)
                message = child.communicate()[1]
                there, now = bench.path("out").read_bytes(), bench.path("in").read_bytes()
                if child.returncode == 0:
                    if now not in results:
                        results[now] = bench.run("in").stdout
                    # The change came before the file was opened, or after the last byte was read. A file that is
                    # written over is empty for a moment.
                    right_ones = [old, results[now], *([b""] if change is write_over else [])]
                    check(there in right_ones and not message, name, change.__name__, len(there), message)
                    right += 1
                else:
                    check(child.returncode == 2 and message.count(b"\n") == 1 and there == OLD, name, message)
                    errors += 1
            said(f"{name}, {change.__name__.replace('_', ' ')}", right_results=right, errors=errors)
