"""The body of a URL, whole or not at all: a connection that breaks is resumed where it broke. Used by count_urls.py."""

import email.utils
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Optional

CHUNK = 1 << 18
SILENCE = 60  # Seconds without a byte are a break.
PASSING = {408, 425, 429, 500, 502, 503, 504}  # What these say may be over soon.


class Failed(Exception):
    """The file can't be had, or can't be counted."""


class Restart(Exception):
    """The file can't be resumed: what was read of it so far must be forgotten."""


class Attempts:
    """The failures of one file. Those in a row count, without a byte that was not there before."""

    def __init__(self, tries: int, pause: float) -> None:
        self.tries, self.pause = tries, pause
        self.farthest = self.breaks = self.row = 0

    def advanced(self, place: int) -> None:
        if place > self.farthest:
            self.farthest, self.row = place, 0

    def failed(self, reason: Exception) -> None:
        """Waits before the next try, or gives up."""
        self.breaks += 1
        self.row += 1
        if self.row >= self.tries:
            raise Failed(f"{reason} (given up after {self.row} tries in a row)") from reason
        time.sleep(min(60, self.pause * 2 ** (self.row - 1)))


def body(url: str, attempts: Attempts) -> Iterator[bytes]:
    """The bytes of the URL. Ends without an exception only behind the last one."""
    place, length, validator = 0, None, None
    while length is None or place < length:
        try:
            with opened(url, place, validator) as response:
                if place == 0:  # Nothing of it is read yet: what came before may have been another file.
                    length, validator = whole_length(response), validator_of(response)
                else:
                    check_rest(response, place, length, validator)
                while piece := response.read1(min(CHUNK, length - place)):
                    yield piece
                    place += len(piece)
                    attempts.advanced(place)
            if place < length:
                attempts.failed(Failed(f"the connection ended after {place} of {length} bytes"))
        except urllib.error.HTTPError as error:
            if error.code == 416:
                raise Restart("the file is shorter than before") from error
            if error.code not in PASSING:
                raise Failed(f"the server says {error.code} {error.reason}") from error
            attempts.failed(error)
        except (OSError, http.client.HTTPException) as error:
            attempts.failed(error)


def opened(url: str, place: int, validator: Optional[str]) -> http.client.HTTPResponse:
    """A response with the bytes from `place` on; with all of them if the server has no ranges, or another file."""
    request = urllib.request.Request(url)
    if place > 0:
        if validator is None:
            raise Restart("the server does not say which file it is, so it can't be resumed")
        request.add_header("Range", f"bytes={place}-")
        request.add_header("If-Range", validator)
    return urllib.request.urlopen(request, timeout=SILENCE)


def whole_length(response: http.client.HTTPResponse) -> int:
    length = response.headers.get("Content-Length")
    if response.status != 200 or length is None:
        raise Failed("the server does not say how long the file is, so a part of it could pass for the whole")
    return int(length)


def validator_of(response: http.client.HTTPResponse) -> Optional[str]:
    """What tells this file from another one under the same URL: a strong ETag, or a date that is not too young."""
    tag = response.headers.get("ETag")
    if tag is not None and not tag.startswith("W/"):
        return tag
    changed, now = response.headers.get("Last-Modified"), response.headers.get("Date")
    if changed is None or now is None:
        return None
    age = email.utils.parsedate_to_datetime(now) - email.utils.parsedate_to_datetime(changed)
    return changed if age.total_seconds() >= 2 else None


def check_rest(response: http.client.HTTPResponse, place: int, length: int, validator: Optional[str]) -> None:
    """Makes sure that the response has the rest of the same file."""
    if response.status != 206:
        raise Restart("the server has no ranges, or another file")
    if validator not in (response.headers.get("ETag"), response.headers.get("Last-Modified")):
        raise Restart("the server has another file")
    if response.headers.get("Content-Range") != f"bytes {place}-{length - 1}/{length}":
        raise Failed(f"the server sent the range {response.headers.get('Content-Range')}, not the one asked for")
