"""What the comparison needs on this machine: our own programs, built here, and the peers, installed into the work directory."""

import glob
import json
import os
import shlex
import shutil
import subprocess
import sys
import venv

from measure import Failed

#: The peers' versions. Another one belongs into the published figures, so it is never "the latest".
PYTHON_PACKAGES = {"polars": "2.1.0", "duckdb": "2.0.0", "chdb": "4.4.0"}
XAN = "0.61.0"
#: Taken from PATH: the command that tells the version, and the package that has it.
PROGRAMS = {"mawk": (["-W", "version"], "mawk"), "rg": (["--version"], "ripgrep"), "gzip": (["--version"], "gzip")}

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))


class Missing(Exception):
    """A tool is not to be had; the message says why, and what to do."""


class Kit:
    """Where everything is. The work directory is outside of the source tree, as far as version control goes."""

    def __init__(self, folder=None, builds=True):
        self.builds = builds
        self.folder = os.path.abspath(folder or os.path.join(target_directory(), "compare"))
        os.makedirs(os.path.join(self.folder, "results"), exist_ok=True)
        self.programs, self.versions, self._missing = {}, {}, {}
        self._build()

    def path(self, name):
        """The program or script `name`."""
        return self.programs[name]

    def need(self, name):
        """Makes a tool ready.

        Raises Missing where it can't be had; the same again for each piece of work that asks.
        """
        if name in self._missing:
            raise Missing(self._missing[name])
        if name not in self.programs:
            try:
                self._find(name)
            except Missing as reason:
                self._missing[name] = str(reason)
                raise

    def display(self, argv):
        """A command as a user would type it in the work directory: what lies elsewhere by its name alone."""
        return shlex.join(os.path.basename(word) if os.path.isabs(word) else word for word in argv)

    def close(self, entries):
        """Removes the results of a piece of work that are all right; those of distinct words are large."""
        for entry in entries:
            for path in glob.glob(os.path.join(glob.escape(self.folder), entry.output + "*")):
                os.remove(path)

    def _find(self, name):
        if name in PYTHON_PACKAGES:
            self._install_package(name, PYTHON_PACKAGES[name])
        elif name == "xan":
            self._install_xan()
        else:
            self._take_from_path(name)

    def _build(self):
        """Builds the program, the generator and the limits as they are released."""
        print("building ngram-count", flush=True)
        command = ["cargo", "build", "--release", "--locked", "--package=ngram-count", "--package=ngram-sample"]
        command += ["--package=ngram-benches", "--bin=ngram-count", "--bin=generate", "--bin=limits"]
        for message in cargo_messages(command):
            if message.get("executable"):
                self.programs[message["target"]["name"]] = message["executable"]
        self.versions["ngram-count"] = first_line([self.path("ngram-count"), "--version"]).split()[-1]

    def _install_package(self, name, version):
        python = os.path.join(self.folder, "venv", "bin", "python")
        if not os.path.exists(python):
            print("making a virtual environment", flush=True)
            venv.create(os.path.join(self.folder, "venv"), with_pip=True)
        show = f"import importlib.metadata as m; print(m.version('{name}'))"
        if first_line([python, "-c", show]) != version:
            print(f"installing {name} {version}", flush=True)
            install = [python, "-m", "pip", "install", "--quiet", f"{name}=={version}"]
            done = subprocess.run(install, stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                raise Missing(f"pip can't install {name} {version}: {done.stderr.strip()[-300:]}")
        self.programs |= {"python": python, name: os.path.join(HERE, "peers", f"{name}_count.py")}
        self.versions[name] = version

    def _install_xan(self):
        root = os.path.join(self.folder, "xan")
        program = os.path.join(root, "bin", "xan")
        if first_line([program, "--version"]).split()[-1:] != [XAN]:
            if not self.builds:
                raise Missing("it takes minutes to build, which --quick does not do; a run without --quick does")
            print(f"building xan {XAN}, which takes some minutes", flush=True)
            command = ["cargo", "install", "--quiet", "--locked", "--root", root, "--version", XAN, "xan"]
            if subprocess.run(command).returncode != 0:
                raise Missing("cargo can't install it; what it said stands above")
        self.programs["xan"] = program
        self.versions["xan"] = XAN

    def _take_from_path(self, name):
        arguments, package = PROGRAMS[name]
        program = shutil.which(name)
        if not program:
            raise Missing(f"it is not on this machine; on Debian and Ubuntu: apt-get install {package}")
        self.programs[name] = program
        self.versions[name] = first_line([program, *arguments]).removeprefix(f"{package} ")


def target_directory():
    """Where cargo puts what it builds."""
    try:
        command = ["cargo", "metadata", "--no-deps", "--format-version=1"]
        return json.loads(subprocess.check_output(command, cwd=REPOSITORY))["target_directory"]
    except FileNotFoundError:
        raise Failed("cargo is needed to build ngram-count: https://rustup.rs") from None


def cargo_messages(command):
    """What cargo says of what it builds, as objects. Errors of the compiler go to standard error as they are."""
    done = subprocess.run(
        [*command, "--message-format=json-render-diagnostics"], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise Failed("ngram-count does not build; what cargo said stands above")
    return [json.loads(line) for line in done.stdout.splitlines()]


def first_line(command):
    """The first line that a command prints; empty where it can't be run or fails."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    except FileNotFoundError:
        return ""
    return (done.stdout.splitlines() or [""])[0] if done.returncode == 0 else ""


def machine():
    """What the figures were taken on."""
    with open("/proc/cpuinfo", encoding="utf-8") as text:
        models = [line.split(":", 1)[1].strip() for line in text if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": models[0] if models else os.uname().machine,
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": memory,
        "system": f"{os.uname().sysname} {os.uname().release}",
        "rustc": first_line(["rustc", "--version"]),
        "python": sys.version.split()[0],
    }
