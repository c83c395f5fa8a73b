"""Whether all tools give the same result, byte for byte."""

import csv
import hashlib
import os
import subprocess

from measure import ENVIRONMENT, Failed


class Answers:
    """The results of one piece of work. The first one that is taken down is what the others must be equal to."""

    def __init__(self, folder, is_sorted):
        self.folder = folder
        #: Whether those that sort must give the lines in one and the same order.
        self.is_sorted = is_sorted
        self.first = None
        self.ordered = None
        self.seen = {}

    def check(self, entry, thorough):
        """Checks what `entry` has written. Unless `thorough`, a result of its known size passes where the order is free."""
        path = os.path.join(self.folder, entry.output)
        if entry.expects_number:
            self._check_number(entry, path)
            return
        if entry.is_other_work:
            return
        size, plain = os.path.getsize(path), digest(path)
        if self.seen.get(entry.name) == plain:
            return
        order_matters = self.is_sorted and entry.tool.sorts
        if not thorough and not order_matters and self.seen.get(entry.name + " size") == size:
            return
        lines = sorted_digest(as_tsv(path) if entry.tool.writes_csv else path)
        if self.first is None:
            self.first = (entry, lines)
        if lines != self.first[1]:
            raise Failed(self._difference(entry, self.first[0], "another result than", "LC_ALL=C sort"))
        if order_matters:
            self.ordered = self.ordered or (entry, plain)
            if plain != self.ordered[1]:
                raise Failed(self._difference(entry, self.ordered[0], "the right lines, but in another order than", "cat"))
        self.seen[entry.name] = plain
        self.seen[entry.name + " size"] = size

    def _check_number(self, entry, path):
        with open(path, encoding="ascii") as text:
            found = text.read().strip()
        if found != str(entry.expects_number):
            raise Failed(f"{entry.name} found {found or 'nothing'}, and {entry.expects_number} was expected")

    def _difference(self, entry, other, what, show):
        first, second = (
            os.path.join(self.folder, each.output + (".tsv" if each.tool.writes_csv else "")) for each in (other, entry)
        )
        return (
            f"WRONG RESULT: {entry.name} gives {what} {other.name}. Nothing measured here can be used before it is known why."
            f" To see the difference:\n  diff <({show} {first}) <({show} {second}) | head"
        )


def as_tsv(path):
    """A copy, with its name, of a result that is CSV with a header."""
    target = path + ".tsv"
    with open(path, encoding="utf-8", newline="") as text, open(target, "w", encoding="utf-8", newline="") as out:
        rows = csv.reader(text)
        next(rows)
        out.writelines(f"{word}\t{count}\n" for word, count in rows)
    return target


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sorted_digest(path):
    """The digest of the lines in the order of their bytes. By `sort`, as a result may be larger than memory."""
    command = ["sort", "--buffer-size=25%", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as process:
        hashed = hashlib.sha256()
        while block := process.stdout.read(1 << 20):
            hashed.update(block)
    if process.returncode != 0:
        raise Failed(f"sort failed on {path}: is there room for its temporary files? TMPDIR says where they go")
    return hashed.hexdigest()
