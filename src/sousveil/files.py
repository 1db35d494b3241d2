"""Files that are written whole or not at all: the one way in which a case writes a file."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that after a crash it is either the old or the new one, whole."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    put_in_place(beside, path)


def put_in_place(beside: Path, path: Path) -> None:
    """Give a file that is on the disk its name, for good: rename it, then bring its folder to the disk."""
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
