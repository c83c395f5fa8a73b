"""The part of ngram_count_spark.py that runs on the workers: one process of ngram-count for each part of the input.

It travels there pickled, so that the workers need no file of it: only Python, pyarrow, numpy and the program itself.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
from typing import BinaryIO, Iterable, Iterator, NamedTuple, Optional

import numpy as np
import pyarrow as pa
import pyarrow.fs
from pyspark import SparkFiles

MIB = 1 << 20
# Of the output of a mapper, so much becomes one Arrow batch.
BLOCK = 4 * MIB
# What a task needs beside --memory: 64 MiB for the rest of the program, 128 MiB for the Python worker.
OVERHEAD = 192 * MIB
MIN_MEMORY = 16 * MIB
UNITS = {"": 1, "K": 1 << 10, "M": MIB, "G": 1 << 30, "T": 1 << 40}


class Failed(Exception):
    """An error whose text is for the user."""


class Part(NamedTuple):
    """A file, or the lines that begin in a range of its bytes. Without a name: an empty input."""

    name: str
    range: str
    weight: int


class Mapper:
    """Runs ngram-count on the parts of a task. It travels to the workers, so it holds plain data only."""

    def __init__(self, tasks: list[list[Part]], options: list[str], names: list[str], limits: "Limits"):
        self.tasks, self.options, self.names, self.limits = tasks, options, names, limits
        self.has_words = any(option.startswith("--word=") for option in options)

    def run(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for task in batch.column(0).to_pylist():
                for part in self.tasks[task]:
                    yield from self.count(part)

    def count(self, part: Part) -> Iterator[pa.RecordBatch]:
        """The rows of one part. An error, even after the last row, fails the task, and the engine drops all of its rows."""
        command = [find_program(), "--sort", "none", "--quiet", "--threads", str(self.limits.threads)]
        command += ["--memory", self.limits.memory or str(self.limits.share_of_task()), *self.options]
        command += ["--range", part.range] if part.range else []
        is_stream = "://" in part.name or not part.name
        command += ["-"] if is_stream else ["--", part.name]
        # A file takes all of standard error, so that the child never waits for us there.
        with tempfile.TemporaryFile() as errors:
            child = subprocess.Popen(command, stdin=subprocess.PIPE if is_stream else subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=errors, bufsize=0)
            feeder = Feeder(part.name, child) if is_stream else None
            try:
                yield from batches_of(child.stdout, self.names)
                status = child.wait()
            finally:
                # The engine may close this generator early, or the output may make no sense.
                child.kill()
                child.wait()
                child.stdout.close()
                if feeder:
                    feeder.join()
            if feeder and feeder.error:
                raise Failed(f"ngram-count: {part.name}: {feeder.error}")
            if status != 0 and not (status == 1 and self.has_words):
                errors.seek(0)
                raise Failed(explain(part, status, errors.read().decode(errors="replace")))


class Feeder(threading.Thread):
    """Copies a file of another file system, such as s3://, into the standard input of the program."""

    def __init__(self, name: str, child: subprocess.Popen):
        super().__init__(daemon=True)
        self.name_of_file, self.child, self.error = name, child, None
        self.start()

    def run(self) -> None:
        try:
            with self.child.stdin as to:
                if self.name_of_file:
                    files, path = pyarrow.fs.FileSystem.from_uri(self.name_of_file)
                    with files.open_input_stream(path, compression=None) as stream:
                        while block := stream.read(BLOCK):
                            to.write(block)
        except BrokenPipeError:
            pass  # The program has ended, and its status says why.
        except (OSError, pa.ArrowException) as error:
            # Half a file is no input: the program must not end well.
            self.error = error
            self.child.kill()


