"""The language of questions, read and worked out without any code of Sousveil's, in SQL's three values.

A record is a mapping from columns to texts (days as `2018-03-05`, numbers as written); an empty one is null.
An attacker needs no more of the language than this, and shares nothing with the gate by using it.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Record = Mapping[str, str]
Truth = bool | None
Condition = Callable[[Record], Truth]

_TOKEN = re.compile(
    r"\s*(?:(?P<date>DATE\s*'[^']*')|(?P<text>'(?:[^']|'')*')|\"(?P<name>(?:[^\"]|\"\")+)\""
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?)|(?P<word>\w+)|(?P<sign><=|>=|<>|[=<>(),]))"
)
_CALL = re.compile(r"(\w+)\(\"?(\w+)\"?(?:, *on *= *(?:DATE *)?'?([0-9-]+)'?)?\)")
_COMPARE = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_BANDS = ((18, "0-17"), (30, "18-29"), (45, "30-44"), (60, "45-59"), (121, "60+"))
REGIONS = {
    "CHN": ("Eastern Asia", "Asia"), "JPN": ("Eastern Asia", "Asia"), "KAZ": ("Central Asia", "Asia"),
    "KGZ": ("Central Asia", "Asia"), "RUS": ("Eastern Europe", "Europe"), "POL": ("Eastern Europe", "Europe"),
    "DEU": ("Western Europe", "Europe"), "FRA": ("Western Europe", "Europe"),
}  # fmt: skip
"""Region and continent of the countries that the suite uses."""


@dataclass(frozen=True)
class Leaf:
    """A condition about one column."""

    column: str
    holds: Condition


@functools.cache
def column(ref: str) -> str:
    """The column that an entry of `by` reads."""
    call = _CALL.fullmatch(ref)
    return call[2] if call else ref.strip('"')


@functools.cache
def label(ref: str, value: str) -> str:
    """The label of a value under an entry of `by`; empty where it has none."""
    call = _CALL.fullmatch(ref)
    if not value or call is None:
        return value
    match call[1]:
        case "month":
            return value[:7]
        case "quarter":
            return f"{value[:4]}-Q{(int(value[5:7]) + 2) // 3}"
        case "year":
            return value[:4]
        case "region" | "continent" as called:
            return REGIONS.get(value, ("", ""))[called == "continent"]
        case called:
            return _aged(value, call[3], called)


def _aged(born: str, on: str, called: str) -> str:
    age = int(on[:4]) - int(born[:4]) - (on[5:] < born[5:])
    band = next((name for limit, name in _BANDS if 0 <= age < limit), "")
    return band if not band or called == "age_band" else ("0-17" if age < 18 else "18+")


@functools.cache
def parsed(where: str) -> tuple[Condition, tuple[Leaf, ...]]:
    """What a `where` says, and the leaves that it is made of; nothing written holds for everybody."""
    if not where:
        return (lambda _: True), ()
    reader = _Reader(where)
    return reader.either(), tuple(reader.leaves)


class _Reader:
    """A recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            found = _TOKEN.match(text, place)
            assert found, text
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        self.place = 0
        self.leaves: list[Leaf] = []

    def next(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def took(self, *words: str) -> bool:
        found = [text.upper() for _, text in self.tokens[self.place : self.place + len(words)]]
        if found != list(words):
            return False
        self.place += len(words)
        return True

    def either(self) -> Condition:
        parts = [self.both()]
        while self.took("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda record: _any([part(record) for part in parts])

    def both(self) -> Condition:
        parts = [self.negated()]
        while self.took("AND"):
            parts.append(self.negated())
        return parts[0] if len(parts) == 1 else lambda record: _not(_any([_not(p(record)) for p in parts]))

    def negated(self) -> Condition:
        if self.took("NOT"):
            part = self.negated()
            return lambda record: _not(part(record))
        if self.took("("):
            inside = self.either()
            assert self.took(")")
            return inside
        return self.leaf()

    def leaf(self) -> Condition:
        ref = self.reference()
        holds = self.test(ref)
        self.leaves.append(Leaf(column(ref), holds))
        return holds

    def reference(self) -> str:
        kind, text = self.next()
        self.place += 1
        if kind == "name" or not self.took("("):
            return text
        inside = self.take()
        day = ""
        if self.took(",", "ON", "="):
            day = f", on = '{_constant(self.take())}'"
        assert self.took(")")
        return f"{text.lower()}({inside}{day})"

    def test(self, ref: str) -> Condition:
        if self.took("IS", "NULL"):
            return lambda record: _seen(ref, record) is None
        if self.took("IS", "NOT", "NULL"):
            return lambda record: _seen(ref, record) is not None
        negative = self.took("NOT")
        holds = self.positive(ref)
        return (lambda record: _not(holds(record))) if negative else holds

    def positive(self, ref: str) -> Condition:
        if self.took("IN", "("):
            wanted = [_constant(self.take())]
            while self.took(","):
                wanted.append(_constant(self.take()))
            assert self.took(")")
            return lambda record: _any([_compared(_seen(ref, record), "=", one) for one in wanted])
        if self.took("BETWEEN"):
            low = _constant(self.take())
            assert self.took("AND")
            high = _constant(self.take())
            return lambda record: _not(
                _any([_compared(_seen(ref, record), "<", low), _compared(_seen(ref, record), ">", high)])
            )
        if self.took("LIKE"):
            parts = re.split(r"([%_])", _constant(self.take()))
            pattern = re.compile("".join({"%": ".*", "_": "."}.get(one, re.escape(one)) for one in parts))
            return lambda record: _matched(pattern, _seen(ref, record))
        kind, sign = self.next()
        if kind != "sign" or sign == ")":  # a yes/no column by itself
            return lambda record: _compared(_seen(ref, record), "=", "true")
        op = self.take()
        constant = _constant(self.take())
        return lambda record: _compared(_seen(ref, record), op, constant)


def _seen(ref: str, record: Record) -> str | None:
    return label(ref, record[column(ref)]) or None


def _constant(token: str) -> str:
    """The text of a literal: `DATE '2018-03-05'`, `'x'`, `3`, `TRUE`."""
    if token.endswith("'"):
        return token[token.index("'") + 1 : -1].replace("''", "'")
    return token.lower() if token.upper() in ("TRUE", "FALSE") else token


def _compared(seen: str | None, op: str, constant: str) -> Truth:
    if seen is None:
        return None
    numbers = [_number(seen), _number(constant)]
    if None not in numbers:
        return bool(_COMPARE[op](*numbers))
    return bool(_COMPARE[op](seen, constant))


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else None


def _matched(pattern: re.Pattern[str], seen: str | None) -> Truth:
    return None if seen is None else bool(pattern.fullmatch(seen))


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _any(truths: Sequence[Truth]) -> Truth:
    return True if True in truths else (None if None in truths else False)
