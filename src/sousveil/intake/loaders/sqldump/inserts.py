"""INSERT and REPLACE statements: which table and columns, and then row after row, in bulk where it can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sousveil.intake.loaders.sqldump import bulk
from sousveil.intake.loaders.sqldump.expressions import Broken
from sousveil.intake.loaders.sqldump.lexis import Lexis, name_parts
from sousveil.intake.loaders.sqldump.reader import Reader
from sousveil.intake.loaders.sqldump.tables import DumpTable
from sousveil.intake.loaders.sqldump.values import Incomplete, read_row

SMALLEST, LARGEST = 8 << 10, 2 << 20
"""Bytes of a window; it grows while rows keep coming."""
LONGEST_ROW = 64 << 20
"""Bytes after which a row without an end counts as broken."""
_FEW = 6
"""Rows for which reading in bulk is not worth its start."""

CUT_OFF = "the dump ends within this record"
NOT_SQL = "this record is not SQL"
WRONG_COUNT = "the record has another number of values than its table has columns"

# Where one may go on after a broken row: between two rows, after a statement, at a new statement.
_GO_ON = re.compile(rb"\)(?=\s*,\s*\()|\)(?=\s*;\s*(?:\n|\Z))|(?=\n\s*(?:INSERT|REPLACE|CREATE|COPY|GO)\b)")


@dataclass(frozen=True)
class Head:
    """The beginning of an INSERT, up to its first row."""

    raw: bytes
    name: list[str]
    columns: list[str] | None


@lru_cache(maxsize=8)
def _head_pattern(lexis: Lexis) -> re.Pattern[bytes]:
    words = (
        rb"(?:INSERT|REPLACE)(?:\s+(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s+\w+))*(?:\s+INTO\b)?\s*"
    )
    part = lexis.part
    listed = rb"(?:(\(\s*" + part + rb"(?:\s*,\s*" + part + rb")*\s*\))\s*)?"
    values = rb"(?:OVERRIDING\s+\w+\s+VALUE\s*)?VALUES?\s*(?=\()"
    return re.compile(words + b"(" + lexis.name + rb")\s*" + listed + values, re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=8)
def _name_pattern(lexis: Lexis) -> re.Pattern[bytes]:
    words = (
        rb"(?:INSERT|REPLACE)(?:\s+(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s+\w+))*(?:\s+INTO\b)?\s*"
    )
    return re.compile(words + b"(" + lexis.name + rb")", re.IGNORECASE | re.DOTALL)


def head_of(window: bytes, lexis: Lexis) -> Head | None:
    """Read the beginning of an INSERT … VALUES; None where it is none."""
    match = _head_pattern(lexis).match(window)
    if match is None:
        return None
    columns = None
    if match[2]:
        columns = [name_parts(found[0])[0] for found in re.finditer(lexis.part, match[2][1:-1], re.DOTALL)]
    return Head(match[0].rstrip(), name_parts(match[1]), columns)


def table_of(window: bytes, lexis: Lexis) -> list[str] | None:
    """The table that an INSERT of any form names."""
    match = _name_pattern(lexis).match(window)
    return name_parts(match[1]) if match else None


class Rows:
    """Reads the rows that follow a head: of this statement, and of those after it with the same head."""

    def __init__(self, reader: Reader, lexis: Lexis, head: Head, table: DumpTable) -> None:
        self.reader = reader
        self.lexis = lexis
        self.head = head.raw
        self.table = table
        self.places = table.place(head.columns) if head.columns else list(range(len(table.untrusted_columns)))
        self.quote = self._quote()
        self.cut_off = False
        """Whether the dump ended within a row."""
        self.unclosed = False
        """Whether a text was still open at the end of the dump: it is cut off, or a quote was lost before."""
        between = lexis.space.pattern + b"," + lexis.space.pattern
        again = rb"\s*;?\s*(?:GO\b\s*)?" + re.escape(head.raw) + rb"\s*"
        self._gap = re.compile(rb"\s*,\s*|" + again, re.DOTALL)
        self._next = re.compile(b"(?:" + between + b"|" + again + rb")(?=\()", re.DOTALL)
        self._is_gap = lru_cache(maxsize=1000)(lambda gap: self._gap.fullmatch(gap) is not None)

    def read(self) -> None:
        """Read rows for as long as they follow each other; the reader stands at the first parenthesis."""
        size = SMALLEST
        while True:
            window = self.reader.window(size)
            run = bulk.scan(window, self.lexis.dialect, self.quote, self.head, self._is_gap)
            done = self._take(window, run, self.reader.whole(window))
            if done is None:  # the row does not end within the window
                size *= 2
                continue
            self.reader.place += done
            if self.cut_off or not self._follows():
                return
            steady = len(run) > _FEW and done == run.ends[-1]
            size = min(max(size, SMALLEST) * 4, LARGEST) if steady else max(SMALLEST, min(size, LARGEST) // 4)

    def _quote(self) -> int:
        """The quote that strings stand in: the first one in the first row."""
        first = re.search(rb"['\"]", self.reader.window(SMALLEST))
        double = first is not None and first[0] == b'"'
        return ord('"') if double and self.lexis.dialect.name in ("mysql", "unknown", "sqlite") else ord("'")

    def _follows(self) -> bool:
        """Move to the next row, if one follows."""
        match = self._next.match(self.reader.window(64 << 10))
        if match is None:
            return False
        self.reader.place += match.end()
        return True

    def _take(self, window: bytes, run: bulk.Run, whole: bool) -> int | None:
        """Hand over the rows of a run; how far that went, or None where a longer window is needed."""
        if not len(run):
            run = bulk.Run(
                np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.bool_), np.zeros(0, np.int64)
            )
        if not self.places:
            self._name_columns(window)
        odd, batch = run.odd, None
        if len(run) > _FEW and self.places:
            odd, batch = self._in_bulk(window, run)
        else:
            odd = np.ones(len(run), dtype=np.bool_)
        return self._hand_over(window, run, odd, batch, whole)

    def _in_bulk(self, window: bytes, run: bulk.Run) -> tuple[NDArray[np.bool_], pa.RecordBatch | None]:
        """Which rows are to be read exactly, and the others."""
        width, dialect = len(self.places), self.lexis.dialect
        batch = bulk.parse(window, run, width, dialect, self.quote)
        if batch is not None:
            return run.odd, batch
        odd = bulk.doubtful(window, run, width, dialect, self.quote)
        run = bulk.Run(run.starts, run.ends, odd, run.drop)
        batch = bulk.parse(window, run, width, dialect, self.quote)
        return (odd, batch) if batch is not None else (np.ones(len(run), dtype=np.bool_), None)

    def _hand_over(
        self, window: bytes, run: bulk.Run, odd: NDArray[np.bool_], batch: pa.RecordBatch | None, whole: bool
    ) -> int | None:
        exact = _Exact(self, window, whole)
        count, done = exact.read(run, odd)
        if not count:
            return None
        base = self.table.number
        plain = np.flatnonzero(~odd[:count])
        parts = []
        if batch is not None and len(plain):
            parts.append((plain, batch.slice(0, len(plain)).columns))
        if exact.rows:
            columns = [pa.array(column, pa.string()) for column in zip(*exact.rows, strict=True)]
            parts.append((np.array(exact.indexes, dtype=np.int64), columns))
        for index, reason, raw in exact.rejects:
            self.table.reject_as(base + 1 + index, reason, raw)
        indexes, columns = _in_order(parts)
        self.table.number += count
        self.table.put(base + 1 + indexes, columns, self.places)
        return done if done is not None else int(run.ends[count - 1])

    def _name_columns(self, window: bytes) -> None:
        """Give a table of which nothing is known as many columns as its first row has values."""
        try:
            values, _ = read_row(window, 0, self.lexis)
        except (Broken, Incomplete):
            return
        self.places = self.table.place([f"column_{index + 1}" for index in range(len(values))])


class _Exact:
    """The odd rows of a window, read one by one."""

    def __init__(self, owner: Rows, window: bytes, whole: bool) -> None:
        self._owner = owner
        self._window = window
        self._whole = whole
        self.indexes: list[int] = []
        self.rows: list[list[str | None]] = []
        self.rejects: list[tuple[int, str, bytes]] = []

    def read(self, run: bulk.Run, odd: NDArray[np.bool_]) -> tuple[int, int | None]:
        """Read the odd rows of a run; how many of its rows hold, and where to go on if not after the last.

        The scan took an odd row's end from the parity of quotes. Where the exact reading ends elsewhere, what
        the scan found behind that row means nothing.
        """
        width = len(self._owner.places)
        for index in np.flatnonzero(odd).tolist():
            start, end = int(run.starts[index]), int(run.ends[index])
            try:
                values, place = read_row(self._window, start, self._owner.lexis)
            except (Broken, Incomplete) as error:
                go_on = self._broken(index, start, isinstance(error, Incomplete))
                return (index, None) if go_on is None else (index + 1, go_on)
            if len(values) == width:
                self.indexes.append(index)
                self.rows.append(values)
            else:
                self.rejects.append((index, WRONG_COUNT, self._window[start:place]))
            if place != end:
                return index + 1, place
        return len(run), None

    def _broken(self, index: int, start: int, incomplete: bool) -> int | None:
        """Reject a row that can't be read; where to go on, or None where a longer window must tell."""
        longest = len(self._window) - start >= LONGEST_ROW
        if incomplete and not self._whole and not longest:
            return None
        found = _GO_ON.search(self._window, start + 1)
        if found is None and not self._whole and not longest:
            return None
        place = found.end() if found else len(self._window)
        self._owner.cut_off = incomplete and found is None and self._whole
        self._owner.unclosed |= incomplete and self._whole
        reason = CUT_OFF if self._owner.cut_off else NOT_SQL
        self.rejects.append((index, reason, self._window[start:place]))
        return place


def _in_order(
    parts: list[tuple[NDArray[np.int64], list[pa.Array]]],
) -> tuple[NDArray[np.int64], list[pa.Array]]:
    """Rows from both readings in the order of the dump: their indexes and columns."""
    if not parts:
        return np.zeros(0, dtype=np.int64), []
    if len(parts) == 1:
        return parts[0]
    indexes = np.concatenate([part[0] for part in parts])
    order = np.argsort(indexes)
    columns = [pa.concat_arrays(list(pair)) for pair in zip(*(part[1] for part in parts), strict=True)]
    return indexes[order], [column.take(pa.array(order)) for column in columns]
