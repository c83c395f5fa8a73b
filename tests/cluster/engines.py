"""The engines: how each is started, runs the example, and ends."""

import contextlib
import json
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from typing import NamedTuple

import pyspark

from harness import Bench, Wrong, check, wait_for

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "examples/spark/ngram_count_spark.py"
DRIVER = pathlib.Path(__file__).with_name("driver.py")
SPARK_SUBMIT = pathlib.Path(sysconfig.get_path("scripts")) / "spark-submit"
# A cluster of two workers with a core and 1 GiB each, in processes of their own.
CLUSTER = ["--master", "local-cluster[2,1,1024]", "--conf", "spark.ui.enabled=false",
           "--conf", "spark.sql.shuffle.partitions=4"]


class Ran(NamedTuple):
    status: int
    errors: str


class Engine(contextlib.AbstractContextManager):
    """A started engine. `run` is the example with these arguments and the output folder of the bench."""

    child: subprocess.Popen

    def __init__(self, bench: Bench, wheel: pathlib.Path | None = None):
        self.bench, self.wheel = bench, wheel
        self.log = tempfile.TemporaryFile()
        self.old = applications()
        self.start()

    def environment(self) -> dict[str, str]:
        return self.bench.environment(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_DIRS=str(self.bench.folder / "local"))

    def arguments(self, arguments: tuple[str, ...]) -> list[str]:
        return [*arguments, "--output", str(self.bench.folder / "out")]

    def said(self) -> str:
        self.log.seek(0)
        text = self.log.read().decode(errors="replace")
        # Spark's own lines are many. A trace of Python says more, if there is one.
        return text[text.find("Traceback") :][:4000]

    def __exit__(self, *_: object) -> None:
        self.child.terminate()
        self.child.wait()
        self.log.close()
        self.bench.check_no_process_is_left()
        for folder in applications() - self.old:
            shutil.rmtree(folder)


def applications() -> set[pathlib.Path]:
    """The folders that the workers of a local cluster leave in Spark's own."""
    return set(pathlib.Path(pyspark.__file__).parent.glob("work/app-*"))


class Spark(Engine):
    """A session in a local cluster, for all cases."""

    def start(self) -> None:
        # spark-submit passes no standard input on, so that Python starts Spark here, with the same arguments.
        arguments = shlex.join([*CLUSTER, "--files", str(self.bench.bin / "ngram-count"), "pyspark-shell"])
        self.child = subprocess.Popen([sys.executable, DRIVER, EXAMPLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=self.log, cwd=self.bench.folder,
                                      env={**self.environment(), "PYSPARK_SUBMIT_ARGS": arguments})
        self.answer()

    def answer(self) -> Ran:
        line = self.child.stdout.readline()
        check(bool(line), "Spark ended:", self.said())
        answer = json.loads(line)
        return Ran(answer["status"], answer.get("errors", ""))

    def ask(self, *arguments: str) -> None:
        self.child.stdin.write(json.dumps(self.arguments(arguments)).encode() + b"\n")
        self.child.stdin.flush()

    def run(self, *arguments: str) -> Ran:
        self.ask(*arguments)
        return self.answer()

    def __exit__(self, *_: object) -> None:
        self.child.stdin.close()
        try:
            self.child.wait(30)
        except subprocess.TimeoutExpired:
            pass
        super().__exit__()


class SparkSubmit(Engine):
    """spark-submit as a user calls it: a cluster for each run."""

    def start(self) -> None:
        self.child = subprocess.Popen(["true"])

    def run(self, *arguments: str) -> Ran:
        command = [SPARK_SUBMIT, *CLUSTER, "--files", self.bench.bin / "ngram-count", EXAMPLE, *self.arguments(arguments)]
        # spark-submit writes what Python writes on standard error to its standard output.
        ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=self.log, text=True, check=False,
                             cwd=self.bench.folder, env=self.environment())
        return Ran(ran.returncode, ran.stdout)


class Sail(Engine):
    """A Sail server, which finds the program on its PATH. The example is a client that connects to it."""

    def start(self) -> None:
        self.port = free_port()
        self.child = subprocess.Popen([self.python(), "-m", "pysail", "spark", "server", "--port", str(self.port)],
                                      stdout=self.log, stderr=self.log, cwd=self.bench.folder, env=self.environment())
        wait_for("Sail", self.is_listening)

    def python(self) -> str:
        return sys.executable

    def environment(self) -> dict[str, str]:
        return {**super().environment(), "PATH": f"{self.bench.bin}:{os.environ['PATH']}"}

    def is_listening(self) -> bool:
        if self.child.poll() is not None:
            raise Wrong("Sail ended:", self.said())
        with socket.socket() as to:
            return to.connect_ex(("127.0.0.1", self.port)) == 0

    def run(self, *arguments: str) -> Ran:
        environment = {**self.environment(), "SPARK_REMOTE": f"sc://127.0.0.1:{self.port}"}
        ran = subprocess.run([sys.executable, EXAMPLE, *self.arguments(arguments)], stderr=subprocess.PIPE, text=True,
                             cwd=self.bench.folder, env=environment, check=False)
        return Ran(ran.returncode, ran.stderr)


class Wheel(Sail):
    """A Sail server whose Python has the wheel of the program, which is not on the PATH."""

    def python(self) -> str:
        check(self.wheel is not None, "name the wheel: --wheel FILE")
        folder = self.bench.folder / "venv"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin/pip", "install", "-q", "--no-index", self.wheel.resolve()], check=True)
        return str(folder / "bin/python")

    def environment(self) -> dict[str, str]:
        # The packages of the engine are those of this Python.
        return {**self.bench.environment(PYTHONPATH=sysconfig.get_path("purelib")), "PATH": "/usr/bin:/bin"}


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]
