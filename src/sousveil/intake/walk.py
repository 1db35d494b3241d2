"""The files of a dump, in an order that does not depend on the machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sousveil.errors import DumpForbidden, DumpMissing

NO_PERMISSION = "no permission to read it"


@dataclass(frozen=True)
class Found:
    """A file of the dump: where it is, its untrusted path within the dump, its size, why it is not read."""

    file: Path
    untrusted_path: str
    size: int
    refused: str = ""
    unreadable: str = ""


def walk(dump: Path, leave_out: Path) -> list[Found]:
    """Every file of a dump (a file or a folder), sorted by path, without the folder `leave_out` (the case).

    Links are not followed and special files not opened: they come with a reason. Raises `DumpMissing`,
    `DumpForbidden`.
    """
    try:
        mode = dump.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise DumpMissing(f"there is no file or folder {dump}") from None
    except PermissionError:
        raise DumpForbidden(f"no permission to look at {dump}") from None
    if not stat.S_ISDIR(mode):
        return [_found(dump.resolve(), dump.name)]
    if not os.access(dump, os.R_OK | os.X_OK):
        raise DumpForbidden(f"no permission to look into {dump}")
    return sorted(_within(dump, "", leave_out.resolve()), key=lambda found: found.untrusted_path)


def _within(folder: Path, prefix: str, leave_out: Path) -> Iterator[Found]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        yield Found(folder, prefix.rstrip("/"), 0, unreadable=NO_PERMISSION)
        return
    for entry in entries:
        path = prefix + _text(os.fsencode(entry.name))
        if entry.is_dir(follow_symlinks=False):
            if Path(entry.path).resolve() != leave_out:
                yield from _within(Path(entry.path), f"{path}/", leave_out)
        else:
            yield _found(Path(entry.path), path)


def _found(file: Path, path: str) -> Found:
    try:
        status = file.lstat()
    except OSError:
        return Found(file, path, 0, unreadable=NO_PERMISSION)
    if stat.S_ISLNK(status.st_mode):
        return Found(file, path, 0, refused="a link, which is not followed")
    if not stat.S_ISREG(status.st_mode):
        return Found(file, path, 0, refused="a device or another special file")
    return Found(file, path, status.st_size)


def _text(name: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")
