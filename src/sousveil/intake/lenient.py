"""Delimited text whose quotes can't be trusted: records one by one, and a chunk put right for the fast way.

Real exports hold stray quotes (`12" pipe`), quotes that are not doubled (`"he said "no""`) and quotes that
never close. Rules, in this order:

- a quote means something only at the start of a field; anywhere else it is itself;
- within a quoted field a quote that is neither doubled nor followed by a delimiter or a line's end is itself,
  but only in a field of one line;
- where a field that nothing quotes holds a quote, and a later one ends with a quote, a delimiter between them
  may be text (`cup"round, red",7` lacks one before its first quote): such a record is rejected;
- a quoted field that does not close within `LONGEST_FIELD` bytes and `MOST_LINES` lines costs its first line,
  which is rejected; the next line is read afresh, so that no quote eats the file.
"""

from __future__ import annotations

import bisect
import re
import sys
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sousveil.intake.structure import NEWLINE, as_array, marks

LONGEST_FIELD = 64 << 10
MOST_LINES = 500
UNCLOSED = "a quote that does not close"
WIDTH = "a wrong number of fields"
TWO_WAYS = "quotes that can be read in two ways"


@dataclass(frozen=True)
class Splitter:
    """How fields and records are told apart: single bytes, or None where there is none."""

    delimiter: int
    quote: int | None = 0x22
    escape: int | None = None

    @cached_property
    def _quoted(self) -> re.Pattern[bytes] | None:
        if self.quote is None:
            return None
        quote, ends = re.escape(bytes((self.quote,))), re.escape(bytes((self.delimiter,))) + rb"\r\n"
        plain = rb"[^" + quote + (rb"\\]*" if self.escape is not None else rb"]*")
        odd = quote + quote + rb"|" + quote + rb"(?![" + quote + ends + rb"]|\Z)"
        odd += rb"|\\." if self.escape is not None else b""
        # Unrolled, and each place has one way to match, so that failing takes linear time. (Possessive
        # quantifiers would say it more plainly, but Python 3.11.2 gets them wrong within groups.)
        inner = plain + rb"(?:(?:" + odd + rb")" + plain + rb")*"
        return re.compile(quote + rb"(" + inner + rb")" + quote + rb"(?=[" + ends + rb"]|\Z)", re.DOTALL)

    def record(self, data: bytes, start: int) -> tuple[list[bytes] | None, int]:
        """The fields of the record that begins at `start`, and where it ends (before its newline).

        The fields are None where a quoted field does not close; the end is then that of the first line.
        """
        found = self._walked(data, start)
        if found is None:
            return None, _line_end(data, start)
        fields, _, place = found
        # A return before the newline belongs to neither.
        if fields[-1].endswith(b"\r"):
            fields[-1] = fields[-1][:-1]
        elif data[place : place + 1] == b"\r":
            place += 1
        if place < len(data) and data[place] != NEWLINE:
            return None, _line_end(data, start)
        return fields, place

    def may_be_read_in_two_ways(self, data: bytes, start: int) -> bool:
        """Whether stray quotes of the record at `start` may have been meant to enclose a delimiter.

        Not asked of apostrophes, which stand within words.
        """
        found = self._walked(data, start) if self.quote == 0x22 else None
        if found is None:
            return False
        fields, bare, _ = found
        began = False
        for value, alone in zip(fields, bare, strict=True):
            value = value.rstrip(b"\r")
            if alone and began and value.endswith(b'"'):
                return True
            began |= alone and b'"' in value.rstrip(b'"')
        return False

    def _walked(self, data: bytes, start: int) -> tuple[list[bytes], list[bool], int] | None:
        """The fields from `start` on, whether each stands without quotes, and where the walk ends."""
        fields: list[bytes] = []
        bare: list[bool] = []
        place = start
        while True:
            quoted = self.quote is not None and data[place : place + 1] == bytes((self.quote,))
            if quoted:
                found = self._quoted_field(data, place)
                if found is None:
                    return None
                value, place = found
            else:
                end = _first(data, place, self.delimiter)
                value, place = data[place:end], end
            fields.append(value)
            bare.append(not quoted)
            if place >= len(data) or data[place] != self.delimiter:
                return fields, bare, place
            place += 1

    def _quoted_field(self, data: bytes, place: int) -> tuple[bytes, int] | None:
        assert self._quoted is not None and self.quote is not None  # noqa: S101  # for the type checker
        window = min(len(data), place + LONGEST_FIELD)
        found = self._quoted.match(data, place, window)
        if found is None or (found.end() == window < len(data)):
            return None
        inner = found.group(1)
        quote = bytes((self.quote,))
        lines = inner.count(b"\n")
        if self.escape is not None:
            inner = re.sub(rb"\\(.)", rb"\1", inner, flags=re.DOTALL)
        elif lines and quote in inner.replace(quote * 2, b""):
            return None
        return None if lines > MOST_LINES else (inner.replace(quote * 2, quote), found.end())


@dataclass
class Repaired:
    """A chunk put right: clean `data`, and for each placeholder its start → the reason and the raw bytes."""

    data: bytes
    tail: bytes
    rejected: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    origins: list[tuple[int, int]] = field(default_factory=list)
    """Places in `data` and where what begins there began in the chunk, both ascending."""
    sizes: dict[int, int] = field(default_factory=dict)
    """For each record that was written anew its start in `data` → its bytes in the chunk."""
    ends: int = 0
    """Bytes of line ends in the chunk that are not in `data`."""

    def origin(self, place: int) -> int:
        """Where in the chunk something began that begins at a place in `data`."""
        made, began = self.origins[bisect.bisect_right(self.origins, (place, sys.maxsize)) - 1]
        return began + place - made


