"""Putting a finished folder in the place of an old one, so that a reader finds the one or the other, whole.

Linux and macOS can exchange two folders in one step (`renameat2` with RENAME_EXCHANGE, `renamex_np` with
RENAME_SWAP). Where that is missing, the old folder is moved away first and the new one in after it; a run
killed between the two leaves no publication, and the next run makes it.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a new folder and bring them to the disk, folders included."""
    folder.mkdir(mode=0o700)
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    for part in sorted({(folder / name).parent for name in files} | {folder}):
        sync_folder(part)


def put_in_place(made: Path, place: Path) -> None:
    """Put the folder `made` at `place`; whatever was there before is gone afterwards."""
    if place.exists():
        if not _exchange(made, place):
            old = made.with_name(made.name + ".old")
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
            made.rename(place)
            shutil.rmtree(old, ignore_errors=True)
    else:
        made.rename(place)
    sync_folder(place.parent)
    shutil.rmtree(made, ignore_errors=True)


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where this machine can't."""
    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, _RENAME_SWAP) == 0)
        return bool(library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
    except AttributeError:
        return False
