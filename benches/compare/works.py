"""The pieces of work: what is counted, by which tools, and what is to be learnt from it."""

import subprocess
from dataclasses import dataclass, replace

import tools
from measure import Failed
from tools import Task, Tool


@dataclass
class Entry:
    """A tool at a piece of work."""

    name: str
    tool: Tool
    task: Task
    #: Where its result goes, relative to the work directory.
    output: str = ""
    #: The number it must print, where its result is a number.
    expects_number: int | None = None
    #: Whether it does other work, with which the work at hand is compared.
    is_other_work: bool = False


@dataclass
class Work:
    name: str
    title: str
    entries: list
    #: Whether the result is in order.
    is_sorted: bool = True
    #: How many times as many runs as usual; for work that takes no time.
    repeat: int = 1


class Works:
    """Makes the pieces of work ready, one by one, as they are asked for."""

    #: In this order. "sizes" makes files of up to 2 GB (times the scale) for our own program alone.
    NAMES = (
        "count", "shuffled", "word", "words", "distinct", "distinct-sorted", "gzip", "gzips", "threads", "sizes", "startup",
    )  # fmt: skip

    def __init__(self, kit, inputs, threads, word):
        self.kit, self.inputs, self.threads, self.word = kit, inputs, threads, word

    def get(self, name):
        """The work with this name, one of the methods below."""
        work = getattr(self, "_" + name.replace("-", "_"))()
        for number, entry in enumerate(work.entries):
            entry.output = f"results/{work.name}-{number}.out"
            if entry.tool.is_limit:
                entry.expects_number = entry.task.input.rows
        return work

    def _count(self):
        task = self._task("typical")
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE, tools.XAN, tools.MAWK]
        limits = [tools.NEWLINES, tools.NEWLINES_MAPPED]
        return Work("count", "Full count, sorted by count", entries(task, tools.NGRAM_COUNT, *peers, *limits))

    def _shuffled(self):
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE, tools.XAN]
        title = "The same rows in random order"
        return Work("shuffled", title, entries(self._task("shuffled"), tools.NGRAM_COUNT, *peers))

    def _word(self):
        task = replace(self._task("typical"), word=self.word)
        peers = [tools.RIPGREP, tools.MAWK, tools.POLARS, tools.DUCKDB, tools.NEWLINES, tools.NEWLINES_MAPPED]
        found = entries(task, tools.NGRAM_COUNT, *peers)
        for entry in found:
            if entry.tool is tools.RIPGREP:
                entry.expects_number = self._lines_of_word(task.input)
        return Work("word", f"One word: {self.word}", found)

    def _lines_of_word(self, counted):
        """How many lines ripgrep must find: asked of awk, which knows no other way than to look at each field."""
        self.kit.need("mawk")
        program = "$1 == word { lines++ } END { print lines + 0 }"
        command = [self.kit.path("mawk"), "-F", "\t", "-v", f"word={self.word}", program, *counted.files]
        lines = int(subprocess.check_output(command, cwd=self.kit.folder))
        if lines == 0:
            raise Failed(f"{self.word} is not in {counted.files[0]}; name a word that is with --word")
        return lines

    def _words(self):
        task = self._task("typical")
        some = replace(task, words_from=self.inputs.words_file("typical", 1000))
        found = entries(some, tools.NGRAM_COUNT, tools.POLARS, tools.DUCKDB, tools.MAWK)
        found.append(Entry("ngram-count, all words", tools.NGRAM_COUNT, task, is_other_work=True))
        return Work("words", "A thousand words", found, is_sorted=False)

    def _distinct(self):
        task = replace(self._task("distinct"), sort="none")
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE]
        title = "Each row another word, in any order"
        return Work("distinct", title, entries(task, tools.NGRAM_COUNT, *peers), is_sorted=False)

    def _distinct_sorted(self):
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE]
        title = "Each row another word, sorted by count"
        return Work("distinct-sorted", title, entries(self._task("distinct"), tools.NGRAM_COUNT, *peers))

    def _gzip(self):
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE, tools.INFLATE, tools.GUNZIP]
        return Work("gzip", "One .gz file", entries(self._task("gzip"), tools.NGRAM_COUNT, *peers))

    def _gzips(self):
        peers = [tools.POLARS, tools.DUCKDB, tools.CLICKHOUSE, tools.INFLATE]
        return Work("gzips", "Eight .gz files at once", entries(self._task("gzips"), tools.NGRAM_COUNT, *peers))

    def _threads(self):
        task, numbers = self._task("typical"), [1]
        while numbers[-1] < self.threads:
            numbers.append(min(2 * numbers[-1], self.threads))
        found = [self._ours(f"ngram-count --threads {n}", replace(task, threads=n)) for n in reversed(numbers)]
        return Work("threads", "Threads", found)

    def _sizes(self):
        sizes = [(2000, "2 GB"), (200, "200 MB"), (20, "20 MB")]
        found = []
        for megabytes, label in sizes:
            task = self._task(f"megabytes_{megabytes}")
            found.append(self._ours(f"ngram-count, {label} times the scale", task))
            # Other files have other words.
            found[-1].is_other_work = True
        return Work("sizes", "Size of the file", found)

    def _startup(self):
        task = self._task("tiny")
        peers = [tools.XAN, tools.MAWK, tools.DUCKDB, tools.POLARS, tools.CLICKHOUSE]
        title = "Starting: twenty rows"
        return Work("startup", title, entries(task, tools.NGRAM_COUNT, *peers), repeat=3)

    def _task(self, name):
        return Task(self.inputs.get(name), self.threads)

    def _ours(self, name, task):
        return Entry(name, tools.NGRAM_COUNT, task)


def entries(task, *of):
    """An entry for each of these tools, all with the same task."""
    return [Entry(tool.name, tool, task) for tool in of]
