"""RAR (4 and 5), CAB, LHA, ISO 9660 and cpio, by libarchive, where the system has it.

There is no free reader of RAR in Python; libarchive's is, and a library of most Linux desktops. It is loaded
by its name, since asking the system where it lies would start programs.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO, cast

from sousveil.intake.containers.entry import Closed, Entry
from sousveil.intake.naming import member_name
from sousveil.intake.source import Source

LIBRARY = "libarchive.so.13"
MISSING = "its reader, libarchive, is not on this system: install the package libarchive13, or unpack it"
_FORMATS = {"iso": "iso9660"}
"""What libarchive calls a format, where it calls it otherwise."""


def entries(source: Source, format: str, _passwords: tuple[str, ...]) -> Iterator[Entry]:
    """The members in their order, directories left out. Raises `Closed`, or `OSError` on damage."""
    with ExitStack() as stack:
        for place, entry in enumerate(_walk(source, format, stack)):
            name = _name(entry)
            if entry.isdir:
                continue
            if entry.isfile and not entry.islnk:
                size = int(entry.size or 0)
                yield Entry(name, _stream(entry), size=size, again=_again(source, format, place))
            else:
                yield Entry(name, None, "a link or device")


def _libarchive() -> Any:
    """The library. Raises `Closed` where the system has none."""
    os.environ.setdefault("LIBARCHIVE", LIBRARY)
    try:
        import libarchive
    except (OSError, AttributeError, ImportError):
        raise Closed(MISSING) from None
    return libarchive


def _walk(source: Source, format: str, stack: ExitStack) -> Iterator[Any]:
    """libarchive's entries. Raises `OSError` on damage, `RuntimeError` where it is encrypted."""
    library = _libarchive()
    try:
        path = str(source.path())
        reader = library.file_reader(path, format_name=_FORMATS.get(format, format), filter_name="none")
        yield from stack.enter_context(reader)
    except library.ArchiveError as error:
        raise _damage(error) from None


def _damage(error: Exception) -> Exception:
    said = str(getattr(error, "msg", "")).lower()
    return RuntimeError() if "encrypt" in said else OSError()


def _name(entry: Any) -> str:
    name = entry.pathname
    return member_name(name) if isinstance(name, bytes) else str(name or "")


def _stream(entry: Any) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, _Member(entry, ExitStack()))


def _again(source: Source, format: str, place: int) -> Callable[[], BinaryIO]:
    """Open a large member anew, from the start of the archive."""

    def opener() -> BinaryIO:
        stack = ExitStack()
        for number, entry in enumerate(_walk(source, format, stack)):
            if number == place:
                return cast(BinaryIO, _Member(entry, stack))
        raise EOFError

    return opener


class _Member(io.RawIOBase):
    """The bytes of one member, block by block. Raises `OSError` on damage."""

    def __init__(self, entry: Any, stack: ExitStack) -> None:
        self._blocks = entry.get_blocks(1 << 20)
        self._stack = stack
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        try:
            self._rest = self._rest or next(self._blocks, b"")
        except _libarchive().ArchiveError as error:
            raise _damage(error) from None
        wanted = size if size >= 0 else len(self._rest)
        part, self._rest = self._rest[:wanted], self._rest[wanted:]
        return part

    def close(self) -> None:
        self._stack.close()
        super().close()
