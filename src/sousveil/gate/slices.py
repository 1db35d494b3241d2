"""When one population is a part of another that a table's own labels cut out: `nationality = 'KAZ'`.

Then its total is a cell of the other's table by nationality, and its table by month a row of the table by
both: one number, two questions. The conditions are compared in their canonical form; what the labels don't
decide (a day within a month) is left open, and then there is no link.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import operator
from collections.abc import Mapping

from sousveil.errors import SousveilError
from sousveil.findings.parser import parse_where
from sousveil.findings.syntax import Among, Compare, Either, Every, IsNull, Node, Ref, Value
from sousveil.gate import refs as spelling

_OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@functools.cache
def conditions(base: str) -> frozenset[Node] | None:
    """The conditions that a population's `where` joins by AND; None where it can't be read."""
    _, _, condition = base.partition("; where ")
    if not condition:
        return frozenset()
    try:
        node = parse_where(condition, spelling.columns_of_where(base))
    except SousveilError:
        return None
    return frozenset(node.parts if isinstance(node, Every) else (node,))


def beyond(inner: str, outer: str) -> Node | None:
    """What the inner population asks for beyond the outer one; None where that is not all of its `where`."""
    within, without = conditions(inner), conditions(outer)
    if within is None or without is None or not without < within:
        return None
    return Every(tuple(sorted(within - without, key=repr)))


def decided(node: Node, labels: Mapping[str, str]) -> bool | None:
    """Whether a record with these labels (by reference) meets a condition; None where they don't tell."""
    match node:
        case Every(parts):
            found = [decided(part, labels) for part in parts]
            return False if False in found else None if None in found else True
        case Either(parts):
            found = [decided(part, labels) for part in parts]
            return True if True in found else None if None in found else False
        case Compare(ref, op, value):
            return _compared(ref, op, value, labels)
        case Among(ref, values, negated):
            parts = tuple(Compare(ref, "<>" if negated else "=", value) for value in values)
            return decided(Every(parts) if negated else Either(parts), labels)
        case IsNull(ref, negated):
            label = _label(ref, labels)
            return None if label is None else (label == "") != negated
        case _:
            return None


def _label(ref: Ref, labels: Mapping[str, str]) -> str | None:
    """The label under a reference, told by its own or by that of a finer one."""
    wanted = spelling.canonical(ref.text)
    finer = wanted if wanted in labels else spelling.finer(wanted, labels)
    return spelling.recode(labels[finer], wanted) if finer else None


def _compared(ref: Ref, op: str, value: Value, labels: Mapping[str, str]) -> bool | None:
    label = _label(ref, labels)
    if label is not None:
        return False if label == "" else _label_compared(label, op, value)
    for period in (f"{period}({ref.column})" for period in ("month", "quarter", "year")):
        if ref.function is None and period in labels:
            return _period_compared(labels[period], op, value)
    return None


def _label_compared(label: str, op: str, value: Value) -> bool | None:
    if isinstance(value, bool):
        value = "true" if value else "false"
    try:
        known: str | float = float(label) if isinstance(value, int | float) else label
    except ValueError:
        return None
    return bool(_OPERATORS[op](known, value)) if isinstance(value, str | int | float) else None


def _period_compared(label: str, op: str, value: Value) -> bool | None:
    """Whether all days of a month, quarter or year compare so with a day (True) or none does (False)."""
    if label == "":
        return False
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
        first, last = _ends(label)
    except ValueError:
        return None
    if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
        return None
    ends = {bool(_OPERATORS[op](end, day)) for end in (first, last)}
    if op in ("=", "<>") and first <= day <= last:
        return None
    return ends.pop() if len(ends) == 1 else None


def _ends(label: str) -> tuple[dt.date, dt.date]:
    """The first and the last day of `2018`, `2018-Q1` or `2018-03`. Raises `ValueError`."""
    year, months = int(label[:4]), (1, 12)
    if "Q" in label:
        months = (int(label[6]) * 3 - 2, int(label[6]) * 3)
    elif len(label) > 4:
        months = (int(label[5:]), int(label[5:]))
    return dt.date(year, months[0], 1), dt.date(year, months[1], calendar.monthrange(year, months[1])[1])
