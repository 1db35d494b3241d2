"""The dialect of delimited text, by vote on a sample: delimiter, quote, escape, width, header, preamble.

Each candidate splits the sample; the one under which most records have the same number of fields wins. The
dialect is then fixed for the whole file and proved on it: whatever has another width is rejected and counted.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sousveil.intake.delimiters import Delimiter, delimiters
from sousveil.intake.given import NO_QUOTE, NOTHING, Given
from sousveil.intake.header import is_header
from sousveil.intake.lenient import Splitter

SAMPLE = 256 << 10
LINES = 400
_LEAST_SHARE = 0.6
_LEAST_LONG = 0.75
_LEAST_STACKED = 0.8
SHORTEST_STACK = 4
"""Records of one width, its header among them, that make a table of their own within a file."""
MOST_TITLES = 10
"""Rows with hardly a value that may stand above a header."""


@dataclass(frozen=True)
class Dialect:
    """How a file is written: the splitter, how many fields a record has, and where its records begin."""

    splitter: Splitter
    width: int
    share: float
    """Share of the sample's records that have this width."""
    preamble: int
    """Records before the header (or before the first record, if there is none) that belong to neither."""
    header: tuple[str, ...] | None
    ragged: bool
    """Whether short records are the custom (trailing empty fields left out), and filled with null."""
    written: bytes = b""
    """A delimiter of several characters, as it is written; the splitter's byte stands in for it."""
    quoted: bool = True
    """Whether quotes open fields in the sample; where none do, a stray quote is just a character."""


def propose(sample: bytes, *, single: bool = False, given: Given = NOTHING) -> Dialect | None:
    """The dialect of a text from its first bytes (UTF-8, whole lines), or None where it is no table.

    `single` says that a list of one column is to be believed (the file calls itself CSV). What a person has
    `given` is not voted on, and a text whose dialect is given is a table.
    """
    lines = [line for line in sample[:SAMPLE].split(b"\n") if line.strip(b"\r")]
    lines = lines[: LINES + (given.skip or 0)]
    if not lines:
        return None
    sample = b"\n".join(lines) + b"\n"
    tried = [
        _Tried(delimiter, splitter, quoted, lines[0], _split(delimiter.in_place(sample), splitter))
        for delimiter in ([given.divider] if given.divider else delimiters(lines))
        for splitter, quoted in _splitters(delimiter.byte, delimiter.in_place(sample), given.quote)
    ]
    if given.is_dialect:
        return _as_given(tried, lines, given)
    tried = [one for one in tried if not one.delimiter.written or one.score >= _LEAST_LONG]
    # Quotes that open fields are taken for quotes unless the text makes far more sense without.
    best = max(
        tried, key=lambda one: round(one.score - (0.2 if one.splitter.quote is None else 0), 9), default=None
    )
    if best and best.score >= _LEAST_SHARE and len(best.records) > (0 if single else 1):
        return _described(best)
    stacked = max(tried, key=lambda one: _stacked(one.records), default=None)
    if stacked and _stacked(stacked.records) >= _LEAST_STACKED:
        return _described(stacked)
    # Where a delimiter almost fits, a list of one column is not what this is.
    return None if best and best.score > 0.3 else _single(lines, sample, single)


def _as_given(tried: Sequence[_Tried], lines: Sequence[bytes], given: Given) -> Dialect | None:
    """The dialect that a person says, and for the rest the best of those that were tried."""
    skip = given.skip or 0
    if len(lines) <= skip:
        return None
    below = [replace(one, line=lines[skip], records=one.records[skip:]) for one in tried]
    best = max(
        below, key=lambda one: _width(one.records)[1] - 0.05 / max(1, _width(one.records)[0]), default=None
    )
    if best is None:
        splitter = Splitter(0x1F, None)
        best = _Tried(
            Delimiter(0x1F), splitter, False, lines[skip], _split(b"\n".join(lines[skip:]), splitter)
        )
    found = _described(best)
    header, above = found.header, found.preamble
    if given.header is not None or given.skip is not None:
        above = 0
    if given.header:
        header = tuple(_text(value) for value in best.records[0] or best.unquoted)
    elif given.header is False:
        header = None
    return replace(found, preamble=skip + above, header=_of_width(header, found.width))


