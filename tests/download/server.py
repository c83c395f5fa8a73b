"""A server on this machine whose connections break, for the tests beside it. It never lies about what it sends."""

import dataclasses
import email.utils
import http.server
import socket
import struct
import threading


@dataclasses.dataclass
class File:
    """What the server has under one path, and what goes wrong with it."""

    content: bytes
    breaks: list[int] = dataclasses.field(default_factory=list)  # Places where a connection ends, each once.
    is_reset: bool = False  # A connection ends by a reset, not by a close.
    has_ranges: bool = True
    heeds_if_range: bool = True
    tag: str = ""  # The ETag.
    changed: "float | None" = None  # The time of Last-Modified, if there is no ETag. None is the moment of the answer.
    has_length: bool = True
    statuses: list[int] = dataclasses.field(default_factory=list)  # Of the next requests.
    next: "File | None" = None  # What it becomes after the next break.
    stalls_at: int = -1  # Nothing comes behind this place until `goes_on` is set.
    stalled: threading.Event = dataclasses.field(default_factory=threading.Event)
    goes_on: threading.Event = dataclasses.field(default_factory=threading.Event)
    asked: list[str] = dataclasses.field(default_factory=list)  # The Range of each request.


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = self.server.files.get(self.path)
        if file is None:
            self.send_error(404)
            return
        file.asked.append(self.headers.get("Range", ""))
        if file.statuses:
            self.send_error(file.statuses.pop(0))
            return
        begin = self.begin(file)
        if begin > len(file.content):
            self.send_error(416)
            return
        self.send_headers(file, begin)
        self.send_body(file, begin)

    def begin(self, file: File) -> int:
        """Where the response begins: 0, unless a range of the very same file is asked for."""
        asked, of = self.headers.get("Range"), self.headers.get("If-Range")
        is_same = not file.heeds_if_range or of in (None, self.validator(file)[1])
        return int(asked[len("bytes="):-1]) if asked and file.has_ranges and is_same else 0

    def validator(self, file: File) -> tuple[str, str]:
        if file.tag:
            return "ETag", file.tag
        return "Last-Modified", email.utils.formatdate(file.changed, usegmt=True)

    def send_headers(self, file: File, begin: int) -> None:
        length = len(file.content)
        self.send_response(206 if begin else 200)
        self.send_header(*self.validator(file))
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{length - 1}/{length}")
        if file.has_length:
            self.send_header("Content-Length", str(length - begin))
        self.send_header("Connection", "close")
        self.end_headers()

    def send_body(self, file: File, begin: int) -> None:
        place = next((place for place in sorted(file.breaks) if begin <= place), None)
        if file.stalls_at >= begin:
            self.wfile.write(file.content[begin:file.stalls_at])
            file.stalled.set()
            file.goes_on.wait(60)
            begin = file.stalls_at
        if place is None:
            self.wfile.write(file.content[begin:])
            return
        file.breaks.remove(place)
        self.wfile.write(file.content[begin:place])
        if file.next is not None:
            self.server.files[self.path] = file.next
        if file.is_reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Server(http.server.ThreadingHTTPServer):
    """Serves `files`, from the path to the file, until it is closed."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, File] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A client that is killed closes its connection: no fault of the server."""
