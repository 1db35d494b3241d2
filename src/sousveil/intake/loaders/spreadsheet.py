"""Workbooks (xlsx, xlsm, xlsb, xls, ods): each sheet a table, named after the sheet.

calamine reads the cells. It may end the whole process on a hostile file, which is why loaders run in a child.
A workbook knows values, not the text that was typed: an identity number of 18 digits that was stored as a
number has lost its last digits, and an error (#N/A) comes as an empty cell.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sousveil.intake.cells import moment_text, number_text, plain_text, text_column
from sousveil.intake.identify import LOCKED
from sousveil.intake.sheet_header import Span, header_of
from sousveil.intake.sink import Sink, TableSink, Unreadable
from sousveil.intake.source import Source, seekable

BATCH_CELLS = 400_000
SAMPLE_ROWS = 200
LARGEST = 2 << 30
"""Bytes that a workbook may unfold to."""
STEEPEST = 1000
"""Times that a part of a workbook may be larger than its compressed form (parts under a megabyte may be)."""
ABOVE = "a row above the header"
_EXACT = 2**53
_KEPT = 10**15
"""Whole numbers above this have lost digits: Excel keeps fifteen."""
MOST_SPANS = 1000
"""Merged cells that are looked at; those of a header come first."""


def load(source: Source, sink: Sink) -> None:
    """Read every sheet with cells. Raises `Unreadable` where the workbook can't be opened at all."""
    _refuse_bombs(source)
    with seekable(source) as stream:
        try:
            book = CalamineWorkbook.from_filelike(stream)
        except PasswordError:
            raise Unreadable(LOCKED) from None
        except (CalamineError, OSError, ValueError):
            raise Unreadable("the workbook is damaged, cut off or protected by a password") from None
        reader = _Reader(sink)
        for place, sheet in enumerate(book.sheets_metadata):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                reader.hidden += sheet.visible != SheetVisibleEnum.Visible
                reader.sheet(book, place, sheet.name)
    reader.note()


def _refuse_bombs(source: Source) -> None:
    """Look at the sizes of a workbook's parts before anything is unfolded. Raises `Unreadable`."""
    try:
        with seekable(source) as stream, zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return  # an old workbook is no zip; a damaged one is for the reader to refuse
    steep = any(part.file_size > max(1 << 20, STEEPEST * part.compress_size) for part in parts)
    if steep or sum(part.file_size for part in parts) > LARGEST:
        raise Unreadable("the workbook unfolds to more than a workbook of its size may")


@dataclass
class _Reader:
    sink: Sink
    hidden: int = 0
    empty: int = 0
    rounded: int = 0
    damaged: int = 0
    tables: int = 0

    def sheet(self, book: CalamineWorkbook, place: int, untrusted_name: str) -> None:
        """Read one sheet into a table; an empty one is only counted."""
        try:
            sheet = book.get_sheet_by_index(place)
            rows = _rows(sheet)
            first = list(islice(rows, SAMPLE_ROWS))
            spans = _spans(sheet)
        except (CalamineError, OSError, ValueError):
            self.damaged += 1
            self.sink.partly("a sheet of the workbook is damaged")
            return
        if not first:
            self.empty += 1
            return
        header = header_of(first, spans)
        width = max(len(row) for row in first)
        names = [*header.names, *[""] * (width - len(header.names))]
        self.tables += 1
        out = _Table(self, names, untrusted_name)
        try:
            out.take(first[: header.above], chain(first[header.above + header.rows :], rows))
        except (CalamineError, OSError, ValueError):
            self.damaged += 1
            self.sink.partly("a sheet of the workbook is damaged: the rows before the damage are loaded")

    def note(self) -> None:
        """Put into the manifest what is worth knowing. Raises `Unreadable` where there is no table."""
        if not self.tables:
            raise Unreadable(
                "the workbook has no sheet with cells" if not self.damaged else "its sheets are damaged"
            )
        found = {
            "hidden_sheets": self.hidden,
            "empty_sheets": self.empty,
            "numbers_longer_than_a_cell_keeps": self.rounded,
        }
        for key, count in found.items():
            if count:
                self.sink.note(key, count)