def repair(
    data: bytes, splitter: Splitter, width: int, *, final: bool, quoted: bool = True, of_width: bool = True
) -> Repaired:
    """Write a chunk anew so that `structure.scan` and a strict parser read it as the rules above say.

    Lines that are clean by themselves are copied in bulk. What is rejected leaves a line with one NUL in its
    place, so that the order and the count of records stay. `tail` is a last record that may go on in the next
    chunk; nothing is left over where `final`. `quoted` says that the text does quote fields;
    without `of_width` records on one line may have any width.
    """
    starts, clean = _lines(data, splitter)
    dirty = np.flatnonzero(~clean)
    made = Repaired(b"", b"")
    pieces: list[bytes] = []
    length = done = 0
    while True:
        place = np.searchsorted(dirty, done)
        upto = int(dirty[place]) if place < len(dirty) else len(starts) - 1
        piece = data[starts[done] : starts[upto]]
        made.origins.append((length, int(starts[done])))
        pieces.append(piece)
        length += len(piece)
        if upto == len(starts) - 1:
            break
        start = int(starts[upto])
        fields, end = splitter.record(data, start)
        if not final and len(data) - start < LONGEST_FIELD and (fields is None or end >= len(data)):
            made.tail = data[start:]
            break
        if fields is not None and len(fields) != width and b"\n" in data[start:end]:
            fields, end = None, _line_end(data, start)
        made.origins.append((length, start))
        raw = data[start:end].rstrip(b"\r")
        made.sizes[length] = len(raw)
        made.ends += end - start - len(raw)
        reason = _fault(fields, width if of_width else len(fields or ())) or (
            TWO_WAYS if quoted and splitter.may_be_read_in_two_ways(data, start) else ""
        )
        if fields is None or reason:
            made.rejected[length] = (reason, raw)
            piece = b"\0\n"
        else:
            piece = _written(fields, splitter)
        pieces.append(piece)
        length += len(piece)
        done = int(np.searchsorted(starts, end + 1))
    made.data = b"".join(pieces)
    return made


def count_dirty(data: bytes, splitter: Splitter) -> int:
    """How many lines of a chunk `repair` has to take one by one."""
    _, clean = _lines(data, splitter)
    return int(len(clean) - np.count_nonzero(clean))


def _fault(fields: list[bytes] | None, width: int) -> str:
    if fields is None:
        return UNCLOSED
    return "" if len(fields) == width else WIDTH


def _lines(data: bytes, splitter: Splitter) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Starts of all lines (and the end of the last), and whether each is clean when read by itself."""
    array = as_array(data)
    assert splitter.quote is not None  # noqa: S101  # text without quotes needs no repair
    found = marks(data, None, bytes((splitter.quote, NEWLINE)))
    newline = found.bytes == NEWLINE
    ends = found.positions[newline]
    if len(data) and data[-1] != NEWLINE:
        ends = np.append(ends, len(data))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends + 1))
    quotes = found.positions[~newline]
    line = np.searchsorted(ends, quotes)
    before = np.searchsorted(quotes, starts[:-1])
    count = np.diff(np.append(before, len(quotes)))
    clean = count % 2 == 0
    opens = (np.arange(len(quotes)) - before[line]) % 2 == 0
    may = np.zeros(257, dtype=np.bool_)
    may[[splitter.delimiter, NEWLINE, splitter.quote]] = True
    previous = np.where(quotes == starts[line], NEWLINE, array[quotes - 1])
    clean[line[opens & ~may[previous]]] = False
    may[0x0D] = True
    following = np.where(quotes + 1 >= len(array), NEWLINE, array[np.minimum(quotes + 1, len(array) - 1)])
    clean[line[~opens & ~may[following]]] = False
    if splitter.escape is not None:
        escapes = np.flatnonzero(array == splitter.escape)
        clean[np.searchsorted(ends, escapes)] = False
    # A return that ends no line would be taken for a newline.
    returns = np.flatnonzero(array == 0x0D)
    lone = returns[array[np.minimum(returns + 1, len(array) - 1)] != NEWLINE]
    clean[np.searchsorted(ends, lone)] = False
    return starts, clean


def _written(fields: list[bytes], splitter: Splitter) -> bytes:
    quote = bytes((splitter.quote or 0x22,))
    needs = (splitter.delimiter, NEWLINE, 0x0D, quote[0], *(() if splitter.escape is None else (0x5C,)))
    written = []
    for value in fields:
        if any(byte in value for byte in needs):
            value = value.replace(b"\\", b"\\\\") if splitter.escape is not None else value
            value = quote + value.replace(quote, quote * 2) + quote
        written.append(value)
    return bytes((splitter.delimiter,)).join(written) + b"\n"


def _first(data: bytes, start: int, delimiter: int) -> int:
    """The place of the first delimiter or newline from `start` on, else the end."""
    newline = data.find(b"\n", start)
    newline = len(data) if newline < 0 else newline
    found = data.find(delimiter, start, newline)
    return newline if found < 0 else found


def _line_end(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return len(data) if end < 0 else end
