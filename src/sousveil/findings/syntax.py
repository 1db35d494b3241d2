"""What a `where` or a `by` says, once it was read: a tree of few kinds of nodes, and its canonical text.

The tree is all that ever goes on to an engine; the text that a person wrote never does. The canonical text
is itself in the language, so that reading it again gives the same tree: equal canonical texts, equal rows.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Value = str | int | float | bool | dt.date | dt.datetime
"""A literal. A `datetime` is a moment, a `date` a whole day; a `bool` is no number."""

OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The comparison that holds where another does not (and both are unknown where the column is null)."""

FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
"""The same comparison with its two sides exchanged."""


@dataclass(frozen=True)
class Ref:
    """A column, by its name as shown, or a function of it."""

    column: str
    function: str | None = None
    """One of `recodes.FUNCTIONS`."""
    on: dt.date | None = None
    """The day on which `age_band` or `of_age` takes the age."""

    @property
    def text(self) -> str:
        """The reference in the language."""
        if self.function is None:
            return quoted(self.column)
        day = f", on = '{self.on}'" if self.on else ""
        return f"{self.function}({quoted(self.column)}{day})"


OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""How a `Compare` compares, by its sign: values, or columns of the engine."""


@dataclass(frozen=True)
class Compare:
    """A column against one literal; unknown (so not counted) where the column is null."""

    ref: Ref
    op: str
    value: Value


@dataclass(frozen=True)
class Among:
    """A column against several literals."""

    ref: Ref
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True)
class Like:
    """A text column against a pattern of `%` and `_`."""

    ref: Ref
    pattern: str
    negated: bool = False


@dataclass(frozen=True)
class IsNull:
    """Whether a column is empty."""

    ref: Ref
    negated: bool = False


@dataclass(frozen=True)
class Every:
    """AND."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """OR."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    """NOT; gone once the tree is canonical."""

    part: Node


Node = Compare | Among | Like | IsNull | Every | Either | Not


def quoted(name: str) -> str:
    """A column's name in the language: in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def plain(name: str) -> str:
    """A column's name as a person would write it: in quotes only where it needs them."""
    return name if re.fullmatch(r"[^\W\d]\w*", name) else quoted(name)


def readable(written: str) -> str:
    """A text in the language with quotes around a column's name only where it needs them."""
    parts = re.split(r"('(?:[^']|'')*')", written)
    return "".join(part if part.startswith("'") else re.sub(r'"([^\W\d]\w*)"', r"\1", part) for part in parts)


def references(node: Node | None) -> tuple[Ref, ...]:
    """Every reference to a column, in the order of the text."""
    match node:
        case None:
            return ()
        case Every(parts) | Either(parts):
            return tuple(ref for part in parts for ref in references(part))
        case Not(part):
            return references(part)
        case _:
            return (node.ref,)


def text(node: Node) -> str:
    """The canonical text of a canonical tree."""
    match node:
        case Compare(ref, op, value):
            return f"{ref.text} {op} {_literal(value)}"
        case Among(ref, values, negated):
            listed = ", ".join(_literal(value) for value in values)
            return f"{ref.text} {'NOT ' if negated else ''}IN ({listed})"
        case Like(ref, pattern, negated):
            return f"{ref.text} {'NOT ' if negated else ''}LIKE {_literal(pattern)}"
        case IsNull(ref, negated):
            return f"{ref.text} IS {'NOT ' if negated else ''}NULL"
        case Every(parts):
            return " AND ".join(f"({text(p)})" if isinstance(p, Either) else text(p) for p in parts)
        case Either(parts):
            return " OR ".join(text(part) for part in parts)
        case Not(part):
            return f"NOT ({text(part)})"


def canonical(node: Node) -> Node:
    """The same condition without NOT, flat, its parts sorted and each there once.

    De Morgan's laws and the opposites of comparisons hold in SQL's logic of three values, too.
    """
    match node:
        case Not(part):
            return canonical(_negated(part))
        case Every(parts):
            return _joined(Every, parts)
        case Either(parts):
            return _joined(Either, parts)
        case Among(ref, values, negated):
            distinct = tuple(sorted(set(values), key=_literal))
            if len(distinct) == 1:
                return Compare(ref, "<>" if negated else "=", distinct[0])
            return Among(ref, distinct, negated)
        case _:
            return node


def _negated(node: Node) -> Node:
    match node:
        case Not(part):
            return part
        case Every(parts):
            return Either(tuple(Not(part) for part in parts))
        case Either(parts):
            return Every(tuple(Not(part) for part in parts))
        case Compare(ref, op, value):
            return Compare(ref, OPPOSITE[op], value)
        case Among(ref, values, negated):
            return Among(ref, values, not negated)
        case Like(ref, pattern, negated):
            return Like(ref, pattern, not negated)
        case IsNull(ref, negated):
            return IsNull(ref, not negated)


def _joined(kind: type[Every] | type[Either], parts: tuple[Node, ...]) -> Node:
    flat: list[Node] = []
    for part in map(canonical, parts):
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    by_text = {text(part): part for part in flat}
    if len(by_text) == 1:
        return flat[0]
    return kind(tuple(by_text[key] for key in sorted(by_text)))


def _literal(value: Value) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return repr(value)
        case dt.datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case dt.date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
