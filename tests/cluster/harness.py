"""What all cases share: the folder with the inputs, the program in its wrapper, the oracle, and the processes."""

import gzip
import os
import pathlib
import shutil
import signal
import subprocess
import time
from typing import Callable

import zstandard

# Mappers run this. It does what a file in the control folder says, once: a rename succeeds for one process only.
WRAPPER = """#!/bin/sh
cd {control} || exit 9
if mv kill killed 2>/dev/null; then
    # Whole lines, so that nothing but the signal tells that the rest is missing.
    {program} "$@" | head -n 1000
    kill -KILL $$
fi
if mv wait waiting 2>/dev/null; then
    echo $$ > pid.new && mv pid.new pid
    while [ ! -e go ]; do sleep 0.1; done
fi
exec {program} "$@"
"""
# Layout, compression, for each of the eight files of 125,000 rows.
FILES = [("v1", ""), ("v1", "gz"), ("v2", ""), ("v2", "gz"), ("v2", "zst"), ("v3", ""), ("v3", "gz"), ("v3", "zst")]
COMPRESS: dict[str, Callable[[bytes], bytes]] = {"": bytes, "gz": gzip.compress, "zst": zstandard.compress}
# The environment of all processes has it, so that those that are left can be found.
MARK = "NGRAM_COUNT_CLUSTER_TEST"


class Wrong(Exception):
    """A result that is not the right one."""


def check(is_right: bool, *what: object) -> None:
    if not is_right:
        raise Wrong(" ".join(str(part) for part in what))


def wait_for(what: str, is_there: Callable[[], object], seconds: int = 60):
    end = time.monotonic() + seconds
    while not (found := is_there()):
        check(time.monotonic() < end, "waited too long for", what)
        time.sleep(0.1)
    return found


class Bench:
    """The folder of a run."""

    def __init__(self, folder: pathlib.Path, program: pathlib.Path, generator: pathlib.Path):
        self.folder, self.program = folder, program
        self.control, self.bin = folder / "control", folder / "bin"
        self.bin.mkdir()
        wrapper = self.bin / "ngram-count"
        wrapper.write_text(WRAPPER.format(control=self.control, program=program))
        wrapper.chmod(0o755)
        # Files without the right to be run, or of a later program, would show only in the workers.
        subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)
        self.files = [self.make_file(generator, number, *what) for number, what in enumerate(FILES)]

    def make_file(self, generator: pathlib.Path, number: int, layout: str, ending: str) -> str:
        rows = subprocess.run([generator, "--rows", "125000", "--layout", layout, "--seed", str(number)],
                              capture_output=True, check=True).stdout
        # The name must not tell what is in it.
        return self.file(f"part-{number}", COMPRESS[ending](rows))

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)

    def reset(self) -> None:
        shutil.rmtree(self.control, ignore_errors=True)
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.control.mkdir()

    def expected(self, *arguments: str) -> tuple[int, bytes]:
        """The oracle: one process counts all."""
        ran = subprocess.run([self.program, *arguments], capture_output=True, check=False)
        return ran.returncode, ran.stdout

    def result(self, pattern: str = "*.txt") -> bytes:
        """The files of a result, in the order of their names."""
        check((self.folder / "out/_SUCCESS").exists(), "no _SUCCESS in", os.listdir(self.folder / "out"))
        return b"".join(path.read_bytes() for path in sorted((self.folder / "out").glob(pattern)))

    def check_no_result(self) -> None:
        check(not (self.folder / "out/_SUCCESS").exists(), "a result after an error")

    def environment(self, **variables: str) -> dict[str, str]:
        return {**os.environ, MARK: str(self.folder), **variables}

    def processes(self) -> list[int]:
        """The processes that this run started, itself aside."""
        mark = f"{MARK}={self.folder}".encode()
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue  # It has ended, or it is no process of this user.
        return found

    def check_no_process_is_left(self) -> None:
        end = time.monotonic() + 20
        while (left := self.processes()) and time.monotonic() < end:
            time.sleep(0.1)
        commands = [command_of(process) for process in left]
        for process in left:
            os.kill(process, signal.SIGKILL)
        check(not left, "processes were left:", commands)


def command_of(process: int) -> str:
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def parents_of(process: int) -> list[int]:
    parents = []
    while process > 1:
        # The name in parentheses may have spaces.
        process = int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
        parents.append(process)
    return parents
