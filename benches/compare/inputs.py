"""The files that are counted. The project's generator makes them when they are first needed, and they are kept."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field

from measure import Failed

#: The true 20120701 file "a" has about so many rows, words and sorted runs.
ROWS, WORDS, RUNS = 86_000_000, 1_431_641, 400
DISTINCT = 16_000_000
COMPRESSED_BYTES, FILES = 600_000_000, 8
#: Disk space for the largest of them, and the results, at true size.
ROOM = 14_000_000_000


@dataclass
class Input:
    """Files that are counted together."""

    #: Relative to the work directory.
    files: list
    rows: int
    bytes: int
    words: list = field(default_factory=list)


class Inputs:
    """Makes inputs at a scale (1 is the true size), in the folder "inputs" of the work directory."""

    def __init__(self, kit, scale, given=None):
        self.kit, self.scale, self.given = kit, scale, given
        self.made = {}
        os.makedirs(os.path.join(kit.folder, "inputs"), exist_ok=True)
        free = shutil.disk_usage(kit.folder).free
        if free < ROOM * scale:
            raise Failed(
                f"{kit.folder} has {free / 1e9:.1f} GB left, and up to {ROOM * scale / 1e9:.1f} GB are needed;"
                " take a smaller --scale or another --work-dir"
            )

    def get(self, name):
        """The input with this name, one of the methods below."""
        if name not in self.made:
            self.made[name] = self._measured(getattr(self, name)())
        return self.made[name]

    def typical(self):
        """As large as the real file, unless a file is given with --input."""
        return [self.given] if self.given else [self._file("typical", self._typical_options())]

    def shuffled(self):
        """The same lines in random order. The generator shuffles its own: a given file is not touched."""
        return [self._file("shuffled", [*self._typical_options(), "--order", "random"])]

    def distinct(self):
        """Each row another word."""
        number = self._scaled(DISTINCT)
        return [self._file("distinct", ["--rows", number, "--words", number])]

    def gzip(self):
        """One compressed file."""
        return [self._file("one", ["--bytes", self._scaled(COMPRESSED_BYTES)], compressed=True)]

    def gzips(self):
        """As much in several compressed files, each with other words."""
        options = ["--bytes", self._scaled(COMPRESSED_BYTES // FILES)]
        return [self._file(f"part{n}", [*options, "--seed", n], compressed=True) for n in range(1, FILES + 1)]

    def tiny(self):
        """So little that only starting takes time."""
        return [self._file("tiny", ["--rows", 20])]

    def megabytes_20(self):
        return [self._file("20MB", ["--bytes", self._scaled(20_000_000)])]

    def megabytes_200(self):
        return [self._file("200MB", ["--bytes", self._scaled(200_000_000)])]

    def megabytes_2000(self):
        return [self._file("2000MB", ["--bytes", self._scaled(2_000_000_000)])]

    def words_file(self, name, number):
        """A file with so many words of an input, from its beginning to its end, one a line."""
        path, target = self.path(self.get(name).files[0]), f"inputs/{name}-{number}-words.txt"
        step, words = max(os.path.getsize(path) // number, 1), {}
        with open(path, "rb") as text, open(self.path(target), "wb") as out:
            for at in range(0, os.path.getsize(path), step):
                text.seek(at)
                text.readline()
                words[text.readline().split(b"\t")[0]] = None
            out.writelines(word + b"\n" for word in list(words)[:number] if word)
        return target

    def as_csv(self, file):
        """A copy of a file as CSV, with a header and with quotes where CSV wants them; made by xan, for xan."""
        target = f"inputs/{os.path.basename(file).removesuffix('.tsv')}.csv"
        if not os.path.exists(self.path(target)):
            print(f"making {target}", flush=True)
            unfinished = self.path(target + ".part")
            command = [self.kit.path("xan"), "input", "--tabs", "--no-quoting", file]
            with open(unfinished, "wb") as out:
                out.write(b"word,year,count,volumes\n")
                out.flush()
                subprocess.run(command, cwd=self.kit.folder, stdout=out, check=True)
            os.replace(unfinished, self.path(target))
        return target

    def path(self, name):
        return os.path.join(self.kit.folder, name)

    def _typical_options(self):
        return ["--rows", self._scaled(ROWS), "--words", self._scaled(WORDS), "--runs", self._scaled(RUNS)]

    def _scaled(self, number):
        return max(1, round(number * self.scale))

    def _file(self, name, options, compressed=False):
        """Generates a file, unless it is there. Its name says all that it depends on."""
        options = [str(option) for option in options]
        described = "-".join([name, *(option.removeprefix("--") for option in options)])
        target = f"inputs/{described}.tsv" + (".gz" if compressed else "")
        if not os.path.exists(self.path(target)):
            print(f"making {target}", flush=True)
            unfinished = self.path(target + ".part")
            with open(unfinished, "wb") as out:
                self._generate(options, out, compressed)
            os.replace(unfinished, self.path(target))
        return target

    def _generate(self, options, out, compressed):
        command = [self.kit.path("generate"), *options]
        if not compressed:
            subprocess.run(command, stdout=out, check=True)
            return
        with subprocess.Popen(command, stdout=subprocess.PIPE) as generator:
            subprocess.run(["gzip", "-6", "-n", "-c"], stdin=generator.stdout, stdout=out, check=True)
        if generator.returncode != 0:
            raise Failed("the generator failed; what it said stands above")

    def _measured(self, files):
        """Counts the rows; which also brings the files into memory, so that the first tool is not the one to wait."""
        work = ["inflate"] if files[0].endswith(".gz") else ["newlines"]
        limits = self.kit.path("limits")
        count = [subprocess.check_output([limits, *work, file], cwd=self.kit.folder) for file in files]
        return Input(files, sum(map(int, count)), sum(os.path.getsize(self.path(file)) for file in files))
