"""7z, by py7zr's decoders, pulled member by member so that no more is unpacked than is asked for.

py7zr itself only pushes whole archives into folders or sinks. Its `files`, `header` and the decompressors of
its folders are used as its own worker uses them; the names are the archive's own, without its renaming.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from py7zr import SevenZipFile
from py7zr.exceptions import PasswordRequired, UnsupportedCompressionMethodError

from sousveil.intake.containers.entry import Closed, Entry, locked
from sousveil.intake.source import Source, seekable

_PART = 1 << 20
_TRIAL = 64 << 20
"""Bytes of the first member that are unpacked to see whether a password fits."""


def entries(source: Source, _format: str, passwords: tuple[str, ...]) -> Iterator[Entry]:
    """The members in their order, directories left out. Raises `Closed`, or `OSError` on damage."""
    with seekable(source) as stream:
        archive = _opened(stream, passwords)
        reader = _Reader(archive)
        for file in archive.files:
            if file.is_directory:
                continue
            name = str(file.filename)
            if file.is_symlink or file.is_junction or file.is_socket:
                yield Entry(name, None, "a link or device")
            elif file.emptystream:
                yield Entry(name, lambda: io.BytesIO(b""))
            else:
                opener = reader.opener(file)
                yield Entry(name, opener, size=file.uncompressed, again=opener)


def _opened(stream: BinaryIO, passwords: tuple[str, ...]) -> Any:
    """The archive, with the password that fits. Raises `Closed`, or `OSError` on damage."""
    needs = False
    for password in (None, *passwords):
        stream.seek(0)
        try:
            archive = SevenZipFile(stream, "r", password=password)
            if _fits(archive):
                return archive
        except PasswordRequired:
            needs = True
        except MemoryError:
            raise
        except Exception as error:  # a wrong password looks like any damage
            if not needs:
                raise _damage(error) from None
    raise Closed(locked(passwords))


def _fits(archive: Any) -> bool:
    """Whether the first member comes out right. Raises what py7zr raises."""
    first = next((file for file in archive.files if not file.emptystream), None)
    if first is None:
        return True
    with _Reader(archive).opener(first)() as stream:
        left = _TRIAL
        while left > 0 and (part := stream.read(_PART)):
            left -= len(part)
    return True


def _damage(error: Exception) -> Exception:
    if isinstance(error, UnsupportedCompressionMethodError):
        return NotImplementedError()
    return OSError()


class _Reader:
    """Where the decoder of a folder stands: a folder is one stream, and its members are parts of it."""

    def __init__(self, archive: Any) -> None:
        self.archive = archive
        self.folder: Any = None
        self.decoder: Any = None
        self.at = 0
        streams = getattr(archive.header, "main_streams", None)
        self.folders = streams.unpackinfo.folders if streams else []
        self.places = streams.packinfo.packpositions if streams else []

    def opener(self, file: Any) -> Callable[[], BinaryIO]:
        """A function that opens a member at its turn, or from the start of its folder."""
        return lambda: cast(BinaryIO, _Member(self, file))

    def go_to(self, file: Any) -> None:
        """Put the decoder at the start of a member."""
        before = 0
        for other in file.folder.files:
            if other.id == file.id:
                break
            before += other.uncompressed
        if self.folder is not file.folder or self.at > before:
            self.folder, self.at = file.folder, 0
            self.archive.fp.seek(self.archive.afterheader + self.places[self.folders.index(file.folder)])
            first = next(iter(file.folder.files))
            self.decoder = file.folder.get_decompressor(first.compressed, reset=True)
        while self.at < before:
            self.part(min(before - self.at, _PART))

    def part(self, size: int) -> bytes:
        """The next bytes of the folder. Raises `OSError`."""
        fp = self.archive.fp
        try:
            while True:
                place = fp.tell()
                part = bytes(self.decoder.decompress(fp, size))
                if part:
                    break
                if fp.tell() == place:
                    raise EOFError
        except (EOFError, MemoryError, PasswordRequired):
            raise
        except Exception as error:
            raise _damage(error) from None
        self.at += len(part)
        return part


class _Member(io.RawIOBase):
    """The bytes of one member. Raises `OSError` where they are not what they should be."""

    def __init__(self, reader: _Reader, file: Any) -> None:
        self.reader, self.file = reader, file
        self.left, self.crc = int(file.uncompressed), 0
        reader.go_to(file)
        self.at = reader.at

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            return b""
        if self.reader.folder is not self.file.folder or self.reader.at != self.at:
            raise OSError  # another member was opened meanwhile
        part = self.reader.part(min(self.left, size if 0 < size < _PART else _PART))
        self.at, self.left = self.reader.at, self.left - len(part)
        self.crc = zlib.crc32(part, self.crc)
        if not self.left and self.file.crc32 is not None and self.crc != self.file.crc32:
            raise OSError
        return part
