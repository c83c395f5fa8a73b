"""Compares ngram-count on Spark with Spark's own reader and groupBy, on files of the version 2 (20120701).

    PYSPARK_SUBMIT_ARGS='--master local-cluster[2,1,1024] --files ngram-count pyspark-shell' python compare.py 'data/*.tsv'
    SPARK_REMOTE=sc://localhost:50051 python compare.py 'data/*.tsv'

Both write the same sorted TSV in the same session, in turn. The first run of each only warms up. The last lines are the
medians in seconds.
"""

import argparse
import glob
import os
import pathlib
import statistics
import tempfile
import time

from pyspark import cloudpickle
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

import ngram_count_spark
from ngram_count_spark import Job, parse_arguments, parts_of

cloudpickle.register_pickle_by_value(ngram_count_spark)
SCHEMA = "word string, year int, count bigint, volumes bigint"


def ours(spark: SparkSession, files: list[str], folder: str) -> None:
    args = parse_arguments([*files, "--output", folder])
    Job(spark, args).count_all([part for name in files for part in parts_of(name, args.part_size)])


def theirs(spark: SparkSession, files: list[str], folder: str) -> None:
    rows = spark.read.csv(files, sep="\t", quote="", schema=SCHEMA)
    counts = rows.groupBy("word").agg(F.sum("count").alias("count")).orderBy(F.desc("count"), "word")
    counts.select(F.concat("word", F.lit("\t"), F.col("count").cast("string")).alias("value")).write.text(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("pattern")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    files = [os.path.abspath(name) for name in sorted(glob.glob(asked.pattern))]
    spark = SparkSession.builder.getOrCreate()
    seconds = {ours: [], theirs: []}
    results = set()
    for run in range(asked.runs + 1):
        for count in list(seconds)[:: -1 if run % 2 else 1]:
            with tempfile.TemporaryDirectory() as parent:
                begin = time.monotonic()
                count(spark, files, f"{parent}/out")
                seconds[count].append(time.monotonic() - begin)
                results.add(b"".join(path.read_bytes() for path in sorted(pathlib.Path(parent).glob("out/*.txt"))))
    spark.stop()
    if len(results) != 1:
        raise SystemExit("the results differ")
    for count, times in seconds.items():
        print(f"{count.__name__:<8}{statistics.median(times[1:]):.2f}")


if __name__ == "__main__":
    main()
