"""An XLSX workbook of several sheets, always with the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter

from sousveil.demo.draft import Draft
from sousveil.demo.moments import LAST


def begin(path: Path) -> Any:
    """Make the workbook; close it when its sheets are written."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False})
    created = dt.datetime.combine(LAST, dt.time(9))
    book.set_properties({"title": "单位台账", "author": "", "created": created})
    return book


def write(
    book: Any, draft: Draft, numbers: frozenset[str] = frozenset(), dates: frozenset[str] = frozenset()
) -> Iterator[int]:
    """Write one sheet; yields the number of records so far. Columns of `numbers`, `dates` are such cells."""
    sheet = book.add_worksheet(draft.facts.table)
    shape = book.add_format({"num_format": "yyyy-mm-dd"})
    for block in draft.blocks():
        if not block.first:
            sheet.write_row(0, 0, list(block.columns))
        for place, (name, column) in enumerate(block.columns.items()):
            for row, value in enumerate(column.to_pylist(), block.first + 1):
                if value is None:
                    continue
                if name in dates:
                    sheet.write_datetime(row, place, dt.datetime.fromisoformat(value), shape)
                elif name in numbers:
                    sheet.write_number(row, place, float(value))
                else:
                    sheet.write_string(row, place, value)
        yield block.first + len(block)
