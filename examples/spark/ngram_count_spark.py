"""Counts ngrams on a cluster: Spark runs ngram-count on each file, and adds the counts up.

    spark-submit --files ngram-count ngram_count_spark.py --by year --output DIR '/nfs/ngrams/*.gz'
    SPARK_REMOTE=sc://host:50051 python ngram_count_spark.py --output DIR /nfs/ngrams/a.tsv

The same script runs on Spark, on Spark Connect and on Sail. A task runs the program on one file, or on one range of bytes
of a large plain file, and hands the result on as Arrow batches. README.md has the details.

Exit status: 0; 1 if words were asked for and none occurs; 2 after an error.
"""

import argparse
import glob
import heapq
import os
import re
import sys
from decimal import Decimal
from typing import Iterator, Optional

import pyarrow as pa
import pyarrow.fs
from pyspark import cloudpickle
from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

import ngram_mapper
from ngram_mapper import UNITS, Failed, Mapper, Part, limits_of

cloudpickle.register_pickle_by_value(ngram_mapper)

MAX_COUNT = 2**64 - 1
# Behind these first bytes, a file can only be read from its beginning: gzip, zstd, zip, bzip2, xz and UTF-16.
INDIVISIBLE = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK", b"BZh", b"\xfd7zX", b"\xff\xfe", b"\xfe\xff")
SAIL_KEEPS_ORDER = (
    "datafusion.optimizer.enable_round_robin_repartition=false",
    "datafusion.execution.minimum_parallel_output_files=1",
    f"datafusion.execution.soft_max_rows_per_output_file={2**62}",
)
# Options that go to the program as they are.
PASSED = ("by", "years", "pos", "ngram", "tokens", "prefix", "regex", "exclude_regex", "normalize", "input_format")
# Options under which the program writes a word otherwise than it was asked for.
SPELLING = ("--tokens", "--normalize", "--ignore-case")
KINDS = {"word": "binary", "year": "int", "count": "decimal(20,0)", "volumes": "decimal(20,0)"}
FIELDS = {"word": ["word", "count"], "year": ["word", "year", "count", "volumes"]}


def main() -> int:
    args = parse_arguments()
    spark = None
    try:
        parts = [part for name in args.files for part in parts_of(name, args.part_size)]
        spark = SparkSession.builder.appName("ngram-count").getOrCreate()
        if args.program:
            spark.addArtifact(args.program, file=True)
        job = Job(spark, args)
        return job.count_words(parts) if args.word else job.count_all(parts)
    except (Failed, PySparkException, OSError) as error:
        print(message_of(error), file=sys.stderr)
        return 2
    finally:
        if spark:
            spark.stop()


