"""Members of archives: zip and tar, under a policy of our own.

A member's name is only a name, never a path that is written to. Refused, each with its reason: names that
climb out of the archive, absolute names, links, devices, a second member of the same name, encrypted ones.
Names of before Unicode are read as GB18030 where they decode (what Chinese zip programs write), else as the
standard's code page 437.
"""

from __future__ import annotations

import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from sousveil.intake.layers import DAMAGED, Budget, Layer
from sousveil.intake.source import Source, seekable

SMALL = 64 << 20
"""Bytes of a tar's member that are copied into memory rather than found again by reading from the start."""


@dataclass(frozen=True)
class Member:
    """One member: its untrusted name, and its bytes, or why it is refused."""

    untrusted_name: str
    layer: Layer | None
    refused: str = ""


@dataclass
class Archive:
    """An archive being walked; `broken` says why the walk ended early."""

    source: Source
    budget: Budget
    broken: str | None = None

    def members(self, format: str, open_stream: Callable[[], BinaryIO]) -> Iterator[Member]:
        """Its members in their order (`zip`, or `tar` from a stream). Directories are passed over."""
        seen: set[str] = set()
        try:
            found = self._zip() if format == "zip" else self._tar(open_stream)
            for member in found:
                if member.untrusted_name in seen and not member.refused:
                    member = Member(member.untrusted_name, None, "a second member of the same name")
                seen.add(member.untrusted_name)
                yield member
        except DAMAGED:
            self.broken = "the archive is damaged or cut off"

    def _zip(self) -> Iterator[Member]:
        with seekable(self.source) as stream, zipfile.ZipFile(stream) as archive:
            for info in archive.infolist():
                if info.is_dir() and not info.file_size:
                    continue
                name = _zip_name(info)
                refused = _refusal(name) or _zip_refusal(info)
                yield (
                    Member(name, None, refused) if refused else Member(name, self._entry(archive, info, name))
                )

    def _entry(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Layer:
        return Layer(_last(name), lambda: cast(BinaryIO, archive.open(info)), self.budget)

    def _tar(self, open_stream: Callable[[], BinaryIO]) -> Iterator[Member]:
        place = 0
        with open_stream() as stream, _opened(stream) as archive:
            for info in archive:
                name = _text(info.name.encode("utf-8", "surrogateescape"))
                if info.isdir():
                    place += 1
                    continue
                refused = _refusal(name) or _tar_refusal(info)
                if refused:
                    yield Member(name, None, refused)
                else:
                    layer = Layer(_last(name), _extract(archive, info), self.budget)
                    if info.size <= SMALL:
                        layer.path()
                    else:
                        layer.opener = _again(open_stream, place)
                    yield Member(name, layer)
                place += 1


def _opened(stream: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape")


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.extractfile(info))


def _again(open_stream: Callable[[], BinaryIO], place: int) -> Callable[[], BinaryIO]:
    """Open a large member anew, from the start of the archive: slow, but a tar stream can't go back."""

    def opener() -> BinaryIO:
        archive = _opened(open_stream())
        for number, info in enumerate(archive):
            if number == place:
                return cast(BinaryIO, archive.extractfile(info))
        raise EOFError

    return opener


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.orig_filename
    return _text(info.orig_filename.encode("cp437", "replace"))


def _text(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _last(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _refusal(name: str) -> str:
    parts = name.replace("\\", "/").split("/")
    if not name or "\0" in name:
        return "its name is empty or holds a NUL"
    if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
        return "its name leads out of the archive"
    return ""


def _zip_refusal(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.create_system == 3 and mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    if info.is_dir():
        return "a folder with data of its own"
    return "encrypted" if info.flag_bits & 1 else ""


def _tar_refusal(info: tarfile.TarInfo) -> str:
    if info.isfile():
        return ""
    return "a link" if info.issym() or info.islnk() else "a device or another special file"
