"""Objects of JSON as rows of a table: nested members become columns with dotted names.

Works on thousands of parsed objects at once, column by column, which costs a fraction of row by row. Members
of an Elasticsearch envelope's `_source` stand under their own names; MongoDB's wrappers (`{"$oid": …}`) give
way to what they wrap; arrays stay JSON text. Numbers keep the text that they were written as.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Sequence
from typing import Any, cast

import orjson
import pyarrow as pa

from sousveil.intake.sink import Sink, TableSink

DEEPEST = 16
"""Objects within objects that become columns; deeper ones stay JSON text."""
MOST_COLUMNS = 500
ROWS_AT_ONCE = 20_000
"""Rows that are handed over as one batch."""
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
        self._odd: set[_Path] = set()
        """Columns that hold, or held, anything but text and null."""
        self._pieces: dict[_Path, list[tuple[int, pa.StringArray]]] = {}
        self._numbers: list[int] = []
        self._held = 0
        self._waiting: list[tuple[int, str, bytes]] = []

    def rows(self, numbers: Sequence[int], objects: Sequence[Object], raws: Sequence[bytes]) -> None:
        """Take objects with their record numbers and the bytes that they were parsed from."""
        if not objects:
            return
        found = self._spread(_without_envelope(objects), (), raws)
        if not found and not self.columns:
            for number, raw in zip(numbers, raws, strict=True):
                self.reject(number, "an object without members", raw)
            return
        new = [path for path in found if path not in self.columns]
        room = max(0, MOST_COLUMNS - len(self.columns))
        new, beyond = new[:room], new[room:]
        self._add(new, others=bool(beyond))
        if beyond:
            found[(OTHERS,)] = _gathered(found, beyond, len(objects))
        for path, values in found.items():
            if path in self.columns:
                self._pieces.setdefault(path, []).append((self._held, values))
        self._numbers.extend(numbers)
        self._held += len(objects)
        if self._held >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Hand over the rows that wait, as one batch."""
        if not self._held:
            return
        arrays = [_joined(self._pieces.get(path, ()), self._held) for path in self.columns]
        names = [f"c{place}" for place in range(1, len(arrays) + 1)]
        assert self._table is not None  # noqa: S101  # for the type checker: _add has opened it
        batch = pa.RecordBatch.from_arrays(arrays, names=names)
        self._table.rows(pa.array(self._numbers, pa.int64()), batch)
        self._pieces, self._numbers, self._held = {}, [], 0

    def reject(self, number: int, reason: str, raw: bytes) -> None:
        """Hand over a record that is no object."""
        if self._table is None:
            self._waiting.append((number, reason, raw))
        else:
            self._table.reject(number, reason, raw)

    def finish(self) -> bool:
        """Hand over all that waits; whether there is a table."""
        self.flush()
        return self._table is not None

    def _add(self, new: Sequence[_Path], *, others: bool) -> None:
        added = [*new, (OTHERS,)] if others and (OTHERS,) not in self.columns else list(new)
        if added and self._table is not None:
            # Rows that wait have no values there, but `add_columns` speaks of the rows handed over before.
            self._table.add_columns([".".join(path) for path in added])
        for path in added:
            self.columns[path] = len(self.columns)
        if self._table is None:
            self._table = self.sink.table(self.untrusted_name, [".".join(path) for path in added])
            for number, reason, raw in self._waiting:
                self._table.reject(number, reason, raw)
            self._waiting = []

    def _spread(
        self, objects: Sequence[Object], prefix: _Path, raws: Sequence[bytes]
    ) -> dict[_Path, pa.StringArray]:
        """Columns of objects: for each path of members the values, as text or null, one for each object."""
        keys = dict.fromkeys(itertools.chain.from_iterable(objects))
        found = _plain([key for key in keys if (*prefix, key) not in self._odd], objects, prefix)
        if found is None:
            self._odd |= {(*prefix, key) for key in keys if not set(map(type, _of(objects, key))) <= _TEXT}
            found = _plain([key for key in keys if (*prefix, key) not in self._odd], objects, prefix) or {}
        spread: dict[_Path, pa.StringArray] = {}
        for key in keys:
            path = (*prefix, key)
            if path in found:
                spread[path] = found[path]
            else:
                spread |= self._odd_values(path, objects, raws)
        return spread

    def _odd_values(
        self, path: _Path, objects: Sequence[Object], raws: Sequence[bytes]
    ) -> dict[_Path, pa.StringArray]:
        """The column, or the columns, of a member that is not only text."""
        values = [_unwrapped(value) if type(value) is dict else value for value in _of(objects, path[-1])]
        kinds = set(map(type, values))
        spread: dict[_Path, pa.StringArray] = {}
        if dict in kinds and len(path) < DEEPEST:
            inner = [value if type(value) is dict else _NOTHING for value in values]
            spread = self._spread(inner, path, raws)
            values = [None if type(value) is dict else value for value in values]
            kinds.remove(dict)
        if not spread or kinds - {type(None)}:
            spread[path] = pa.array(_texts(values, kinds, path[-1], raws), pa.string())
        return spread