def parse_arguments(arguments: Optional[list[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ngram_count_spark.py", description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="+", metavar="FILE_OR_GLOB", help="seen by all workers under the same name")
    parser.add_argument("--output", required=True, metavar="DIR", help="folder for the result; must not exist")
    parser.add_argument("--by", choices=["word", "year", "decade"], default="word")
    parser.add_argument("--years", help="as in 1900-1999, 1900- or 1950")
    parser.add_argument("--pos", choices=["keep", "drop", "only"])
    for name in ["--prefix", "--regex", "--exclude-regex"]:
        parser.add_argument(name)
    parser.add_argument("--exclude", action="append", default=[], metavar="WORD", help="may be repeated")
    parser.add_argument("--ngram", help="as in 3 or 1-3, within a line")
    parser.add_argument("--tokens", help="whitespace, unicode or regex:RE")
    parser.add_argument("--normalize", choices=["nfc", "nfkc"])
    parser.add_argument("--ignore-case", action="store_true", help="count case variants as one word, in lower case")
    parser.add_argument("--input-format", choices=["auto", "v1", "v2", "v3", "counts", "text"])
    parser.add_argument("--min-count", type=int, default=0, metavar="N", help="leave out words with a lower sum")
    parser.add_argument("--word", action="append", default=[], help="count only this word; may be repeated")
    parser.add_argument("--memory", help="for each task (default: its share of the executor's)")
    parser.add_argument("--part-size", type=size, default="256M", help="of the ranges of plain files (256M)")
    parser.add_argument("--format", choices=["tsv", "parquet"], default="tsv")
    parser.add_argument("--sort", choices=["count", "word", "none"])
    parser.add_argument("--tasks", type=int, metavar="N", help="deal the parts to N tasks (default: one task for each part)")
    parser.add_argument("--program", metavar="ngram-count", help="binary to send to the workers (Spark Connect)")
    return parser.parse_args(arguments)


def size(text: str) -> int:
    found = re.fullmatch(r"(\d+)([KMGT]?)(iB)?", text)
    if not found or int(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 64M")
    return int(found[1]) * UNITS[found[2]]


def parts_of(pattern: str, part_size: int) -> Iterator[Part]:
    """The parts of the files of a glob. A file with a scheme, such as s3://, is streamed as one part."""
    if "://" in pattern:
        files, path = pyarrow.fs.FileSystem.from_uri(pattern)
        yield Part(pattern, "", files.get_file_info(path).size or 0)
        return
    for name in map(os.path.abspath, sorted(glob.glob(pattern)) or [pattern]):
        with open(name, "rb") as file:
            first, length = file.read(4), os.fstat(file.fileno()).st_size
        if first.startswith(INDIVISIBLE):
            # Unpacking makes a byte of it as much work as about four plain ones.
            yield Part(name, "", 4 * length)
        elif length <= part_size:
            yield Part(name, "", length)
        else:
            for begin in range(0, length, part_size):
                end = begin + part_size
                yield Part(name, f"{begin}-{end}" if end < length else f"{begin}-", min(part_size, length - begin))


def deal(parts: list[Part], tasks: int) -> list[list[Part]]:
    """Gives the heaviest part that is left to the task with the least work. The heaviest tasks come first."""
    loads = [(0, task) for task in range(min(tasks, len(parts)))]
    dealt: list[list[Part]] = [[] for _ in loads]
    for part in sorted(parts, key=lambda part: -part.weight):
        load, task = heapq.heappop(loads)
        dealt[task].append(part)
        heapq.heappush(loads, (load + part.weight, task))
    return dealt


class Job:
    """A session of Spark, and what to count in it."""

    def __init__(self, spark: SparkSession, args: argparse.Namespace):
        self.spark, self.args = spark, args
        self.fields = FIELDS["word" if args.by == "word" else "year"]
        self.keys = [name for name in self.fields if name in ("word", "year")]
        self.sums = [name for name in self.fields if name in ("count", "volumes")]
        self.sort = args.sort or ("count" if args.by == "word" else "word")
        # Each Spark has a master. Sail has none: it starts all tasks at once, and shows its client no settings.
        self.is_sail = not spark.conf.get("spark.master", "")
        self.limits = limits_of(spark.conf, args.memory)
        self.options = [f"--{name.replace('_', '-')}={value}" for name in PASSED if (value := getattr(args, name)) is not None]
        self.options += [f"--exclude={word}" for word in args.exclude]
        self.options += ["--ignore-case"] if args.ignore_case else []

    def count_all(self, parts: list[Part]) -> int:
        self.write(self.select(self.reduce(self.map(parts, self.options))), self.order())
        return 0

    def count_words(self, parts: list[Part]) -> int:
        """The words asked for are few, so their sums come here, and are put in order here."""
        asked = self.fold(self.args.word)
        options = [*self.options, *(f"--word={word}" for word in dict.fromkeys(asked))]
        found: dict[bytes, list] = {}
        for word, *rest in self.reduce(self.map(parts, options)).collect():
            found.setdefault(bytes(word), []).append(tuple(rest))
        totals = {word: sum(row[-len(self.sums)] for row in rows) for word, rows in found.items()}
        words = [word for word in map(os.fsencode, asked) if totals.get(word, 0) >= self.args.min_count]
        if self.args.sort in ("count", "word"):
            words.sort(key=lambda word: (-totals.get(word, 0) if self.args.sort == "count" else 0, word))
        missing = [(Decimal(0),)] if self.args.by == "word" else []
        rows = [(word, *row) for word in words for row in sorted(found.get(word, missing))]
        schema = "number int, " + schema_of(self.fields)
        self.write(self.spark.createDataFrame([(n, *row) for n, row in enumerate(rows)], schema), [F.col("number")])
        return 0 if any(totals.values()) else 1

    def map(self, parts: list[Part], options: list[str], fields: Optional[list[str]] = None) -> DataFrame:
        """Runs the program on all parts. `range` is the one source that has a partition for each row in every engine."""
        tasks = deal(parts, self.args.tasks or (self.cores() if self.is_sail else len(parts)))
        mapper = Mapper(tasks, options, fields or self.fields, self.limits)
        schema = re.sub(r"(\w+) decimal\(20,0\)", r"\1_high bigint, \1_low bigint", schema_of(mapper.names))
        return self.spark.range(0, len(tasks), 1, len(tasks)).mapInArrow(lambda batches: mapper.run(batches), schema)

    def cores(self) -> int:
        """The cores of a Sail server, which would otherwise run the mappers of all files at once."""
        def count(_):
            yield pa.RecordBatch.from_pydict({"cores": [len(os.sched_getaffinity(0))]})
        return self.spark.range(1).mapInArrow(count, "cores bigint").first()["cores"]

    def reduce(self, mapped: DataFrame) -> DataFrame:
        halves = [F.sum(f"{name}_{half}").alias(f"{name}_{half}") for name in self.sums for half in ("high", "low")]
        return mapped.groupBy(*self.keys).agg(*halves).select(*self.keys, *(whole(name) for name in self.sums))

    def select(self, counts: DataFrame) -> DataFrame:
        """What --min-count leaves. It goes by the sum of a word, which no mapper knows."""
        if self.args.by == "word":
            return counts.where(F.col("count") >= self.args.min_count) if self.args.min_count else counts
        if self.args.min_count or self.sort == "count":
            counts = counts.withColumn("total", F.sum("count").over(Window.partitionBy("word")))
            return counts.where(F.col("total") >= self.args.min_count)
        return counts

    def order(self) -> list[Column]:
        if self.sort == "none":
            return []
        total = "count" if self.args.by == "word" else "total"
        return [F.col(total).desc()] * (self.sort == "count") + [F.col(key) for key in self.keys]

    def fold(self, words: list[str]) -> list[str]:
        """The words as the program writes them."""
        options = [option for option in self.options if option.startswith(SPELLING)]
        if not options:
            return words
        options += ["--input-format=text", *(f"--word={word}" for word in words)]
        rows = self.map([Part("", "", 0)], options, FIELDS["word"]).select("word").collect()
        return [os.fsdecode(bytes(row.word)) for row in rows]

    def write(self, counts: DataFrame, order: list[Column]) -> None:
        folder = self.args.output
        if self.is_sail:
            # A server runs in a folder of its own.
            folder = folder if "://" in folder else os.path.abspath(folder)
            # Otherwise Sail deals the rows out, and a sorted result is in no order.
            for setting in SAIL_KEEPS_ORDER:
                self.spark.sql(f"SET {setting}").collect()
        counts = counts.orderBy(*order) if order else counts
        if self.args.format == "parquet":
            counts.select(*self.fields).write.parquet(folder)
        else:
            # Not as CSV: a word may have quotes, backslashes or spaces, and need not be UTF-8.
            columns = [F.col(name).cast("string").cast("binary") for name in self.fields[1:]]
            line = F.concat("word", *(piece for column in columns for piece in (F.lit(b"\t"), column)))
            counts.select(line.cast("string").alias("value")).write.text(folder)
        if self.is_sail:
            # As Spark does: without this file, the folder is no whole result.
            files, path = pyarrow.fs.FileSystem.from_uri(folder)
            files.open_output_stream(f"{path}/_SUCCESS").close()


def schema_of(fields: list[str]) -> str:
    return ", ".join(f"{name} {KINDS[name]}" for name in fields)


def whole(name: str) -> Column:
    """The number of two sums of halves, or an error that names the word."""
    high, low = F.col(f"{name}_high"), F.col(f"{name}_low").cast("decimal(20,0)")
    total = F.when(high == 0, low).otherwise(high.cast("decimal(20,0)") * F.lit(2**32).cast("decimal(10,0)") + low)
    error = F.raise_error(F.concat(F.lit('ngram-count: the sum of "'), F.col("word").cast("string"),
                                   F.lit(f'" passes {MAX_COUNT} (2^64-1), the largest count there is')))
    return F.when(total > F.lit(Decimal(MAX_COUNT)), error).otherwise(total).cast("decimal(20,0)").alias(name)


def message_of(error: Exception) -> str:
    """The program's own message, which Spark reports at the end of a trace of Python."""
    text = str(error)
    found = re.findall(r"ngram-count: .*", text)
    if found:
        return re.sub(r" SQLSTATE: \w+$", "", found[-1])
    if "non UTF-8 data" in text:
        return "ngram-count: a word is not UTF-8, and Sail writes no other text; use --format parquet"
    is_of_file = isinstance(error, OSError) and error.filename
    return f"ngram-count: {error.filename}: {error.strerror}" if is_of_file else f"ngram-count: {text.strip()}"


if __name__ == "__main__":
    sys.exit(main())
