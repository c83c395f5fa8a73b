"""Runs examples/spark on real engines, and compares each result with that of one process, byte for byte.

    cargo build --release --workspace
    python3 -m venv venv && venv/bin/pip install 'pyspark[connect]>=4.1,<4.2' 'pysail>=0.7,<0.8'
    venv/bin/python tests/cluster            # all engines and cases
    venv/bin/python tests/cluster sail       # one engine

It needs Linux and Java 17. Spark runs as a cluster of a master and two workers, and Sail as a server of Spark Connect. The
first wrong result ends the run with status 1.
"""

import argparse
import pathlib
import signal
import sys
import tempfile
import time

from cases import CASES
from engines import ROOT, Sail, Spark, SparkSubmit, Wheel
from harness import Bench, Wrong

ENGINES = {"sail": Sail, "wheel": Wheel, "spark": Spark, "submit": SparkSubmit}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=f"{', '.join(ENGINES)} (all)")
    parser.add_argument("--program", default=ROOT / "target/release/ngram-count", type=pathlib.Path)
    parser.add_argument("--generator", default=ROOT / "target/release/generate", type=pathlib.Path)
    parser.add_argument("--wheel", type=pathlib.Path, help="wheel of the program, for the engine named wheel")
    asked = parser.parse_args()
    unknown = set(asked.engines) - set(ENGINES)
    if unknown:
        parser.error(f"no engine {', '.join(unknown)}")
    names = asked.engines or [name for name in ENGINES if name != "wheel" or asked.wheel]
    # An end by `timeout` or a CI also ends the engines.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder), asked.program.resolve(), asked.generator.resolve())
        try:
            for name in names:
                try_engine(name, bench, asked.wheel)
        except Wrong as wrong:
            sys.exit(f"WRONG: {str(wrong)[:5000]}")


def try_engine(name: str, bench: Bench, wheel: pathlib.Path) -> None:
    begin = time.monotonic()
    with ENGINES[name](bench, wheel) as engine:
        print(f"\n== {name}: started in {time.monotonic() - begin:.1f} s", flush=True)
        for case in (case for case in CASES if name in case.engines):
            begin = time.monotonic()
            bench.reset()
            case(engine, bench)
            print(f"{case.__doc__} ({time.monotonic() - begin:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
