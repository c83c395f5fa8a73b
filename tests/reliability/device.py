"""A device that fails: a file system in user space (FUSE) whose files can't be read behind some byte."""

import contextlib
import ctypes
import errno
import gzip
import os
import struct
import threading

from harness import OLD, check, counted, kind, said, zipped, zstded

ROOT_NODE, FILE_NODE = 1, 2
LOOKUP, FORGET, GETATTR, OPEN, READ, RELEASE, FLUSH, INIT, INTERRUPT, BATCH_FORGET = 1, 2, 3, 14, 15, 18, 25, 26, 36, 42


class Device:
    """A mounted folder with one file, `file`. Its bytes from `fails_at` on give EIO."""

    def __init__(self, place):
        self.place, self.content, self.fails_at, self.version = str(place), b"", 0, 0
        self.channel = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.channel},rootmode=40000,user_id=0,group_id=0,max_read=4096"
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"faulty", self.place.encode(), b"fuse.faulty", 0, options.encode()) != 0:
            raise OSError(ctypes.get_errno(), "mount")
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        ctypes.CDLL(None).umount2(self.place.encode(), 2)
        os.close(self.channel)

    def hold(self, content, fails_at):
        """Another file of the same name, which the system has not read yet."""
        self.content, self.fails_at, self.version = content, fails_at, self.version + 1

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                request = os.read(self.channel, 1 << 20)
                _, code, unique, node = struct.unpack_from("<IIQQ", request)
                answer = self.answer(code, node, request[40:])
                if answer is not None:
                    error, body = (answer, b"") if isinstance(answer, int) else (0, answer)
                    os.write(self.channel, struct.pack("<IiQ", 16 + len(body), -error, unique) + body)

    def answer(self, code, node, body):
        """The body of an answer, an error number, or None where none is expected."""
        if code in (FORGET, BATCH_FORGET, INTERRUPT):
            return None
        if code == INIT:
            return struct.pack("<IIIIHHIIHHI28x", 7, 31, 4096, 0, 1, 1, 4096, 1, 1, 0, 0)
        if code == LOOKUP and body.rstrip(b"\0") == b"file":
            # Each version is a node of its own, so no page of another version is in the cache.
            node = FILE_NODE + self.version
            return struct.pack("<QQQQII", node, 0, 0, 0, 0, 0) + self.attributes(node)
        if code == GETATTR:
            return struct.pack("<QII", 0, 0, 0) + self.attributes(node)
        if code == OPEN:
            return struct.pack("<QII", 0, 0, 0)
        if code == READ:
            _, begin, size = struct.unpack_from("<QQI", body)
            end = min(begin + size, len(self.content))
            return errno.EIO if end > self.fails_at and begin < end else self.content[begin:end]
        return b"" if code in (RELEASE, FLUSH) else errno.ENOSYS if code != LOOKUP else errno.ENOENT

    def attributes(self, node):
        mode, size = (0o40755, 0) if node == ROOT_NODE else (0o100644, len(self.content))
        return struct.pack("<QQQQQQIIIIIIIIII", node, size, (size + 511) // 512, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)


@kind
def device(bench):
    """Files on a device that fails behind some byte."""
    place = bench.path("mnt")
    place.mkdir()
    try:
        faulty = Device(place)
    except OSError as why:
        print(f"not tried: a file system in user space can't be mounted here ({why}); it needs root and /dev/fuse")
        return
    rows, _ = bench.words(4000)
    words = b"".join(b"word%d\n" % n for n in range(4000))
    totals = b"".join(b"\t%d,%d,1,1" % (year, year) for year in range(1000, 9000))
    sources = {
        "mapped": (rows, ["mnt/file"]), "standard input": (rows, None), "gzip": (gzip.compress(rows), ["mnt/file"]),
        "zstd": (zstded(rows), ["mnt/file"]), "zip": (zipped(rows), ["mnt/file"]),
        "CSV": (b"word,count\r\n" + b"a,5\r\n" * 9000, ["mnt/file"]),
        "word list": (words, ["rows.tsv", "--words-from", "mnt/file"]),
        "totals": (totals, ["rows.tsv", "--totals", "mnt/file", "--columns", "word,per-million"]),
    }
    bench.path("rows.tsv").write_bytes(rows)
    try:
        for name, (content, arguments) in sources.items():
            sound = errors = 0
            # The file, whole, and unreadable from each of its pages on.
            places = [len(content), *range(0, len(content), 4096)]
            for fails_at in places:
                faulty.hold(content, fails_at)
                bench.path("out").write_bytes(OLD)
                stdin = None if arguments else open(place / "file", "rb")
                ran = bench.run(*(arguments or ["-"]), "-o", "out", "-j2", "--chunk-size", "10k", stdin=stdin)
                there = bench.path("out").read_bytes()
                if fails_at == len(content):
                    check(ran.returncode == 0 and there not in (OLD, b""), name, ran)
                    check(name not in ("mapped", "standard input", "gzip", "zstd", "zip") or there == counted(rows), name)
                    sound += 1
                else:
                    bench.fails(ran, name, fails_at)
                    check(there == OLD and bench.names("rows.tsv", "out", "mnt") == [], name, fails_at, ran)
                    check(b"disk failed" in ran.stderr or b"Input/output error" in ran.stderr, name, fails_at, ran)
                    errors += 1
            said(f"{name}, unreadable from each of {len(places) - 1} pages on", errors=errors, sound_files_right=sound)
    finally:
        faulty.close()
