"""JSON documents: an array of objects becomes a table, wherever in the document it stands.

A document that is an array of objects is read as a stream, element by element, so that its size does not
matter and a broken element costs only itself; so are objects written one after the other over several lines
(`mongoexport --pretty`, `jq`), which are no document at all. Any other document is read whole, up to a size:
each array of objects (or of rows) in it becomes a table, named after its member, or after the file where the
member has a name that says nothing (`data`, `rows`, `hits` …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import orjson

from sousveil.intake.header import is_header
from sousveil.intake.loaders.jsonl import BROKEN, LONGEST_LINE, REPEATED, Records
from sousveil.intake.members import kept_apart
from sousveil.intake.naming import stem
from sousveil.intake.objects import Object, ObjectTable
from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source
from sousveil.intake.structure import marks
from sousveil.intake.transcript import Transcript

LARGEST_WHOLE = 64 << 20
"""Bytes of a document that is read whole."""
DEEPEST_TABLE = 5
INVALID = "not valid JSON, or cut off"
_BETWEEN = b", \t\r\n"
_SAYS_NOTHING = re.compile(
    r"data|rows?|records?|results?|hits|list|items?|values|docs?|documents|response|body", re.I
)
_HEADERS = ("columns", "fields", "header", "headers", "cols")


def load(source: Source, sink: Sink) -> None:
    """Load a JSON document. Raises `Unreadable`."""
    transcript = Transcript(source)
    chunks = iter(transcript)
    first = next(chunks, b"")
    if re.match(rb"\s*\[\s*\{", first) or _is_sequence(first):
        _stream(first, chunks, source, sink, transcript)
    else:
        _whole(first, chunks, source, sink, transcript)
    transcript.note(sink)


def _is_sequence(first: bytes) -> bool:
    """Whether a text begins with two objects, one after the other."""
    if not re.match(rb"\s*\{", first):
        return False
    spans = _cut(first)[0]
    return len(spans) > 1 and all(first[start : start + 1] == b"{" for start, _ in spans[:2])


def _stream(
    first: bytes, chunks: Iterator[bytes], source: Source, sink: Sink, transcript: Transcript
) -> None:
    table = ObjectTable(sink, stem(source.untrusted_name))
    elements = _Elements(Records(table, transcript), first)
    bracketed = first.lstrip().startswith(b"[")
    begin = first.index(b"[") + 1 if bracketed else 0
    transcript.syntax(begin)
    rest = first[begin:]
    for chunk in chunks:
        rest = elements.take(rest, final=False) + chunk
    rest = elements.take(rest, final=True)
    if not table.finish():
        closed = elements.closed is bracketed and not rest.strip()
        raise Unreadable("no element of it is a JSON object" if closed else INVALID)
    elements.records.note(sink)
    if bracketed and not elements.closed:
        sink.partly("it is cut off")
    elif rest.strip():
        elements.records.reject("text after the end of the array", rest)
        table.finish()
    else:
        transcript.syntax(len(rest))


class _Elements:
    """Cuts the inside of an array into its elements and hands them on."""

    def __init__(self, records: Records, first: bytes) -> None:
        self.records = records
        self.closed = False
        indent = re.match(rb"\s*\[[ \t]*(\r?\n[ \t]*)\{", first) or re.match(rb"\s*\{[ \t]*(\r?\n)", first)
        # Where elements stand on lines of their own, a broken one ends at the latest where the next begins.
        self._next = re.compile(re.escape(indent.group(1)) + rb"\{") if indent else None

    def take(self, data: bytes, *, final: bool) -> bytes:
        """Take what is known of the array's inside; the part that has to wait for more."""
        while not self.closed:
            spans, tail, self.closed = _cut(data)
            handed = self._handed_on()
            broken = self._hand_on(data, spans)
            done = tail if broken is None else broken
            self.records.transcript.syntax(done - (self._handed_on() - handed))
            if broken is not None:
                self.closed = False
                data = data[broken:]
            elif self.closed or not (final or len(data) - tail > LONGEST_LINE):
                return data[tail:]
            else:
                data = self._given_up(data[tail:])
                if not data:
                    return b""
        return data

    def _handed_on(self) -> int:
        """Bytes of text that were accounted for as records and rejects so far."""
        account = self.records.transcript.account
        return account.records + account.rejects

    def _hand_on(self, data: bytes, spans: Sequence[tuple[int, int]]) -> int | None:
        """Hand elements on; where to cut anew, because a broken element puts the cuts after it in doubt."""
        raws = [data[start:end] for start, end in spans]
        bad = _first_broken(raws)
        if bad is None:
            self.records.take(raws)
            return None
        self.records.take(raws[:bad])
        start, end = spans[bad]
        following = self._next.search(data, start + 1) if self._next else None
        if following is None or following.start() >= end:
            self.records.reject(BROKEN, raws[bad])
            return end
        self.records.reject(BROKEN, data[start : following.start()])
        return following.start()

    def _given_up(self, tail: bytes) -> bytes:
        """Reject an element that does not end; what to go on with."""
        size = len(tail)
        tail = tail.lstrip(_BETWEEN)
        following = self._next.search(tail, 1) if self._next else None
        end = following.start() if following else len(tail)
        raw = tail[:end].rstrip()
        self.records.transcript.syntax(size - len(tail) + end - len(raw))
        if raw:
            self.records.reject(BROKEN, raw)
        return tail[end:]


