"""What a reader has: tables as they were printed, and which of them one world must agree with.

Nothing but printed numbers and public rules goes in here, so that nothing else can come out: two cases that
printed the same have the same worlds, whatever is hidden in them.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sousveil.findings.recodes import AGES
from sousveil.findings.syntax import quoted
from sousveil.gate import show
from sousveil.gate.language import refs as spelling
from sousveil.gate.sheet import Labels


@dataclass(frozen=True)
class Printed:
    """One table as it stands on a page."""

    table: str
    """The table of the dump."""
    edition: int
    """A table of the dump has a new one where its data has changed between two releases."""
    unit: str
    where: str
    """In canonical form."""
    by: tuple[str, ...]
    """Canonical references (`refs.canonical`), in the order of the question."""
    total: int
    cells: Mapping[Labels, int | None] = field(repr=False)
    """Every cell that is listed, by labels in the order of `by`; None where it is not shown."""
    dated: str = field(default="", compare=False)
    """The column that dates a record, where there is a cut-off."""
    cut_off: str = field(default="", compare=False)
    """The last day of which records are counted, in ISO 8601; it is printed."""

    @property
    def is_open(self) -> bool:
        """Whether there may be more under labels that are not listed."""
        return (show.OTHER,) * len(self.by) in self.cells

    @property
    def shown(self) -> dict[Labels, int]:
        """The cells that have a number."""
        return {labels: value for labels, value in self.cells.items() if value is not None}

    def as_json(self, k: int) -> dict[str, Any]:
        """As in `worlds.json`, and as the reader's verifier makes it from the page."""
        return {
            "table": self.table,
            "unit": self.unit,
            "where": self.where,
            "by": [expression(ref) for ref in self.by],
            "k": k,
            "total": self.total,
            "cells": [[*labels, value] for labels, value in self.cells.items()],
        }


def expression(ref: str) -> str:
    """A canonical reference in the language of questions, its column in quotes."""
    called, column = spelling.function(ref), quoted(spelling.column(ref))
    day = "".join(f", on = '{day}'" for day in spelling.ages_on(ref)) if called in AGES else ""
    return f"{called}({column}{day})" if called else column


def listed(
    by: Sequence[str], shown: Mapping[Labels, int], total: int, is_open: bool
) -> dict[Labels, int | None]:
    """Every cell that a page lists of a table; without `by` the total is the one cell.

    `is_open` says that something is hidden under labels that are not listed.
    """
    if not by:
        return {(): total}
    figures = {labels: (value, value, value) for labels, value in shown.items()}
    cells: dict[Labels, int | None] = {labels: shown.get(labels) for labels in show.listing(by, figures)}
    return cells | {(show.OTHER,) * len(by): None} if is_open else cells


def rounds(printed: Sequence[Printed]) -> list[list[Printed]]:
    """The tables that one world must agree with: of one table of the dump, in one edition; each once."""
    ordered = sorted(printed, key=lambda one: (one.table, one.edition, one.where, one.by, one.unit))
    grouped = itertools.groupby(ordered, key=lambda one: (one.table, one.edition))
    return [
        list(
            {
                (one.where, one.by, one.unit, one.total, tuple(one.cells.items())): one for one in group
            }.values()
        )
        for _, group in grouped
    ]