class Limits(NamedTuple):
    """What a task may use. `share` is the memory of an executor for Python, `slots` its number of tasks, if known."""

    threads: int
    memory: Optional[str]
    share: Optional[int]
    slots: Optional[int]

    def share_of_task(self) -> int:
        slots = self.slots or max(1, len(os.sched_getaffinity(0)) // self.threads)
        if self.share is None:
            return max(MIN_MEMORY, available_memory() * 3 // 4 // slots)
        return max(MIN_MEMORY, self.share // slots - OVERHEAD)


def limits_of(conf, memory: Optional[str]) -> Limits:
    """The threads of a task, and its share of the memory that an executor has beside that of the JVM."""
    threads = int(conf.get("spark.task.cpus", "1"))
    master = conf.get("spark.master", "")
    if not master or master.startswith("local["):
        return Limits(threads, memory, None, None)
    cluster = re.fullmatch(r"local-cluster\[\d+,(\d+),\d+\]", master.replace(" ", ""))
    cores = cluster[1] if cluster else conf.get("spark.executor.cores", "" if master.startswith("spark:") else "1")
    share = mib(conf.get("spark.executor.pyspark.memory", "")) or mib(conf.get("spark.executor.memoryOverhead", ""))
    if not share:
        factor = float(conf.get("spark.executor.memoryOverheadFactor", "0.1"))
        share = max(384 * MIB, int(factor * mib(conf.get("spark.executor.memory", "1g"))))
    return Limits(threads, memory, share, max(1, int(cores) // threads) if cores else None)


def mib(text: str) -> int:
    """A size as Spark writes it, in bytes. A number alone means MiB; an empty text, 0."""
    found = re.fullmatch(r"(\d+)([kmgt]?)b?", text.lower())
    return int(found[1]) * UNITS[(found[2] or "m").upper()] if found else 0


def available_memory() -> int:
    with open("/proc/meminfo") as lines:
        available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    try:
        with open("/sys/fs/cgroup/memory.max") as limit:
            return min(available, int(limit.read()))
    except (FileNotFoundError, ValueError):  # No container, or one without a limit ("max").
        return available


def find_program() -> str:
    """The binary: sent with the job, or beside Python (by the wheel), or on the PATH."""
    places = [os.path.dirname(sys.executable), sysconfig.get_path("scripts")]
    try:
        places.insert(0, os.path.dirname(SparkFiles.get("ngram-count")))
    except AssertionError:
        pass  # Sail has no such files.
    program = shutil.which("ngram-count", path=os.pathsep.join(places)) or shutil.which("ngram-count")
    if not program:
        raise Failed("ngram-count: the program is not on this worker; send it with spark-submit --files ngram-count "
                     "(Spark Connect: --program ngram-count), or install its wheel or the binary there")
    return program


def explain(part: Part, status: int, errors: str) -> str:
    """The program's own message, on one line. A signal leaves none."""
    text = " ".join(errors.split("\n")).strip()
    if status < 0:
        text = f"ended by {signal.Signals(-status).name} {text}".strip()
    if text.startswith("ngram-count: ") and "://" not in part.name:
        return text
    return f"ngram-count: {part.name}: {text.removeprefix('ngram-count: ') or f'status {status}, without a message'}"


def batches_of(output: BinaryIO, names: list[str]) -> Iterator[pa.RecordBatch]:
    """Cuts TSV into columns. Unlike a reader of CSV, it takes a CR, a quote or a byte-order mark for the byte that it is."""
    rest, is_first = b"", True
    while block := b"".join(iter_blocks(output)):
        text = rest + block
        if is_first and text.startswith(b"\n"):
            text = text[1:]  # The blank line before a word that begins like a compressed file.
        is_first = False
        end = text.rfind(b"\n") + 1
        rest = text[end:]
        if end:
            yield batch_of(names, columns_of(text, end, len(names)))
    if rest:
        raise Failed("ngram-count: the output of a mapper ends within a line")


def iter_blocks(output: BinaryIO) -> Iterator[bytes]:
    """Reads of a pipe, until they make a block or the pipe is at its end."""
    length = 0
    while length < BLOCK and (read := output.read(BLOCK)):
        length += len(read)
        yield read


def columns_of(text: bytes, end: int, number: int) -> list[pa.Array]:
    """The columns of the lines in `text[:end]`: the bytes between TABs and line ends, without a copy of each."""
    content = np.frombuffer(text, np.uint8, end)
    marks = np.flatnonzero((content == ord("\t")) | (content == ord("\n"))).astype(np.int32)
    if len(marks) % number or (content[marks[number - 1 :: number]] != ord("\n")).any():
        raise Failed(f"ngram-count: the output of a mapper has a line without {number} fields")
    # Fields and the marks between them alternate, so that each value begins where the one before ends.
    offsets = np.zeros(2 * len(marks) + 1, np.int32)
    offsets[1::2], offsets[2::2] = marks, marks + 1
    fields = pa.Array.from_buffers(pa.binary(), 2 * len(marks), [None, pa.py_buffer(offsets), pa.py_buffer(text)])
    return [fields.take(pa.array(np.arange(2 * n, 2 * len(marks), 2 * number))) for n in range(number)]


def batch_of(names: list[str], columns: list[pa.Array]) -> pa.RecordBatch:
    """A count becomes two halves of 32 bits: sums of bigint are exact, and much faster in Spark than those of decimals."""
    batch = {}
    for name, column in zip(names, columns):
        if name == "word":
            batch[name] = column
        elif name == "year":
            batch[name] = column.view(pa.string()).cast(pa.int32())
        else:
            values = column.view(pa.string()).cast(pa.uint64()).to_numpy()
            batch[f"{name}_high"] = pa.array((values >> 32).astype(np.int64))
            batch[f"{name}_low"] = pa.array((values & 0xFFFFFFFF).astype(np.int64))
    return pa.RecordBatch.from_pydict(batch)
