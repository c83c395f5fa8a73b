"""The cases. Each says in which engines it runs."""

import os
import pathlib
import signal
from typing import Callable

import pyarrow.parquet

from engines import Engine, Ran, Spark
from harness import Bench, check, command_of, parents_of, wait_for

CASES: list[Callable[[Engine, Bench], None]] = []
# Plain files of some megabytes are cut into ranges.
RANGES = ["--part-size", "700K"]


def case(*engines: str):
    def add(function: Callable) -> Callable:
        function.engines = engines
        CASES.append(function)
        return function
    return add


def compare(engine: Engine, bench: Bench, *options: str) -> None:
    """The result of the engine and of one process: the same status, the same bytes."""
    ran = engine.run(*bench.files, *RANGES, *options)
    check_same(ran, bench, *options)


def check_same(ran: Ran, bench: Bench, *options: str) -> None:
    status, expected = bench.expected(*bench.files, *options)
    check(ran.status == status, options, ran)
    found = bench.result()
    check(found == expected, options, "differ:", len(found), "bytes instead of", len(expected), found[:200])


def check_fails(ran: Ran, bench: Bench, *messages: str) -> None:
    check(ran.status == 2, ran)
    lines = [line for line in ran.errors.splitlines() if line.startswith("ngram-count: ")]
    check(len(lines) == 1 and all(message in lines[0] for message in messages), messages, "expected:", ran.errors)
    bench.check_no_result()


@case("sail", "wheel", "spark")
def whole(engine: Engine, bench: Bench) -> None:
    """1,000,000 rows in 8 files of three formats, plain, gzip and zstd: the same bytes as one process"""
    compare(engine, bench)


@case("sail", "spark")
def by_year(engine: Engine, bench: Bench) -> None:
    """--by year: the same bytes"""
    compare(engine, bench, "--by", "year")


@case("sail", "spark")
def by_decade(engine: Engine, bench: Bench) -> None:
    """--by decade, the words with the highest sums first, at least 100000: the same bytes"""
    compare(engine, bench, "--by", "decade", "--sort", "count", "--min-count", "100000")


@case("sail", "spark")
def selected(engine: Engine, bench: Bench) -> None:
    """--pos, --years, --exclude, --ignore-case, --min-count and --sort: the same bytes"""
    excluded = ["--exclude", "aardvark", "--exclude", "the", "--exclude-regex", "[xyz]$"]
    options = ["--pos", "drop", "--years", "1900-1950", "--ignore-case", *excluded, "--min-count", "2000", "--sort", "word"]
    compare(engine, bench, *options)


@case("sail", "spark")
def words(engine: Engine, bench: Bench) -> None:
    """--word in the order asked, twice, and with 0: the same bytes"""
    compare(engine, bench, "--word", "nowhere", "--word", "Aardvark", "--word", "aardvark", "--word", "Aardvark")


@case("sail")
def words_by_year(engine: Engine, bench: Bench) -> None:
    """--word with --by year, --ignore-case and --normalize: the same bytes"""
    words = ["--word", "nowhere", "--word", "AARDVARK", "--word", "aardvark", "--word", "caf\u00e9"]
    compare(engine, bench, "--by", "year", "--ignore-case", "--normalize", "nfc", *words)


@case("sail")
def no_word(engine: Engine, bench: Bench) -> None:
    """No word occurs: status 1, and the same bytes"""
    compare(engine, bench, "--word", "nowhere")


@case("sail", "spark")
def parquet(engine: Engine, bench: Bench) -> None:
    """--format parquet: the same words and counts"""
    ran = engine.run(*bench.files, *RANGES, "--format", "parquet")
    check(ran.status == 0, ran)
    bench.result()
    files = sorted((bench.folder / "out").glob("*.parquet"))
    rows = [row for file in files for row in pyarrow.parquet.ParquetFile(file).read().to_pylist()]
    found = b"".join(b"%b\t%d\n" % (row["word"], row["count"]) for row in rows)
    check(found == bench.expected(*bench.files)[1], "differ:", found[:200])


@case("spark")
def odd_words(engine: Engine, bench: Bench) -> None:
    """Words with quotes, spaces, CR, no letter at all, and bytes that are not UTF-8: the same bytes"""
    check_odd(engine, bench, [b"\xff\xfe", b"\xe4", b"\xef\xbb\xbfx"])


@case("sail")
def odd_words_in_utf8(engine: Engine, bench: Bench) -> None:
    """Words with quotes, spaces, CR, or no letter at all: the same bytes"""
    check_odd(engine, bench, [b"\xef\xbb\xbfx"])


def check_odd(engine: Engine, bench: Bench, others: list[bytes]) -> None:
    odd = [b"", b" a", b"a ", b'"', b'"a"', b"\\", b"a\\n", b"a,b", b"\ra", b"a\rb", b"\x00", b"NULL", *others]
    rows = b"the\t1\n" + b"".join(b"%b\t%d\n" % (word, 2**63 - n % 3) for n, word in enumerate(odd))
    file = bench.file("odd", rows)
    for options in [[], ["--sort", "word"]]:
        bench.reset()
        ran = engine.run("--input-format", "counts", *options, file, file)
        check(ran.status == 2 and "passes 18446744073709551615" in ran.errors, ran)
        bench.check_no_result()
        bench.reset()
        ran = engine.run("--input-format", "counts", *options, file)
        check((ran.status, bench.result()) == bench.expected("--input-format", "counts", *options, file), options, ran)


