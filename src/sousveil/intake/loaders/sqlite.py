"""SQLite files: every base table, in the order in which they were made, each in the order of its rows.

Views, virtual tables, triggers and computed columns are not looked into, since all of them carry out what
the file says. The file is opened read-only and immutable; what SQLite says about damage is not handed on,
since it may quote records. Of a damaged file the rows before the damage are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa

from sousveil.intake.cells import blob_text, text_column
from sousveil.intake.encodings import detect
from sousveil.intake.sink import Sink, TableSink, Unreadable
from sousveil.intake.source import Source

BATCH_ROWS = 20_000
BATCH_CELLS = 500_000
LONGEST_VALUE = 256 << 20
_EVERY = 1_000_000
_FLAGS = 60
"""Columns whose being binary fits into one whole number."""
_MOST_FLAGGED = 1900
"""Columns of a table that SQLite's limit of 2,000 in an answer leaves room to flag."""

DAMAGED = "the database is damaged: the rows before the damage are loaded"
ENDLESS = "the database has more rows than a file of its size can hold"


def load(source: Source, sink: Sink) -> None:
    """Read every base table. Raises `Unreadable` where not even the list of tables can be read."""
    path = source.path()
    with closing(_connect(path)) as connection:
        try:
            names, left_out = _tables(connection)
        except (sqlite3.Error, ValueError):
            raise Unreadable("the list of its tables is damaged, or it is encrypted") from None
        if not names:
            raise Unreadable("it has no tables")
        reader = _Reader(connection, sink, _most_rows(path))
        for name in names:
            reader.table(name)
    if left_out:
        sink.note("virtual_tables_left_out", left_out)
    reader.note()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error:
        raise Unreadable("it can't be opened as a SQLite database") from None
    connection.text_factory = bytes
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    for setting in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {setting}")
    # A damaged tree may lead in circles: a scan takes some tens of instructions a row, and a row two bytes.
    budget = [10 + 100 * path.stat().st_size // _EVERY]

    def spent() -> bool:
        budget[0] -= 1
        return budget[0] < 0

    connection.set_progress_handler(spent, _EVERY)
    return connection


def _most_rows(path: Path) -> int:
    return path.stat().st_size // 2


def _tables(connection: sqlite3.Connection) -> tuple[list[str], int]:
    """The names of the base tables in their order, and how many virtual tables were left out."""
    rows = connection.execute(
        "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    names = [name.decode("utf-8") for name, root in rows if isinstance(root, int) and root > 0]
    return names, len(rows) - len(names)


@dataclass
class _Reader:
    connection: sqlite3.Connection
    sink: Sink
    rows_left: int
    computed: int = 0
    encodings: set[str] = field(default_factory=set)

    def table(self, untrusted_name: str) -> None:
        """Read one table, as far as it can be read."""
        try:
            columns = self._columns(untrusted_name)
            out = self.sink.table(untrusted_name, columns)
            cursor = self.connection.execute(_query(untrusted_name, columns))
        except (sqlite3.Error, ValueError):
            self.sink.partly(DAMAGED)
            return
        number = 0
        for rows in self._batches(cursor, len(columns)):
            self._hand_over(out, rows, len(columns), number)
            number += len(rows)

    def _columns(self, untrusted_name: str) -> list[str]:
        """The columns that are stored, in their order: neither hidden nor computed when read."""
        found = self.connection.execute(f"PRAGMA table_xinfo({_quoted(untrusted_name)})").fetchall()
        self.computed += sum(row[6] == 2 for row in found)
        return [row[1].decode("utf-8") for row in found if row[6] in (0, 3)]

    def _batches(self, cursor: sqlite3.Cursor, width: int) -> Iterator[list[tuple[Any, ...]]]:
        size = max(1, min(BATCH_ROWS, BATCH_CELLS // max(width, 1)))
        while True:
            rows: list[tuple[Any, ...]] = []
            try:
                # `extend` keeps what it got before an error; `fetchmany` would lose it.
                rows.extend(islice(cursor, size))
            except (sqlite3.Error, ValueError):
                self.sink.partly(DAMAGED)
                if rows:
                    yield rows
                return
            self.rows_left -= len(rows)
            if self.rows_left < 0:
                self.sink.partly(ENDLESS)
                return
            if rows:
                yield rows
            if len(rows) < size:
                return

    def _hand_over(self, out: TableSink, rows: Sequence[tuple[Any, ...]], width: int, number: int) -> None:
        columns = list(zip(*rows, strict=True))
        values, flags = columns[:width], columns[width:]
        arrays = [self._column(column, _binary(flags, place)) for place, column in enumerate(values)]
        numbers = pa.array(np.arange(number + 1, number + 1 + len(rows), dtype=np.int64))
        out.rows(numbers, pa.RecordBatch.from_arrays(arrays, [f"c{place}" for place in range(width)]))

    def _column(self, values: Sequence[Any], binary: Sequence[bool] | None) -> pa.Array:
        """A column as text. Text arrives as bytes, as do binary values, which `binary` tells apart."""
        if binary is not None:
            values = [
                blob_text(value).encode() if is_binary else value
                for value, is_binary in zip(values, binary, strict=True)
            ]
        if set(map(type, values)) <= {bytes, type(None)}:
            try:
                return pa.array(values, pa.binary()).cast(pa.string())
            except pa.ArrowInvalid:
                pass
        return text_column(values, self._decoder(values))

    def _decoder(self, values: Sequence[Any]) -> Callable[[Any], str]:
        """What makes text of a value; an application may have stored text that is not UTF-8."""
        strange = [value for value in values if isinstance(value, bytes) and not _is_utf8(value)]
        encoding = detect(b"\n".join(strange), whole=True).name if strange else "utf-8"
        if strange:
            self.encodings.add(encoding)

        def text(value: Any) -> str:
            if not isinstance(value, bytes):
                # SQLite's real numbers are doubles: the shortest text that gives them back.
                return str(value)
            for name in ("utf-8", encoding):
                try:
                    return value.decode(name)
                except UnicodeError:
                    continue
            return value.hex()

        return text

    def note(self) -> None:
        """Put into the manifest what was left out or decoded otherwise."""
        self.sink.note(
            "encoding", "utf-8" if not self.encodings else ", ".join(sorted({"utf-8"} | self.encodings))
        )
        if self.computed:
            self.sink.note("computed_columns_left_out", self.computed)


def _query(untrusted_table: str, untrusted_columns: Sequence[str]) -> str:
    """A plain scan in the order of the rows; after the columns, numbers whose bits say which are binary."""
    names = [_quoted(name) for name in untrusted_columns]
    flags = []
    if len(names) <= _MOST_FLAGGED:
        for start in range(0, len(names), _FLAGS):
            bits = [
                f"(typeof({name})='blob')<<{bit}" for bit, name in enumerate(names[start : start + _FLAGS])
            ]
            flags.append("|".join(bits))
    return f"SELECT {', '.join(names + flags)} FROM {_quoted(untrusted_table)} NOT INDEXED"  # noqa: S608


def _quoted(untrusted_name: str) -> str:
    """A name of the file's own schema, for the file's own engine; SQLite has no other way to name a table."""
    return '"' + untrusted_name.replace('"', '""') + '"'


def _binary(flags: Sequence[Sequence[int]], place: int) -> list[bool] | None:
    """Which values of a column are binary; None where none is."""
    if not flags or not any(flags[place // _FLAGS]):
        return None
    bit = place % _FLAGS
    found = [bool(mask >> bit & 1) for mask in flags[place // _FLAGS]]
    return found if any(found) else None


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
