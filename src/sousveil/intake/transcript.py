"""The text of an item as UTF-8, in chunks, with every byte of it accounted for.

Decoding is strict, never `errors="replace"`. Where a part does not decode, it is decoded line by line, each
line by the first encoding that takes it: a dump may be pasted together from several. A line that none takes
is handed on with its undecodable bytes as they are, which are not UTF-8, so that whoever splits records can
reject just the records that hold them (`not_utf8`).
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sousveil.intake.accounting import Account
from sousveil.intake.encodings import (
    ASCII,
    COMMON_HAN,
    GB18030,
    HEAD,
    MANY_BYTES,
    SHIFTED,
    decodes,
    detect,
    given,
    legacy,
)
from sousveil.intake.sink import Sink
from sousveil.intake.source import Source, read_exactly

CHUNK = 8 << 20
"""Bytes read at once."""
LONGEST = 64 << 20
"""Bytes without a place to cut after which a chunk is cut anywhere."""
_LOST = "\udcff"
"""What stands in a text of wide characters for a byte that is none of them; as UTF-8 it is not valid."""
_KEPT = "sousveil.kept"


class Transcript:
    """The text of a source as UTF-8.

    Iterating gives `bytes` of about `size`, cut after a newline wherever there is one within 64 MiB, without
    the byte order mark. Line ends stay as they are, but for files that know only carriage returns, which get
    newlines. Bytes that no encoding takes stay as they are, and are not UTF-8.
    """

    def __init__(self, source: Source, *, size: int = CHUNK, hint: str | None = None) -> None:
        self.source = source
        self.size = size
        with source.open() as stream:
            head = read_exactly(stream, HEAD)
            whole = len(head) < HEAD
        self.encoding = (
            given(head, source.given.encoding)
            if source.given.encoding
            else detect(head, whole=whole, hint=hint)
        )
        self.only_returns = not self.encoding.wide and b"\n" not in head and head.count(b"\r") > 1
        self.second: str | None = None
        """A second encoding, found where the first did not decode."""
        self.lines_by: Counter[str] = Counter()
        """How many lines the second encoding took, and how many none did (`none`)."""
        self.account = Account()

    @property
    def damaged(self) -> bool:
        """Whether any chunk so far holds bytes that are not UTF-8."""
        return self.lines_by["none"] > 0

    def note(self, sink: Sink) -> None:
        """Put the choice and its evidence into the manifest; call it after the last chunk."""
        sink.note("encoding", self.encoding.name)
        sink.note("encoding_evidence", self.encoding.evidence)
        for name, count in sorted(self.lines_by.items()):
            sink.note(f"lines_decoded_as_{name}" if name != "none" else "lines_that_do_not_decode", count)
        self.account.note(sink)

    def __iter__(self) -> Iterator[bytes]:
        """Hand the text out, once."""
        return self._handed_out(self._wide if self.encoding.wide else self._narrow)

    def as_it_is(self) -> Iterator[bytes]:
        """Hand the bytes out as they are, cut anywhere: for a loader that expects binary values."""
        return self._handed_out(self._uncut)

    def _handed_out(self, pieces: Callable[[BinaryIO], Iterator[bytes]]) -> Iterator[bytes]:
        self.account = account = Account()
        with self.source.open() as stream:
            account.around(0, len(stream.read(self.encoding.mark)))
            account.source = account.syntax_in_source
            for piece in pieces(stream):
                account.text += len(piece)
                yield piece
        account.ended = True

    def _uncut(self, stream: BinaryIO) -> Iterator[bytes]:
        while raw := stream.read(self.size):
            self.account.source += len(raw)
            yield raw

    def record(self, size: int) -> None:
        """Account for so many bytes of text that are in records."""
        self.account.records += size

    def reject(self, raw: bytes) -> bytes:
        """Account for a part of the text that is rejected; its bytes as they were."""
        original = self.original(raw)
        self.account.reject(len(raw), len(original) if not self.encoding.wide else self._units(raw))
        return original

    def syntax(self, part: bytes | int) -> None:
        """Account for a part of the text that is neither: the part, or how many bytes of ASCII it has."""
        if isinstance(part, int):
            self.account.around(part, part * self._unit)
        elif self.encoding.wide:
            self.account.around(len(part), self._units(part))
        else:
            self.account.around(len(part), len(self.original(part)))

    def the_rest_is_syntax(self) -> None:
        """Account for all that is neither record nor reject; its length in the file is estimated.

        For a language of statements, in which whatever is no row is syntax.
        """
        account = self.account
        records = account.records * account.source // max(1, account.text)
        apart = account.rejects_in_source + account.syntax_in_source
        account.around(account.missing, max(0, account.source - apart - records))

    @property
    def _unit(self) -> int:
        """Bytes that a character of ASCII has in the file."""
        return {"16": 2, "32": 4}[self.encoding.name[4:6]] if self.encoding.wide else 1

    def _units(self, part: bytes) -> int:
        """Bytes that a part of the text has in a file of wide characters."""
        text = part.decode("utf-8", "surrogatepass")
        return len(text.replace(_LOST, "").encode(self.encoding.name)) + text.count(_LOST)

    def original(self, chunk: bytes) -> bytes:
        """Bytes of a chunk (a reject) in the encoding that they came from, as far as that can be told."""
        if self.encoding.name == "utf-8" or self.encoding.wide:
            return chunk
        try:
            return chunk.decode("utf-8", "surrogateescape").encode(self.encoding.name, "surrogateescape")
        except UnicodeError:
            return chunk

    def _narrow(self, stream: BinaryIO) -> Iterator[bytes]:
        for raw in _cut(stream, self.size):
            self.account.source += len(raw)
            data = raw.replace(b"\r", b"\n") if self.only_returns else raw
            yield self._decoded(data)

    def _decoded(self, data: bytes) -> bytes:
        try:
            text = data.decode(self.encoding.name)
        except UnicodeError:
            return b"".join(self._line(line, data) for line in data.splitlines(keepends=True))
        return data if self.encoding.name == "utf-8" else text.encode("utf-8", "surrogatepass")

    def _line(self, line: bytes, chunk: bytes) -> bytes:
        """One line of a chunk that did not decode as a whole."""
        if line.isascii() and self.encoding.name not in SHIFTED:
            return line
        # Five bytes beyond ASCII that are strict UTF-8 are UTF-8, though GB18030 may take them too.
        sure = len(line.translate(None, ASCII)) > 4
        names = ("utf-8", self.encoding.name) if sure else (self.encoding.name, "utf-8")
        for name in (*names, self._second_of(chunk)):
            if name == self.second and not _plausible(line, name):
                continue
            try:
                text = line.decode(name)
            except UnicodeError:
                continue
            if name != self.encoding.name:
                self.lines_by[name] += 1
            return text.encode("utf-8", "surrogatepass")
        self.lines_by["none"] += 1
        if self.encoding.name == "utf-8":
            return line
        return line.decode(self.encoding.name, "surrogateescape").encode("utf-8", "surrogateescape")

    def _second_of(self, chunk: bytes) -> str:
        """The encoding of the lines that the first does not take, found once."""
        if self.second is None:
            others = [
                line
                for line in chunk.splitlines(keepends=True)
                if not line.isascii()
                and not decodes(line, self.encoding.name, True)
                and not decodes(line, "utf-8", True)
            ]
            self.second = legacy(b"".join(others)[:HEAD], True).name
        return self.second

    def _wide(self, stream: BinaryIO) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding.name)(_KEPT)
        rest = b""
        while True:
            raw = read_exactly(stream, self.size)
            self.account.source += len(raw)
            data = rest + self._of_units(decoder.decode(raw, not raw))
            if not raw:
                if data:
                    yield data
                return
            end = data.rfind(b"\n") + 1
            if end or len(data) > LONGEST:
                end = end or len(data)
                yield data[:end]
                data = data[end:]
            rest = data

    def _of_units(self, text: str) -> bytes:
        try:
            return text.encode("utf-8")
        except UnicodeEncodeError:
            self.lines_by["none"] += sum(_LOST in line for line in text.split("\n"))
            return text.encode("utf-8", "surrogatepass")


def _kept(error: UnicodeError) -> tuple[str, int]:
    """Keep a place for each byte that is no character: half a pair, half a unit, a unit beyond Unicode."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _LOST * (error.end - error.start), error.end


codecs.register_error(_KEPT, _kept)


def _plausible(line: bytes, name: str) -> bool:
    """Whether a line that the file's own encoding does not take may be in a second one, not just damaged."""
    if name != "gb18030":
        return name in MANY_BYTES
    characters = GB18030.findall(line)
    return sum(bool(COMMON_HAN.fullmatch(c)) or len(c) == 4 for c in characters) >= 0.6 * len(characters)


def not_utf8(data: bytes) -> Callable[[bytes], bool] | None:
    """None where all of the data is UTF-8, else a test for its parts."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _is_not_utf8
    return None


def _is_not_utf8(part: bytes) -> bool:
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _cut(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Blocks of a stream, each cut after its last newline, or, in a very long line, at a safe place."""
    rest = b""
    while True:
        raw = read_exactly(stream, size)
        data = rest + raw
        if len(raw) < size:
            if data:
                yield data
            return
        end = data.rfind(b"\n") + 1
        if not end and len(data) >= LONGEST:
            end = len(data.rstrip(bytes(range(0x30, 0x100)))) or len(data)
        if end:
            yield data[:end]
            data = data[end:]
        rest = data
