"""Rows of `VALUES (…), (…)` in bulk: numpy finds where rows begin and end, pyarrow's CSV reader the values.

After the idea of simdjson (Langdale and Lemire 2019, arXiv 1902.08318): the parity of the quotes before a
byte says whether it lies within a string; of the bytes outside, the parentheses give the rows. A row that
holds anything but strings, numbers and bare words is marked as odd and left to `values`, which reads it
exactly. The scan never decides what a broken row means: it only says which rows are beyond doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from sousveil.intake.loaders.sqldump.dialect import Dialect

Positions = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_PLAIN, _QUOTE, _OPEN, _CLOSE, _SPACE, _ODD = range(6)
_COMMA, _NEWLINE = ord(","), ord("\n")
_NULLS = ["".join(case) for word in ("null", "default") for case in product(*((c, c.upper()) for c in word))]
_LONGEST_GAP = 20_000
_HEX = re.compile(rb"[,(\s]0[xX]")
_ESCAPES = (
    (b"\\n", b"\n"),
    (b"\\r", b"\r"),
    (b"\\t", b"\t"),
    (b"\\0", b"\0"),
    (b"\\b", b"\b"),
    (b"\\Z", b"\x1a"),
)


@dataclass(frozen=True)
class Run:
    """Rows found in a window that begins at a row's opening parenthesis.

    `starts` and `ends` (int64): each row's parentheses, the end exclusive. `odd` (bool): to be read exactly.
    `drop` (int64, ascending): positions of white space, and of N before N'…', which the values don't need.
    """

    starts: Positions
    ends: Positions
    odd: NDArray[np.bool_]
    drop: Positions

    def __len__(self) -> int:
        return len(self.starts)


def scan(window: bytes, dialect: Dialect, quote: int, head: bytes, is_gap: Callable[[bytes], bool]) -> Run:
    """Find the rows at the start of the window, up to the first that is not complete or not followed by one.

    `quote` is the byte that strings stand in. `head` is the text of the INSERT up to its first row; between
    two rows there may be whatever `is_gap` accepts (a comma, or the next INSERT with the same head).
    """
    array = np.frombuffer(_without_escapes(window, dialect, quote), dtype=np.uint8)
    classes = np.take(_classes(quote), array)
    inside = np.bitwise_xor.accumulate((classes == _QUOTE).view(np.uint8))
    if b"(" in head:
        _blank(classes, inside, window, head)
    casts = _casts(classes, inside, window, dialect) if b"CAST(" in window else None
    special = np.flatnonzero((classes > _QUOTE) & (inside == 0))
    kinds = classes[special]
    opening, closing = kinds == _OPEN, kinds == _CLOSE
    depth = np.cumsum(opening.view(np.int8) - closing.view(np.int8), dtype=np.int32)
    starts, ends = special[opening & (depth == 1)], special[closing & (depth == 0)] + 1
    count = _count_sound(window, starts, ends, is_gap)
    if not count:
        nothing = np.zeros(0, dtype=np.int64)
        return Run(nothing, nothing, nothing.astype(np.bool_), nothing)
    rows = _Rows(starts[:count], ends[:count])
    quotes = np.flatnonzero(classes[: rows.ends[-1]] == _QUOTE)
    dropped = [special[kinds == _SPACE]]
    if casts is not None:
        dropped.append(casts)
    if b"N'" in window and quote == ord("'"):
        dropped.append(_national(array, quotes[::2]))
    drop = _sorted(dropped, len(array))
    drop = drop[rows.hold(drop)]
    strange = [special[(kinds == _ODD) | (opening & (depth > 1))], _off_border(array, quotes, drop, quote)]
    if b"0x" in window or b"0X" in window:
        strange.append(_hexadecimal(window, inside))
    return Run(rows.starts, rows.ends, rows.marked(np.concatenate(strange)), drop)


def parse(window: bytes, run: Run, width: int, dialect: Dialect, quote: int) -> pa.RecordBatch | None:
    """Read the rows of a run that are not odd: one text column a value. None where that can't be done."""
    array = np.frombuffer(window, dtype=np.uint8)[: run.ends[-1]].copy()
    array[run.starts] = _NEWLINE
    array[run.ends - 1] = _NEWLINE
    _fill(array, run.ends[:-1], run.starts[1:])
    _fill(array, run.starts[run.odd], run.ends[run.odd])
    if len(run.drop):
        keep = np.ones(len(array), dtype=np.bool_)
        keep[run.drop] = False
        array = array[keep]
    body = _unescaped(array.tobytes(), dialect, bytes((quote,)))
    wanted = int(len(run) - np.count_nonzero(run.odd))
    if body is None or not wanted:
        return None
    batch = _csv(body, width, chr(quote))
    return batch if batch is not None and batch.num_rows == wanted else None


