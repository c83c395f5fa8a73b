"""Faults in great number, each with its result checked: the long runs behind docs/RELIABILITY.md.

    cargo build --release
    python3 tests/reliability                     # all kinds
    python3 tests/reliability signals --runs 500  # one kind
    python3 tests/reliability --list

Each kind prints the lines of its table. The first wrong result ends the run with status 1. It needs Linux, Python 3.9, a
C compiler, and the program zstd. Some kinds need root, or some gigabytes of disk or memory, and say so.
"""

import argparse
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import inputs  # noqa: F401
import outputs  # noqa: F401
import device  # noqa: F401
import limits  # noqa: F401
import temporary  # noqa: F401
from harness import KINDS, Bench, Wrong

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Options with which each kind runs. Add a line to try others, as in ["--threads", "1"].
VARIANTS = [
    [],
    ["--memory", "16MiB"],
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="the kinds to try (all)")
    parser.add_argument("--program", default=ROOT / "target/release/ngram-count", type=pathlib.Path)
    parser.add_argument("--runs", default=200, type=int, help="runs with random times or places (200)")
    parser.add_argument("--list", action="store_true", help="list the kinds")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(f"{name:<12}{function.__doc__}" for name, function in KINDS.items()))
        return
    unknown = set(asked.kinds) - set(KINDS)
    if unknown:
        parser.error(f"no kind {', '.join(unknown)}; --list lists them")
    print(json.dumps({"program": subprocess.run([asked.program, "--version"], capture_output=True, check=True)
                      .stdout.decode().strip(), "runs": asked.runs, "cores": os.cpu_count()}))
    for options, name in itertools.product(VARIANTS, asked.kinds or KINDS):
        print(f"\n== {' '.join([name, *options])}: {KINDS[name].__doc__}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            try:
                KINDS[name](Bench(asked.program.resolve(), pathlib.Path(folder), options, asked.runs))
            except Wrong as wrong:
                sys.exit(f"WRONG: {str(wrong)[:3000]}")


if __name__ == "__main__":
    main()
