"""Values of a column that tell all its labels and conditions apart: what is possible by logic alone.

Which conditions can hold together, and under which labels, is answered by trying: for every constant of a
condition, every end of a label's period and the values beside them one value is written down, and all
conditions and labels are worked out for it. What such a value shows together is possible, since a record
could hold it; what none shows is left out. That errs on the safe side: a world made of possible things only
proves more. Nothing but the questions and their labels goes in, no record.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import itertools
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sousveil.errors import SousveilError
from sousveil.findings.parser import parse_where
from sousveil.findings.recodes import AGES, BANDS, DATES, PLACES, recoded
from sousveil.findings.regions import REGION_OF
from sousveil.findings.syntax import OPERATORS, Among, Compare, Either, Every, IsNull, Like, Node, Not, Value
from sousveil.gate.language import refs as spelling

Untrusted = str | float | bool | dt.datetime | None
"""A value that a record may have."""

FRESH = "\uffff"
"""A text that is nobody's label."""
_CLOSED = (frozenset({"F", "M", ""}), frozenset({"true", "false", ""}))
"""Columns of which everybody knows all values."""
_FIRST_YEARS = (0, 18, 30, 45, 60, 121)
_DAY = dt.timedelta(days=1)


@functools.cache
def condition(base: str) -> Node | None:
    """The `where` of a population (None without one). Raises `SousveilError` where it can't be read."""
    _, _, text = base.partition("; where ")
    return parse_where(text, spelling.columns_of_where(base)) if text else None


def readable(base: str) -> bool:
    """Whether a population's `where` can be read."""
    try:
        condition(base)
    except SousveilError:
        return False
    return True


def leaves(node: Node | None) -> tuple[Node, ...]:
    """The conditions about one column each that a `where` is made of."""
    match node:
        case None:
            return ()
        case Every(parts) | Either(parts):
            return tuple(dict.fromkeys(leaf for part in parts for leaf in leaves(part)))
        case Not(part):
            return leaves(part)
        case _:
            return (node,)


def column_of(leaf: Node) -> str:
    """The column that a leaf is about."""
    if isinstance(leaf, Every | Either | Not):
        raise TypeError("a leaf is about one column")
    return leaf.ref.column


def holds(node: Node | None, truths: Mapping[Node, bool]) -> bool:
    """Whether a `where` holds, given which of its leaves do; what is unknown counts as not held."""
    match node:
        case None:
            return True
        case Every(parts):
            return all(holds(part, truths) for part in parts)
        case Either(parts):
            return any(holds(part, truths) for part in parts)
        case Not(part):
            return not holds(part, truths)
        case _:
            return truths[node]


def classes(
    labels: Mapping[str, Collection[str]], conditions: Sequence[Node], other: str | None = None
) -> list[tuple[str, ...]]:
    """What can go together in one column: for each kind of value its label under each reference, then truths.

    `labels` are the known labels of each canonical reference to the column, `conditions` leaves about it;
    the last part is a text of `0` and `1`, one for each. A label that is not known is `other`; without
    `other` such values are left out. Ascending, each once.
    """
    found = set()
    for value in values(labels, conditions):
        shown = []
        for ref, known in labels.items():
            label = label_of(ref, value)
            shown.append(label if label in known else other)
        if None not in shown:
            truths = "".join("01"[is_true(leaf, value)] for leaf in conditions)
            found.add((*(label or "" for label in shown), truths))
    return sorted(found)


def label_of(ref: str, value: Untrusted) -> str:
    """The label of a value under a canonical reference; empty where it has none."""
    called = spelling.function(ref)
    if value is None:
        return ""
    if called in AGES and isinstance(value, dt.datetime):
        band = _band(value.date(), _day_of(ref))
        return recoded(band, called) if band and called == "of_age" else band
    if called in DATES and isinstance(value, dt.datetime):
        return recoded(f"{value:%Y-%m}", called)
    if called in DATES:  # a text that is a month already
        return recoded(str(value), called)
    if called in PLACES:
        return recoded(str(value), called)
    return _written(value)


def _written(value: Untrusted) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def is_true(leaf: Node, value: Untrusted) -> bool:
    """Whether a leaf holds for a value."""
    match leaf:
        case IsNull(ref, negated):
            return (_seen(ref.text, value) is None) != negated
        case Compare(ref, op, constant):
            return _compared(_seen(ref.text, value), op, constant)
        case Among(ref, constants, negated):
            seen = _seen(ref.text, value)
            found = any(_compared(seen, "=", constant) for constant in constants)
            return seen is not None and found != negated
        case Like(ref, pattern, negated):
            seen = _seen(ref.text, value)
            return seen is not None and bool(_like(pattern).fullmatch(str(seen))) != negated
        case _:
            raise TypeError("a leaf is about one column")


def _seen(ref: str, value: Untrusted) -> Untrusted:
    """What a condition compares: the value, or its label under a function."""
    ref = spelling.canonical(ref)
    if not spelling.function(ref):
        return value
    label = label_of(ref, value)
    return (float(label) if spelling.function(ref) == "year" else label) if label else None


