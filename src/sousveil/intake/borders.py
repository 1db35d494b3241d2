"""Where another table begins within delimited text: another width, or a blank line and another header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sousveil.intake.dialect import SHORTEST_STACK, Dialect
from sousveil.intake.header import is_header
from sousveil.intake.structure import Records

_LOOKS = 50
"""Places of a chunk that are looked at closely."""
_ROWS = 200
"""Rows below a header that it is compared with."""


@dataclass(frozen=True)
class Border:
    """The record that begins another table, and its dialect; None where more has to be seen first."""

    place: int
    dialect: Dialect | None


def border(data: bytes, found: Records, dialect: Dialect, *, final: bool, begun: bool) -> Border | None:
    """The first place in a chunk where another table begins, or None.

    `begun` says that the present table has its header behind it, else the chunk's first records are its own.
    """
    if dialect.width < 2 or not found.sound or not len(found):
        return None
    blank = found.ends == found.starts
    if not blank.any() and (found.fields == dialect.width).all():
        return None
    keep = np.flatnonzero(~blank)
    if not len(keep):
        return None
    looks = 0
    for start, end, last in _runs(found, keep, dialect):
        # What belongs to the present table's own head is no border.
        if not begun and start <= dialect.preamble:
            continue
        if last and not final and end - start < SHORTEST_STACK:
            return Border(int(keep[start]), None) if start else None
        if end - start < SHORTEST_STACK:
            continue
        looks += 1
        if looks > _LOOKS:
            return None
        named = _header(data, found, keep[start : min(end, start + _ROWS)], dialect)
        if named and named != dialect.header:
            width = int(found.fields[keep[start]])
            other = replace(dialect, width=width, header=named, preamble=0, ragged=False)
            return Border(int(keep[start]), other)
    return None


def _runs(found: Records, keep: NDArray[np.intp], dialect: Dialect) -> Iterator[tuple[int, int, bool]]:
    """Runs of records of one width that may be another table: start, end, and whether it is the last.

    That is runs of another width, and those of the same one that stand below a blank line. Start and end are
    places in `keep`.
    """
    fields = found.fields[keep]
    after_blank = np.diff(keep, prepend=keep[0]) > 1
    starts = np.flatnonzero((np.diff(fields, prepend=-1) != 0) | after_blank)
    ends = np.append(starts[1:], len(keep))
    other = (fields[starts] > 1) & ((fields[starts] != dialect.width) | after_blank[starts])
    if dialect.ragged:
        other &= (fields[starts] > dialect.width) | after_blank[starts]
    for start, end in zip(starts[other].tolist(), ends[other].tolist(), strict=True):
        yield start, end, end == len(keep)


def _header(
    data: bytes, found: Records, places: NDArray[np.intp], dialect: Dialect
) -> tuple[str, ...] | None:
    """The header of a run of records, where its first record is one beyond doubt."""
    rows = []
    for place in places.tolist():
        fields, _ = dialect.splitter.record(data, int(found.starts[place]))
        rows.append([value.decode("utf-8", "replace").strip() for value in fields or ()])
    if not is_header(rows[0], rows[1:], strictly=True):
        return None
    return tuple(rows[0])