def doubtful(window: bytes, run: Run, width: int, dialect: Dialect, quote: int) -> NDArray[np.bool_]:
    """Which rows are odd, have another number of values than `width`, or are not UTF-8."""
    array = np.frombuffer(_without_escapes(window, dialect, quote), dtype=np.uint8)[: run.ends[-1]]
    inside = np.bitwise_xor.accumulate((array == quote).view(np.uint8))
    commas = np.flatnonzero((array == _COMMA) & (inside == 0))
    counts = np.searchsorted(commas, run.ends) - np.searchsorted(commas, run.starts) + 1
    found: NDArray[np.bool_] = run.odd | (counts != width)
    try:
        window[: int(run.ends[-1])].decode("utf-8")
    except UnicodeDecodeError:
        for index, (start, end) in enumerate(zip(run.starts.tolist(), run.ends.tolist(), strict=True)):
            found[index] |= not _is_utf8(window[start:end])
    return found


@dataclass(frozen=True)
class _Rows:
    starts: Positions
    ends: Positions

    def hold(self, positions: Positions) -> NDArray[np.bool_]:
        """Whether each position lies within a row, and not between two."""
        row = np.searchsorted(self.starts, positions, side="right") - 1
        return (row >= 0) & (positions < self.ends[row])

    def marked(self, positions: Positions) -> NDArray[np.bool_]:
        """Which rows hold at least one of the positions."""
        mask = np.zeros(len(self.starts), dtype=np.bool_)
        positions = positions[self.hold(positions)]
        mask[np.searchsorted(self.starts, positions, side="right") - 1] = True
        return mask


