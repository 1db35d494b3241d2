"""Lines of JSON (NDJSON): one object a line, as Elasticsearch and MongoDB export them.

orjson judges each line (it is right on all of JSONTestSuite); a line that is no object becomes a reject with
its bytes. Action lines of Elasticsearch's bulk format are no records.
"""

from __future__ import annotations

import orjson

from sousveil.intake.members import kept_apart
from sousveil.intake.naming import stem
from sousveil.intake.objects import Object, ObjectTable
from sousveil.intake.sink import Sink, Unreadable
from sousveil.intake.source import Source
from sousveil.intake.transcript import Transcript

LONGEST_LINE = 16 << 20
AT_ONCE = 2000
"""Lines that are parsed before their objects become rows: so few that they stay in the processor's cache."""
REPEATED = "objects_with_repeated_members"
BROKEN = "not valid JSON"
_ACTIONS = {"index", "create", "update", "delete"}


def load(source: Source, sink: Sink) -> None:
    """Load lines of JSON. Raises `Unreadable` where no line is an object."""
    transcript = Transcript(source)
    table = ObjectTable(sink, stem(source.untrusted_name))
    reader = Records(table, transcript)
    rest = b""
    for chunk in transcript:
        lines = (rest + chunk if rest else chunk).split(b"\n")
        rest = lines.pop()
        transcript.syntax(len(lines))
        reader.take(lines)
        if len(rest) > LONGEST_LINE:
            rest = reader.too_long(rest)
    if rest:
        reader.take([rest])
    if not table.finish():
        raise Unreadable("no line of it is a JSON object")
    reader.note(sink)
    transcript.note(sink)


class Records:
    """Takes records as bytes (lines here, elements of an array in `json`) and fills a table with them."""

    def __init__(self, table: ObjectTable, transcript: Transcript) -> None:
        self.table = table
        self.transcript = transcript
        self.number = 0
        self.actions = 0
        self.repeated = 0
        """Objects that name a member twice."""

    def take(self, lines: list[bytes]) -> None:
        """Take the next lines of the text."""
        for start in range(0, len(lines), AT_ONCE):
            some = lines[start : start + AT_ONCE]
            try:
                objects = [orjson.loads(line) for line in some]
            except orjson.JSONDecodeError:
                objects = []
            if set(map(type, objects)) == {dict} and min(map(len, objects)) > 1:
                objects, repeated = kept_apart(objects, some)
                self.repeated += repeated
                numbers = range(self.number + 1, self.number + 1 + len(objects))
                self.number += len(objects)
                self.transcript.record(sum(map(len, some)))
                self.table.rows(numbers, objects, some)
            else:
                self._one_by_one(some)
        self.table.flush()

    def _one_by_one(self, lines: list[bytes]) -> None:
        """Take lines of which some are blank, broken, or no records."""
        numbers: list[int] = []
        objects: list[Object] = []
        raws: list[bytes] = []
        for line in lines:
            found = _parsed(line)
            if found is None or (isinstance(found, dict) and len(found) == 1 and _is_action(found)):
                self.actions += found is not None
                self.transcript.syntax(line)
                continue
            self.number += 1
            if isinstance(found, dict):
                numbers.append(self.number)
                objects.append(found)
                raws.append(line)
                self.transcript.record(len(line))
            else:
                bare = line.rstrip(b"\r")
                self.transcript.syntax(len(line) - len(bare))
                self.table.reject(self.number, found, self.transcript.reject(bare))
        objects, repeated = kept_apart(objects, raws)
        self.repeated += repeated
        self.table.rows(numbers, objects, raws)

    def note(self, sink: Sink) -> None:
        """Put what was counted into the manifest."""
        if self.actions:
            sink.note("bulk_action_lines", self.actions)
        if self.repeated:
            sink.note(REPEATED, self.repeated)

    def reject(self, reason: str, raw: bytes) -> None:
        """Count a record that can't be read."""
        self.number += 1
        self.table.reject(self.number, reason, self.transcript.reject(raw))

    def too_long(self, rest: bytes) -> bytes:
        """Give up a line that is longer than lines may be; what follows of it counts as broken lines."""
        self.reject(f"a line longer than {LONGEST_LINE >> 20} MiB", rest)
        return b""


def _parsed(line: bytes) -> Object | str | None:
    """The object of a line; a reason where there is none; None for a blank line."""
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _second_look(line)
    return found if type(found) is dict else "a JSON value that is no object"


def _second_look(line: bytes) -> Object | str | None:
    """A line that is no JSON as it is: blank, an object with a comma after it, or broken."""
    bare = line.strip()
    if not bare:
        return None
    try:
        found = orjson.loads(bare.removesuffix(b","))
    except orjson.JSONDecodeError:
        return BROKEN
    return found if type(found) is dict else BROKEN


def _is_action(found: Object) -> bool:
    """Whether an object is an action line of Elasticsearch's bulk format."""
    key, value = next(iter(found.items()))
    return key in _ACTIONS and type(value) is dict and any(inner[:1] == "_" for inner in value)
