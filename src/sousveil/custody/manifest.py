"""The manifest: every byte taken in, what it was and what became of it. It holds no value of the dump."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path
from typing import Any

from sousveil.case import write_whole
from sousveil.errors import IntegrityError
from sousveil.version import __version__

TOOLS = ("duckdb", "pyarrow", "numpy", "orjson", "chardet", "python-calamine", "pyrage")
"""Libraries whose versions decide how bytes are read or kept."""


def write(path: Path, items: list[dict[str, Any]]) -> None:
    """Write `custody/manifest.json`: versions, then the items in their order, whole or not at all."""
    document = {
        "sousveil": __version__,
        "tools": {name: metadata.version(name) for name in TOOLS},
        "items": items,
    }
    write_whole(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """The items of a manifest. Raises `IntegrityError` where it is missing or can't be read."""
    try:
        items: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["items"]
    except (OSError, ValueError, KeyError, TypeError):
        raise IntegrityError("the manifest is missing or can't be read") from None
    return items
