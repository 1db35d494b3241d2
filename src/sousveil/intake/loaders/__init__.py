"""The loaders: one file a format, one list."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from sousveil.intake.sink import Sink
from sousveil.intake.source import Source

LOADERS = {
    "delimited": "delimited",
    "ndjson": "jsonl",
    "json": "json",
    "sql": "sqldump",
    "sqlite": "sqlite",
    "spreadsheet": "spreadsheet",
    "parquet": "parquet",
}
"""Every format that becomes tables → the module here that loads it. A new format is a line and a file."""


def loader(format: str) -> Callable[[Source, Sink], None]:
    """The `load` function for a format of `LOADERS`, imported now."""
    module = importlib.import_module(f"sousveil.intake.loaders.{LOADERS[format]}")
    load: Callable[[Source, Sink], None] = module.load
    return load
