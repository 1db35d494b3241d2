"""The rows of INSERT and REPLACE: a few exactly, and if more follow, as many as possible in bulk."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sousveil.intake.loaders.sqldump import bulk
from sousveil.intake.loaders.sqldump.expressions import Broken
from sousveil.intake.loaders.sqldump.heads import Head
from sousveil.intake.loaders.sqldump.lexis import Lexis
from sousveil.intake.loaders.sqldump.reader import Reader
from sousveil.intake.loaders.sqldump.tables import DumpTable
from sousveil.intake.loaders.sqldump.values import Incomplete, read_row

SMALLEST, LARGEST = 16 << 10, 2 << 20
"""Bytes of a window read in bulk; it grows while rows keep coming."""
LONGEST_ROW = 64 << 20
"""Bytes after which a row without an end counts as broken."""
FIRST = 4
"""Rows that are read exactly before any is read in bulk: what has fewer is not worth the start."""
_FEW = 8
_MOST_PATIENT = 256

CUT_OFF = "the dump ends within this record"
NOT_SQL = "this record is not SQL"
WRONG_COUNT = "the record has another number of values than its table has columns"

# Where one may go on after a broken row: between two rows, after a statement, at a new statement.
_GO_ON = re.compile(rb"\)(?=\s*,\s*\()|\)(?=\s*;\s*(?:\n|\Z))|(?=\n\s*(?:INSERT|REPLACE|CREATE|COPY|GO)\b)")


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
        size, one_by_one, patience = SMALLEST, FIRST, 1
        while True:
            if one_by_one or not self.places:
                self._one()
                one_by_one = max(0, one_by_one - 1)
            else:
                count, trouble = self._many(size)
                # Where rows are odd in a way that bulk reading can't cope with, read exactly for longer.
                patience = min(patience * 2, _MOST_PATIENT) if count < _FEW else 1
                one_by_one = patience if trouble else 0
                size = max(SMALLEST, size // 4) if trouble else min(size * 4, LARGEST)
                if not count:
                    continue
            if self.cut_off or not self._follows():
                return

    def _quote(self) -> int:
        """The quote that strings stand in: the first one in the first row."""
        first = re.search(rb"['\"]", self.reader.window(SMALLEST))
        double = first is not None and first[0] == b'"'
        return ord('"') if double and self.lexis.dialect.name in ("mysql", "unknown", "sqlite") else ord("'")

    def _follows(self) -> bool:
        """Move to the next row, if one follows."""
        self.reader.fill(64 << 10)
        match = self._next.match(self.reader.data, self.reader.place)
        if match is not None:
            self.reader.place = match.end()
        return match is not None

    def _one(self) -> None:
        """Read the next row exactly, or reject it and move to where one may go on."""
        size = SMALLEST
        while True:
            self.reader.fill(size)
            data, place = self.reader.data, self.reader.place
            try:
                values, end = read_row(data, place, self.lexis)
            except (Broken, Incomplete) as error:
                found = self._end_of_broken(isinstance(error, Incomplete))
                if found is None:
                    size = 2 * (len(data) - place)
                    continue
                reason = CUT_OFF if self.cut_off else NOT_SQL
                self.table.reject(reason, data[place:found])
                self.reader.place = found
                return
            self._accept(values, data[place:end])
            self.reader.place = end
            return

    def _accept(self, values: list[str | None], raw: bytes) -> None:
        if not self.places:
            # Nothing is known of the table: it has as many columns as its first row has values.
            self.places = self.table.place([f"column_{index + 1}" for index in range(len(values))])
        if len(values) == len(self.places):
            self.table.put_one(values, self.places)
            self.reader.transcript.record(len(raw))
        else:
            self.table.reject(WRONG_COUNT, raw)

    def _end_of_broken(self, incomplete: bool) -> int | None:
        """Where a row ends that can't be read, by guess; None where more of the dump must be seen."""
        data, place = self.reader.data, self.reader.place
        final = self.reader.ended or len(data) - place >= LONGEST_ROW
        if incomplete and not final:
            return None
        found = _GO_ON.search(data, place + 1)
        if found is None and not final:
            return None
        self.unclosed |= incomplete and self.reader.ended
        self.cut_off = incomplete and found is None and self.reader.ended
        return found.end() if found else len(data)

    def _many(self, size: int) -> tuple[int, bool]:
        """Read rows in bulk; how many, and whether something but the window's end stopped it."""
        window = self.reader.window(size)
        run = bulk.scan(window, self.lexis.dialect, self.quote, self.head, self._is_gap)
        if not len(run):
            return 0, True
        odd, batch = self._in_bulk(window, run)
        indexes, rows, rejects, count = self._odd_rows(window, run, odd)
        base = self.table.number + 1
        parts = []
        plain = np.flatnonzero(~odd[:count])
        if batch is not None and len(plain):
            parts.append((plain, batch.slice(0, len(plain)).columns))
        if rows:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            parts.append((np.array(indexes, dtype=np.int64), columns))
        for index, raw in rejects:
            self.table.reject_as(base + index, WRONG_COUNT, raw)
        refused = {index for index, _ in rejects}
        kept = np.array([index not in refused for index in range(count)]) if refused else slice(0, count)
        self.reader.transcript.record(int((run.ends[:count] - run.starts[:count])[kept].sum()))
        order, columns = _in_order(parts)
        self.table.put(base + order, columns, self.places)
        self.table.number += count
        done = int(run.ends[count - 1]) if count else 0
        self.reader.place += done
        return count, count < len(run) or done < len(window) // 2

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

    def _odd_rows(
        self, window: bytes, run: bulk.Run, odd: NDArray[np.bool_]
    ) -> tuple[list[int], list[list[str | None]], list[tuple[int, bytes]], int]:
        """The odd rows of a run with their indexes, those of another width, and how many of all rows hold.

        The scan took an odd row's end from the parity of quotes. Where the exact reading ends elsewhere, what
        the scan found from that row on means nothing.
        """
        indexes: list[int] = []
        rows: list[list[str | None]] = []
        rejects: list[tuple[int, bytes]] = []
        for index in np.flatnonzero(odd).tolist():
            start, end = int(run.starts[index]), int(run.ends[index])
            try:
                values, place = read_row(window, start, self.lexis)
            except (Broken, Incomplete):
                return indexes, rows, rejects, index
            if place != end:
                return indexes, rows, rejects, index
            if len(values) == len(self.places):
                indexes.append(index)
                rows.append(values)
            else:
                rejects.append((index, window[start:place]))
        return indexes, rows, rejects, len(run)


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