def _of(objects: Sequence[Object], key: str) -> list[Any]:
    return [one.get(key) for one in objects]


def _plain(
    keys: Sequence[str], objects: Sequence[Object], prefix: _Path
) -> dict[_Path, pa.StringArray] | None:
    """Columns of members that are text or null in every object; None where one is not."""
    try:
        struct = pa.array(objects, _struct(tuple(keys)))
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return None
    return {(*prefix, key): struct.field(place) for place, key in enumerate(keys)}


@functools.lru_cache(maxsize=64)
def _struct(keys: tuple[str, ...]) -> pa.StructType:
    return pa.struct([(key, pa.string()) for key in keys])


def _joined(pieces: Sequence[tuple[int, pa.StringArray]], size: int) -> pa.StringArray:
    """The pieces of one column, each with the row where it starts, with nulls between them."""
    arrays = []
    filled = 0
    for start, piece in pieces:
        if start > filled:
            arrays.append(pa.nulls(start - filled, pa.string()))
        arrays.append(piece)
        filled = start + len(piece)
    if filled < size:
        arrays.append(pa.nulls(size - filled, pa.string()))
    return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)


def _without_envelope(objects: Sequence[Object]) -> Sequence[Object]:
    """The objects, or what an Elasticsearch export has wrapped in `_source`."""
    members = set().union(*objects)
    if "_source" not in members:
        return objects
    if all(name[:1] == "_" or name in _ENVELOPE for name in members):
        inner = [one.get("_source") for one in objects]
        if set(map(type, inner)) == {dict}:
            return cast(list[Object], inner)
    return [
        {
            **{key: value for key, value in one.items() if key[:1] != "_" and key not in _ENVELOPE},
            **one["_source"],
        }
        if type(one.get("_source")) is dict
        else one
        for one in objects
    ]


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
        values = _as_written(values, key, raws)
    return [value if type(value) is str else _as_text(value) for value in values]


def _as_written(values: Sequence[Any], key: str, raws: Sequence[bytes]) -> list[Any]:
    """Values with each number as it stands in the source: `1.10`, or thirty digits."""
    written = re.compile(rb"%s\s*:\s*(-?[0-9][0-9.eE+-]*)" % re.escape(orjson.dumps(key)))
    places = [place for place, value in enumerate(values) if type(value) in (float, int)]
    # Where every number was found once, in the order of the rows, one search does for all rows.
    texts = written.findall(b"\n".join(raws))
    made = list(values)
    if _are(texts, [values[place] for place in places]):
        for place, text in zip(places, texts, strict=True):
            made[place] = str(text, "ascii")
        return made
    for place in places:
        if type(made[place]) is float:
            found = (_if_equal(text, values[place]) for text in written.findall(raws[place]))
            made[place] = next((text for text in found if type(text) is str), repr(values[place]))
    return made


def _are(texts: Sequence[bytes], numbers: Sequence[float]) -> bool:
    try:
        return list(map(float, texts)) == numbers
    except ValueError:
        return False


def _if_equal(text: bytes, value: float) -> str | float:
    """The text of a number where it is that number, else the number."""
    try:
        return str(text, "ascii") if float(text) == value else value
    except ValueError:
        return value


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    try:
        return orjson.dumps(value).decode("utf-8")
    except orjson.JSONEncodeError:
        return "nested too deep"


def _gathered(found: dict[_Path, pa.StringArray], beyond: Sequence[_Path], size: int) -> pa.Array:
    """Members beyond the most columns: each row's as one JSON text."""
    rows: list[Object] = [{} for _ in range(size)]
    for path in beyond:
        name = ".".join(path)
        for row, value in zip(rows, found[path].to_pylist(), strict=True):
            if value is not None:
                row[name] = value
    return pa.array([orjson.dumps(row).decode("utf-8") if row else None for row in rows], pa.string())
