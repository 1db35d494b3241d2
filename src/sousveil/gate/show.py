"""A finding as it may be seen: the contract's `findings` shape, with no more in it than what was released.

The order of the cells must not tell what is hidden either: it comes from labels and shown numbers alone.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sousveil.findings.model import ExactTable
from sousveil.gate.language import refs as spelling
from sousveil.gate.refusal import Refusal
from sousveil.gate.sheet import Figures, Labels
from sousveil.version import __version__

OTHER = "other, not shown"
"""The one cell that stands for everything that is hidden under labels that are not shown."""
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")

MAX_LISTED = 2_000
"""Combinations of shown labels that are listed one by one, hidden ones among them."""


def finding(
    table: ExactTable,
    total: Figures | None,
    cells: Mapping[Labels, Figures],
    complete: bool,
    policy: Mapping[str, Any],
) -> dict[str, Any]:
    """A released finding. `cells` are the shown ones by labels in the order of `by`.

    `complete` says that nothing of the table is hidden, under other labels than those that are listed neither
    (`is_open`). With no `by`, the total is the one cell.
    """
    by = table.question.by
    if not by:
        listed = [_cell(by, (), total)]
    else:
        listed = [_cell(by, labels, cells.get(labels)) for labels in listing(by, cells)]
        if not complete:
            listed.append(_cell(by, (OTHER,) * len(by), None))
    made = _head(table, policy) | {
        "cells": listed,
        "withheld": sum(cell["status"] == "withheld" for cell in listed),
    }
    if by:
        made["total"] = {name: part for name, part in _cell((), (), total).items() if name != "keys"}
    return made


def is_open(table: ExactTable, shown: Mapping[Labels, Figures]) -> bool:
    """Whether a table gets a cell for other labels than those that are listed.

    Where anything is withheld it always gets one: else its absence would tell that there are none, and not a
    few.
    """
    listed = set(listing(table.question.by, shown))
    return listed != set(shown) or not all(cell.keys in listed for cell in table.cells)


def refused(table: ExactTable, refusal: Refusal, policy: Mapping[str, Any]) -> dict[str, Any]:
    """A refused finding: no cell, and why."""
    return _head(table, policy) | {"cells": [], "withheld": 0, "refused": refusal.as_json()}


def _head(table: ExactTable, policy: Mapping[str, Any]) -> dict[str, Any]:
    question = table.question
    return {
        "id": question.id,
        "title": question.title,
        "unit": question.count,
        "by": list(question.by),
        "where": question.where,
        "provenance": {
            "tables": [question.table],
            "columns": list(table.columns),
            "cut_off": table.cut_off.isoformat() if table.cut_off else None,
            "version": __version__,
            **policy,
        },
    }


def _cell(by: Sequence[str], labels: Labels, figures: Figures | None) -> dict[str, Any]:
    value, low, high = figures or (None, None, None)
    return {
        "keys": dict(zip(by, labels, strict=True)),
        "value": value,
        "low": low,
        "high": high,
        "status": "published" if figures else "withheld",
    }


def listing(by: Sequence[str], shown: Mapping[Labels, Figures]) -> list[Labels]:
    """The labels of the cells to list: all combinations of shown labels, hidden ones alike.

    A label of which nothing is shown is not printed: that it exists may tell of one person. Months and years
    between shown ones, and the age bands, are known to everybody and are listed.
    """
    axes = [_axis(ref, _sizes(shown, place)) for place, ref in enumerate(by)]
    if math.prod(len(axis) for axis in axes) <= MAX_LISTED:
        return list(itertools.product(*axes))
    places = [{label: place for place, label in enumerate(axis)} for axis in axes]
    return sorted(shown, key=lambda labels: [p[label] for p, label in zip(places, labels, strict=True)])


def _sizes(shown: Mapping[Labels, Figures], place: int) -> dict[str, int]:
    """What is shown under each label of one column, added up."""
    sizes: dict[str, int] = {}
    for labels, figures in shown.items():
        sizes[labels[place]] = sizes.get(labels[place], 0) + figures[0]
    return sizes


def _axis(by: str, sizes: Mapping[str, int]) -> list[str]:
    """The labels of one column in their order: time and ages ascending, others by what is shown of them."""
    stated = sorted(label for label in sizes if label)
    ref = spelling.canonical(by)
    missing = [""] if "" in sizes else []
    if spelling.is_closed(ref):
        return [*spelling.universe(ref, stated), *missing]
    if all(_NUMBER.fullmatch(label) for label in stated):
        return [*sorted(stated, key=float), *missing]
    return [*sorted(stated, key=lambda label: (-sizes[label], label)), *missing]
