"""From what the engine returns for a `by` column to the label that a reader sees, and the order of labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from sousveil.findings.recodes import LABELS

NOT_STATED = ""
"""The label of a record that has no value there."""

ORDERED = frozenset({"month", "quarter", "year", "age_band", "of_age", "number"})
"""Kinds whose labels have an order of their own; all others are shown by size."""


def label(kind: str, untrusted: Any) -> str:
    """The label: `2018-03`, `2018-Q1`, `18-29`, `KAZ`, `F`, `true`, `3.5`, a text; empty for none."""
    if untrusted is None:
        return NOT_STATED
    match kind:
        case "month":
            return f"{int(untrusted) // 12:04d}-{int(untrusted) % 12 + 1:02d}"
        case "year":
            return f"{int(untrusted):04d}"
        case "quarter":
            return f"{int(untrusted) // 4:04d}-Q{int(untrusted) % 4 + 1}"
        case "age_band" | "of_age" | "region" | "continent":
            return LABELS[kind][int(untrusted)]
        case "truth":
            return "true" if untrusted else "false"
        case "number":
            return _number(float(untrusted))
        case _:
            return str(untrusted)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return NOT_STATED
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def ranks(kind: str, sizes: dict[str, int]) -> dict[str, tuple[int, float, str]]:
    """For each label its place: ordered kinds ascending, others largest first; not stated is last."""
    if kind == "number":
        return {one: (one == NOT_STATED, float(one or 0), one) for one in sizes}
    return {
        one: (one == NOT_STATED, 0.0 if kind in ORDERED else float(-size), one) for one, size in sizes.items()
    }


def in_order(
    kinds: Sequence[str], cells: Sequence[tuple[tuple[str, ...], int]]
) -> list[tuple[tuple[int, float, str], ...]]:
    """For each cell (labels, size) the key to sort it by: column after column."""
    places = []
    for position, kind in enumerate(kinds):
        sizes: dict[str, int] = {}
        for labels, size in cells:
            sizes[labels[position]] = sizes.get(labels[position], 0) + size
        places.append(ranks(kind, sizes))
    return [tuple(place[one] for place, one in zip(places, labels, strict=True)) for labels, _ in cells]
