"""Windows of a table's raw rows: for each column how often values are missing, and what hashes make of them.

A row's thirteen truths of a column come from the engine as one number, a bit each; the bits are counted for
all rows of a window at once, in fields of nine bits of a whole number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sousveil.normalise.forms import DATES
from sousveil.vault import Column
from sousveil.verify.sample import Sample

_FIELDS, _WIDTH = 7, 9
"""Fields in a whole number of 63 bits, and the bits of each: a window may have 511 rows."""
_NULL, _LENGTH = 0, range(4, 7)
"""The bits for a missing value, and for the length, which only values have."""
_OF_A_DATE, _OF_OTHERS = 7, 13

Counts = npt.NDArray[np.int64]


class Windows(NamedTuple):
    """Windows in the order of their rows."""

    firsts: Counts
    lasts: Counts
    """First and last record."""
    counts: Counts
    """Rows looked at."""
    shares: npt.NDArray[np.float64]
    """For each window (row) the share of its rows for which each figure (column) is true."""


def figures(type_name: str) -> int:
    """How many figures a raw column of this type has."""
    # Days come and go by themselves: of them only last characters and lengths are looked at.
    return _OF_A_DATE if type_name in DATES else _OF_OTHERS


def raw_windows(sample: Sample, size: int, every: int) -> Windows:
    """The windows of `size` rows, of which every so many-th is looked at, at most 511 a window."""
    columns = list(sample.types)
    codes = "".join(f", {_code(column, sample.types[column])} AS {column.sql}" for column in columns)
    table = sample.engine.table(
        f"SELECT _row{codes} FROM {sample.table.raw} WHERE _row % {every} = 0"  # noqa: S608
    )
    order = np.argsort(table.column("_row").to_numpy(), kind="stable")
    rows = table.column("_row").to_numpy()[order]
    windows, starts = np.unique((rows - 1) // size, return_index=True)
    ends = np.append(starts[1:], len(rows))
    counts = ends - starts
    shares = [
        _shares(table.column(column.sql).to_numpy()[order], starts, counts, figures(sample.types[column]))
        for column in columns
    ]
    held = np.column_stack(shares) if shares else np.zeros((len(windows), 0))
    return Windows(rows[starts], rows[ends - 1], counts, held)


def _code(column: Column, type_name: str) -> str:
    """SQL of a row's truths: whether there is no value, and three bits of each hash and of the length."""
    raw = column.sql
    parts = [f"hash(right({raw}, 1))", f"coalesce(length({raw}), 0)::UBIGINT"]
    if figures(type_name) == _OF_OTHERS:
        parts += [f"hash({raw})", f"hash(left({raw}, 4))"]
    bits = [f"(({part} & 7) << {1 + 3 * place})" for place, part in enumerate(parts)]
    return f"({' | '.join([f'({raw} IS NULL)::UBIGINT', *bits])})::USMALLINT"


def _shares(
    codes: npt.NDArray[np.uint16], starts: Counts, counts: Counts, wanted: int
) -> npt.NDArray[np.float64]:
    """The share of each window's rows that have each of the first `wanted` bits; NaN where none could."""
    held = np.zeros((len(starts), wanted))
    for first in range(0, wanted, _FIELDS):
        sums = np.add.reduceat(_SPREAD[first // _FIELDS][codes], starts)
        for bit in range(first, min(first + _FIELDS, wanted)):
            held[:, bit] = sums >> (bit - first) * _WIDTH & (1 << _WIDTH) - 1
    there = counts - held[:, _NULL]
    with np.errstate(invalid="ignore"):
        held[:, _LENGTH] /= there[:, None]
    others = [bit for bit in range(wanted) if bit not in _LENGTH]
    held[:, others] /= counts[:, None]
    return held


def _spread(first: int) -> Counts:
    """For each code its bits from `first` on, each in a field of its own."""
    codes = np.arange(1 << _OF_OTHERS)
    spread = np.zeros(len(codes), np.int64)
    for field in range(min(_FIELDS, _OF_OTHERS - first)):
        spread |= (codes >> (first + field) & 1) << field * _WIDTH
    return spread


_SPREAD = [_spread(first) for first in range(0, _OF_OTHERS, _FIELDS)]
