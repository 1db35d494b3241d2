"""PostgreSQL's COPY … FROM stdin: a record a line, fields between tabs, backslash escapes, `\\.` at the end.

The format is that of the PostgreSQL manual, COPY, Text Format.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from sousveil.intake.loaders.sqldump.heads import Head
from sousveil.intake.loaders.sqldump.lexis import as_text, unescape_postgres
from sousveil.intake.loaders.sqldump.reader import Reader
from sousveil.intake.loaders.sqldump.tables import DumpTable

WINDOW = 2 << 20
LONGEST_LINE = 64 << 20

WRONG_COUNT = "the line has another number of fields than its table has columns"
CUT_OFF = "the dump ends within this record"

_END = re.compile(rb"^\\\.\r?(?:\n|\Z)", re.MULTILINE)


class Lines:
    """Reads the lines of a COPY into its table."""

    def __init__(self, reader: Reader, head: Head, table: DumpTable) -> None:
        self.reader = reader
        self.plain = head.plain
        self.table = table
        self.places = table.place(head.columns) if head.columns else list(range(len(table.untrusted_columns)))

    def read(self) -> bool:
        """Read up to `\\.`; whether that was found before the dump ended."""
        size = WINDOW
        while True:
            window = self.reader.window(size)
            whole = self.reader.whole(window)
            end = _END.search(window)
            lines = window[: end.start()] if end else window
            if end is None and not (whole or size >= LONGEST_LINE):
                lines = window[: window.rfind(b"\n") + 1]
                if not lines:
                    size *= 2
                    continue
            self._take(lines, cut_off=whole and end is None)
            self.reader.place += end.end() if end else len(lines)
            if end or (whole and end is None):
                return end is not None
            size = WINDOW

    def _take(self, lines: bytes, cut_off: bool) -> None:
        last = b""
        if cut_off and not lines.endswith(b"\n"):
            place = lines.rfind(b"\n") + 1
            lines, last = lines[:place], lines[place:]
        if lines:
            self._take_whole(lines.replace(b"\r\n", b"\n"))
        if last:
            self.table.reject(CUT_OFF, last)

    def _take_whole(self, lines: bytes) -> None:
        count = lines.count(b"\n")
        width = self._width(lines)
        batch = _csv(lines, width) if self.plain and width else None
        if batch is not None and batch.num_rows == count:
            self.reader.transcript.record(len(lines) - count)
            self._put(np.arange(count, dtype=np.int64), _unescaped(batch, lines))
        else:
            self._take_one_by_one(lines.split(b"\n")[:-1], width)
        self.table.number += count

    def _width(self, lines: bytes) -> int:
        if not self.places:
            count = lines[: lines.find(b"\n")].count(b"\t") + 1
            self.places = self.table.place([f"column_{index + 1}" for index in range(count)])
        return len(self.places)

    def _put(self, indexes: NDArray[np.int64], columns: Sequence[pa.Array]) -> None:
        self.table.put(self.table.number + 1 + indexes, columns, self.places)

    def _take_one_by_one(self, lines: list[bytes], width: int) -> None:
        """Lines of which some are no records, or not UTF-8, or hold a bare carriage return."""
        indexes, rows = [], []
        for index, line in enumerate(lines):
            fields = line.split(b"\t")
            if len(fields) != width or not self.plain:
                self.table.reject_as(self.table.number + 1 + index, WRONG_COUNT, line)
                continue
            indexes.append(index)
            self.reader.transcript.record(len(line))
            rows.append([None if field == b"\\N" else as_text(unescape_postgres(field)) for field in fields])
        if rows:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
            self._put(np.array(indexes, dtype=np.int64), columns)


def _csv(lines: bytes, width: int) -> pa.RecordBatch | None:
    # The reader would end lines at returns, make records of empty lines, and drop a byte order mark.
    empty = width > 1 and (lines[:1] == b"\n" or b"\n\n" in lines)
    if empty or b"\r" in lines or lines.startswith(codecs.BOM_UTF8):
        return None
    names, convert = _columns(width)
    try:
        table = pacsv.read_csv(
            pa.py_buffer(lines),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=len(lines) + 16),
            parse_options=pacsv.ParseOptions(
                delimiter="\t", quote_char=False, double_quote=False, ignore_empty_lines=False
            ),
            convert_options=convert,
        )
    except pa.ArrowInvalid:
        return None
    batches = table.combine_chunks().to_batches()
    return batches[0] if len(batches) == 1 else None


@lru_cache(maxsize=64)
def _columns(width: int) -> tuple[list[str], pacsv.ConvertOptions]:
    names = [f"c{index}" for index in range(width)]
    types = dict.fromkeys(names, pa.string())
    return names, pacsv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=["\\N"])


def _unescaped(batch: pa.RecordBatch, lines: bytes) -> list[pa.Array]:
    """The columns with escapes undone, where there are any."""
    columns: list[pa.Array] = batch.columns
    if lines.count(b"\\") == lines.count(b"\\N"):
        return columns
    return [_undone(column) for column in columns]


def _undone(column: pa.Array) -> pa.Array:
    escaped = pc.fill_null(pc.match_substring(column, "\\"), False)
    if not pc.any(escaped).as_py():
        return column
    values = column.filter(escaped).to_pylist()
    undone = [as_text(unescape_postgres(value.encode("utf-8"))) for value in values]
    return pc.replace_with_mask(column, escaped, pa.array(undone, pa.string()))
