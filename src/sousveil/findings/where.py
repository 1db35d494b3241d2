"""A `where` and the entries of `by`, checked against the table that they are about.

Read by `parser`; here every column is looked up, identifying ones are refused, and each literal is brought to
the kind of its column. What comes out is canonical and holds nothing but known columns and literals of the
right kind, so that an engine is never asked to convert anything.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from sousveil.errors import BadQuestion, Identifying, UnsafeWhere
from sousveil.findings.parser import parse_by, parse_where
from sousveil.findings.recodes import AGES, BANDS, FUNCTIONS, LABELS, MONTH, OF_AGE, PLACES, QUARTER, YEAR
from sousveil.findings.scope import Scope, Usable
from sousveil.findings.syntax import (
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
    canonical,
    plain,
    references,
)

_WANTED = {
    "label": "a text in quotes",
    "nationality": "a country's ISO alpha-3 code in quotes, such as 'KAZ'",
    "sex": "'F' or 'M'",
    "truth": "TRUE or FALSE",
    "number": "a number",
    "day": "DATE 'YYYY-MM-DD'",
    "moment": "DATE 'YYYY-MM-DD' or TIMESTAMP 'YYYY-MM-DD HH:MM:SS'",
    "month": "a month in quotes, such as '2018-03'",
    "quarter": "a quarter in quotes, such as '2018-Q1'",
    "year": "a year, such as 2018",
    "age_band": f"one of the bands {', '.join(repr(band) for band in BANDS)}",
    "of_age": f"one of {', '.join(repr(band) for band in OF_AGE)}",
    "region": "a region of the United Nations' geoscheme in quotes, such as 'Central Asia'",
    "continent": f"one of {', '.join(repr(name) for name in LABELS['continent'])}",
}
_LOOKS_ODD = re.compile(rf"\".+\"|({'|'.join(FUNCTIONS)})\s*\(.*", re.DOTALL | re.IGNORECASE)
"""Names that the keys of a finding, where names stand without quotes, could not tell from something else."""
_UNORDERED = frozenset({"nationality", "sex", "truth"}) | AGES | PLACES


def where(untrusted: str, scope: Scope) -> Node | None:
    """The canonical condition of a `where`; None where it is empty.

    Raises `UnsafeWhere`, `UnknownColumn`, `Identifying`, `BadQuestion`.
    """
    if not untrusted.strip():
        return None
    node = _checked(parse_where(untrusted, scope.columns), scope)
    return canonical(node)


def by(untrusted: str, scope: Scope) -> Ref:
    """One entry of `by`. Raises as `where`, and `Identifying` for the bare date of a record."""
    ref = parse_by(untrusted, scope.columns)
    if kind(ref, scope) in ("day", "moment"):
        raise Identifying(
            "an exact date can single people out: group by month(…) or year(…) of it",
            where={"table": scope.name, "column": ref.column},
            next=f"write month({plain(ref.column)}) or year({plain(ref.column)}) in `by`",
        )
    if ref.function is None and not is_groupable(ref.column):
        raise BadQuestion(
            "a column whose name looks like a function, or stands in quotes, can't stand in `by`",
            where={"table": scope.name, "column": ref.column},
        )
    return ref


def is_groupable(name: str) -> bool:
    """Whether a column of this name may stand in `by`, as far as its name goes."""
    return not _LOOKS_ODD.fullmatch(name)


def one_day(refs: tuple[Ref, ...]) -> None:
    """Refuse ages on several days in one question: their difference is the people born on a few days."""
    if len({ref.on for ref in refs if ref.on}) > 1:
        raise UnsafeWhere("age bands on more than one day can't stand in one question")


def kind(ref: Ref, scope: Scope) -> str:
    """What kind of value a reference has. Raises `UnknownColumn`, `Identifying`, `BadQuestion`."""
    column = scope.usable(ref.column)
    if ref.function in AGES:
        if column.kind not in ("birth", "day", "moment"):
            raise _misused(ref, column, scope, "a birth date")
        return ref.function
    if ref.function in PLACES:
        if column.kind != "nationality":
            raise _misused(ref, column, scope, "a nationality")
        return ref.function
    if column.kind == "birth":
        raise Identifying(
            "an exact birth date can single people out: use age_band(…) of it",
            where={"table": scope.name, "column": column.name},
            next=f"write age_band({plain(column.name)}, on = 'YYYY-MM-DD')",
        )
    if ref.function and column.kind not in ("day", "moment"):
        raise _misused(ref, column, scope, "a date")
    return ref.function or str(column.kind)


def _misused(ref: Ref, column: Usable, scope: Scope, wanted: str) -> BadQuestion:
    return BadQuestion(
        f"{ref.function}(…) needs {wanted}, but this column is of type {column.type}",
        where={"table": scope.name, "column": column.name},
    )


def _checked(node: Node, scope: Scope) -> Node:
    match node:
        case Every(parts):
            return Every(tuple(_checked(part, scope) for part in parts))
        case Either(parts):
            return Either(tuple(_checked(part, scope) for part in parts))
        case Not(part):
            return Not(_checked(part, scope))
        case Compare(ref, op, value):
            of_kind = kind(ref, scope)
            if op not in ("=", "<>") and of_kind in _UNORDERED:
                raise _unfit(ref, scope, f"can only be compared with =, <> and IN, not with {op}")
            return Compare(ref, op, _value(value, ref, scope))
        case Among(ref, values, negated):
            return Among(ref, tuple(_value(value, ref, scope) for value in values), negated)
        case Like(ref, pattern, negated):
            if kind(ref, scope) != "label":
                raise _unfit(ref, scope, "can't be compared with LIKE, which is for categories")
            if "\\" in pattern:
                raise UnsafeWhere("a backslash can't stand in a LIKE pattern")
            return Like(ref, pattern, negated)
        case IsNull(ref, negated):
            kind(ref, scope)
            return IsNull(ref, negated)


def _value(value: Value, ref: Ref, scope: Scope) -> Value:
    """The literal, of the kind of the column. Raises `BadQuestion` where it is of another."""
    of_kind = kind(ref, scope)
    fitting = _FITTING[of_kind](value)
    if fitting is None:
        raise _unfit(ref, scope, f"must be compared with {_WANTED[of_kind]}")
    return fitting


def _unfit(ref: Ref, scope: Scope, what: str) -> BadQuestion:
    column = scope.column(ref.column)
    shown = f"{ref.function}(…) of the column" if ref.function else f"the column (of type {column.type})"
    return BadQuestion(f"{shown} {what}", where={"table": scope.name, "column": column.name})


def _label(value: Value) -> Value | None:
    return value if isinstance(value, str) else None


def _nationality(value: Value) -> Value | None:
    return value if isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value) else None


def _sex(value: Value) -> Value | None:
    return value if value in ("F", "M") else None


def _truth(value: Value) -> Value | None:
    return value if isinstance(value, bool) else None


def _number(value: Value) -> Value | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _day(value: Value) -> Value | None:
    if isinstance(value, dt.datetime):
        return None
    return value if isinstance(value, dt.date) else _written_day(value)


def _moment(value: Value) -> Value | None:
    return value if isinstance(value, dt.date) else _written_day(value)


def _written_day(value: Value) -> Value | None:
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    return None


def _month(value: Value) -> Value | None:
    if isinstance(value, str) and MONTH.fullmatch(value):
        return value
    return None


def _year(value: Value) -> Value | None:
    if isinstance(value, str) and YEAR.fullmatch(value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _quarter(value: Value) -> Value | None:
    return value if isinstance(value, str) and QUARTER.fullmatch(value) else None


def _one_of(function: str) -> Callable[[Value], Value | None]:
    return lambda value: value if value in LABELS[function] else None


_FITTING: dict[str, Callable[[Value], Value | None]] = {
    "label": _label,
    "nationality": _nationality,
    "sex": _sex,
    "truth": _truth,
    "number": _number,
    "day": _day,
    "moment": _moment,
    "month": _month,
    "year": _year,
    "quarter": _quarter,
    **{function: _one_of(function) for function in LABELS},
}
"""For each kind of column, the literal as it takes it, or None where it takes none such."""

__all__ = ["by", "is_groupable", "kind", "one_day", "references", "where"]
