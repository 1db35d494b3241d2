"""Where records and fields end in delimited text: a scan of whole buffers with numpy, no loop over bytes.

The idea is simdjson's (Langdale and Lemire 2019, arXiv 1902.08318): find the structural bytes, say by the
parity of the quotes before them which lie inside a quoted field, and keep the others. The text must be UTF-8
(or ASCII): no byte of a longer character is then mistaken for a structural one.

`marks` is the general form (used for SQL dumps too); `scan` finds the records of delimited text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Buffer = bytes | bytearray | memoryview

NEWLINE = 0x0A
RETURN = 0x0D


@dataclass(frozen=True)
class Marks:
    """The structural bytes of a buffer.

    `positions` (int64, ascending), `bytes` (uint8, the byte at each), `inside` (bool, whether it lies within
    quotes; for a quote: whether it opens), `open_at_end` (whether the buffer ends within quotes).
    """

    positions: NDArray[np.int64]
    bytes: NDArray[np.uint8]
    inside: NDArray[np.bool_]
    open_at_end: bool

    def outside(self, byte: int) -> NDArray[np.int64]:
        """Positions of one structural byte outside quotes."""
        return np.asarray(self.positions[(self.bytes == byte) & ~self.inside])


def as_array(data: Buffer) -> NDArray[np.uint8]:
    """The buffer as numbers, without a copy."""
    return np.frombuffer(data, dtype=np.uint8)


def marks(data: Buffer, quote: int | None, wanted: bytes, escape: int | None = None) -> Marks:
    """Find the quotes and the bytes in `wanted`, and say which lie inside quotes.

    The buffer must begin outside quotes. A doubled quote closes and opens again, which leaves all else right.
    `escape` is a byte (a backslash) that takes the meaning from the byte after it.
    """
    array = as_array(data)
    mask = np.zeros(len(array), dtype=np.bool_)
    # A comparison a byte beats a table look-up by ten, up to a handful of bytes.
    for byte in {*wanted, *(() if quote is None else (quote,))}:
        mask |= array == byte
    positions = np.flatnonzero(mask)
    if escape is not None:
        positions = positions[~np.isin(positions, escaped(array, escape), assume_unique=True)]
    found = array[positions]
    if quote is None:
        return Marks(positions, found, np.zeros(len(positions), dtype=np.bool_), False)
    inside = (np.cumsum(found == quote, dtype=np.uint8) & 1).view(np.bool_)
    return Marks(positions, found, inside, bool(len(inside) and inside[-1]))


def escaped(array: NDArray[np.uint8], escape: int) -> NDArray[np.int64]:
    """Positions of the bytes that an escape byte takes the meaning from (those after a run of odd length)."""
    at = np.flatnonzero(array == escape)
    if not len(at):
        return at
    last = np.append(np.diff(at) > 1, True)
    first = np.concatenate(([True], last[:-1]))
    length = at[last] - at[first] + 1
    # Within a run every second escape byte is itself escaped; only the byte after the run matters here.
    return np.asarray(at[last][length % 2 == 1] + 1)


@dataclass(frozen=True)
class Records:
    """The records of a buffer of delimited text.

    `starts` and `ends` (int64; the end is without its newline and a return before it), `fields` (int64, how
    many), `tail` (where a last, unfinished record begins; the buffer's length if there is none), `sound`
    (False where a quote stands neither at the border of a field nor doubled within one: the parity can't be
    trusted then).
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    fields: NDArray[np.int64]
    tail: int
    sound: bool

    def __len__(self) -> int:
        return len(self.starts)


def scan(data: Buffer, quote: int | None, delimiter: int, escape: int | None = None) -> Records:
    """Find the records of a buffer that begins at the start of a record.

    Every record ends with a newline; what follows the last newline outside quotes is left to the caller as
    the tail (who adds a newline to the last buffer of a file if it has none).
    """
    array = as_array(data)
    found = marks(data, quote, bytes((delimiter, NEWLINE)), escape)
    outside = ~found.inside
    newline = outside & (found.bytes == NEWLINE)
    ends = found.positions[newline]
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))
    delimiters = np.cumsum(outside & (found.bytes == delimiter))[newline]
    fields = np.diff(delimiters, prepend=0) + 1
    sound = quote is None or _at_borders(array, found, quote, delimiter)
    tail = int(starts[-1])
    before = array[ends - 1] if len(array) else ends
    ends = ends - ((before == RETURN) & (ends > starts[:-1]))
    return Records(starts[:-1], ends, fields, tail, sound)


def _at_borders(array: NDArray[np.uint8], found: Marks, quote: int, delimiter: int) -> bool:
    """Whether each opening quote begins a field, each closing one ends it, or both are a doubled quote."""
    is_quote = found.bytes == quote
    at = found.positions[is_quote]
    opens = found.inside[is_quote]
    may = np.zeros(256, dtype=np.bool_)
    may[[delimiter, NEWLINE, quote]] = True
    opening = at[opens]
    before = array[opening - 1]
    if not np.all(may[before] | (opening == 0)):
        return False
    may[RETURN] = True
    closing = at[~opens]
    closing = closing[closing < len(array) - 1]
    return bool(np.all(may[array[closing + 1]]))
