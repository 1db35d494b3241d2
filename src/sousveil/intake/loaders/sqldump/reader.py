"""The text of a dump as a stream of UTF-8 bytes that one can look ahead in."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable

from sousveil.intake.encodings import Encoding
from sousveil.intake.sink import Sink
from sousveil.intake.source import Source
from sousveil.intake.transcript import Transcript

READ = 4 << 20
"""Bytes read at once."""
TAIL = 1 << 20
"""Bytes at the end in which comments on columns are looked for."""
HEAD = 256 << 10
"""Bytes that dialect and claimed encoding are told from."""

# The names that MySQL and PostgreSQL give to encodings, as Python calls them.
_CLAIMS = {
    "utf8": "utf-8", "utf8mb3": "utf-8", "utf8mb4": "utf-8", "utf-8": "utf-8", "binary": "", "ascii": "utf-8",
    "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030", "euc_cn": "gb18030", "big5": "big5hkscs",
    "latin1": "cp1252", "win1252": "cp1252", "cp1251": "cp1251", "win1251": "cp1251", "koi8r": "koi8-r",
    "cp1254": "cp1254", "latin5": "cp1254", "cp1256": "cp1256", "win1256": "cp1256", "sjis": "cp932",
    "cp932": "cp932", "ujis": "euc-jp", "euc_jp": "euc-jp", "euckr": "euc-kr", "euc_kr": "euc-kr",
}  # fmt: skip
_ASCII = "INSERT INTO t VALUES ('x', \"y\", [z], `a`, \\1);"
_RUN = re.compile(rb"[\x80-\xff]{3,}")
_CLAIM = re.compile(rb"SET\s+(?:NAMES|client_encoding\s*(?:=|TO))\s*'?([A-Za-z0-9_-]+)", re.IGNORECASE)


def claimed_encoding(head: bytes) -> str | None:
    """The encoding that a dump's own `SET NAMES` or `SET client_encoding` claims, as a Python codec."""
    found = _CLAIM.search(head)
    return _CLAIMS.get(found[1].decode("ascii").lower()) if found else None


def looks_like_utf8(head: bytes, claimed: bool) -> tuple[int, int] | None:
    """Whether a dump that is not UTF-8 throughout is UTF-8 but for values that are no text.

    Returns how many runs of three and more bytes beyond ASCII are UTF-8, and how many runs there are; None
    where too few are. In GBK a run of four bytes is UTF-8 by chance in 2 %.
    """
    runs = _RUN.findall(head)
    good = sum(_decodes(run) for run in runs)
    return (good, len(runs)) if good > len(runs) * (0.05 if claimed else 0.5) else None


def _checked(found: Encoding, head: bytes, claims_utf8: bool) -> Encoding:
    """What the ladder found, or UTF-8 where a dump that begins in ASCII can't or need not be anything else.

    The ladder judges lines. A dump may be one line of a megabyte, in which a single binary value is not text.
    """
    if found.mark or (found.wide and 0 in head[:16]) or found.name == "utf-8":
        return found
    if _decodes(head, whole=False):
        return Encoding("utf-8", 0, "strict UTF-8 but for its last character")
    runs = looks_like_utf8(head, claims_utf8)
    if runs:
        return Encoding("utf-8", 0, f"{runs[0]} of {runs[1]} runs beyond ASCII are strict UTF-8")
    if found.wide or _ASCII.encode(found.name, "ignore") != _ASCII.encode("ascii"):
        return Encoding("utf-8", 0, "ASCII, with values that are no text")
    return found


def _decodes(run: bytes, whole: bool = True) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(run, whole)
    except UnicodeDecodeError:
        return False
    return True


class Reader:
    """A position in a stream of UTF-8 bytes, with as much look-ahead as is asked for.

    A dump that is UTF-8 is read as it is, undecodable bytes included: a column of binary data must not change
    how the text beside it is read. Any other encoding goes through the ladder's `Transcript`, since a trail
    byte of GBK may be a backslash.
    """

    def __init__(self, source: Source) -> None:
        with source.open() as stream:
            head = stream.read(HEAD)
        hint = claimed_encoding(head)
        self.transcript = Transcript(source, size=READ, hint=hint or None)
        self.transcript.encoding = _checked(self.transcript.encoding, head, hint == "utf-8")
        plain = self.transcript.encoding.name == "utf-8" and not self.transcript.only_returns
        self._chunks = self.transcript.as_it_is() if plain else iter(self.transcript)
        self._data = b""
        self.place = 0
        """Where we stand in `data`."""
        self.ended = False
        """Whether `data` reaches to the end of the dump."""

    @property
    def data(self) -> bytes:
        """The bytes at hand; `place` is the position in them. Changed by `fill`."""
        return self._data

    def fill(self, size: int) -> bool:
        """Bring at least `size` bytes after `place` to hand; False where the dump has fewer left."""
        missing = size - (len(self._data) - self.place)
        if missing <= 0 or self.ended:
            return missing <= 0
        parts = [self._data[self.place :]]
        while missing > 0:
            chunk = next(self._chunks, None)
            if chunk is None:
                self.ended = True
                break
            parts.append(chunk)
            missing -= len(chunk)
        self._data, self.place = b"".join(parts), 0
        return missing <= 0

    def window(self, size: int) -> bytes:
        """The next `size` bytes (fewer at the end), without moving."""
        self.fill(size)
        return self._data[self.place : self.place + size]

    def whole(self, window: bytes) -> bool:
        """Whether a window that was just taken reaches to the end of the dump."""
        return self.ended and self.place + len(window) == len(self._data)

    def find(self, wanted: Callable[[bytes], int], at_most: int) -> int | None:
        """Look ahead until `wanted(window)` gives an offset of 0 or more, at most so many bytes.

        The window doubles; None where nothing is found before the end or within `at_most`.
        """
        size = 64 << 10
        while True:
            window = self.window(size)
            found = wanted(window)
            if found >= 0:
                return found
            if self.whole(window) or size >= at_most:
                return None
            size *= 2

    def note(self, sink: Sink) -> None:
        """Put encoding, evidence and account into the manifest: what is no row is a statement."""
        self.transcript.the_rest_is_syntax()
        self.transcript.note(sink)


def tail(transcript: Transcript) -> bytes:
    """The last part of the dump as UTF-8, at least as far as it can be decoded from its middle."""
    with transcript.source.open() as stream:
        try:
            size = stream.seek(0, io.SEEK_END)
            stream.seek(max(0, size - TAIL) // 4 * 4)
        except (OSError, ValueError):
            return b""
        return stream.read(TAIL + 4).decode(transcript.encoding.name, "ignore").encode("utf-8", "ignore")
