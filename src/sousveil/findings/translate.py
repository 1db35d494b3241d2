"""From a checked condition to an Ibis expression, the same for DuckDB, Sail and Spark.

To mean the same on each engine it keeps to comparisons, null tests, LIKE without escapes, and year, month and
day of a date; it holds no cast of a column, no regular expression and no text function. A DATE literal
compared with a moment means that whole day, and becomes a half-open range of moments.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from typing import Any

from sousveil.findings.recodes import AGES, LABELS, PLACES
from sousveil.findings.regions import countries
from sousveil.findings.scope import Scope
from sousveil.findings.syntax import (
    OPERATORS,
    Among,
    Compare,
    Either,
    Every,
    IsNull,
    Like,
    Node,
    Not,
    Ref,
    Value,
)

OLDEST = 120
"""Completed years above which an age is taken for an error of the record."""

_FIRST_YEARS = {"age_band": (0, 18, 30, 45, 60), "of_age": (0, 18)}
_DAY = dt.timedelta(days=1)


def term(ref: Ref, rows: Any, scope: Scope) -> Any:
    """The reference as an Ibis value: months and quarters since year 0, all other labels by their place."""
    value = rows[scope.column(ref.column).sql]
    match ref.function:
        case None:
            return value
        case "month":
            return value.year() * 12 + value.month() - 1
        case "quarter":
            return value.year() * 4 + _quarter(value.month())
        case "year":
            return value.year()
        case "region" | "continent":
            return _place(value, LABELS[ref.function])
        case function:
            return _age(value, ref.on or dt.date.max, _FIRST_YEARS[function])


def _quarter(month: Any) -> Any:
    import ibis

    return ibis.cases((month <= 3, 0), (month <= 6, 1), (month <= 9, 2), else_=3)


def _place(country: Any, names: tuple[str, ...]) -> Any:
    """The place of the region or continent of a country; null for a code that lies in none."""
    import ibis

    branches = [(country.isin(countries((name,))), place) for place, name in enumerate(names)]
    return ibis.cases(*branches, else_=ibis.null("int64"))


def _age(born: Any, on: dt.date, first_years: tuple[int, ...]) -> Any:
    import ibis

    had_birthday = born.month() * 100 + born.day() <= on.month * 100 + on.day
    age = on.year - born.year() - ibis.ifelse(had_birthday, 0, 1)
    branches = [(age < 0, ibis.null("int64")), (age > OLDEST, ibis.null("int64"))]
    branches += [(age >= first, place) for place, first in reversed(list(enumerate(first_years)))]
    return ibis.cases(*branches, else_=ibis.null("int64"))


def predicate(node: Node, rows: Any, scope: Scope) -> Any:
    """The condition as an Ibis predicate over `rows`, which has the columns by their inner names."""
    match node:
        case Every(parts):
            return _balanced(operator.and_, [predicate(part, rows, scope) for part in parts])
        case Either(parts):
            return _balanced(operator.or_, [predicate(part, rows, scope) for part in parts])
        case Not(part):
            return ~predicate(part, rows, scope)
        case IsNull(ref, negated):
            value = term(ref, rows, scope)
            return value.notnull() if negated else value.isnull()
        case Like(ref, pattern, negated):
            found = term(ref, rows, scope).like(pattern)
            return ~found if negated else found
        case Among(ref, values, negated):
            found = _among(ref, values, rows, scope)
            return ~found if negated else found
        case Compare(ref, op, value):
            return _compared(ref, op, value, rows, scope)


def _balanced(join: Callable[[Any, Any], Any], parts: list[Any]) -> Any:
    """Many parts joined by one operator as a tree that is not deep, since compilers recurse."""
    while len(parts) > 1:
        pairs = [join(*parts[i : i + 2]) for i in range(0, len(parts) - 1, 2)]
        parts = pairs + parts[len(pairs) * 2 :]
    return parts[0]


def _among(ref: Ref, values: tuple[Value, ...], rows: Any, scope: Scope) -> Any:
    if ref.function is None and scope.column(ref.column).kept == "TIMESTAMP":
        return _balanced(operator.or_, [_compared(ref, "=", value, rows, scope) for value in values])
    return term(ref, rows, scope).isin([_inner(ref, value) for value in values])


def _compared(ref: Ref, op: str, value: Value, rows: Any, scope: Scope) -> Any:
    left = term(ref, rows, scope)
    if ref.function is None and scope.column(ref.column).kept == "TIMESTAMP":
        return _of_moment(left, op, value)
    return OPERATORS[op](left, _inner(ref, value))


def _inner(ref: Ref, value: Value) -> Any:
    """A literal as `term` has it."""
    import ibis

    if ref.function == "month":
        year, month = str(value).split("-")
        return int(year) * 12 + int(month) - 1
    if ref.function == "quarter":
        year, quarter = str(value).split("-Q")
        return int(year) * 4 + int(quarter) - 1
    if ref.function in AGES | PLACES:
        return LABELS[ref.function].index(str(value))
    return ibis.date(value.isoformat()) if isinstance(value, dt.date) else value


def _of_moment(left: Any, op: str, value: Value) -> Any:
    import ibis

    if isinstance(value, dt.datetime):
        return OPERATORS[op](left, ibis.timestamp(value))
    if not isinstance(value, dt.date):  # the checks before this leave nothing else
        raise TypeError("a moment is compared with a date or a moment")
    start = dt.datetime.combine(value, dt.time())
    after = ibis.timestamp(start + _DAY) if value < dt.date.max else ibis.timestamp(dt.datetime.max)
    first = ibis.timestamp(start)
    match op:
        case "=":
            return (left >= first) & (left < after)
        case "<>":
            return (left < first) | (left >= after)
        case "<":
            return left < first
        case "<=":
            return left < after
        case ">":
            return left >= after
        case _:
            return left >= first
