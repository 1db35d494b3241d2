"""Values that a reader hands over as Python objects or as binary, as text."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

LONGEST_BLOB = 4096
"""Bytes of a binary value that are kept as digits; of a longer one its size and SHA-256 are kept."""


def blob_text(blob: bytes) -> str:
    """A binary value as text: itself where it is printable UTF-8, else its hexadecimal digits.

    One longer than `LONGEST_BLOB` (a picture, as a rule) is named by size and hash only: the sealed original
    has it, and nothing here decodes it.
    """
    try:
        text = blob.decode("utf-8")
    except UnicodeDecodeError:
        return _digits(blob)
    plain = text.replace("\n", "").replace("\r", "").replace("\t", "")
    return text if not plain or plain.isprintable() else _digits(blob)


def _digits(blob: bytes) -> str:
    if len(blob) <= LONGEST_BLOB:
        return blob.hex()
    return f"blob of {len(blob)} bytes, SHA-256 {hashlib.sha256(blob).hexdigest()}"


def number_text(value: float) -> str:
    """The shortest text that gives the number back; whole numbers without a point, up to 10^21."""
    if value.is_integer() and abs(value) < 1e21:
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return repr(value)


def moment_text(value: dt.date | dt.time | dt.timedelta) -> str:
    """A date, time or duration as ISO 8601 has it, a blank between date and time; durations as hours."""
    if isinstance(value, dt.timedelta):
        seconds = int(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()


def text_column(values: Sequence[Any], write: Callable[[Any], str | None]) -> pa.Array:
    """A column of text from Python values; None stays null.

    Columns of one plain kind (str, or int) go to Arrow whole; `write` says what any other value is as text.
    """
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if kinds == {int}:
        try:
            return pa.array(values, pa.int64()).cast(pa.string())
        except (pa.ArrowInvalid, OverflowError):
            pass
    return pa.array([None if value is None else write(value) for value in values], pa.string())


def plain_text(cell: Any) -> str:
    """A cell of a sheet as text, to be told from a header or kept among the rejects."""
    return number_text(cell) if isinstance(cell, float) else str(cell)
