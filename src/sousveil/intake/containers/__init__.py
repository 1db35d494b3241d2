"""The containers: one file a kind of archive, one list."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator

from sousveil.intake.containers.entry import Entry
from sousveil.intake.source import Source

CONTAINERS = {
    "zip": "zip",
    "tar": "tar",
    "7z": "sevenzip",
    "rar": "others",
    "rar5": "others",
    "cab": "others",
    "lha": "others",
    "iso": "others",
    "cpio": "others",
}
"""Every format with members → the module here that reads it. A new format is a line and a file."""


def container(format: str) -> Callable[[Source, str, tuple[str, ...]], Iterator[Entry]]:
    """The `entries` function for a format of `CONTAINERS`, imported now."""
    module = importlib.import_module(f"sousveil.intake.containers.{CONTAINERS[format]}")
    entries: Callable[[Source, str, tuple[str, ...]], Iterator[Entry]] = module.entries
    return entries
