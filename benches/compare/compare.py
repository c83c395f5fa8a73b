#!/usr/bin/env python3
"""Compares ngram-count with other tools: the same work, the same result, the same number of threads, taking turns.

    python3 benches/compare/compare.py              all, at the true size: some 14 GB of disk, an hour or two
    python3 benches/compare/compare.py --quick      small and once: whether all of it still works
    python3 benches/compare/compare.py --only word --only count --runs 11

It builds ngram-count, installs the other tools into a work directory (`target/compare`), generates the inputs there,
checks that all results are equal, and writes `compare.md`, `compare.json` and `compare.svg` to its folder `results`.
Whoever publishes a figure says the machine; all of it is in the JSON.
"""

import argparse
import datetime
import os
import subprocess
import sys

# Leaves the source tree as it is.
sys.dont_write_bytecode = True

import chart
from answers import Answers
from inputs import Inputs
from kit import Kit, Missing, machine
from measure import Failed, memory_floor, run
from report import Report, Row
from works import Works

QUICK_SCALE = 0.002


def main():
    options = parse_options()
    try:
        compare(options)
    except (Failed, subprocess.CalledProcessError) as why:
        sys.exit(f"compare: {why}")
    except KeyboardInterrupt:
        sys.exit(130)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=Works.NAMES, metavar="WORK", help=", ".join(Works.NAMES))
    parser.add_argument("--tools", metavar="A,B", help="only tools whose name contains one of these; ngram-count always runs")
    parser.add_argument("--runs", type=positive, default=7, metavar="N", help="runs of each, after one to warm up [7]")
    parser.add_argument("--threads", type=positive, default=2, metavar="N", help="threads of every tool [2]")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="size of the inputs; 1 is the true size [1]")
    parser.add_argument("--input", metavar="FILE", help="count this file (20120701, not compressed) instead of a generated one")
    parser.add_argument("--word", default="Aardvark", help="the word that is looked for [Aardvark]")
    parser.add_argument("--work-dir", metavar="DIR", help="where everything goes [target/compare]")
    parser.add_argument("--quick", action="store_true", help=f"scale {QUICK_SCALE}, one run, nothing that takes long to install")
    options = parser.parse_args()
    if options.quick:
        options.scale, options.runs = QUICK_SCALE, 1
    if options.scale <= 0:
        parser.error("--scale must be more than 0")
    if options.input and not os.path.isfile(options.input):
        parser.error(f"there is no file {options.input}")
    return options


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError("must be at least 1")
    return number


def compare(options):
    kit = Kit(options.work_dir, builds=not options.quick)
    inputs = Inputs(kit, options.scale, options.input and os.path.abspath(options.input))
    works = Works(kit, inputs, options.threads, options.word)
    report = Report(about(options, kit))
    for name in options.only or Works.NAMES:
        try:
            work = works.get(name)
        except Missing as reason:
            report.leave_out(name, "all", str(reason))
            continue
        work.entries = available(work, kit, inputs, options.tools, report)
        report.add(work, measure(work, kit, options.runs))
        write(report, kit)
        kit.close(work.entries)
    print("\n" + report.markdown())
    print(f"written to {os.path.join(kit.folder, 'results')}: compare.md, compare.json, compare.svg")


def about(options, kit):
    return {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        # Filled as the tools are made ready.
        "versions": kit.versions,
        "threads": options.threads,
        "runs": options.runs,
        "scale": options.scale,
        "input": options.input and os.path.basename(options.input),
        "memory_floor_bytes": memory_floor(kit.folder),
    }


def available(work, kit, inputs, chosen, report):
    """The entries whose tools are wanted and can be had."""
    found = []
    for entry in work.entries:
        tool = entry.tool
        is_wanted = not chosen or any(part.strip().lower() in tool.name.lower() for part in chosen.split(","))
        if not is_wanted and not tool.name.startswith("ngram-count"):
            continue
        try:
            if tool.needs:
                kit.need(tool.needs)
            entry.task = tool.prepare(kit, inputs, entry.task)
            found.append(entry)
        except Missing as reason:
            report.leave_out(work.name, tool.name, str(reason))
    return found


def measure(work, kit, runs):
    """Runs all entries in turn (A B C A B C ...), so that a disturbance of the machine hits all of them."""
    runs *= work.repeat
    answers = Answers(kit.folder, work.is_sorted)
    needed = {entry.name: [] for entry in work.entries}
    commands = {entry.name: entry.tool.command(kit, entry.task, entry.output) for entry in work.entries}
    for turn in range(runs + 1):
        print(f"{work.name}: {'warming up' if turn == 0 else f'run {turn} of {runs}'}", flush=True)
        for entry in work.entries:
            result = run(commands[entry.name], entry.output, kit.folder)
            answers.check(entry, thorough=turn in (0, runs))
            print(f"  {result.wall:9.4f} s  {entry.name}", flush=True)
            if turn > 0:
                needed[entry.name].append(result)
    return [Row(entry, kit.display(commands[entry.name]), needed[entry.name]) for entry in work.entries]


def write(report, kit):
    texts = {"compare.md": report.markdown(), "compare.json": report.json(), "compare.svg": chart.svg(report)}
    for name, content in texts.items():
        with open(os.path.join(kit.folder, "results", name), "w", encoding="utf-8") as out:
            out.write(content)


if __name__ == "__main__":
    main()
