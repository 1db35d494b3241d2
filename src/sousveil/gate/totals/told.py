"""Cells whose number a released total tells: the minors of a table by ages, where they are asked for, too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from sousveil.findings.syntax import Compare, Every, Ref, Value, canonical, text
from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.sheet import Labels, Sheet


def told(one: Sheet, totals: Collection[str]) -> list[Labels]:
    """The cells of a sheet that are one of these populations (texts without a cut-off), label for label.

    To hide them would hide nothing: the protection takes each total for known wherever it is counted.
    """
    return [labels for labels in one.cells if any(base in totals for base in _bases(one, labels))]


def _bases(one: Sheet, labels: Labels) -> Iterator[str]:
    """The population of one cell, spelled as a question would; a label may be a text, a number or a truth."""
    condition = witness.condition(one.base)
    known = [] if condition is None else [condition]
    source = one.base.partition("; where ")[0]
    if not all(labels):
        return
    for make in (str, int, _truth):
        try:
            cells = [
                Compare(_ref(ref), "=", make(label)) for ref, label in zip(one.refs, labels, strict=True)
            ]
        except (ValueError, KeyError):
            continue
        yield f"{source}; where {text(canonical(Every((*known, *cells))))}"


def _truth(label: str) -> Value:
    return {"true": True, "false": False}[label]


def _ref(ref: str) -> Ref:
    days = spelling.ages_on(ref)
    day = dt.date.fromisoformat(min(days)) if days else None
    return Ref(spelling.column(ref), spelling.function(ref) or None, day)