@lru_cache(maxsize=4)
def _classes(quote: int) -> Bytes:
    """What each byte means outside strings."""
    table = np.full(256, _ODD, dtype=np.uint8)
    table[list(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.+-,")] = _PLAIN
    table[list(b" \t\r\n")] = _SPACE
    table[quote], table[ord("(")], table[ord(")")] = _QUOTE, _OPEN, _CLOSE
    return table


def _without_escapes(window: bytes, dialect: Dialect, quote: int) -> bytes:
    """The window with escaped backslashes and quotes blanked, of the same length."""
    if not dialect.backslash or b"\\" not in window:
        return window
    # A run of backslashes is paired from its left, as `replace` does. Outside strings `{` is odd.
    return window.replace(b"\\\\", b"{{").replace(b"\\" + bytes((quote,)), b"{{")


def _blank(classes: Bytes, inside: Bytes, window: bytes, head: bytes) -> None:
    """Take the meaning from every INSERT with this head: the parentheses of its list are no row's."""
    found = np.array([match.start() for match in re.finditer(re.escape(head), window)], dtype=np.int64)
    found = found[inside[found] == 0]
    classes[_stretches(found, found + len(head))] = _PLAIN


def _casts(classes: Bytes, inside: Bytes, window: bytes, dialect: Dialect) -> Positions:
    """Take the meaning from CAST(… AS type) around a string or number; the positions of all but the value."""
    matches = _cast_pattern(dialect.backslash).finditer(window)
    spans = np.array([(*m.span(), *m.span(1)) for m in matches], dtype=np.int64).reshape(-1, 4)
    before = np.frombuffer(window, dtype=np.uint8)[spans[:, 0] - 1]
    spans = spans[(inside[spans[:, 0]] == 0) & _may_stand(b"(, \t\r\n")[before]]
    starts, ends, from_, to = spans.T
    positions = np.concatenate((_stretches(starts, from_), _stretches(to, ends)))
    classes[positions] = _PLAIN
    return positions


@lru_cache(maxsize=2)
def _cast_pattern(backslash: bool) -> re.Pattern[bytes]:
    string = rb"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'" if backslash else rb"'[^']*(?:''[^']*)*'"
    kind = rb"\[?[A-Za-z][A-Za-z0-9]*\]?(?:\([0-9, ]*\))?"
    # Not of 0x…: what that stands for depends on the type.
    return re.compile(rb"CAST\(N?(" + string + rb"|-?[0-9]+(?:\.[0-9]*)?)\s+AS\s+" + kind + rb"\)", re.DOTALL)


def _sorted(parts: list[Positions], size: int) -> Positions:
    """All positions in ascending order (by marking them, which beats sorting)."""
    if len(parts) == 1:
        return parts[0]
    mask = np.zeros(size, dtype=np.bool_)
    for part in parts:
        mask[part] = True
    return np.flatnonzero(mask)


def _count_sound(window: bytes, starts: Positions, ends: Positions, is_gap: Callable[[bytes], bool]) -> int:
    """How many rows follow each other properly from the window's start."""
    count = min(len(starts), len(ends))
    if not count or starts[0] != 0:
        return 0
    starts, ends = starts[:count], ends[:count]
    gaps = starts[1:] - ends[:-1]
    disorder = (ends <= starts)[:-1] | (gaps < 1) | (gaps > _LONGEST_GAP)
    if ends[0] <= starts[0]:
        return 0
    limit = int(np.argmax(disorder)) if disorder.any() else count - 1
    # Nearly all gaps are a bare comma; the others are few or all alike, so that `is_gap` remembers them.
    array = np.frombuffer(window, dtype=np.uint8)
    other = np.flatnonzero((gaps[:limit] != 1) | (array[ends[:limit]] != _COMMA))
    for index in other.tolist():
        if not is_gap(window[ends[index] : starts[index + 1]]):
            limit = index
            break
    return limit + 1 if ends[limit] > starts[limit] else limit


def _national(array: Bytes, opens: Positions) -> Positions:
    """Positions of the N of N'…'."""
    opens = opens[opens > 1]
    before = array[opens - 2]
    first = (before == _COMMA) | (before == ord("(")) | np.isin(before, np.frombuffer(b" \t\r\n", np.uint8))
    found: Positions = opens[first & (array[opens - 1] == ord("N"))] - 1
    return found


def _off_border(array: Bytes, quotes: Positions, drop: Positions, quote: int) -> Positions:
    """Positions of quotes that neither begin nor end a value nor are doubled, and of spaces within values."""
    opens, closes = quotes[::2], quotes[1::2]
    end = int(quotes[-1]) + 2 if len(quotes) else 0
    end = max(end, int(drop[-1]) + 2 if len(drop) else 0)
    view = array[:end]
    at_open, at_close = opens, closes
    if len(drop):
        keep = np.ones(len(view), dtype=np.bool_)
        keep[drop] = False
        view = view[keep]
        at_open, at_close = opens - np.searchsorted(drop, opens), closes - np.searchsorted(drop, closes)
    before, after = _may_stand(b"(,", quote), _may_stand(b"),", quote)
    strange = [opens[~before[view[at_open - 1]]], closes[~after[view[at_close + 1]]]]
    if len(drop):
        next_one = drop - np.arange(len(drop))
        parted = _may_stand(b"(,")[view[next_one - 1]] | _may_stand(b"),")[view[next_one]]
        strange.append(drop[~parted])
    return np.concatenate(strange)


def _may_stand(these: bytes, quote: int | None = None) -> NDArray[np.bool_]:
    table = np.zeros(256, dtype=np.bool_)
    table[list(these)] = True
    if quote is not None:
        table[quote] = True
    return table


def _hexadecimal(window: bytes, inside: Bytes) -> Positions:
    """Positions of 0x… outside strings."""
    found = np.array([match.end() - 1 for match in _HEX.finditer(window)], dtype=np.int64)
    outside: Positions = found[inside[found] == 0]
    return outside


def _fill(array: Bytes, starts: Positions, ends: Positions) -> None:
    """Overwrite each stretch with newlines, which the CSV reader passes over."""
    if (ends != starts).any():
        array[_stretches(starts, ends)] = _NEWLINE


def _stretches(starts: Positions, ends: Positions) -> Positions:
    """All positions from each start to its end (exclusive)."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    positions: Positions = np.arange(lengths.sum()) + np.repeat(starts - before, lengths)
    return positions


def _unescaped(body: bytes, dialect: Dialect, quote: bytes) -> bytes | None:
    """The body with MySQL's escapes undone and escaped quotes doubled; None where that is not safe."""
    if not dialect.backslash or b"\\" not in body:
        return body
    marker = next((mark for mark in map(bytes, zip(range(1, 8))) if mark not in body), None)
    if marker is None or dialect.name == "postgresql":
        return None
    body = body.replace(b"\\\\", marker).replace(b"\\" + quote, quote * 2)
    for escape, meant in _ESCAPES:
        body = body.replace(escape, meant)
    body = body.replace(b"\\%", marker + b"%").replace(b"\\_", marker + b"_")
    return body.replace(b"\\", b"").replace(marker, b"\\")


def _csv(body: bytes, width: int, quote: str) -> pa.RecordBatch | None:
    names, convert = _columns(width)
    try:
        table = pacsv.read_csv(
            pa.py_buffer(body),
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False, block_size=len(body) + 16),
            parse_options=pacsv.ParseOptions(quote_char=quote, double_quote=True, newlines_in_values=True),
            convert_options=convert,
        )
    except pa.ArrowInvalid:
        return None
    batches = table.combine_chunks().to_batches()
    return batches[0] if len(batches) == 1 else None


@lru_cache(maxsize=64)
def _columns(width: int) -> tuple[list[str], pacsv.ConvertOptions]:
    names = [f"c{index}" for index in range(width)]
    convert = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        null_values=_NULLS,
    )
    return names, convert


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
