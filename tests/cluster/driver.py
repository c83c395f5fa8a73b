"""Runs the example again and again in one session of Spark, as it would take a minute to start a cluster for each case.

It reads the arguments of each run as a line of JSON, and answers with the exit status and standard error.
"""

import contextlib
import io
import json
import os
import runpy
import sys

from pyspark.sql import SparkSession


def main() -> None:
    script = sys.argv[1]
    sys.path.insert(0, os.path.dirname(script))  # As for any script that Python runs.
    # The script stops its session. The next case needs it.
    SparkSession.stop = lambda self: None
    spark = SparkSession.builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    answer({"status": 0})
    for line in sys.stdin:
        sys.argv = [script, *json.loads(line)]
        errors = io.StringIO()
        status = 0
        with contextlib.redirect_stderr(errors):
            try:
                runpy.run_path(script, run_name="__main__")
            except SystemExit as end:
                status = end.code
        answer({"status": status, "errors": errors.getvalue()})


def answer(what: dict) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
