"""The same question asked again: the same numbers, or a new edition that differs by nothing or by at least k.

Removing duplicates once moved 38 of 180 counts by exactly one: each such move is a count of one person. So
where any number that a reader has, or can work out, would move by 1 … k-1, the new edition is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sousveil.gate.refusal import Refusal
from sousveil.gate.released import Released
from sousveil.gate.sheet import Labels, Sheet
from sousveil.gate.threshold import is_small

Shown = frozenset[Labels]


@dataclass(frozen=True)
class Moves:
    """By how much the numbers of a question have moved since one release."""

    total: int
    cells: Mapping[Labels, int]

    def rest(self, shown: Shown) -> int:
        """By how much everything else has moved, taken together."""
        return self.total - sum(move for labels, move in self.cells.items() if labels in shown)

    def any_small(self, k: int) -> bool:
        """Whether a cell, or all that was hidden taken together, moved by 1 to k-1."""
        return bool(self.small(k)) or 0 < abs(self.rest(frozenset(self.cells))) < k

    def small(self, k: int) -> Shown:
        """The cells that moved by 1 to k-1."""
        return frozenset(labels for labels, move in self.cells.items() if 0 < abs(move) < k)


@dataclass(frozen=True)
class Again:
    """What earlier releases say to a sheet."""

    same: Released | None = None
    """The release whose numbers stay as they are."""
    refusal: Refusal | None = None
    bound: Sheet | None = None
    """The sheet as it may go on, only with the labels that were shown before; where it is refused, those of
    them that may have new numbers while the others stand."""
    moves: Sequence[Moves] = ()
    """Since each release of the same question."""


def judged(one: Sheet, released: Sequence[Released], k: int) -> Again:
    """What becomes of a sheet, given all releases of the same table of the dump."""
    of_population = [earlier for earlier in released if earlier.base == one.base]
    editions = [earlier for earlier in of_population if earlier.key == one.key]
    for earlier in reversed(editions):
        if agrees(one, earlier):
            return Again(same=earlier)
    refusal = None
    for earlier in of_population:
        if 0 < abs(_moved_total(one, earlier)) < k:
            return Again(refusal=_refusal(one, earlier))
        if earlier.key == one.key and _moved(one, earlier).any_small(k):
            refusal = refusal or _refusal(one, earlier)
    related = [
        e for e in of_population if e.refs == one.refs and (e.key == one.key or _moved_total(one, e) == 0)
    ]
    if not related:
        return Again(refusal=refusal)
    # Of each question the first release: later ones have none but its labels, and some may stand since.
    first = {earlier.key: earlier for earlier in reversed(related)}.values()
    shown = frozenset.intersection(*(frozenset(earlier.cells) for earlier in first))
    gone = {labels for labels in shown if labels not in one.cells or is_small(one.cells[labels], k)}
    if gone:
        refusal = refusal or _refusal(one, related[-1])
    moves = [_moved(one, earlier) for earlier in related if earlier.key == one.key]
    return Again(refusal=refusal, bound=one.limited(shown - gone, released=True), moves=moves)


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
    if earlier.key == one.key:
        return total.value - earlier.total[0]
    return (total.records if earlier.question.count == "records" else total.people) - earlier.total[0]


def _moved(one: Sheet, earlier: Released) -> Moves:
    """By how much the total and each shown cell have moved."""
    cells = {
        labels: (one.cells[labels].value if labels in one.cells else 0) - figures[0]
        for labels, figures in earlier.cells.items()
    }
    return Moves(one.table.total.value - earlier.total[0], cells)