def _fit(tried: _Tried) -> float:
    """Share of the records of the commonest width; of two that fit alike, the one that splits more."""
    width, share = _width(tried.records)
    return share - 0.05 / max(1, width)


def _of_width(header: tuple[str, ...] | None, width: int) -> tuple[str, ...] | None:
    """A header with as many names as there are columns; names that are missing are empty."""
    return None if header is None else (*header, *[""] * width)[:width]


@dataclass(frozen=True)
class _Tried:
    """A way to split the sample, and what comes of it."""

    delimiter: Delimiter
    splitter: Splitter
    quoted: bool
    line: bytes
    """The first line."""
    records: list[list[bytes] | None]

    @property
    def unquoted(self) -> list[bytes]:
        """The fields of the first line as though quotes meant nothing."""
        plain, _ = Splitter(self.splitter.delimiter, None).record(self.delimiter.in_place(self.line), 0)
        return [value.strip(bytes((self.splitter.quote or 0x22,))) for value in plain or ()]

    @cached_property
    def score(self) -> float:
        return _score(self.records)


def _splitters(delimiter: int, sample: bytes, given: str | None = None) -> Iterator[tuple[Splitter, bool]]:
    """Ways to quote under a delimiter, and whether quotes open fields there; one where that is given."""
    if given is not None:
        plain = Splitter(delimiter, None if given == NO_QUOTE else ord(given))
        for splitter in [plain] if plain.quote is None else _escapes(plain, sample):
            yield splitter, plain.quote is not None
        return
    at = bytes((delimiter,))
    for quote in (0x22, 0x27, None):
        sign = bytes((quote or 0x22,))
        opened = sample.count(at + sign) + sample.count(b"\n" + sign) + sample.startswith(sign)
        if quote is None and opened:
            yield Splitter(delimiter, None), False
        elif quote == 0x22 or (quote and opened >= 2):
            closed = sample.count(sign + at) + sample.count(sign + b"\n") + sample.count(sign + b"\r")
            if quote == 0x22 or closed >= 0.5 * opened:
                for splitter in _escapes(Splitter(delimiter, quote), sample):
                    yield splitter, opened > 0


def _escapes(splitter: Splitter, sample: bytes) -> list[Splitter]:
    """Quotes doubled, quotes escaped by a backslash: both where a backslash stands before a quote.

    The first wins a tie: escaped, where such a quote stands in the midst of a field.
    """
    sign, ends = bytes((splitter.quote or 0x22,)), re.escape(bytes((splitter.delimiter,))) + rb"\r\n"
    if b"\\" + sign not in sample:
        return [splitter]
    escaped = Splitter(splitter.delimiter, splitter.quote, 0x5C)
    midst = re.search(rb"\\" + sign + rb"(?![" + sign + ends + rb"]|\Z)", sample)
    return [escaped, splitter] if midst else [splitter, escaped]


def _split(sample: bytes, splitter: Splitter) -> list[list[bytes] | None]:
    records: list[list[bytes] | None] = []
    place = 0
    while place < len(sample):
        fields, end = splitter.record(sample, place)
        if fields is None and not records:
            # A stray quote in the header costs its line, but need not cost the names.
            plain, _ = Splitter(splitter.delimiter, None).record(sample, place)
            fields = [value.strip(bytes((splitter.quote or 0x22,))) for value in plain or ()]
        records.append(fields)
        place = end + 1
    return records


def _score(records: Sequence[list[bytes] | None]) -> float:
    """Share of the records that have the commonest width; 0 for a width of one."""
    width, share = _width(records)
    if width < 2 or _only_ends(records, width):
        return 0.0
    return share - 0.05 / width


def _only_ends(records: Sequence[list[bytes] | None], width: int) -> bool:
    """Whether the delimiter stands nowhere but at the ends of lines, as in a list of statements."""
    whole = [record for record in records if record is not None and len(record) == width]
    ended = sum(not any(value.strip() for value in record[1:]) for record in whole)
    return width == 2 and ended > 0.95 * len(whole)


def _width(records: Sequence[list[bytes] | None]) -> tuple[int, float]:
    widths = Counter(len(record) for record in records if record is not None)
    if not widths:
        return 0, 0.0
    # The commonest width; of several the widest, since fields get lost rather than invented.
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / len(records)


