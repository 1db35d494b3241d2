"""Lines of JSON (NDJSON): one object a line, as Elasticsearch and MongoDB export them.

orjson judges each line (it is right on all of JSONTestSuite); a line that is no object becomes a reject with
its bytes. Action lines of Elasticsearch's bulk format are no records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from sousveil.intake.encodings import Transcript
from sousveil.intake.naming import stem
from sousveil.intake.objects import Object, ObjectTable
from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source

LONGEST_LINE = 16 << 20
DEEPEST = 100
BROKEN = "not valid JSON"
_ACTIONS = {"index", "create", "update", "delete"}
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def load(source: Source, sink: Sink) -> None:
    """Load lines of JSON. Raises `Unreadable` where no line is an object."""
    transcript = Transcript(source)
    table = ObjectTable(sink, stem(source.untrusted_name))
    reader = _Lines(table, transcript)
    for lines in _lines(transcript):
        reader.take(lines)
    if not table.finish():
        raise Unreadable("no line of it is a JSON object")
    if reader.actions:
        sink.note("bulk_action_lines", reader.actions)
    transcript.note(sink)


def _lines(transcript: Transcript) -> Iterator[list[bytes]]:
    """Whole lines, chunk by chunk."""
    rest = b""
    for chunk in transcript:
        lines = (rest + chunk if rest else chunk).split(b"\n")
        rest = lines.pop()
        yield lines
    if rest:
        yield [rest]


class _Lines:
    """Takes lines and hands objects and rejects to a table."""

    def __init__(self, table: ObjectTable, transcript: Transcript) -> None:
        self.table = table
        self.transcript = transcript
        self.number = 0
        self.actions = 0

    def take(self, lines: list[bytes]) -> None:
        """Take the next lines of the text."""
        lines = [line for line in lines if line and not line.isspace()]
        deep = any(
            line.count(b"{") + line.count(b"[") > DEEPEST or len(line) > LONGEST_LINE for line in lines
        )
        parsed = None if deep else _all(lines)
        if parsed is None:
            parsed = [_one(line) for line in lines]
        numbers, objects, raws = [], [], []
        for line, found in zip(lines, parsed, strict=True):
            if type(found) is dict and len(found) == 1 and _is_action(found):
                self.actions += 1
                continue
            self.number += 1
            if type(found) is dict:
                numbers.append(self.number)
                objects.append(found)
                raws.append(line)
            else:
                reason = found if isinstance(found, str) else "a JSON value that is no object"
                self.table.reject(self.number, reason, self.transcript.original(line.rstrip(b"\r")))
        self.table.rows(numbers, objects, raws)


def _all(lines: list[bytes]) -> list[Object] | None:
    """All lines parsed, or None where one of them is no object."""
    loads = orjson.loads
    try:
        parsed = [loads(line) for line in lines]
    except orjson.JSONDecodeError:
        return None
    return parsed if {type(found) for found in parsed} == {dict} else None


def _one(line: bytes) -> Any:
    """A parsed line; a reason where it is broken, None where it is another JSON value."""
    if len(line) > LONGEST_LINE:
        return f"a line longer than {LONGEST_LINE >> 20} MiB"
    if line.count(b"{") + line.count(b"[") > DEEPEST and _depth(line) > DEEPEST:
        return f"nested more than {DEEPEST} deep"
    for attempt in (line, line.rstrip().removesuffix(b",")):
        try:
            found = orjson.loads(attempt)
        except orjson.JSONDecodeError:
            continue
        return found if isinstance(found, dict) else None
    return BROKEN


def _depth(line: bytes) -> int:
    deepest = depth = 0
    for byte in _STRING.sub(b"", line):
        depth += (byte in b"{[") - (byte in b"}]")
        deepest = max(deepest, depth)
    return deepest


def _is_action(found: Object) -> bool:
    """Whether an object is an action line of Elasticsearch's bulk format."""
    key, value = next(iter(found.items()))
    return key in _ACTIONS and type(value) is dict and any(inner[:1] == "_" for inner in value)
