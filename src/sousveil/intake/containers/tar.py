"""Tar of every flavour (v7, ustar, pax, GNU), read as a stream; holes of sparse files come as zeros."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from sousveil.intake.containers.entry import Entry
from sousveil.intake.naming import member_name
from sousveil.intake.source import Source


def entries(source: Source, _format: str, _passwords: tuple[str, ...]) -> Iterator[Entry]:
    """The members in their order, directories left out. Raises what `tarfile` raises on damage."""
    with source.open() as stream, _opened(stream) as archive:
        for place, info in enumerate(archive):
            if info.isdir():
                continue
            name = member_name(info.name.encode("utf-8", "surrogateescape"))
            if info.isfile():
                yield Entry(name, _extract(archive, info), size=info.size, again=_again(source, place))
            else:
                link = info.issym() or info.islnk()
                yield Entry(name, None, "a link" if link else "a device or another special file")


def _opened(stream: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape")


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.extractfile(info))


def _again(source: Source, place: int) -> Callable[[], BinaryIO]:
    """Open a large member anew, from the start of the archive: slow, but a tar stream can't go back."""

    def opener() -> BinaryIO:
        stream = source.open()
        archive = _opened(stream)
        for number, info in enumerate(archive):
            if number == place:
                return cast(BinaryIO, _Member(stream, cast(BinaryIO, archive.extractfile(info))))
        stream.close()
        raise EOFError

    return opener


class _Member(io.RawIOBase):
    """The bytes of a member, and the stream under it, which is closed with it."""

    def __init__(self, base: BinaryIO, stream: BinaryIO) -> None:
        self._base, self._stream = base, stream

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(size)

    def close(self) -> None:
        self._base.close()
        super().close()