def _described(tried: _Tried) -> Dialect:
    records = tried.records
    width, share = _width(records)
    widest_first = len(records[0] or ()) if records else 0
    short = sum(record is not None and 1 < len(record) < width for record in records)
    stack = next(iter(stacks([len(record or ()) for record in records])), None)
    if stack and share < 1 and records[stack[0]] is not None and _leads(records, stack):
        # Of several tables in one file the first comes first, however short.
        width, short = stack[2], 0
    # A header wider than most records: trailing empty fields are left out there.
    ragged = widest_first > width and widest_first - width <= widest_first // 2
    named = [value for value in (records[0] or ()) if value.strip()] if ragged else []
    if ragged and len(named) == width:
        # But not where its surplus is names that are empty, and the rest is one for each field.
        records, ragged = [named, *records[1:]], False
    width = widest_first if ragged else width
    if not ragged and len(records[0] or ()) != width == len(tried.unquoted):
        # A stray quote in the header costs its line, but need not cost the names.
        records = [tried.unquoted, *records[1:]]
    first, header = _header(records, width, ragged=ragged)
    return Dialect(
        tried.splitter,
        width,
        share,
        first,
        header,
        ragged or (short >= 10 and short > 0.2 * len(records)),
        tried.delimiter.written,
        tried.quoted,
    )


def _header(
    records: Sequence[list[bytes] | None], width: int, *, ragged: bool
) -> tuple[int, tuple[str, ...] | None]:
    """Where the table begins, and its header if it has one: rows that are almost empty may stand above it."""
    places = [
        place
        for place, record in enumerate(records)
        if record is not None and (len(record) == width or (ragged and len(record) < width))
    ]
    rows = [[_text(value) for value in records[place] or ()] for place in places]
    for above, row in enumerate(rows[:MOST_TITLES]):
        if len(row) == width and is_header(row, rows[above + 1 :]):
            return places[above], tuple(row)
        if sum(map(bool, row)) > max(1, width // 4) or width < 3:
            break
    return (places[0] if places else 0), None


def stacks(widths: Sequence[int]) -> list[tuple[int, int, int]]:
    """Runs of records of one width of two or more, long enough for a table: start, end, width."""
    found, start = [], 0
    for width, run in itertools.groupby(widths):
        end = start + sum(1 for _ in run)
        if width > 1 and end - start >= SHORTEST_STACK:
            found.append((start, end, width))
        start = end
    return found


def _leads(records: Sequence[list[bytes] | None], stack: tuple[int, int, int]) -> bool:
    """Whether the first record of a stack is its header beyond doubt."""
    rows = [
        [_text(value) for value in record or ()]
        for record in records[stack[0] : min(stack[1], stack[0] + 200)]
    ]
    return is_header(rows[0], rows[1:], strictly=True)


def _stacked(records: Sequence[list[bytes] | None]) -> float:
    """Share of the records that stand in tables with a header, one below the other."""
    share, tables, width = 0, 0, 0
    for stack in stacks([len(record or ()) for record in records]):
        if stack[2] != width and not _leads(records, stack):
            continue
        # A record of another width within a table does not end it.
        tables += stack[2] != width
        width = stack[2]
        share += stack[1] - stack[0]
    return share / len(records) if tables > 1 else 0.0


def _single(lines: Sequence[bytes], sample: bytes, believed: bool) -> Dialect | None:
    """A list of one column: short lines without spaces, mostly of one kind; prose is no table."""
    if len(lines) < (2 if believed else 5):
        return None
    plain = sum(len(line) <= 80 and b" " not in line.strip() and b"\t" not in line for line in lines)
    digits = sum(any(48 <= byte <= 57 for byte in line) for line in lines[1:])
    if not believed and (plain < 0.95 * len(lines) or digits < 0.8 * (len(lines) - 1)):
        return None
    if sum(b' "' in line for line in lines) > 0.5 * len(lines):
        return None  # quoted fields after blanks: divided by something that is not known here
    splitter = Splitter(0x1F, 0x22 if sample.startswith(b'"') else None)
    records = [record for record in _split(sample, splitter) if record is not None]
    rows = [[_text(value) for value in record] for record in records]
    header = tuple(rows[0]) if is_header(rows[0], rows[1:]) else None
    return Dialect(splitter, 1, 1.0, 0, header, False)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()
