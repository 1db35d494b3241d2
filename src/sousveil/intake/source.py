"""The bytes of one item, as a loader sees them: a stream that can be opened again, or a path to seek in."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from sousveil.intake.given import NOTHING, Given


class Source(Protocol):
    """One item's bytes, already out of every archive and compression."""

    @property
    def untrusted_name(self) -> str:
        """The file's own name (`export.csv`), for naming a table; never used as a path."""

    @property
    def given(self) -> Given:
        """How a person says that the text is written."""

    def open(self) -> BinaryIO:
        """Open the bytes from their start; may be called any number of times."""

    def path(self) -> Path:
        """Give a real path to the bytes (for readers that must seek); a copy in memory where need be."""


@dataclass(frozen=True)
class FileSource:
    """An item that is a plain file on disk."""

    file: Path
    given: Given = NOTHING

    @property
    def untrusted_name(self) -> str:
        """See `Source`."""
        return self.file.name

    def open(self) -> BinaryIO:
        """See `Source`."""
        return self.file.open("rb")

    def path(self) -> Path:
        """See `Source`."""
        return self.file


@dataclass
class Watched:
    """A plain file on disk, and how far it has been read."""

    file: Path
    untrusted_name: str
    """As the dump names it: a file that is read again from its sealed original lies under another name."""
    given: Given = NOTHING
    _stream: BinaryIO | None = None

    def open(self) -> BinaryIO:
        """See `Source`."""
        self._stream = self.file.open("rb")
        return self._stream

    def path(self) -> Path:
        """See `Source`."""
        return self.file

    def position(self) -> int:
        """Bytes read by the stream that was opened last; 0 where it is closed or there is none."""
        return 0 if self._stream is None or self._stream.closed else self._stream.tell()


@dataclass(frozen=True)
class BytesSource:
    """An item that is held in memory: for tests."""

    untrusted_name: str
    data: bytes
    given: Given = NOTHING

    def open(self) -> BinaryIO:
        """See `Source`."""
        return io.BytesIO(self.data)

    def path(self) -> Path:
        """See `Source`; there is none."""
        raise NotImplementedError("bytes in memory have no path: write them to a file in the test")


def seekable(source: Source) -> BinaryIO:
    """A source's bytes as a stream to seek in."""
    try:
        return source.path().open("rb")
    except NotImplementedError:
        return source.open()


def read_exactly(stream: BinaryIO, size: int) -> bytes:
    """Exactly `size` bytes, fewer only at the end: a decompressor may hand out less at once."""
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts) if len(parts) != 1 else parts[0]
