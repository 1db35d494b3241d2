"""The same question asked again: the same numbers, or a new edition that differs by nothing or by at least k.

Removing duplicates once moved 38 of 180 counts by exactly one: each such move is a count of one person. So
where any number that a reader has, or can work out, would move by 1 … k-1, the new edition is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Sheet
from sousveil.gate.threshold import is_small


@dataclass(frozen=True)
class Again:
    """What earlier releases say to a sheet."""

    same: Released | None = None
    """The release whose numbers stay as they are."""
    refusal: Refusal | None = None
    bound: Sheet | None = None
    """The sheet as it may go on, only with the labels that were shown before."""


def judged(one: Sheet, released: Sequence[Released], k: int) -> Again:
    """What becomes of a sheet, given all releases of the same table of the dump."""
    of_population = [earlier for earlier in released if earlier.base == one.base]
    editions = [earlier for earlier in of_population if earlier.key == one.key]
    for earlier in reversed(editions):
        if agrees(one, earlier):
            return Again(same=earlier)
    for earlier in of_population:
        moves = _moves(one, earlier) if earlier.key == one.key else [_moved_total(one, earlier)]
        if any(0 < abs(move) < k for move in moves):
            return Again(refusal=_refusal(one, earlier))
    related = [
        e for e in of_population if e.refs == one.refs and (e.key == one.key or _moved_total(one, e) == 0)
    ]
    if not related:
        return Again()
    shown = frozenset.intersection(*(frozenset(earlier.cells) for earlier in related))
    if any(labels not in one.cells or is_small(one.cells[labels], k) for labels in shown):
        return Again(refusal=_refusal(one, related[-1]))
    return Again(bound=one.limited(shown, released=True))


def agrees(one: Sheet, earlier: Released) -> bool:
    """Whether every number that was shown still holds."""
    return one.table.total.value == earlier.total[0] and all(
        labels in one.cells and one.cells[labels].value == figures[0]
        for labels, figures in earlier.cells.items()
    )


def _refusal(one: Sheet, earlier: Released) -> Refusal:
    now = one.table.cut_off.isoformat() if one.table.cut_off else None
    return Refusal("EDITION" if now == earlier.cut_off else "CUTOFF", earlier.question.id)


def _moved_total(one: Sheet, earlier: Released) -> int:
    total = one.table.total
    return (total.records if earlier.question.count == "records" else total.people) - earlier.total[0]


def _moves(one: Sheet, earlier: Released) -> Iterable[int]:
    """By how much the total, each shown cell, and all that was hidden taken together have moved."""
    moves = [
        (one.cells[labels].value if labels in one.cells else 0) - figures[0]
        for labels, figures in earlier.cells.items()
    ]
    total = one.table.total.value - earlier.total[0]
    return [total, *moves, total - sum(moves)]
