"""How INSERT, REPLACE and COPY begin: the table that they name, its columns, and where the records start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sousveil.intake.loaders.sqldump.lexis import Lexis, name_parts

_WORDS = rb"(?:INSERT|REPLACE)(?:\s+(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s+\w+))*(?:\s+INTO\b)?\s*"


@dataclass(frozen=True)
class Head:
    """The beginning of a statement that brings records.

    `raw` is its text up to the records (for COPY with the line end, else without the white space after it),
    `size` its length with that; `columns` is None where it names none. `plain` is False for a COPY in
    another format than text.
    """

    raw: bytes
    size: int
    name: list[str]
    columns: list[str] | None
    plain: bool = True


def insert_head(data: bytes, place: int, lexis: Lexis) -> Head | None:
    """Read the beginning of an INSERT … VALUES up to its first parenthesis; None where it is none."""
    match = _insert_pattern(lexis).match(data, place)
    if match is None:
        return None
    columns = _columns(match[2][1:-1], lexis) if match[2] else None
    return Head(match[0][: match.end(3) - match.start()], len(match[0]), name_parts(match[1]), columns)


def insert_table(data: bytes, place: int, lexis: Lexis) -> tuple[list[str], int] | None:
    """The table that an INSERT of any form names, and where its name ends."""
    match = re.compile(_WORDS + b"(" + lexis.name + b")", re.IGNORECASE | re.DOTALL).match(data, place)
    return (name_parts(match[1]), match.end()) if match else None


def copy_head(data: bytes, place: int, lexis: Lexis) -> Head | None:
    """Read the beginning of a COPY … FROM stdin with the line end after it; None where it is none."""
    match = _copy_pattern(lexis).match(data, place)
    if match is None:
        return None
    columns = _columns(match[2], lexis) if match[2] else None
    return Head(match[0], len(match[0]), name_parts(match[1]), columns, not match[3].strip())


def _columns(listed: bytes, lexis: Lexis) -> list[str]:
    return [name_parts(found[0])[0] for found in re.finditer(lexis.part, listed, re.DOTALL)]


@lru_cache(maxsize=8)
def _insert_pattern(lexis: Lexis) -> re.Pattern[bytes]:
    part = lexis.part
    listed = rb"(?:(\(\s*" + part + rb"(?:\s*,\s*" + part + rb")*\s*\))\s*)?"
    values = rb"(?:OVERRIDING\s+\w+\s+VALUE\s*)?(VALUES?)" + lexis.space.pattern + rb"(?=\()"
    return re.compile(_WORDS + b"(" + lexis.name + rb")\s*" + listed + values, re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=8)
def _copy_pattern(lexis: Lexis) -> re.Pattern[bytes]:
    listed = rb"(?:\(\s*(" + lexis.part + rb"(?:\s*,\s*" + lexis.part + rb")*)\s*\)\s*)?"
    end = rb"FROM\s+stdin\b([^;\n]*);[ \t]*\r?(?:\n|\Z)"
    return re.compile(rb"COPY\s+(" + lexis.name + rb")\s*" + listed + end, re.IGNORECASE | re.DOTALL)
