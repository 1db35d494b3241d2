"""Which labels readers know: nobody under one of them must look as a few people would."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from sousveil.gate.language import refs as spelling
from sousveil.gate.language import witness
from sousveil.gate.sheet import Counts, Sheet


def known(sheets: Sequence[Sheet], counts: Counts, k: int) -> dict[str, set[str]]:
    """For each reference the labels that some question may show, and none where somebody may have none.

    Those of at least `k` people in the whole table, asked for or not: where a condition leaves nobody under
    one of them, that is a cell of nobody like any other. A label of fewer is printed nowhere. A label of a
    finer reference tells the coarser one.
    """
    written = {
        spelling.canonical(by): by
        for one in sheets
        if witness.condition(one.base) is not None
        for by in one.table.question.by
    }
    found: dict[str, set[str]] = {}
    for ref in sorted({ref for one in sheets for ref in one.refs if ref in written}):
        number = counts((), (written[ref],))
        found[ref] = {label for (label,), figures in number.items() if min(figures) >= k or not label}
    for fine, coarse in itertools.permutations(list(found), 2):
        if spelling.determines(fine, coarse):
            found[coarse].update(spelling.recode(label, coarse) for label in found[fine])
    return found


def is_complete(one: Sheet) -> bool:
    """Whether a released table shows a cell for every combination of its labels: it hides nothing."""
    if not one.released or one.shown is None or len(one.shown) != len(one.cells):
        return False
    axes = [{labels[place] for labels in one.cells} for place in range(len(one.refs))]
    sizes = [
        len({*axis, *spelling.universe(ref, [label for label in axis if label])})
        for ref, axis in zip(one.refs, axes, strict=True)
    ]
    return math.prod(sizes) == len(one.cells)
