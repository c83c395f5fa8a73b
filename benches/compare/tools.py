"""The tools: what each is called, what it needs, and its command for a task.

Each command is the way that the tool's own manual shows for the work, with as many threads as ours has.
"""

from dataclasses import dataclass, replace

from inputs import Input


@dataclass(frozen=True)
class Task:
    """What is to be counted and how."""

    input: Input
    threads: int
    #: The order of the result: "count" or "none".
    sort: str = "count"
    #: Only this word, or only those of this file.
    word: str | None = None
    words_from: str | None = None


class Tool:
    """A tool that counts, or (a limit) does a part of that alone."""

    #: What the kit must find or install.
    needs = None
    #: Whether it puts the result in the order that was asked for.
    sorts = True
    #: Whether it shows what no counter can do without, instead of counting.
    is_limit = False

    #: Whether its result is CSV with a header.
    writes_csv = False

    def __init__(self, name):
        self.name = name

    def prepare(self, kit, inputs, task):
        """The task as the tool can do it; what this takes is not measured."""
        return task

    def command(self, kit, task, output):
        """The arguments, with which the result goes to `output` or, where that is not among them, to standard output."""
        raise NotImplementedError


class NgramCount(Tool):
    def command(self, kit, task, output):
        if task.word:
            selection = ["--word", task.word]
        elif task.words_from:
            selection = ["--words-from", task.words_from]
        else:
            selection = ["--sort", task.sort]
        return [kit.path("ngram-count"), "--threads", str(task.threads), *selection, *task.input.files]


class PythonPeer(Tool):
    def __init__(self, name, package):
        super().__init__(name)
        self.needs = package

    def command(self, kit, task, output):
        arguments = ["--threads", str(task.threads), "--output", output, "--sort", task.sort]
        arguments += ["--word", task.word] if task.word else []
        arguments += ["--words-from", task.words_from] if task.words_from else []
        return [kit.path("python"), kit.path(self.needs), *arguments, *task.input.files]


class Xan(Tool):
    """A groupby on several threads. It does not sort; that would take it longer.

    Where it reads in parallel, it can't be told that a quote is a letter: such a word would swallow the lines up to the
    next one. So it gets a copy of the input that is made into real CSV beforehand, which is not measured.
    """

    needs, sorts, writes_csv = "xan", False, True

    def prepare(self, kit, inputs, task):
        files = [inputs.as_csv(file) for file in task.input.files]
        return replace(task, input=replace(task.input, files=files))

    def command(self, kit, task, output):
        groupby = ["groupby", "--threads", str(task.threads), "word", "sum(count) as count"]
        return [kit.path("xan"), *groupby, *task.input.files]


class Mawk(Tool):
    """One line of awk, on one thread. It does not sort."""

    needs, sorts = "mawk", False

    def command(self, kit, task, output):
        # Not %d, which ends at 2^31 in mawk.
        if task.word:
            program = '$1 == word { sum += $3 } END { printf "%s\\t%.0f\\n", word, sum }'
        elif task.words_from:
            program = (
                "NR == FNR { wanted[$0] = 0; next } $1 in wanted { wanted[$1] += $3 }"
                ' END { for (word in wanted) printf "%s\\t%.0f\\n", word, wanted[word] }'
            )
        else:
            program = '{ sums[$1] += $3 } END { for (word in sums) printf "%s\\t%.0f\\n", word, sums[word] }'
        word = ["-v", f"word={task.word}"] if task.word else []
        list_first = [task.words_from] if task.words_from else []
        return [kit.path("mawk"), "-F", "\t", *word, program, *list_first, *task.input.files]


class Ripgrep(Tool):
    """Finds the lines of the word and counts them: less work than adding up, with a faster search than any."""

    needs = "rg"

    def command(self, kit, task, output):
        return [kit.path("rg"), "--count", "--threads", str(task.threads), rf"^{task.word}\t", *task.input.files]


class Limit(Tool):
    """A part of the work alone, by benches/compare/limits.rs."""

    is_limit = True

    def __init__(self, name, *arguments):
        super().__init__(name)
        self.arguments = arguments

    def command(self, kit, task, output):
        return [kit.path("limits"), *self.arguments, "--threads", str(task.threads), *task.input.files]


class Gunzip(Tool):
    """What everybody has for decompression, on one thread; its lines are counted so that it is checked as the others are."""

    needs, is_limit = "gzip", True

    def command(self, kit, task, output):
        return ["sh", "-c", 'gzip -dc "$@" | wc -l', "sh", *task.input.files]


NGRAM_COUNT = NgramCount("ngram-count")
POLARS = PythonPeer("Polars", "polars")
DUCKDB = PythonPeer("DuckDB", "duckdb")
CLICKHOUSE = PythonPeer("ClickHouse (chdb)", "chdb")
XAN = Xan("xan groupby")
MAWK = Mawk("mawk")
RIPGREP = Ripgrep("ripgrep")
NEWLINES = Limit("limit: newlines, read", "newlines")
NEWLINES_MAPPED = Limit("limit: newlines, mapped", "newlines", "--map")
INFLATE = Limit("limit: inflate alone", "inflate")
GUNZIP = Gunzip("limit: gzip -dc")
