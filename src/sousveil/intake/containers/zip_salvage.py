"""Zip without its list: the members that stand whole before the damage, by the header before each.

A download that was cut off has no list of members, since that stands at the end. Headers follow one another
where the sizes in them are true; a member that was written as a stream has its size behind it, and is
unpacked to find its end.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from sousveil.intake.containers.entry import Entry
from sousveil.intake.naming import member_name
from sousveil.intake.source import Source, seekable

_HEADER = struct.Struct("<4sHHHHHIIIHH")
_ENCRYPTED, _STREAMED, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_NO_SIZE = 0xFFFFFFFF
_PART = 1 << 16


def salvaged(source: Source) -> Iterator[Entry]:
    """The members that can be found, then EOFError: the archive is damaged, whatever came out of it."""
    at = 0
    with seekable(source) as stream:
        while (found := _header(stream, at)) is not None:
            entry, at = found(source)
            yield entry
    raise EOFError


def _header(stream: BinaryIO, at: int) -> Callable[[Source], tuple[Entry, int]] | None:
    """The member whose header stands at a place, as a function to open it; None where there is no header."""
    stream.seek(at)
    raw = stream.read(_HEADER.size)
    if len(raw) < _HEADER.size or not raw.startswith(b"PK\3\4"):
        return None
    _, _, flags, method, _, _, _, packed, size, name_size, extra_size = _HEADER.unpack(raw)
    untrusted = stream.read(name_size)
    start = at + _HEADER.size + name_size + extra_size
    name = untrusted.decode("utf-8", "replace") if flags & _UTF8 else member_name(untrusted)

    def made(source: Source) -> tuple[Entry, int]:
        if flags & _ENCRYPTED or method not in (_STORED, _DEFLATED):
            return Entry(
                name, None, "in a damaged archive, and encrypted or packed in a rare way"
            ), start + packed
        if (method == _STORED and flags & _STREAMED) or packed == _NO_SIZE:
            return Entry(name, None, "in a damaged archive that does not say where it ends"), start
        end = _end(source, start) if flags & _STREAMED else start + packed
        return Entry(name, lambda: _opened(source, start, packed, method), size=size), end

    return made


def _opened(source: Source, start: int, packed: int, method: int) -> BinaryIO:
    stream = seekable(source)
    stream.seek(start)
    if method == _STORED:
        return cast(BinaryIO, _Stored(stream, packed))
    return cast(BinaryIO, _Deflated(stream))


def _end(source: Source, start: int) -> int:
    """Where a streamed member and the sizes behind it end; the end of the file if the member is damaged."""
    with seekable(source) as stream:
        stream.seek(start)
        deflated = _Deflated(stream)
        try:
            while deflated.read(1 << 20):
                pass
        except (EOFError, zlib.error):
            return stream.seek(0, io.SEEK_END)
        end = stream.tell() - len(deflated.inflate.unused_data)
        stream.seek(end)
        tail = stream.read(24)
    return end + max(tail.find(b"PK\3\4"), 0)


class _Stored(io.RawIOBase):
    """So many bytes of a stream as they stand. Raises EOFError where there are fewer."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.stream, self.left = stream, size

    def read(self, size: int = -1) -> bytes:
        part = self.stream.read(min(self.left, size if size >= 0 else self.left))
        if not part and self.left:
            raise EOFError
        self.left -= len(part)
        return part

    def close(self) -> None:
        self.stream.close()
        super().close()


class _Deflated(io.RawIOBase):
    """A deflated stream up to its own end. Raises EOFError where it is cut off, `zlib.error` on damage."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.inflate = zlib.decompressobj(-zlib.MAX_WBITS)

    def read(self, size: int = -1) -> bytes:
        while not self.inflate.eof:
            packed = self.inflate.unconsumed_tail or self.stream.read(_PART)
            part = self.inflate.decompress(packed, size if size > 0 else 1 << 20)
            if part:
                return part
            if not packed:
                raise EOFError
        return b""

    def close(self) -> None:
        self.stream.close()
        super().close()
