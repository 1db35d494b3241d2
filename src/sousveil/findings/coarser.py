"""Coarser questions than a refused one, by public structure alone: no look at the data.

A month becomes its quarter or year, a country its region or continent, an age band whether of age; a column
of `by` or a part of `where` is left out. Everything comes from the text of the question and from `recodes`,
so that the list itself tells nothing; what the gate says to it is for `nearest`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sousveil.findings.model import Question
from sousveil.findings.questions import Asked
from sousveil.findings.recodes import DATES, chain, recoded
from sousveil.findings.syntax import Among, Compare, Every, Node, Ref, Value, canonical, plain, readable, text

MOST = 40
"""Coarser questions of one question, the nearest."""
_DROPPED_COLUMN, _DROPPED_PART, _DROPPED_WHERE = 4, 5, 7
"""What leaving out costs; a step along a chain of coarser labels costs 1 in `by` and 2 in `where`."""
_WIDER = {">": ">=", "<": "<="}


@dataclass(frozen=True)
class Coarser:
    """A question in the place of another, and what is given up for it."""

    question: Question
    changes: tuple[str, ...]
    cost: int
    """The less, the more it keeps."""


@dataclass(frozen=True)
class _Edit:
    """One half of a question made coarser."""

    made: tuple[Ref, ...] | Node | None
    change: str
    cost: int


def coarser(asked: Asked) -> list[Coarser]:
    """The coarser questions of a question about a table, those that keep most first."""
    if asked.scope is None:
        return []
    bys = [_Edit(asked.by, "", 0), *_of_by(asked)]
    wheres = [_Edit(asked.where, "", 0), *_of_where(asked)]
    found: dict[tuple[tuple[str, ...], str], Coarser] = {}
    for by, where in sorted(itertools.product(bys, wheres), key=lambda pair: pair[0].cost + pair[1].cost):
        cost = by.cost + where.cost
        if cost:
            question = _question(asked, by.made, where.made)
            changes = tuple(one.change for one in (by, where) if one.change)
            found.setdefault((question.by, question.where), Coarser(question, changes, cost))
    return list(found.values())[:MOST]


def _question(asked: Asked, by: object, where: object) -> Question:
    refs = by if isinstance(by, tuple) else ()
    condition = text(canonical(where)) if isinstance(where, Node) else ""
    return replace(asked.question, by=tuple(map(written, refs)), where=condition)


def written(ref: Ref) -> str:
    """A reference as a person writes it."""
    if ref.function is None:
        return plain(ref.column)
    on = f", on = '{ref.on.isoformat()}'" if ref.on else ""
    return f"{ref.function}({plain(ref.column)}{on})"


def _chain(ref: Ref, asked: Asked) -> tuple[str, ...]:
    """The coarser functions of a reference, as far as its column can have them."""
    if ref.function is not None:
        return chain(ref.function)
    is_country = asked.scope is not None and asked.scope.column(ref.column).kind == "nationality"
    return chain("") if is_country else ()


def _of_by(asked: Asked) -> Iterator[_Edit]:
    for place, ref in enumerate(asked.by):
        others = (*asked.by[:place], *asked.by[place + 1 :])
        for cost, function in enumerate(_chain(ref, asked), 1):
            wider = replace(ref, function=function)
            if wider not in others:
                made = (*asked.by[:place], wider, *asked.by[place + 1 :])
                yield _Edit(made, f"{written(wider)} in the place of {written(ref)}", cost)
        yield _Edit(others, f"without {written(ref)} in `by`", _DROPPED_COLUMN)


def _of_where(asked: Asked) -> Iterator[_Edit]:
    parts = asked.where.parts if isinstance(asked.where, Every) else (asked.where,) if asked.where else ()
    for place, part in enumerate(parts):
        others = (*parts[:place], *parts[place + 1 :])
        for cost, wider in enumerate(_wider(part, asked), 1):
            made = canonical(Every((*others, wider)))
            yield _Edit(made, f"`{readable(text(wider))}` in the place of `{readable(text(part))}`", 2 * cost)
        rest = canonical(Every(others)) if others else None
        yield _Edit(rest, f"without `{readable(text(part))}`", _DROPPED_PART)
    if len(parts) > 1:
        yield _Edit(None, "without `where`", _DROPPED_WHERE)


def _wider(part: Node, asked: Asked) -> Iterator[Node]:
    """Conditions that hold wherever this one does, the nearest first."""
    if isinstance(part, Compare) and isinstance(part.value, dt.date):
        if part.op != "<>":
            yield from (_over(part, function) for function in ("month", "quarter", "year"))
    elif (isinstance(part, Compare) and part.op == "=") or (isinstance(part, Among) and not part.negated):
        yield from (_over(part, function) for function in _chain(part.ref, asked))


def _over(part: Compare | Among, function: str) -> Node:
    """The same condition on a coarser function of its column."""
    ref = Ref(part.ref.column, function, part.ref.on if function not in DATES else None)
    if isinstance(part, Among):
        return canonical(Among(ref, tuple(_label(value, function) for value in part.values)))
    return Compare(ref, _WIDER.get(part.op, part.op), _label(part.value, function))


def _label(value: Value, function: str) -> Value:
    made = recoded(f"{value:%Y-%m}" if isinstance(value, dt.date) else str(value), function)
    return int(made) if function == "year" else made
