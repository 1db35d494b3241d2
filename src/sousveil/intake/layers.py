"""Bytes that come out of archives and compression: bounded, hashed on the way, and cut short where damaged.

A stream here never raises on damaged data: it ends, and its layer remembers why (`broken`), so that a loader
keeps what it read before. It does raise `TooMuch` where a bomb goes off.
"""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyzipper

from sousveil.intake.given import NOTHING, Given
from sousveil.intake.source import Source

DAMAGED = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    pyzipper.BadZipFile,
    tarfile.TarError,
    pa.ArrowInvalid,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What the openers of archives and compressed files raise on damaged data."""
_SMALL_PART = 16 << 10
LARGEST_COPY = 1 << 30
"""Bytes of a member that are copied into memory for a reader that must seek."""


class TooMuch(Exception):
    """What comes out of an archive is more than its caps allow; the message says which."""


@dataclass
class Budget:
    """What may come out of one file of the dump, all its archives together."""

    compressed: int
    ratio: int = 200
    least: int = 256 << 20
    """Bytes that may always come out, whatever the ratio: small files may be very regular."""
    total: int = 256 << 30
    members: int = 50_000
    depth: int = 4
    out: int = 0

    def spend(self, size: int) -> None:
        """Count bytes that came out. Raises `TooMuch`."""
        self.out += size
        if self.out > self.total:
            raise TooMuch(f"more than {self.total >> 30} GiB come out of it")
        if self.out > max(self.least, self.compressed * self.ratio):
            raise TooMuch(f"more than {self.ratio} times its own size comes out of it")

    def enter(self, depth: int) -> None:
        """Count a member. Raises `TooMuch`."""
        self.members -= 1
        if self.members < 0:
            raise TooMuch("too many members")
        if depth > self.depth:
            raise TooMuch(f"archives within archives, more than {self.depth} deep")


@dataclass
class Layer:
    """An item's bytes from an opener that may be called again: a `Source`.

    After a stream was read to its end, `sha256` and `size` say what it was; `broken` says why it ended early.
    """

    untrusted_name: str
    opener: Callable[[], BinaryIO]
    budget: Budget
    hashes: bool = True
    """Whether its bytes are those of an item, and hashed."""
    given: Given = NOTHING
    sha256: str | None = None
    size: int = 0
    broken: str | None = None
    _copy: int | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """See `Source`."""
        if self._copy is not None:
            return self.path().open("rb")
        return cast(BinaryIO, _Bounded(self))

    def path(self) -> Path:
        """See `Source`: a copy in memory, which no other process sees. Raises `TooMuch`."""
        if self._copy is None:
            copy = os.memfd_create("item")
            with self.open() as stream, os.fdopen(os.dup(copy), "wb") as out:
                while part := stream.read(1 << 20):
                    out.write(part)
                    if out.tell() > LARGEST_COPY:
                        os.close(copy)
                        raise TooMuch(
                            f"larger than {LARGEST_COPY >> 30} GiB within an archive: unpack it first"
                        )
            self._copy = copy
        return Path(f"/proc/self/fd/{self._copy}")

    def finish(self) -> None:
        """Read to the end, so that hash and size are known. Raises `TooMuch`."""
        if self.sha256 is None:
            with self.open() as stream:
                while stream.read(1 << 20):
                    pass

    def close(self) -> None:
        """Free the copy in memory."""
        if self._copy is not None:
            os.close(self._copy)
            self._copy = None


class _Bounded(io.RawIOBase):
    """A stream of a layer."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._digest = hashlib.sha256()
        self._size = 0
        self._stream: BinaryIO | None = None
        try:
            self._stream = layer.opener()
        except DAMAGED as error:
            layer.broken = _why(error)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, fewer only at the end."""
        parts = []
        wanted = size if size >= 0 else 1 << 62
        while wanted:
            part = self._some(min(wanted, 1 << 20))
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _some(self, size: int) -> bytes:
        if self._stream is None:
            return b""
        try:
            part = self._stream.read1(size) if hasattr(self._stream, "read1") else self._stream.read(size)
        except DAMAGED as error:
            self._layer.broken = _why(error)
            part = b""
        if part:
            if self._layer.hashes:
                self._digest.update(part)
            self._size += len(part)
            self._layer.budget.spend(len(part))
        else:
            self._layer.sha256, self._layer.size = self._digest.hexdigest(), self._size
        return cast(bytes, part)

    def close(self) -> None:
        if self._stream is not None and not self.closed:
            self._stream.close()
        super().close()


def _why(error: Exception) -> str:
    """A reason in our own words for what an opener raised."""
    if isinstance(error, EOFError):
        return "it is cut off"
    if isinstance(error, RuntimeError) and not isinstance(error, NotImplementedError):
        return "encrypted"
    if isinstance(error, NotImplementedError):
        return "compressed in a way that can't be opened"
    return "its compressed data is damaged"


def decompressed(source: Source, format: str, budget: Budget) -> Layer:
    """The stream within a compressed source (`gzip`, `bzip2`, `xz`, `lzma`, `zstd`, `lz4`)."""

    def opener() -> BinaryIO:
        return cast(BinaryIO, _Decompressed(source.open(), format))

    return Layer(source.untrusted_name, opener, budget, hashes=False, given=source.given)


class _Decompressed(io.RawIOBase):
    """A compressed stream and the decoder over it. Raises what the decoder raises on damage (`DAMAGED`)."""

    def __init__(self, base: BinaryIO, format: str) -> None:
        self._base = base
        self._decoder = _decoder(base, format)
        # A decoder of Arrow loses all that it has of one call when it meets damage.
        self._most = _SMALL_PART if isinstance(self._decoder, pa.CompressedInputStream) else 1 << 20

    def read1(self, size: int) -> bytes:
        """Up to `size` bytes; none at the end."""
        size = min(size, self._most)
        one = self._decoder.read1 if hasattr(self._decoder, "read1") else self._decoder.read
        return cast(bytes, one(size))

    def close(self) -> None:
        self._base.close()
        super().close()


def _decoder(base: BinaryIO, format: str) -> Any:
    if format == "gzip":
        return gzip.GzipFile(fileobj=base, mode="rb")
    if format == "bzip2":
        return bz2.BZ2File(base)
    if format in ("xz", "lzma"):
        return lzma.LZMAFile(base)
    return pa.CompressedInputStream(pa.PythonFile(base, "r"), format)
