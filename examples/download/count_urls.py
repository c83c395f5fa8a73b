#!/usr/bin/env python3
"""Count files from their URLs, without storing them: each is streamed into ngram-count, and only its counts are kept.

    printf 'http://storage.googleapis.com/books/ngrams/books/20200217/eng/1-%05d-of-00024.gz\\n' $(seq 0 23) >urls.txt
    python3 count_urls.py urls.txt --parts counts --output english.tsv --jobs 2 --pos drop --min-count 1000

Run the same line again after a break, a full disk or a power cut: files whose counts are in the folder of --parts are
not fetched again. A connection that breaks within a file goes on where it broke, if the server allows it and the file
is still the same; otherwise this file begins anew. The result comes last, from the counts of all files, or not at all.
It needs Python 3.9, and ngram-count (--program).

The status is 0; 1 if words were asked for and none occurs; 2 if a file can't be counted, and then there is no result.
"""

import argparse
import concurrent.futures
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator

from resumed import Attempts, Failed, Restart, body

CHUNK = 1 << 20
# Options of ngram-count that are passed on, and the steps that get them: each file, the last step, or both.
# Those of the last step alone say nothing about a single file: a word that is rare in one may be frequent in all.
EACH = ["--pos", "--years", "--prefix", "--regex", "--exclude", "--exclude-from", "--exclude-regex", "--input-format",
        "--threads"]
BOTH = ["--by", "--word", "--words-from", "--memory", "--temp-dir"]
LAST = ["--min-count", "--max-count", "--top", "--sort", "--format", "--columns", "--totals"]


def main() -> int:
    arguments = parsed()
    urls = arguments.urls.read_text().split()
    if len({name(url) for url in urls}) < len(urls):
        raise Failed(f"{arguments.urls}: a URL stands in it twice, and would be counted twice")
    arguments.parts.mkdir(parents=True, exist_ok=True)
    with (arguments.parts / ".lock").open("w") as lock:
        claim(arguments.parts, lock, arguments.each)
        parts = [arguments.parts / name(url) for url in urls]
        count_all(arguments, urls, parts)
        known = ["--raw", "--input-format", "counts" if arguments.by in (None, "word") else "v2"]
        return run([arguments.program, *known, *arguments.last], contents(parts), arguments.output)


def parsed() -> argparse.Namespace:
    """The arguments. `each` and `last` have the options of ngram-count for the two steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", type=pathlib.Path, help="a file with a URL a line")
    parser.add_argument("--parts", type=pathlib.Path, required=True, help="folder for the counts of the files")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="the result")
    parser.add_argument("--jobs", type=int, default=1, help="files at a time (1); each takes --memory and --threads")
    parser.add_argument("--program", default="ngram-count", help="the path of ngram-count")
    parser.add_argument("--tries", type=int, default=10, help="failures in a row until a file is given up (10)")
    parser.add_argument("--pause", type=float, default=1, help="seconds after the first of them, then twice that (1)")
    for option in EACH + BOTH + LAST:
        parser.add_argument(option, action="append", help="an option of ngram-count")
    parser.add_argument("--ignore-case", action="store_true", help="an option of ngram-count")
    found = parser.parse_args()
    if found.jobs < 1:
        parser.error("--jobs is at least 1")
    given = vars(found)
    folded = ["--ignore-case"] if found.ignore_case else []

    def passed(options: list[str]) -> list[str]:
        values = [(option, given[option[2:].replace("-", "_")] or []) for option in options]
        return folded + [f"{option}={value}" for option, many in values for value in many]

    found.each, found.last = passed(EACH + BOTH), passed(BOTH + LAST)
    found.asks = bool(found.word or found.words_from)
    found.by = found.by[-1] if found.by else None
    return found


def claim(folder: pathlib.Path, lock, options: list[str]) -> None:
    """Makes sure that no other run works in the folder, and that its counts were made with the same options."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Failed(f"{folder}: another run works in this folder") from None
    counted = [option for option in options if not option.startswith(("--memory", "--temp-dir", "--threads"))]
    lists = [option for option in counted if option.startswith(("--words-from=", "--exclude-from="))]
    counted += [pathlib.Path(option.split("=", 1)[1]).read_text() for option in lists]
    record = folder / ".options.json"
    if record.exists() and json.loads(record.read_text()) != counted:
        raise Failed(f"{folder}: its counts were made with other options; name another folder, or remove this one")
    temporary = record.with_suffix(".tmp")
    temporary.write_text(json.dumps(counted))
    temporary.replace(record)
    for left in folder.glob("*.tmp"):  # of a run that was killed
        left.unlink()


