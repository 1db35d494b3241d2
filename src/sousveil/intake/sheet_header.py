"""Where the header of a sheet stands, and what it calls the columns.

A title above a table fills a cell or two. The header is the first row that fills most columns, and is one if
all of its cells are text that differs in kind from what stands below. Where cells of it are merged over
several columns, the names of these stand in the row below: a header of two rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sousveil.intake.cells import plain_text
from sousveil.intake.header import is_header

_FULL = 0.6
"""Share of the fullest row's cells that a header fills."""
Span = tuple[int, int]
"""The first and the last column of cells that are merged within a row."""


@dataclass(frozen=True)
class Header:
    """How many rows stand above the header, how many it has, and its names; none where there is none."""

    above: int
    rows: int
    names: list[str]


NONE = Header(0, 0, [])


def header_of(rows: Sequence[Sequence[Any]], spans: Sequence[Span] = ()) -> Header:
    """The header of a sheet, from its first rows that are not empty and from the cells merged in it."""
    filled = [len(row) - list(row).count("") for row in rows]
    place = next(index for index, count in enumerate(filled) if count >= _FULL * max(filled))
    # A row of merged cells is emptier than it looks, and may lie below what the fullest row asks for.
    for index in range(place + 1):
        names = _of_two_rows(rows, index, spans)
        if names:
            return Header(index, 2, names)
    cells = rows[place]
    if not all(isinstance(cell, str) for cell in cells) or not _differs(cells, rows, place + 1):
        return NONE
    return Header(place, 1, [cell.strip() for cell in cells])


def _of_two_rows(rows: Sequence[Sequence[Any]], place: int, spans: Sequence[Span]) -> list[str]:
    """The names of a header whose upper row has merged cells, with names of their own below; else none."""
    if place + 1 >= len(rows):
        return []
    upper, lower = _padded(rows[place], rows[place + 1])
    if not all(isinstance(cell, str) for cell in (*upper, *lower)):
        return []
    over = [
        (first, last)
        for first, last in spans
        if last < len(upper) and upper[first] and not any(upper[first + 1 : last + 1])
    ]
    grouped = {place for first, last in over for place in range(first, last + 1)}
    # A group over everything is a title, and outside of the groups a column has one name, above or below.
    if not over or len(grouped) == len(upper) > 1 == len(over):
        return []
    if not all(
        lower[place] if place in grouped else not (upper[place] and lower[place])
        for place in range(len(upper))
    ):
        return []
    names = _joined(upper, lower, over)
    return names if _differs(names, rows, place + 2) else []


def _joined(upper: Sequence[str], lower: Sequence[str], over: Sequence[Span]) -> list[str]:
    """The lower name of each column, else the upper one; with its group where two groups have the name."""
    own = [(below or above).strip() for above, below in zip(upper, lower, strict=True)]
    often = Counter(own)
    group = {place: upper[first].strip() for first, last in over for place in range(first, last + 1)}
    return [
        f"{group[place]}.{name}" if often[name] > 1 and place in group else name
        for place, name in enumerate(own)
    ]


def _padded(upper: Sequence[Any], lower: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    width = max(len(upper), len(lower))
    return [*upper, *[""] * (width - len(upper))], [*lower, *[""] * (width - len(lower))]


def _differs(names: Sequence[str], rows: Sequence[Sequence[Any]], first: int) -> bool:
    """Whether names are of another kind than what stands in the rows from `first` on."""
    used = [
        index for index, _ in enumerate(names) if any(index < len(row) and row[index] != "" for row in rows)
    ]
    below = [[plain_text(row[index]) if index < len(row) else "" for index in used] for row in rows[first:]]
    return is_header([names[index].strip() for index in used], below)
