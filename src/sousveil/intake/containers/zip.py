"""Zip (PKWARE APPNOTE 6.3): its list of members stands at the end; encrypted members by ZipCrypto or AES.

Names of before Unicode are read as GB18030 where they decode (what Chinese zip programs write); a Unicode
Path extra field (0x7075) outweighs them. Where the list at the end is missing or damaged (a file cut off),
the members are found by the headers that stand before each: see `zip_salvage`.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import pyzipper

from sousveil.intake.containers.entry import Entry, locked
from sousveil.intake.containers.zip_salvage import salvaged
from sousveil.intake.layers import DAMAGED
from sousveil.intake.naming import member_name
from sousveil.intake.source import Source, seekable

_ENCRYPTED, _UTF8 = 0x1, 0x800
_AES = 99
_UNICODE_PATH = 0x7075
_TRIAL = 64 << 10
"""Bytes of a member that must come out right before a password is believed."""


def entries(source: Source, _format: str, passwords: tuple[str, ...]) -> Iterator[Entry]:
    """The members in the order of the list, directories left out. Raises what `zipfile` raises on damage."""
    with seekable(source) as stream:
        try:
            archive = _opened(stream)
        except MemoryError:
            raise
        except Exception:  # whatever a damaged list makes zipfile raise
            yield from salvaged(source)
            return
        with archive:
            yield from _listed(archive, passwords)


def _opened(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive by the standard library, or by pyzipper where a member is encrypted by AES."""
    archive = zipfile.ZipFile(stream)
    if any(info.compress_type == _AES for info in archive.infolist()):
        stream.seek(0)
        return cast(zipfile.ZipFile, pyzipper.AESZipFile(stream))
    return archive


def _listed(archive: zipfile.ZipFile, passwords: tuple[str, ...]) -> Iterator[Entry]:
    overlapping = _overlapping(archive.infolist(), archive.start_dir)
    keys = _Keys(archive, passwords)
    for info in archive.infolist():
        if info.filename.endswith("/") and not info.file_size:
            continue
        name = _name(info)
        refused = "it overlaps another member" if id(info) in overlapping else _refusal(info)
        key = None
        if not refused and info.flag_bits & _ENCRYPTED:
            key = keys.fitting(info)
            refused = "" if key else locked(passwords)
        yield Entry(name, None if refused else _opener(archive, info, key), refused, info.file_size)


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, key: bytes | None) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(info, pwd=key))


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8:
        return str(info.orig_filename)
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or member_name(raw)


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name in the extra field 0x7075, where it belongs to the name in the header; else nothing."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[:5] == b"\1" + zlib.crc32(raw).to_bytes(4, "little"):
            return field[5:].decode("utf-8", "replace")
    return ""


def _refusal(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.create_system == 3 and mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "a link or device"
    return "a folder with data of its own" if info.filename.endswith("/") else ""


def _overlapping(infos: list[zipfile.ZipInfo], end: int) -> set[int]:
    """Members whose bytes are those of another, too: how a bomb of kilobytes holds petabytes."""
    found: set[int] = set()
    reached, owner = end, None
    for info in sorted(infos, key=lambda one: one.header_offset, reverse=True):
        if info.header_offset + info.compress_size > reached:
            found |= {id(info)} | ({id(owner)} if owner else set())
        reached, owner = min(reached, info.header_offset), info
    return found


class _Keys:
    """The passwords to try, the one that fitted last first."""

    def __init__(self, archive: zipfile.ZipFile, passwords: tuple[str, ...]) -> None:
        self.archive = archive
        self.keys = [key for word in passwords for key in dict.fromkeys((word.encode(), _gbk(word)))]

    def fitting(self, info: zipfile.ZipInfo) -> bytes | None:
        """The password that opens a member, or None."""
        for key in self.keys:
            try:
                with self.archive.open(info, pwd=key) as stream:
                    stream.read(_TRIAL)
            except DAMAGED:
                continue
            self.keys.remove(key)
            self.keys.insert(0, key)
            return key
        return None


def _gbk(word: str) -> bytes:
    return word.encode("gb18030", "replace")