@case("sail")
def one_odd_word(engine: Engine, bench: Bench) -> None:
    """A word that begins like a byte-order mark: the same bytes, without the blank line of the program alone"""
    file = bench.file("odd", b"\n\xef\xbb\xbfx\t5\n")
    ran = engine.run("--input-format", "counts", file)
    expected = bench.expected("--input-format", "counts", file)[1]
    check((ran.status, b"\n" + bench.result()) == (0, expected), ran, bench.result(), expected)


@case("sail")
def large(engine: Engine, bench: Bench) -> None:
    """A mapper with more output than a batch holds, and a word that is longer than that: the same bytes"""
    file = bench.file("large", b"".join(b"word%d\t%d\n" % (n, n % 97) for n in range(500_000)) + b"x" * (5 << 20) + b"\t50\n")
    ran = engine.run("--input-format", "counts", file)
    check((ran.status, bench.result()) == bench.expected("--input-format", "counts", file), ran)


@case("sail")
def not_utf8(engine: Engine, bench: Bench) -> None:
    """A word that is not UTF-8 as text: an error that says what to do; as Parquet: its bytes"""
    file = bench.file("odd", b"\xff\t5\nb\t3\n")
    check_fails(engine.run("--input-format", "counts", file), bench, "--format parquet")
    bench.reset()
    check(engine.run("--input-format", "counts", "--format", "parquet", file).status == 0)
    found = [row for path in (bench.folder / "out").glob("*.parquet") for row in pyarrow.parquet.read_table(path).to_pylist()]
    check([row["word"] for row in found] == [b"\xff", b"b"], found)


@case("sail")
def streamed(engine: Engine, bench: Bench) -> None:
    """Names with a scheme: the same bytes, and errors with the name"""
    check_fails(engine.run(f"file://{bench.folder}/nowhere"), bench, "nowhere", "No such file")
    files = [f"file://{file}" for file in bench.files]
    check_same(engine.run(*files), bench)
    bench.reset()
    check_fails(engine.run(*files, f"file://{cut_file(bench)}"), bench, "cut", "breaks off")


@case("sail")
def killed_mapper_without_retry(engine: Engine, bench: Bench) -> None:
    """A mapper is killed after 1,000 lines: Sail retries no task, so the job fails; run again, it gives the same bytes"""
    (bench.control / "kill").touch()
    check_fails(engine.run(*bench.files), bench, "SIGKILL", str(bench.folder))
    check((bench.control / "killed").exists(), "no mapper was killed")
    bench.reset()
    compare(engine, bench)


@case("spark")
def killed_mapper(engine: Engine, bench: Bench) -> None:
    """A mapper is killed after 1,000 lines: Spark retries the task, and the bytes are the same"""
    (bench.control / "kill").touch()
    compare(engine, bench)
    check((bench.control / "killed").exists(), "no mapper was killed")


@case("spark")
def killed_executor(engine: Spark, bench: Bench) -> None:
    """An executor is killed while a mapper runs: the same bytes"""
    (bench.control / "wait").touch()
    engine.ask(*bench.files, *RANGES)
    wait_for("a mapper", (bench.control / "pid").exists)
    parents = parents_of(int((bench.control / "pid").read_text()))
    executors = [parent for parent in parents if "CoarseGrainedExecutorBackend" in command_of(parent)]
    check(len(executors) == 1 and engine.child.pid in parents, [command_of(parent) for parent in parents])
    os.kill(executors[0], signal.SIGKILL)
    wait_for("the executor's end", lambda: not pathlib.Path(f"/proc/{executors[0]}/exe").exists())
    (bench.control / "go").touch()
    check_same(engine.answer(), bench)


def cut_file(bench: Bench) -> str:
    content = pathlib.Path(bench.files[3]).read_bytes()
    return bench.file("cut", content[: len(content) * 3 // 4])


@case("sail", "submit")
def cut_off(engine: Engine, bench: Bench) -> None:
    """A file that breaks off: status 2, the program's message, and no result"""
    check_fails(engine.run(bench.files[0], cut_file(bench)), bench, f"ngram-count: {bench.folder}/cut: the gzip data breaks off")


@case("sail", "spark")
def malformed(engine: Engine, bench: Bench) -> None:
    """A malformed line: status 2, the program's message, and no result"""
    rows = pathlib.Path(bench.files[2]).read_bytes()
    # Far behind the lines that tell the format, and behind the first range.
    file = bench.file("malformed", rows + b"word\t1990\t3\n")
    line = rows.count(b"\n") + 1
    expected = f"ngram-count: {file}:{line}: expected 4 fields (ngram, year, match_count, volume_count), found 3"
    check_fails(engine.run(*RANGES, file), bench, expected)


@case("sail")
def usage(engine: Engine, bench: Bench) -> None:
    """Errors of the options and names: status 2, and the program's message"""
    check_fails(engine.run("--years", "x", *bench.files), bench, "years")
    check_fails(engine.run(bench.files[0], str(bench.folder / "nowhere")), bench, "nowhere: No such file")
    os.mkdir(bench.folder / "out")
    (bench.folder / "out/old").touch()
    check_fails(engine.run(bench.files[0]), bench, "out")
    check(os.listdir(bench.folder / "out") == ["old"], "an old folder changed")
