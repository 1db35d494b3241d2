"""SQLite files: every base table, in the order in which they were made, each in the order of its rows.

Views, virtual tables, triggers and computed columns are not looked into, since all of them carry out what
the file says. The file is opened read-only and immutable; what SQLite says about damage is not handed on,
since it may quote records. Of a damaged file the rows before the damage are kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
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
BATCH_BYTES = 32 << 20
LONGEST_VALUE = 256 << 20
"""Bytes of a value; a longer one counts as damage."""
_EVERY = 1_000_000
_FLAGS = 60
"""Columns whose being binary fits into one whole number."""
_MOST_FLAGGED = 1900
"""Columns of a table that SQLite's limit of 2,000 in an answer leaves room to flag."""

DAMAGED = "the database is damaged: the rows before the damage are loaded"
ENDLESS = "the database has more rows than a file of its size can hold"

Rows = list[tuple[Any, ...]]


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
        reader = _Reader(connection, sink, path.stat().st_size // 2)
        for name in names:
            reader.table(name)
    if left_out:
        sink.note("virtual_tables_left_out", left_out)
    reader.note()


def _connect(path: Path) -> sqlite3.Connection:
    size = path.stat().st_size
    try:
        connection = _opened(path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        for setting in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0"):
            connection.execute(f"PRAGMA {setting}")
    except sqlite3.Error:
        raise Unreadable("it can't be opened as a SQLite database") from None
    # A damaged tree may lead in circles: a scan takes some tens of instructions a row, and a row two bytes.
    left = [10 + 100 * size // _EVERY]

    def spent() -> bool:
        left[0] -= 1
        return left[0] < 0

    connection.set_progress_handler(spent, _EVERY)
    return connection


def _opened(path: Path) -> sqlite3.Connection:
    if path.is_symlink():
        # A copy in memory of an archive's member: SQLite follows the link and finds no file behind it.
        connection = sqlite3.connect(":memory:")
        connection.deserialize(path.read_bytes())
        return connection
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)


def _tables(connection: sqlite3.Connection) -> tuple[list[str], int]:
    """The names of the base tables in their order, and how many virtual tables were left out.

    What a virtual table keeps in base tables of its own (an index for searching texts) is left out but for
    its contents.
    """
    connection.text_factory = bytes
    rows = connection.execute(
        "SELECT name, rootpage FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' "
        "ESCAPE '\\' ORDER BY rowid"
    ).fetchall()
    virtual = [name for name, root in rows if not isinstance(root, int) or root <= 0]
    inner = {name + part for name in virtual for part in (b"_data", b"_idx", b"_docsize", b"_config")}
    inner |= {name + part for name in virtual for part in (b"_segments", b"_segdir", b"_stat")}
    names = [name.decode("utf-8") for name, _ in rows if name not in virtual and name not in inner]
    return names, len(virtual)


class _NotText(Exception):
    """A text of the table is not UTF-8, or the table is damaged: read on with care."""


@dataclass
class _Reader:
    connection: sqlite3.Connection
    sink: Sink
    rows_left: int
    computed: int = 0
    encodings: set[str] = field(default_factory=set)

    def table(self, untrusted_name: str) -> None:
        """Read one table, as far as it can be read.

        Text comes as `str` and binary values as `bytes`, until a text is not UTF-8: from there on all come as
        bytes, with flags that say which are binary.
        """
        try:
            self.connection.text_factory = bytes
            columns = self._columns(untrusted_name)
        except (sqlite3.Error, ValueError):
            self.sink.partly(DAMAGED)
            return
        out = self.sink.table(untrusted_name, columns)
        number = 0
        for careful in (False, True):
            try:
                for rows in self._batches(
                    _query(untrusted_name, columns, careful), careful, number, len(columns)
                ):
                    self._hand_over(out, rows, len(columns), number)
                    number += len(rows)
            except _NotText:
                continue
            return

    def _columns(self, untrusted_name: str) -> list[str]:
        """The columns that are stored, in their order: neither hidden nor computed when read."""
        found = self.connection.execute(f"PRAGMA table_xinfo({_quoted(untrusted_name)})").fetchall()
        self.computed += sum(row[6] == 2 for row in found)
        return [row[1].decode("utf-8") for row in found if row[6] in (0, 3)]

    def _batches(self, query: str, careful: bool, skip: int, width: int) -> Iterator[Rows]:
        """The rows from number `skip` on. Raises `_NotText` where only careful reading gets further."""
        self.connection.text_factory = bytes if careful else str
        size = 100
        rows: Rows = []
        try:
            cursor = self.connection.execute(query)
            next(islice(cursor, skip, skip), None)
            while True:
                rows = []
                # `extend` keeps what it got before an error; `fetchmany` would lose it.
                rows.extend(islice(cursor, size))
                self.rows_left -= len(rows)
                if self.rows_left < 0:
                    self.sink.partly(ENDLESS)
                    return
                if not rows:
                    return
                yield rows
                size = _next_size(rows, width)
        except (sqlite3.Error, ValueError):
            if not careful:
                raise _NotText from None
            self.sink.partly(DAMAGED)
            if rows:
                yield rows

    def _hand_over(self, out: TableSink, rows: Rows, width: int, number: int) -> None:
        columns = list(zip(*rows, strict=True))
        values, flags = columns[:width], columns[width:]
        arrays = [self._column(column, _binary(flags, place)) for place, column in enumerate(values)]
        numbers = pa.array(np.arange(number + 1, number + 1 + len(rows), dtype=np.int64))
        out.rows(numbers, pa.RecordBatch.from_arrays(arrays, [f"c{place}" for place in range(width)]))

    def _column(self, values: Sequence[Any], binary: Sequence[bool] | None) -> pa.Array:
        """A column as text; in careful reading `binary` says which bytes are no text."""
        if binary is None:
            return text_column(values, _text)
        encoding = self._encoding_of(values, binary)

        def text(value: bytes) -> str:
            for name in ("utf-8", encoding):
                try:
                    return value.decode(name)
                except UnicodeError:
                    continue
            return value.hex()

        return text_column(
            [
                text(value) if isinstance(value, bytes) and not is_binary else value
                for value, is_binary in zip(values, binary, strict=True)
            ],
            _text,
        )

    def _encoding_of(self, values: Sequence[Any], binary: Sequence[bool]) -> str:
        """The encoding of the texts that are not UTF-8, which an application may have stored."""
        strange = [
            value
            for value, is_binary in zip(values, binary, strict=True)
            if isinstance(value, bytes) and not is_binary and not _is_utf8(value)
        ]
        if not strange:
            return "utf-8"
        found = detect(b"\n".join(strange), whole=True).name
        self.encodings.add(found)
        return found

    def note(self) -> None:
        """Put into the manifest what was left out or decoded otherwise."""
        self.sink.note("encoding", ", ".join(["utf-8", *sorted(self.encodings - {"utf-8"})]))
        if self.computed:
            self.sink.note("computed_columns_left_out", self.computed)


def _next_size(rows: Rows, width: int) -> int:
    """How many rows to take next, from the size of some of these."""
    some = rows[:100]
    size = sum(len(value) for row in some for value in row if isinstance(value, (str, bytes))) // len(some)
    return max(1, min(BATCH_ROWS, BATCH_CELLS // max(width, 1), BATCH_BYTES // max(size, 1)))


def _text(value: Any) -> str:
    """A number or a binary value as text; real numbers by the shortest text that gives them back."""
    return blob_text(value) if isinstance(value, bytes) else str(value)


def _query(untrusted_table: str, untrusted_columns: Sequence[str], careful: bool) -> str:
    """A plain scan in the order of the rows; if careful, then numbers whose bits say what is binary."""
    names = [_quoted(name) for name in untrusted_columns]
    flags = []
    if careful and len(names) <= _MOST_FLAGGED:
        for start in range(0, len(names), _FLAGS):
            part = enumerate(names[start : start + _FLAGS])
            flags.append("|".join(f"(typeof({name})='blob')<<{bit}" for bit, name in part))
    return f"SELECT {', '.join(names + flags)} FROM {_quoted(untrusted_table)} NOT INDEXED"  # noqa: S608


def _quoted(untrusted_name: str) -> str:
    """A name of the file's own schema, for the file's own engine; SQLite has no other way to name a table."""
    return '"' + untrusted_name.replace('"', '""') + '"'


def _binary(flags: Sequence[Sequence[int]], place: int) -> list[bool] | None:
    """Which values of a column are binary; None where the column came with text as `str`."""
    if not flags:
        return None
    bit = place % _FLAGS
    return [bool(mask >> bit & 1) for mask in flags[place // _FLAGS]]


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
