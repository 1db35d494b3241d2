"""A SQLite file of several tables, always with the same pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sousveil.demo.draft import Draft


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def begin(path: Path) -> sqlite3.Connection:
    """Make the file."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=4096", "journal_mode=OFF", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def write(connection: sqlite3.Connection, draft: Draft) -> Iterator[int]:
    """Write one table, whose first column is its whole-number key; yields the number of records so far."""
    table = _name(draft.facts.table)
    connection.execute("BEGIN")
    for block in draft.blocks():
        names = [_name(name) for name in block.columns]
        if not block.first:
            columns = ", ".join([f"{names[0]} INTEGER PRIMARY KEY", *(f"{name} TEXT" for name in names[1:])])
            connection.execute(f"CREATE TABLE {table} ({columns})")
        marks = ", ".join("?" * len(names))
        rows = zip(*(column.to_pylist() for column in block.columns.values()), strict=True)
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608  # our own names
        yield block.first + len(block)
    connection.execute("COMMIT")