def _compared(seen: Untrusted, op: str, constant: Value) -> bool:
    if seen is None:
        return False
    known: Any = seen
    wanted: Any = constant
    if (
        isinstance(seen, dt.datetime)
        and isinstance(constant, dt.date)
        and not isinstance(constant, dt.datetime)
    ):
        known = seen.date()
    elif isinstance(constant, int | float) and not isinstance(constant, bool) and isinstance(seen, str):
        known = _number(seen)
    elif isinstance(seen, float) and isinstance(constant, str):
        wanted = _number(constant)
    try:
        return bool(OPERATORS[op](known, wanted))
    except TypeError:
        return False


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


@functools.cache
def _like(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"%": ".*", "_": "."}.get(c) or re.escape(c) for c in pattern), re.DOTALL)


def values(labels: Mapping[str, Collection[str]], conditions: Sequence[Node]) -> list[Untrusted]:
    """Values between which no label and no condition changes."""
    constants = [constant for leaf in conditions for constant in constants_of(leaf)]
    written = [spelling.canonical(leaf.ref.text) for leaf in conditions if hasattr(leaf, "ref")]
    called = {spelling.function(ref) for ref in [*labels, *written]}
    dated = any(isinstance(constant, dt.date) for constant in constants)
    stated = [label for ref, known in labels.items() if not spelling.function(ref) for label in known]
    if called & AGES:
        days = [_day_of(ref) for ref in [*labels, *written] if spelling.function(ref) in AGES]
        return [None, *_moments(_birthdays(days))]
    if dated or called & DATES:
        periods = [one for ref, known in labels.items() if spelling.function(ref) in DATES for one in known]
        periods += [str(constant) for constant in constants if not isinstance(constant, dt.date)]
        moments = [one for one in constants if isinstance(one, dt.date)]
        return [None, *_moments([*moments, *(end for label in periods for end in _ends(label))]), *stated]
    if any(isinstance(one, int | float) and not isinstance(one, bool) for one in constants):
        return [None, *_numbers([*stated, *map(str, constants)])]
    if any(isinstance(one, bool) for one in constants):
        return [None, True, False]
    places = REGION_OF if called & PLACES else ()
    return [None, *_texts([*stated, *places, *map(str, constants)])]


def constants_of(leaf: Node) -> tuple[Value, ...]:
    """The literals of a leaf; of a pattern a text that fits it."""
    match leaf:
        case Compare(_, _, value):
            return (value,)
        case Among(_, values, _):
            return values
        case Like(_, pattern, _):
            return (pattern.replace("%", "").replace("_", "x"),)
        case _:
            return ()


def _day_of(ref: str) -> dt.date:
    days = spelling.ages_on(ref)
    return dt.date.fromisoformat(min(days)) if days else dt.date.max


def _birthdays(days: Iterable[dt.date]) -> list[dt.date]:
    found = []
    for day in days:
        leap = (day.month, day.day) == (2, 29)
        found += [
            day.replace(year=day.year - years, day=28 if leap else day.day)
            for years in _FIRST_YEARS
            if day.year > years
        ]
    return found


def _band(born: dt.date, day: dt.date) -> str:
    age = day.year - born.year - ((born.month, born.day) > (day.month, day.day))
    if not 0 <= age < _FIRST_YEARS[-1]:
        return ""
    return BANDS[sum(age >= first for first in _FIRST_YEARS[1:-1])]


def _moments(ends: Iterable[dt.date]) -> list[Untrusted]:
    """Each moment or day, and what lies just before and after it."""
    found: set[dt.datetime] = set()
    for end in ends:
        step = dt.timedelta(seconds=1) if isinstance(end, dt.datetime) else _DAY
        moment = end if isinstance(end, dt.datetime) else dt.datetime.combine(end, dt.time())
        found |= {moment, *(moment + way * step for way in (-1, 1) if dt.MINYEAR < end.year < dt.MAXYEAR)}
    return [*sorted(found)]


def _ends(period: str) -> tuple[dt.date, ...]:
    """The first and the last day of `2018`, `2018-Q1` or `2018-03`."""
    parts = re.fullmatch(r"([0-9]{4})(?:-(?:Q([1-4])|([0-9]{2})))?", period)
    if not parts or int(parts[1]) < 1:
        return ()
    first, last = 1, 12
    if parts[2]:
        first, last = int(parts[2]) * 3 - 2, int(parts[2]) * 3
    elif parts[3]:
        first = last = min(max(int(parts[3]), 1), 12)
    year = int(parts[1])
    return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])


def _numbers(texts: Iterable[str]) -> list[Untrusted]:
    known = sorted({number for number in map(_number, texts) if number is not None})
    between = [(low + high) / 2 for low, high in itertools.pairwise(known)]
    return [*known, *between, *([known[0] - 1, known[-1] + 1] if known else [0.0])]


def _texts(texts: Iterable[str]) -> list[Untrusted]:
    known = sorted({text for text in texts if text})
    if any(closed.issuperset(known) for closed in _CLOSED) and known:
        closed = next(one for one in _CLOSED if one.issuperset(known))
        return [text == "true" if "true" in closed else text for text in sorted(closed) if text]
    return [*known, *(text + "\x01" for text in known), " ", FRESH]
