"""Tests of examples/download: whatever breaks, the result has the bytes of one process over the files, or there is none.

    cargo build --release
    python3 tests/download [target/release/ngram-count]

It needs Python 3.9, and takes some seconds.
"""

import functools
import gzip
import itertools
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from server import File, Server

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "examples/download/count_urls.py"
DATA = ROOT / "data"
PROGRAM = ROOT / "target/release/ngram-count"


def line_ends(content: bytes, count: int) -> list[int]:
    """Places behind lines, where a plain file that is cut looks like a whole one."""
    step = len(content) // (count + 1)
    return [content.index(b"\n", number * step) + 1 for number in range(1, count + 1)]


class Download(unittest.TestCase):
    def setUp(self) -> None:
        self.server = Server()
        self.addCleanup(self.server.close)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.contents: dict[str, bytes] = {}
        for name in ["sample-v2.tsv", "sample-v3.tsv", "sample-v1.csv.zip", "sample-v2.tsv.gz"]:
            self.add(name, (DATA / name).read_bytes())
        self.add("v3.gz", gzip.compress((DATA / "sample-v3.tsv").read_bytes()))

    def add(self, name: str, content: bytes, **faults: object) -> File:
        """A file of the server, and of one process."""
        self.contents[name] = content
        file = File(content, tag=f'"{len(content)}"', **faults)
        self.server.files["/" + name] = file
        return file

    def command(self, *options: str, parts: str = "parts") -> list[str]:
        urls = self.folder / "urls.txt"
        urls.write_text("".join(self.server.url("/" + name) + "\n" for name in self.contents))
        own = ["--parts", self.folder / parts, "--output", self.result, "--program", PROGRAM, "--pause", "0"]
        return [str(word) for word in [sys.executable, SCRIPT, urls, *own, *options]]

    def count(self, *options: str, status: int = 0) -> str:
        """Runs the script. Returns what it says."""
        ended = subprocess.run(self.command(*options), capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, status, ended.stderr)
        self.assertNotIn("Traceback", ended.stderr)
        return ended.stderr

    @property
    def result(self) -> pathlib.Path:
        return self.folder / "result.tsv"

    def parts(self) -> list[str]:
        """The names of the files whose counts are there."""
        return sorted(path.name.split("+")[-1][:-len(".tsv")] for path in (self.folder / "parts").glob("*.tsv"))

    def whole(self, *options: str, status: int = 0) -> bytes:
        """What one process counts."""
        files = [self.folder / name for name in self.contents]
        for file in files:
            file.write_bytes(self.contents[file.name])
        ended = subprocess.run([PROGRAM, *files, *options], stdout=subprocess.PIPE, timeout=60)
        self.assertEqual(ended.returncode, status)
        return ended.stdout

    def assert_right(self, *options: str) -> None:
        self.assertEqual(self.result.read_bytes(), self.whole(*options))

    def test_connections_break_anywhere(self) -> None:
        chance = random.Random(16)
        for is_reset in [False, True]:
            for name, content in self.contents.items():
                ends = [] if name.endswith(("gz", "zip")) else line_ends(content, 5)
                anywhere = [chance.randrange(len(content)) for _ in range(10)]
                self.add(name, content, breaks=[0, 1, len(content) - 1, *anywhere, *ends], is_reset=is_reset)
            self.count("--jobs", "3", "--parts", str(self.folder / f"parts{is_reset}"))
            self.assert_right()
            for name in self.contents:
                file = self.server.files["/" + name]
                self.assertEqual(file.breaks, [], f"{name}: all breaks took place")
                self.assertGreater(len([asked for asked in file.asked if asked]), 5, f"{name}: it was resumed")

    def test_a_server_without_ranges_begins_anew(self) -> None:
        plain = self.contents["sample-v2.tsv"]
        file = self.add("sample-v2.tsv", plain, breaks=line_ends(plain, 3), has_ranges=False)
        self.count()
        self.assert_right()
        self.assertEqual(file.breaks, [])
        self.assertGreaterEqual(file.asked.count(""), 2, "it began anew")

    def test_a_file_that_changes_is_counted_in_one_state(self) -> None:
        plain = self.contents["sample-v2.tsv"]
        half, other = line_ends(plain, 1), plain.replace(b"Aardvark", b"aardvark")
        tags = {"tag": '"old"'}, {"tag": '"new"'}
        weak = {"tag": 'W/"same"'}, {"tag": 'W/"same"'}
        dates = {"changed": time.time() - 900}, {"changed": time.time() - 600}
        young = {}, {}  # The same second as that of the answer, before the change and after it.
        for case, (old, new) in {"tags": tags, "weak": weak, "dates": dates, "young": young}.items():
            for heeds_if_range, content in itertools.product([True, False], [other, plain[:1000]]):
                with self.subTest(f"{case} {heeds_if_range} {len(content)}"):
                    self.contents["sample-v2.tsv"] = content
                    becomes = File(content, heeds_if_range=heeds_if_range, **new)
                    self.server.files["/sample-v2.tsv"] = File(plain, breaks=list(half), next=becomes, **old)
                    self.count("--parts", str(self.folder / f"{case}{heeds_if_range}{len(content)}"))
                    self.assert_right()

    def test_a_file_that_changes_before_its_first_byte_is_counted_as_it_is(self) -> None:
        plain = self.contents["sample-v2.tsv"]
        for content in [plain[: line_ends(plain, 1)[0]], plain + plain]:
            with self.subTest(f"{len(content)}"):
                self.contents["sample-v2.tsv"] = content
                becomes = File(content, tag='"new"')
                self.server.files["/sample-v2.tsv"] = File(plain, breaks=[0], next=becomes, tag='"old"')
                self.count("--parts", str(self.folder / f"first{len(content)}"))
                self.assert_right()

    def test_urls_of_one_file_are_refused(self) -> None:
        command, urls = self.command(), self.folder / "urls.txt"
        first = urls.read_text().split()[0]
        urls.write_text(urls.read_text() + first.replace("http://", "HTTP://") + "\n")
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("stands in it twice", ended.stderr)
        self.assertFalse(self.result.exists())

    def test_a_missing_file_leaves_no_result(self) -> None:
        del self.server.files["/sample-v3.tsv"]
        said = self.count(status=2)
        self.assertIn("sample-v3.tsv: the server says 404", said)
        self.assertIn("1 of 5 files", said)
        self.assertFalse(self.result.exists())
        self.assertNotIn("sample-v3.tsv", self.parts())
        self.add("sample-v3.tsv", self.contents["sample-v3.tsv"])
        self.assertIn("5 files, 4 of them counted before", self.count())
        self.assert_right()
        self.assertEqual(self.server.files["/v3.gz"].asked, [""], "it is not fetched again")

    def test_a_busy_server_is_asked_again(self) -> None:
        self.add("v3.gz", self.contents["v3.gz"], statuses=[503, 429], breaks=[1000])
        self.count()
        self.assert_right()

    def test_a_server_that_never_gets_further_is_given_up(self) -> None:
        file = self.add("v3.gz", self.contents["v3.gz"], statuses=[503] * 50)
        self.assertIn("given up after 4 tries", self.count("--tries", "4", status=2))
        self.assertEqual(len(file.asked), 4)
        plain = self.contents["sample-v2.tsv"]
        file = self.add("sample-v2.tsv", plain, breaks=[line_ends(plain, 1)[0]] * 50)
        self.assertIn("given up after 4 tries", self.count("--tries", "4", "--parts", str(self.folder / "b"), status=2))
        self.assertFalse(self.result.exists())

    def test_without_a_length_nothing_is_counted(self) -> None:
        plain = self.contents["sample-v2.tsv"]
        self.add("sample-v2.tsv", plain, has_length=False, breaks=line_ends(plain, 1))
        self.assertIn("does not say how long", self.count(status=2))
        self.assertNotIn("sample-v2.tsv", self.parts())

    def test_damaged_data_is_named(self) -> None:
        self.add("v3.gz", self.contents["v3.gz"][:50_000])
        said = self.count(status=2)
        self.assertIn("v3.gz: ngram-count: standard input: the gzip data breaks off", said)
        self.assertFalse(self.result.exists())

    def test_a_count_that_is_killed_is_no_count(self) -> None:
        once = self.folder / "once"
        program = self.folder / "program"
        program.write_text(f"#!/bin/sh\n[ -e {once} ] || {{ touch {once}; kill -9 $$; }}\nexec {PROGRAM} \"$@\"\n")
        program.chmod(0o755)
        self.assertIn("ended with status -9", self.count("--program", str(program), status=2))
        self.assertEqual(len(self.parts()), 4)
        self.count("--program", str(program))
        self.assert_right()

    def test_killed_and_started_again(self) -> None:
        self.killed_and_started_again(signal.SIGKILL, -signal.SIGKILL)

    def test_interrupted_and_started_again(self) -> None:
        self.killed_and_started_again(signal.SIGINT, 130)

    def killed_and_started_again(self, way: signal.Signals, status: int) -> None:
        plain = self.contents["sample-v2.tsv"]
        file = self.add("sample-v2.tsv", plain, stalls_at=line_ends(plain, 1)[0])
        # A shell starts jobs in the background with Ctrl-C ignored, and their children inherit that.
        heeds = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        running = subprocess.Popen(self.command("--jobs", "2"), stderr=subprocess.DEVNULL, preexec_fn=heeds)
        self.assertTrue(file.stalled.wait(30))
        deadline = time.monotonic() + 30
        while len(self.parts()) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(running.poll(), None)
        said = subprocess.run(self.command(), capture_output=True, text=True, timeout=60)
        self.assertEqual((said.returncode, "another run" in said.stderr), (2, True), said.stderr)
        running.send_signal(way)
        self.assertEqual(running.wait(20), status)
        time.sleep(0.5)  # Its ngram-count sees the end of its input now, and a half of the file counts.
        self.assertEqual(len(self.parts()), 4)
        self.assertFalse(self.result.exists())
        file.goes_on.set()
        self.add("sample-v2.tsv", plain)
        self.assertIn("5 files, 4 of them counted before", self.count())
        self.assert_right()
        self.assertEqual(list((self.folder / "parts").glob(".*.tmp")), [])

    def test_options_go_to_their_steps(self) -> None:
        cases = [
            ["--by=year", "--pos=drop"], ["--by=decade", "--years=1850-1899"], ["--years=1900-1950", "--pos=only"],
            ["--pos=drop", "--min-count=20000"], ["--top=5", "--format=csv"], ["--by=year", "--min-count=50000"],
            ["--word=Basilisk", "--word=Aardvark"], ["--word=INTERNET", "--ignore-case"], ["--prefix=tele"],
            [f"--words-from={DATA}/words.txt", "--by=year"], ["--sort=word", "--columns=word,rank"],
        ]
        for number, options in enumerate(cases):
            with self.subTest(options):
                self.count(*options, "--parts", str(self.folder / str(number)))
                self.assert_right(*options)
        self.count("--word=Basilisk", "--parts", str(self.folder / "none"), status=1)
        self.assertEqual(self.result.read_bytes(), self.whole("--word=Basilisk", status=1))

    def test_counts_of_other_options_are_not_mixed(self) -> None:
        self.count("--pos=drop", "--top=3")
        self.count("--pos=drop", "--min-count=5")
        self.assert_right("--pos=drop", "--min-count=5")
        self.assertIn("other options", self.count("--pos=keep", status=2))
        self.assert_right("--pos=drop", "--min-count=5")

    def test_a_url_that_stands_twice_is_refused(self) -> None:
        command = self.command()
        urls = self.folder / "urls.txt"
        urls.write_text(urls.read_text() * 2)
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        self.assertEqual((ended.returncode, "twice" in ended.stderr), (2, True))


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        PROGRAM = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
