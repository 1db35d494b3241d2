"""One table that was released: how `releases/` and the vault write it down, and how it is read again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sousveil.findings.model import ExactCell, ExactTable, Question
from sousveil.gate.sheet import Figures, Labels, Sheet, sheet


@dataclass(frozen=True)
class Released:
    """One table that was released."""

    question: Question
    population: str
    base: str
    cut_off: str | None
    refs: tuple[str, ...]
    total: Figures
    cells: dict[Labels, Figures]
    """What was shown; labels in the order of `refs`."""
    exact: Sheet | None
    """All of it, from the vault; None where the vault was lost since."""
    edition: int = 0
    """The place of its edition among those of its table (`Memory.editions`); -1 where there is none."""
    release: int = 0
    """The number of its release, from 1."""
    version: str = ""
    """The version of Sousveil that released it."""

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """As `Sheet.key`."""
        return self.base, self.refs, self.question.count


def canonical(document: Any) -> str:
    """A document as JSON: sorted, without spaces."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def whole(table: ExactTable) -> dict[str, Any]:
    """All of a table, for the vault; the question is with what was released."""

    def cell(one: ExactCell) -> list[Any]:
        return [list(one.keys), one.records, one.people, one.value, one.low, one.high]

    return {
        "cells": [cell(one) for one in table.cells],
        "total": cell(table.total),
        "population": table.population,
        "columns": list(table.columns),
        "cut_off": table.cut_off.isoformat() if table.cut_off else None,
    }


def digest_of(table: ExactTable) -> str:
    """Tells whether the data behind a question has changed. For the vault only: it covers hidden numbers."""
    return hashlib.sha256(canonical(whole(table)).encode("utf-8")).hexdigest()


def shown_part(one: Sheet, total: Figures, cells: dict[Labels, Figures]) -> dict[str, Any]:
    """What of a table is shown, for `releases/`."""
    question = one.table.question
    return {
        "question": asdict(question),
        "population": one.table.population,
        "base": one.base,
        "cut_off": one.table.cut_off.isoformat() if one.table.cut_off else None,
        "refs": list(one.refs),
        "total": list(total),
        "cells": [[list(labels), *figures] for labels, figures in sorted(cells.items())],
    }


def read_table(table: dict[str, Any], exact: dict[str, Any] | None) -> Released:
    """A released table from `releases/` and, where the vault still has it, all of it."""
    question = question_of(table["question"])
    return Released(
        question=question,
        population=table["population"],
        base=table["base"],
        cut_off=table["cut_off"],
        refs=tuple(table["refs"]),
        total=_figures(table["total"]),
        cells={tuple(cell[0]): _figures(cell[1:]) for cell in table["cells"]},
        exact=_exact(question, exact) if exact else None,
        edition=int(table.get("edition", -1)) if exact else -1,
    )


def question_of(asked: dict[str, Any]) -> Question:
    """A question as `asdict` wrote it."""
    return Question(**{**asked, "by": tuple(asked["by"])})


def _figures(numbers: Sequence[Any]) -> Figures:
    value, low, high = (int(number) for number in numbers)
    return value, low, high


def _exact(question: Question, kept: dict[str, Any]) -> Sheet:
    def cell(fields: Sequence[Any]) -> ExactCell:
        return ExactCell(tuple(fields[0]), *fields[1:])

    cut_off = dt.date.fromisoformat(kept["cut_off"]) if kept["cut_off"] else None
    return sheet(
        ExactTable(
            question,
            tuple(cell(fields) for fields in kept["cells"]),
            cell(kept["total"]),
            kept["population"],
            tuple(kept["columns"]),
            cut_off,
        )
    )