class _Table:
    """One sheet on its way out. Columns with neither a name nor a value stay away until one has a value."""

    def __init__(self, reader: _Reader, names: Sequence[str], untrusted_name: str) -> None:
        self._reader = reader
        self._names = list(names)
        self._untrusted_name = untrusted_name
        self._sink: TableSink | None = None
        self._places: list[int] = []
        """Which cell of a row stands in each column of the table."""
        self._number = 0

    def take(self, above: list[list[Any]], rows: Iterator[list[Any]]) -> None:
        """Hand over rows, a batch at a time; those above the header are rejects.

        A header without rows makes a table without records.
        """
        self._number = len(above)
        width = max(len(self._names), 1)
        while batch := list(islice(rows, max(1, BATCH_CELLS // width))):
            width = max(width, max(map(len, batch)))
            self._batch(batch, width)
        sink = self._open([place for place, name in enumerate(self._names) if name])
        for number, row in enumerate(above, 1):
            cells = (plain_text(cell) for cell in row if cell != "")
            sink.reject(number, ABOVE, "\t".join(cells).encode("utf-8", "surrogatepass"))

    def _batch(self, rows: list[list[Any]], width: int) -> None:
        if any(len(row) != width for row in rows):
            rows = [row + [""] * (width - len(row)) for row in rows]
        columns = {place: self._column(values) for place, values in enumerate(zip(*rows, strict=True))}
        self._names += [""] * (width - len(self._names))
        wanted = [
            place
            for place in columns
            if self._names[place] or columns[place].null_count < len(columns[place])
        ]
        out = self._open(wanted)
        numbers = np.arange(self._number + 1, self._number + 1 + len(rows), dtype=np.int64)
        self._number += len(rows)
        batch = pa.RecordBatch.from_arrays(
            [columns[place] for place in self._places], [f"c{place}" for place in self._places]
        )
        out.rows(pa.array(numbers), batch)

    def _open(self, wanted: list[int]) -> TableSink:
        """The sink of this table, with at least the wanted columns."""
        if self._sink is None:
            self._places = wanted
            self._sink = self._reader.sink.table(
                self._untrusted_name, [self._names[place] for place in wanted]
            )
            return self._sink
        late = [place for place in wanted if place not in self._places]
        if late:
            self._places += late
            self._sink.add_columns([self._names[place] for place in late])
        return self._sink

    def _column(self, values: Sequence[Any]) -> pa.Array:
        """A column of cells as text; an empty cell is null."""
        kinds = set(map(type, values))
        if kinds == {str}:
            column = pa.array(values, pa.string())
            return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
        if kinds <= {float, str} and all(value == "" for value in values if type(value) is str):
            return self._numbers(values)
        return text_column([None if value == "" else value for value in values], self._write)

    def _numbers(self, values: Sequence[Any]) -> pa.Array:
        given = pa.array([None if value == "" else value for value in values], pa.float64())
        array = given.drop_null().to_numpy(zero_copy_only=False)
        if len(array) and (np.abs(array) < _EXACT).all() and (array == np.floor(array)).all():
            return given.cast(pa.int64()).cast(pa.string())
        return text_column(given.to_pylist(), self._write)

    def _write(self, value: Any) -> str | None:
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, (int, float)):
            self._reader.rounded += abs(value) > _KEPT and float(value).is_integer()
            return number_text(float(value)) if isinstance(value, float) else str(value)
        if isinstance(value, (dt.date, dt.time, dt.timedelta)):
            return moment_text(value)
        return str(value)


def _rows(sheet: CalamineSheet) -> Iterator[list[Any]]:
    """The rows that have a cell with something in it."""
    return (row for row in sheet.iter_rows() if row.count("") < len(row))


def _spans(sheet: CalamineSheet) -> list[Span]:
    """The cells that are merged over columns of one row, by column as the rows have them."""
    left = sheet.start[1] if sheet.start else 0
    return [
        (begin[1] - left, end[1] - left)
        for begin, end in (sheet.merged_cell_ranges or ())[:MOST_SPANS]
        if begin[0] == end[0] and end[1] > begin[1] >= left
    ]
