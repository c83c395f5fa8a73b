"""Runs one process and takes down what it needed."""

import os
import subprocess
import time
from dataclasses import asdict, dataclass

#: The same for all: bytes as they are, no colours, and nothing written into the source tree.
ENVIRONMENT = os.environ | {"LC_ALL": "C", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


class Failed(Exception):
    """A message for the user that says what to do."""


@dataclass
class Needed:
    """What a whole process, from start to exit, and the processes that it waited for, needed."""

    wall: float
    user: float
    system: float
    #: Peak resident memory in bytes; of several processes, that of the largest.
    memory: int

    @property
    def processor(self):
        return self.user + self.system

    def as_dict(self):
        return asdict(self)


def run(argv, output, folder):
    """Runs `argv` in `folder`. Where it does not name `output` itself, its standard output goes there."""
    path = os.path.join(folder, output)
    if os.path.exists(path):
        # Cutting an old result off is no work of the tool's.
        os.remove(path)
    errors = os.path.join(folder, "stderr.txt")
    target = os.devnull if output in argv else path
    with open(target, "wb") as stdout, open(errors, "wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            argv, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(errors, encoding="utf-8", errors="replace") as text:
            said = text.read()[-2000:].strip() or "(nothing)"
        raise Failed(f"this ended with status {process.returncode}:\n  {' '.join(argv)}\nand said:\n{said}")
    return Needed(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024)


def memory_floor(folder):
    """The least memory that can be seen: a process begins as a copy of this one, and the system counts that in."""
    return run(["true"], "true.out", folder).memory