def name(url: str) -> str:
    """The name of a URL's counts. Only URLs of one file have the same: the cases of scheme and host do not matter."""
    split = urllib.parse.urlsplit(url)
    same = split._replace(scheme=split.scheme.lower(), netloc=split.netloc.lower()).geturl()
    return urllib.parse.quote(same, safe="").replace("%2F", "+") + ".tsv"


def count_all(arguments: argparse.Namespace, urls: list[str], parts: list[pathlib.Path]) -> None:
    """Counts each file whose counts are not there yet."""
    todo = [(url, part) for url, part in zip(urls, parts) if not part.exists()]
    print(f"{len(urls)} files, {len(urls) - len(todo)} of them counted before", file=sys.stderr)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        counts = {pool.submit(count_one, arguments, url, part): url for url, part in todo}
        try:
            for number, ended in enumerate(concurrent.futures.as_completed(counts), 1):
                failed += ended.exception() is not None
                print(f"{number}/{len(todo)} {counts[ended]}: {ended.exception() or ended.result()}", file=sys.stderr)
        except KeyboardInterrupt:
            os._exit(130)  # The threads need not end well: a part has its name when it is whole, or not at all.
    if failed:
        raise Failed(f"no result, as {failed} of {len(urls)} files lack; run it again, and it tries only these")


def count_one(arguments: argparse.Namespace, url: str, part: pathlib.Path) -> str:
    """Counts one file. Begins anew, with another process, when it can't be resumed."""
    attempts = Attempts(arguments.tries, arguments.pause)
    while True:
        try:
            options = ["--sort=none", *arguments.each]
            status = run([arguments.program, *options], body(url, attempts), part, keeps_zeros=False)
        except Restart as reason:
            attempts.failed(reason)
            continue
        if status == 1 and not arguments.asks:
            raise Failed("ngram-count ended with status 1, and no words were asked for")
        return f"counted, {attempts.farthest} bytes" + (f", {attempts.breaks} breaks" if attempts.breaks else "")


def run(command: list[str], pieces: Iterator[bytes], result: pathlib.Path, keeps_zeros: bool = True) -> int:
    """Runs the command with these pieces as its input. Returns status 0 or 1; only then there is a result.

    With status 1, no word that was asked for occurs. The lines with 0 that say so are no counts to add up.

    An input that is not whole must never end like one: a plain file that is cut has counts, too. So before anything
    else, the process is killed. If this program is killed itself, nobody gives the temporary file its name.
    """
    temporary = result.with_name(f".{result.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    with temporary.open("xb") as output, tempfile.TemporaryFile() as messages:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=messages, bufsize=0)
        try:
            is_whole = all(feed(child, piece) for piece in pieces)
        except BaseException:
            child.kill()
            child.wait()
            temporary.unlink()
            raise
        child.stdin.close()
        status = child.wait()
        if status == 1 and not keeps_zeros:
            output.truncate(0)
        os.fsync(output.fileno())
        messages.seek(0)
        said = messages.read().decode(errors="replace").strip()
    if not is_whole or status not in (0, 1):
        temporary.unlink()
        raise Failed(said or f"ngram-count ended with status {status}")
    temporary.replace(result)
    return status


def feed(child: subprocess.Popen, piece: bytes) -> bool:
    """Whether the process took the whole piece. It has ended if not."""
    rest = memoryview(piece)
    try:
        while rest:
            rest = rest[child.stdin.write(rest):]
    except BrokenPipeError:
        return False
    return True


def contents(parts: list[pathlib.Path]) -> Iterator[bytes]:
    """All counts. One process reads them from a pipe, as thousands of names don't fit into a command."""
    for part in parts:
        with part.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Failed, OSError) as error:
        print(f"count_urls: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
