"""Objects of JSON as rows of a table: nested members become columns with dotted names.

Works on thousands of parsed objects at once, column by column, which costs a fraction of row by row. Members
of an Elasticsearch envelope's `_source` stand under their own names; MongoDB's wrappers (`{"$oid": …}`) give
way to what they wrap; arrays stay JSON text. Numbers keep the text that they were written as.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import pyarrow as pa

from sousveil.intake.sink import Sink, TableSink

DEEPEST = 16
"""Objects within objects that become columns; deeper ones stay JSON text."""
MOST_COLUMNS = 1000
OTHERS = "other_members"
"""The column that takes the members beyond `MOST_COLUMNS`, as JSON."""

Object = dict[str, Any]
_Path = tuple[str, ...]
_NOTHING: Object = {}
_TEXT = {str, type(None)}
_WRAPPERS = {
    "$oid",
    "$date",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$numberDecimal",
    "$uuid",
    "$symbol",
    "$timestamp",
}
_ENVELOPE = {"sort", "highlight", "matched_queries", "inner_hits"}


class ObjectTable:
    """A table that is filled with objects; its columns are found as they turn up."""

    def __init__(self, sink: Sink, untrusted_name: str) -> None:
        self.sink = sink
        self.untrusted_name = untrusted_name
        self.columns: dict[_Path, int] = {}
        self._table: TableSink | None = None
        self._others = False
        self._waiting: list[tuple[int, str, bytes]] = []

    def rows(self, numbers: Sequence[int], objects: Sequence[Object], raws: Sequence[bytes]) -> None:
        """Hand over objects with their record numbers and the bytes that they were parsed from."""
        if not objects:
            return
        found = dict(_spread(_without_envelope(objects), (), raws))
        new = [path for path in found if path not in self.columns]
        room = max(0, MOST_COLUMNS - len(self.columns))
        new, beyond = new[:room], new[room:]
        self._add(new, others=bool(beyond))
        nulls = None
        arrays = []
        for path in self.columns:
            values = found.get(path)
            if values is None:
                nulls = pa.nulls(len(objects), pa.string()) if nulls is None else nulls
                arrays.append(nulls)
            else:
                arrays.append(pa.array(values, pa.string()))
        if self._others:
            # No column follows it: it is only there once there is no room for another.
            arrays.append(_gathered(found, beyond, len(objects)))
        names = [f"c{place}" for place in range(1, len(arrays) + 1)]
        assert self._table is not None  # noqa: S101  # for the type checker: _add has opened it
        self._table.rows(pa.array(numbers, pa.int64()), pa.RecordBatch.from_arrays(arrays, names=names))

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """Hand over a record that is no object."""
        if self._table is None:
            self._waiting.append((number, reason, raw))
        else:
            self._table.reject(number, reason, raw)

    def finish(self) -> bool:
        """Hand over what still waits; whether there is a table."""
        if self._table is not None:
            for number, reason, raw in self._waiting:
                self._table.reject(number, reason, raw)
            self._waiting = []
        return self._table is not None

    def _add(self, new: Sequence[_Path], *, others: bool) -> None:
        names = [".".join(path) for path in new]
        for path in new:
            self.columns[path] = len(self.columns)
        if others and not self._others:
            self._others = True
            names.append(OTHERS)
        if self._table is None:
            self._table = self.sink.table(self.untrusted_name, names)
            self.finish()
        elif names:
            self._table.add_columns(names)


def _without_envelope(objects: Sequence[Object]) -> Sequence[Object]:
    """The objects, or what an Elasticsearch export has wrapped in `_source`."""
    if not any("_source" in one for one in objects):
        return objects
    return [
        {
            **{key: value for key, value in one.items() if key[:1] != "_" and key not in _ENVELOPE},
            **one["_source"],
        }
        if type(one.get("_source")) is dict
        else one
        for one in objects
    ]


def _spread(
    objects: Sequence[Object], prefix: _Path, raws: Sequence[bytes]
) -> Iterator[tuple[_Path, list[str | None]]]:
    """Columns of objects: for each path of members the values, as text or None, one for each object."""
    for key in dict.fromkeys(itertools.chain.from_iterable(objects)):
        values: list[Any] = [one.get(key) for one in objects]
        kinds = set(map(type, values))
        if dict in kinds:
            values = [_unwrapped(value) if type(value) is dict else value for value in values]
            kinds = set(map(type, values))
        if dict in kinds and len(prefix) < DEEPEST:
            inner = [value if type(value) is dict else _NOTHING for value in values]
            yield from _spread(inner, (*prefix, key), raws)
            values = [None if type(value) is dict else value for value in values]
            kinds.remove(dict)
            if kinds == {type(None)}:
                continue
        yield (*prefix, key), values if kinds <= _TEXT else _texts(values, kinds, key, raws)


def _unwrapped(value: Object) -> Any:
    """What a wrapper of MongoDB's extended JSON wraps; any other object as it is."""
    if len(value) != 1:
        return value
    key, inner = next(iter(value.items()))
    if key not in _WRAPPERS:
        return value
    if type(inner) is dict:
        inner = _unwrapped(inner)
    if key == "$date" and not isinstance(inner, dict):
        return _moment(inner)
    return inner


def _moment(inner: Any) -> Any:
    """A moment in milliseconds since 1970 as ISO text; text stays as it is."""
    if isinstance(inner, str) and not re.fullmatch(r"-?[0-9]{1,17}", inner):
        return inner
    try:
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(inner))
    except (OverflowError, ValueError, TypeError):
        return inner
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + "Z"


def _texts(values: Sequence[Any], kinds: set[type], key: str, raws: Sequence[bytes]) -> list[str | None]:
    """Values of other kinds as text."""
    if float in kinds:
        written = re.compile(rb"%s\s*:\s*(-?[0-9][0-9.eE+-]*)" % re.escape(orjson.dumps(key)))
        return [
            _as_written(value, written, raw) if type(value) is float else _text(value)
            for value, raw in zip(values, raws, strict=True)
        ]
    return [value if type(value) is str else _text(value) for value in values]


def _as_written(value: float, written: re.Pattern[bytes], raw: bytes) -> str:
    """A number as it stands in the source: `1.10`, or thirty digits."""
    for text in written.findall(raw):
        try:
            if float(text) == value:
                return str(text, "ascii")
        except ValueError:
            continue
    return repr(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return orjson.dumps(value).decode("utf-8")


def _gathered(found: dict[_Path, list[str | None]], beyond: Sequence[_Path], size: int) -> pa.Array:
    """Members beyond the most columns: each row's as one JSON text."""
    rows: list[Object] = [{} for _ in range(size)]
    for path in beyond:
        name = ".".join(path)
        for row, value in zip(rows, found[path], strict=True):
            if value is not None:
                row[name] = value
    return pa.array([orjson.dumps(row).decode("utf-8") if row else None for row in rows], pa.string())
