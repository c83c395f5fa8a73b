"""The figures as a Markdown page and as JSON with every single time."""

import json
import statistics


class Row:
    """An entry and what its runs needed, the warm-up left out."""

    def __init__(self, entry, command, runs):
        self.name, self.rows, self.is_limit = entry.name, entry.task.input.rows, entry.tool.is_limit
        self.is_ours = entry.name.startswith("ngram-count")
        self.command, self.runs = command, runs
        walls = [run.wall for run in runs]
        self.median, self.least = statistics.median(walls), min(walls)
        self.processor = statistics.median(run.processor for run in runs)
        #: Processor time over wall time, run by run.
        self.cores = statistics.median(run.processor / run.wall for run in runs)
        self.memory = max(run.memory for run in runs)

    def as_dict(self):
        return {
            "name": self.name,
            "command": self.command,
            "rows": self.rows,
            "median_seconds": self.median,
            "min_seconds": self.least,
            "processor_seconds": self.processor,
            "peak_memory_bytes": self.memory,
            "runs": [run.as_dict() for run in self.runs],
        }


class Report:
    """All that was found out so far. Written after each piece of work, since a later one may fail."""

    def __init__(self, about):
        #: Machine, versions and settings.
        self.about = about
        self.works = []
        self.left_out = []

    def add(self, work, rows):
        self.works.append((work, rows))

    def leave_out(self, work, tool, reason):
        self.left_out.append({"work": work, "tool": tool, "reason": reason})

    def json(self):
        works = [
            {"name": work.name, "title": work.title, "tools": [row.as_dict() for row in rows]} for work, rows in self.works
        ]
        return json.dumps(self.about | {"works": works, "left_out": self.left_out}, indent=1) + "\n"

    def markdown(self):
        parts = [self._head(), *(self._section(work, rows) for work, rows in self.works)]
        if self.left_out:
            notes = [f"- {each['tool']} ({each['work']}): {each['reason']}" for each in self.left_out]
            parts.append("### Left out\n\n" + "\n".join(notes) + "\n")
        return "\n".join(parts)

    def _head(self):
        about, machine = self.about, self.about["machine"]
        versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
        return (
            f"Runs of each tool, after one to warm up: {about['runs']}, the tools taking turns. Threads: {about['threads']}."
            " Files in the page cache; whole processes from start to exit (Polars, DuckDB and ClickHouse with the start of"
            " Python; the last table shows it), each writing its result to a file. Results for the same input and order are"
            " equal, byte for byte; xan and mawk do not sort, and xan reads a copy that was made into real CSV beforehand."
            f" Scale: {about['scale']:g} (1 is the true size).\n\n"
            f"{machine['processor']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB,"
            f" {machine['system']}, {machine['rustc']}; {about['date']}.\n\n{versions}\n"
        )

    def _section(self, work, rows):
        head = (
            f"### {work.title}\n\n"
            "| | median | fastest | times ours | processor | cores busy | rows/s | peak memory |\n|---|--:|--:|--:|--:|--:|--:|--:|"
        )
        lines = [self._line(row, rows[0]) for row in rows]
        return "\n".join([head, *lines]) + "\n"

    def _line(self, row, ours):
        name = f"**{row.name}**" if row.is_ours else row.name
        cells = [
            name,
            seconds(row.median),
            seconds(row.least),
            f"{row.median / ours.median:.2f}",
            seconds(row.processor),
            f"{row.cores:.2f}",
            f"{row.rows / row.median / 1e6:.3g} M",
            self.memory(row),
        ]
        return "| " + " | ".join(cells) + " |"

    def memory(self, row):
        """The peak, or that it is too small to be seen."""
        floor = self.about["memory_floor_bytes"]
        return megabytes(row.memory) if row.memory > floor * 1.1 else f"under {megabytes(floor * 1.1)}"


def seconds(time):
    """Three digits that count."""
    return f"{time * 1000:.1f} ms" if time < 0.09995 else f"{time:.3f} s" if time < 0.9995 else f"{time:.2f} s"


def megabytes(size):
    return f"{size / 1e6:.0f} MB"