def _cut(data: bytes) -> tuple[list[tuple[int, int]], int, bool]:
    """The elements within the inside of an array: their spans, where the rest begins, whether the array ends.

    Values between two elements that are neither objects nor arrays have one span together.
    """
    found = marks(data, 0x22, b"{}[]", escape=0x5C)
    brace = ~found.inside & (found.bytes != 0x22)
    at, kind = found.positions[brace], found.bytes[brace]
    change = np.where((kind == 0x7B) | (kind == 0x5B), 1, -1)
    depth = np.cumsum(change)
    over = np.flatnonzero(depth < 0)
    upto = int(over[0]) if len(over) else len(depth)
    starts = at[:upto][(change[:upto] > 0) & (depth[:upto] == 1)]
    ends = at[:upto][(change[:upto] < 0) & (depth[:upto] == 0)] + 1
    spans = []
    begin = 0
    for start, end in zip(starts.tolist(), ends.tolist(), strict=False):
        between = data[begin:start]
        if between.strip(_BETWEEN):
            first = begin + len(between) - len(between.lstrip(_BETWEEN))
            spans.append((first, begin + len(between.rstrip(_BETWEEN))))
        spans.append((start, end))
        begin = end
    closed = bool(len(over))
    return spans, (int(at[upto]) + 1 if closed else begin), closed


def _first_broken(raws: Sequence[bytes]) -> int | None:
    for place, raw in enumerate(raws):
        try:
            orjson.loads(raw)
        except orjson.JSONDecodeError:
            return place
    return None


def _whole(first: bytes, chunks: Iterator[bytes], source: Source, sink: Sink, transcript: Transcript) -> None:
    data = bytearray(first)
    for chunk in chunks:
        data += chunk
        if len(data) > LARGEST_WHOLE:
            raise Unreadable(f"a JSON document of this shape is read up to {LARGEST_WHOLE >> 20} MiB only")
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Unreadable(INVALID) from None
    # Read as one value: what in it is around the elements is not told apart.
    transcript.record(len(data))
    (document,), repeated = kept_apart([document], [bytes(data)])
    if repeated:
        sink.note(REPEATED, repeated)
    name = stem(source.untrusted_name)
    tables = list(_tables(document, name, name, 0))
    if not tables and isinstance(document, dict) and document:
        tables = [(name, [document])]
    if not sum(_handed_on(sink, untrusted_name, elements) for untrusted_name, elements in tables):
        raise Unreadable("no object and no row in it")


def _handed_on(sink: Sink, untrusted_name: str, elements: Sequence[Any]) -> bool:
    """Make a table of elements; whether there is one."""
    table = ObjectTable(sink, untrusted_name)
    numbers = [number for number, one in enumerate(elements, 1) if isinstance(one, dict)]
    table.rows(numbers, [elements[number - 1] for number in numbers], [b""] * len(numbers))
    for number, one in enumerate(elements, 1):
        if not isinstance(one, dict):
            table.reject(number, "a JSON value that is no object", orjson.dumps(one))
    return table.finish()


def _tables(node: Any, name: str, file: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """The tables of a document: their names and elements."""
    if depth > DEEPEST_TABLE:
        return
    if isinstance(node, list):
        objects = sum(isinstance(one, dict) for one in node)
        rows = sum(isinstance(one, list) for one in node)
        if objects > len(node) / 2:
            yield name, node
        elif rows > len(node) / 2 and rows > 1:
            yield name, _from_rows(node, None)
        return
    if not isinstance(node, dict):
        return
    if _is_keyed(node):
        yield name, [{"key": key, **value} for key, value in node.items()]
        return
    header = next((node[key] for key in _HEADERS if _is_names(node.get(key))), None)
    for key, value in node.items():
        called = file if _SAYS_NOTHING.fullmatch(key) else key
        if header and isinstance(value, list) and value and all(isinstance(row, list) for row in value):
            yield called, _from_rows(value, header)
        elif value is not header:
            yield from _tables(value, called, file, depth + 1)


def _is_keyed(node: Object) -> bool:
    """Whether an object is a table by key: many members, all of them objects that share their members."""
    values = list(node.values())
    if len(values) < 3 or not all(isinstance(value, dict) and value for value in values):
        return False
    names = [set(value) for value in values[:1000]]
    shared = set.union(*names)
    scalars = any(not isinstance(v, dict | list) for v in values[0].values())
    return scalars and sum(map(len, names)) >= 0.5 * len(shared) * len(names)


def _is_names(node: Any) -> bool:
    return isinstance(node, list) and bool(node) and all(isinstance(one, str) for one in node)


def _from_rows(rows: Sequence[Any], header: Sequence[str] | None) -> list[Any]:
    """Objects from rows that are arrays; their names from a header, or from the first row if it is one."""
    lists = [row for row in rows if isinstance(row, list)]
    if (
        header is None
        and _is_names(lists[0])
        and is_header(lists[0], [[str(v) for v in r] for r in lists[1:]])
    ):
        header, rows = lists[0], rows[1:]
    width = max(map(len, lists))
    names = [*(header or ()), *(f"column_{place}" for place in range(len(header or ()) + 1, width + 1))]
    return [dict(zip(names, row, strict=False)) if isinstance(row, list) else row for row in rows]
