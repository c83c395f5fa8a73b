"""Ends of a run, and results that can't be written: the old file stays whole, or the new one is."""

import itertools
import os
import signal
import subprocess
import time

from harness import OLD, check, kind, said


@kind
def signals(bench):
    """Signals at random times."""
    rows, result = bench.words(300_000)
    bench.path("rows.tsv").write_bytes(rows)
    begin = time.monotonic()
    check(bench.run("rows.tsv", "-o", "out").returncode == 0, "the run without a signal")
    last = (time.monotonic() - begin) * 1.1
    check(bench.path("out").read_bytes() == result, "the result without a signal")
    sent = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGXFSZ, signal.SIGKILL]
    for number, unnamed in itertools.product(sent, [True, False]):
        old = new = left = 0
        # No process can set the action of SIGKILL. Others may be ignored, as after nohup.
        default = None if number == signal.SIGKILL else lambda number=number: signal.signal(number, signal.SIG_DFL)
        env = None if unnamed else bench.preload(NO_UNNAMED_FILES="1")
        for _ in range(bench.runs):
            bench.path("out").write_bytes(OLD)
            child = subprocess.Popen(bench.command("rows.tsv", "-o", "out"), cwd=bench.folder, env=env,
                                     stderr=subprocess.PIPE, preexec_fn=default)
            time.sleep(bench.random.uniform(0, last))
            child.send_signal(number)
            stderr = child.communicate()[1]
            content = bench.path("out").read_bytes()
            check(content in (OLD, result) and not stderr, number.name, "leaves", len(content), "bytes", stderr)
            check(child.returncode in (0, -number, 128 + number), number.name, child.returncode)
            check(child.returncode != 0 or content == result, number.name, "status 0 without the result")
            names = bench.names("rows.tsv", "out")
            check(number == signal.SIGKILL or not names, number.name, "leaves", names)
            left += len(names)
            for name in names:
                os.remove(bench.path(name))
            old, new = old + (content == OLD), new + (content == result)
        files = "unnamed files" if unnamed else "a file system without unnamed files"
        said(f"{number.name}, {files}", old_file_whole=old, new_file_whole=new, temporary_files_left=left)


@kind
def full(bench):
    """A disk that is full at each byte of the result."""
    rows, result = bench.words(40)
    large, large_result = bench.words(100_000)
    bench.path("rows.tsv").write_bytes(rows)
    bench.path("large.tsv").write_bytes(large)
    inputs = ["rows.tsv", "large.tsv", "out", "bytes"]
    jobs = {
        "rows.tsv": (["rows.tsv"], None),
        "rows.tsv -f csv": (["rows.tsv", "-f", "csv"], None),
        "rows.tsv -f json": (["rows.tsv", "-f", "json"], None),
        "a result of 1.3 MB": (["large.tsv"], bench.runs),
        "plot --svg": (["plot", "rows.tsv", "-w", "word1", "--svg"], bench.runs),
        "plot --png": (["plot", "rows.tsv", "-w", "word1", "--png"], bench.runs),
    }
    for (name, (job, runs)), to_file in itertools.product(jobs.items(), [True, False]):
        is_plot = job[0] == "plot"
        arguments = job + (["out"] if is_plot else ["-o", "out"]) if to_file else job + (["-"] if is_plot else [])
        plain = subprocess.run([str(bench.program), *job, *(["-"] if is_plot else [])], cwd=bench.folder,
                               capture_output=True, check=True).stdout
        check(is_plot or "-f" in name or plain == (large_result if runs else result), name)
        places = range(len(plain)) if runs is None else sorted(bench.random.sample(range(len(plain)), runs))
        for place in places:
            bench.path("out").write_bytes(OLD)
            with open(bench.path("bytes"), "wb") as stdout:
                ran = bench.run(*arguments, env=bench.preload(FULL_AT=str(place)), stdout=stdout,
                                stderr=subprocess.PIPE, capture_output=False)
            check(ran.returncode == 2 and ran.stderr.endswith(b": No space left on device\n"), name, place, ran)
            check(ran.stderr.count(b"\n") == 1 and bench.path("out").read_bytes() == OLD, name, place, ran)
            check(not bench.names(*inputs), name, place, bench.names(*inputs))
        said(f"{name}, {'--output' if to_file else 'standard output'}, full at {len(places):,} places",
             errors_with_the_old_file_whole=len(places))


@kind
def pipes(bench):
    """A pipe that its reader closes after some bytes."""
    rows, result = bench.words(100_000)
    bench.path("rows.tsv").write_bytes(rows)
    places = [0, 1, 2, *sorted(bench.random.sample(range(len(result)), bench.runs))]
    for place in places:
        child = subprocess.Popen(bench.command("rows.tsv"), cwd=bench.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        read = child.stdout.read(place)
        child.stdout.close()
        stderr = child.stderr.read()
        check(child.wait() == 0 and not stderr and read == result[:place], place, child.returncode, stderr)
    said(f"a pipe closed after {len(places):,} different numbers of bytes", ends_with_status_0_without_a_message=len(places))
