"""What became of findings that were released before: readers have them, whatever is asked today."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sousveil.gate.answer import Answer
from sousveil.gate.memory import Released

CORRECTED, WITHDRAWN = "corrected", "withdrawn"


def superseded(released: Sequence[Released], answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """The earlier findings that do not stand as they were, in the order of their release; no numbers.

    `corrected`: the same question has other numbers since. `withdrawn`: it is not asked any more, or not
    answered. Both still count in the gate's memory.
    """
    latest = {one.key: one for one in released}
    answered = {one.sheet.key for one in answers if one.total}
    repeated = [(one.sheet.key, one.total, one.cells) for one in answers if one.earlier]
    return [
        _described(one, CORRECTED if one.key in answered or latest[one.key] is not one else WITHDRAWN)
        for one in released
        if (one.key, one.total, one.cells) not in repeated
    ]


def _described(one: Released, status: str) -> dict[str, Any]:
    question = one.question
    return {
        "id": question.id,
        "title": question.title,
        "unit": question.count,
        "table": question.table,
        "where": question.where,
        "by": list(question.by),
        "status": status,
    }
