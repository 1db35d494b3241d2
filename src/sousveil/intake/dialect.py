"""The dialect of delimited text, by vote on a sample: delimiter, quote, escape, width, header, preamble.

Each candidate splits the sample; the one under which most records have the same number of fields wins. The
dialect is then fixed for the whole file and proved on it: whatever has another width is rejected and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sousveil.intake.lenient import Splitter

SAMPLE = 256 << 10
LINES = 400
_DELIMITERS = b",\t;|^\x01\x1f~"
_LEAST_SHARE = 0.6
_SPACED = re.compile(rb"^[-=+ \t,;|]*-[-=+ \t,;|]*$")


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


def propose(sample: bytes, *, single: bool = False) -> Dialect | None:
    """The dialect of a text from its first bytes (UTF-8, whole lines), or None where it is no table.

    `single` says that a list of one column is to be believed (the file calls itself CSV).
    """
    sample = sample[:SAMPLE]
    lines = [line for line in sample.split(b"\n")[:LINES] if line.strip(b"\r")]
    sample = b"\n".join(lines) + b"\n"
    best: tuple[float, Splitter, list[list[bytes] | None]] | None = None
    for splitter in _candidates(lines, sample):
        records = _split(sample, splitter)
        # Quotes that open fields are taken for quotes unless the text makes far more sense without.
        score = _score(records) - (0.2 if splitter.quote is None else 0)
        if best is None or score > best[0] + 1e-9:
            best = (score, splitter, records)
    if best and best[0] >= _LEAST_SHARE and len(best[2]) > 1:
        return _described(best[1], best[2])
    # Where a delimiter almost fits, a list of one column is not what this is.
    return None if best and best[0] > 0.3 else _single(lines, sample, single)


def _candidates(lines: Sequence[bytes], sample: bytes) -> list[Splitter]:
    candidates = []
    for delimiter in _DELIMITERS:
        if sum(delimiter in line for line in lines) < 0.02 * len(lines):
            continue
        at = bytes((delimiter,))
        for quote in (0x22, 0x27, None):
            sign = bytes((quote or 0x22,))
            opened = sample.count(at + sign) + sample.count(b"\n" + sign) + sample.startswith(sign)
            if quote is None and opened:
                candidates.append(Splitter(delimiter, None))
            elif quote == 0x22 or (quote and opened >= 2):
                closed = sample.count(sign + at) + sample.count(sign + b"\n") + sample.count(sign + b"\r")
                if quote == 0x22 or closed >= 0.5 * opened:
                    candidates += _escapes(Splitter(delimiter, quote), sample)
    return candidates


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
        records.append(fields)
        place = end + 1
    return records


def _score(records: Sequence[list[bytes] | None]) -> float:
    """Share of the records that have the commonest width; 0 for a width of one."""
    width, share = _width(records)
    if width < 2:
        return 0.0
    # Of two that fit alike, the one that splits more.
    return share - 0.05 / width


def _width(records: Sequence[list[bytes] | None]) -> tuple[int, float]:
    widths = Counter(len(record) for record in records if record is not None)
    if not widths:
        return 0, 0.0
    # The commonest width; of several the widest, since fields get lost rather than invented.
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return width, count / len(records)


def _described(splitter: Splitter, records: Sequence[list[bytes] | None]) -> Dialect:
    width, share = _width(records)
    wider = max((len(record) for record in records[:1] if record), default=0)
    short = sum(record is not None and 1 < len(record) < width for record in records)
    # A header wider than most records: trailing empty fields are left out there.
    ragged = wider > width and wider - width <= wider // 2
    width = wider if ragged else width
    first = next((i for i, record in enumerate(records) if record is not None and len(record) == width), 0)
    rows = [[_text(v) for v in r] for r in records[first:] if r is not None and (len(r) == width or ragged)]
    header = tuple(rows[0]) if rows and is_header(rows[0], rows[1:]) else None
    return Dialect(
        splitter, width, share, first, header, ragged or (short >= 10 and short > 0.2 * len(records))
    )


def _single(lines: Sequence[bytes], sample: bytes, believed: bool) -> Dialect | None:
    """A list of one column: short lines without spaces, mostly of one kind; prose is no table."""
    if len(lines) < (2 if believed else 5):
        return None
    plain = sum(len(line) <= 80 and b" " not in line.strip() and b"\t" not in line for line in lines)
    digits = sum(any(48 <= byte <= 57 for byte in line) for line in lines[1:])
    if not believed and (plain < 0.95 * len(lines) or digits < 0.8 * (len(lines) - 1)):
        return None
    splitter = Splitter(0x1F, 0x22 if sample.startswith(b'"') else None)
    records = [record for record in _split(sample, splitter) if record is not None]
    rows = [[_text(value) for value in record] for record in records]
    header = tuple(rows[0]) if is_header(rows[0], rows[1:]) else None
    return Dialect(splitter, 1, 1.0, 0, header, False)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip()


_NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,:/-][0-9]+)*%?")
_IDENTIFIER = re.compile(
    r"[^@\s]+@[^@\s]+\.[a-zA-Z]+|[0-9]{4}[-/年.][0-9]{1,2}[-/月.][0-9]{1,2}.*|.*[0-9]{6}.*"
)


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: each column votes on how it differs from the rows below."""
    names = [name for name in first if name]
    if not names or len(names) < 0.5 * len(first) or len(set(names)) < 0.5 * len(names):
        return False
    if any(_NUMBER.fullmatch(name) or _IDENTIFIER.fullmatch(name) or len(name) > 100 for name in names):
        return False
    votes = 0
    for place, name in enumerate(first):
        below = [row[place] for row in rows[:200] if place < len(row) and row[place]]
        if name and below:
            votes += _vote(name, below)
    return votes >= 0


def _vote(name: str, below: Sequence[str]) -> int:
    """+1 where the name is of another kind than the values below it, -2 where it is one of them."""
    if name in below:
        return -2
    digits = sum(any(c.isdigit() for c in value) for value in below) / len(below)
    if digits > 0.9 and not any(c.isdigit() for c in name):
        return 1
    lengths = {len(value) for value in below}
    return int(len(below) > 5 and len(lengths) <= 2 and len(name) not in lengths)


def is_ruler(record: bytes) -> bool:
    """Whether a record only underlines the header (`-----,----`), as command-line clients print it."""
    return bool(_SPACED.fullmatch(record)) and b"--" in record
