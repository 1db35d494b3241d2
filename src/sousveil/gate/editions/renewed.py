"""Which cells of a table that has only grown get new numbers, while the others keep those of their release.

What came into a table is a table of its own: new numbers show a cell of it, and what came into all others
taken together. A cell to which few came, or nobody, keeps its earlier number, and so does one more where
readers could tell the rest apart: each group of cells without new numbers got nobody, or at least k people,
and each that got fewer than k may have got 0 to k-1, for one who knows which those are. So whoever knows all
of the earlier edition, hidden cells too, learns of what came in no more than from a protected table of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.gate.editions.arrivals import Lens, few, numbered
from sousveil.gate.editions.growth import Growth
from sousveil.gate.editions.repeated import Moves
from sousveil.gate.protection.system import Flags
from sousveil.gate.sheet import Labels

Shown = frozenset[Labels]


@dataclass(frozen=True)
class Table:
    """A table that was released before, and is asked again."""

    lens: Lens
    """What it tells, of all labels that may be shown."""
    printed: Mapping[int, Shown]
    """By the place of an edition the labels that were printed then, where nothing else tells of them."""
    moves: Sequence[Moves]
    """Its numbers since each earlier release."""
    of_people: bool

    there: Shown
    """The labels that anybody has."""

    def beside(self, places: Sequence[int], shown: Shown) -> dict[int, Lens]:
        """What new numbers tell, by the place of the edition beside which they do.

        Cells that were printed both times; and all others taken together, which are two kinds where no cell
        is in neither: those without new numbers, and those that were not printed then.
        """
        return {place: self._beside(self.printed.get(place, shown), shown) for place in places}

    def _beside(self, printed: Shown, shown: Shown) -> Lens:
        both = shown & printed
        together = frozenset() if self.there - shown - printed else shown - printed
        return Lens(self.lens.columns, self.lens.conditions, self.lens.refs, both, together)


def renewed(growth: Growth, table: Table, allowed: Shown) -> Shown:
    """The labels that get new numbers: all that are allowed, or those to which many came; or none."""
    moved = frozenset(labels for one in table.moves for labels in one.small(growth.k))
    whole = _Search(growth, table, zeros=True)
    if not moved and not whole.dropped(allowed):
        return allowed
    part = _Search(growth, table, zeros=False)
    shown = allowed - moved
    while shown and (dropped := part.dropped(shown)):
        shown -= dropped
    return shown


@dataclass(frozen=True)
class _Search:
    growth: Growth
    table: Table
    zeros: bool
    """Whether a cell to which nobody came may have a new number: only where all cells have."""

    def dropped(self, shown: Shown) -> Shown:
        """Labels that must not get new numbers; empty where these labels may."""
        for place, lens in self.table.beside([*self.growth.since], shown).items():
            if dropped := self._told(place, lens, shown):
                return dropped
        for one in self.table.moves:
            if 0 < abs(one.rest(shown)) < self.growth.k:
                return frozenset([min(shown, key=lambda labels: (abs(one.cells.get(labels, 0)), labels))])
        return frozenset()

    def _told(self, place: int, lens: Lens, shown: Shown) -> Shown:
        """Labels of which new numbers would tell of a few who came since an edition."""
        came = self.growth.since[place]
        if lens.shown is None or not came.asking.knows(lens):
            return frozenset()  # what was not asked then is judged as a whole (`Growth.refusing`)
        code, labels = came.asking.shown(lens)
        group, _ = self.growth.joined(dict.fromkeys(self.growth.since, lens), self.table.of_people)
        merged = came.classes(group.at(place), came.new)
        told = code[came.asking.records.codes[came.new]]
        bad = few(merged, came.asking.persons[came.new], self.growth.k)[merged]
        arrived = np.bincount(np.maximum(told, 0), minlength=len(labels) + 1)
        dropped = {labels[one - 1] for one in np.unique(told[bad]).tolist() if one > 0}
        if not self.zeros:
            dropped |= {labels[one - 1] for one in np.flatnonzero(arrived == 0).tolist() if one}
        if dropped:
            return frozenset(dropped)
        rest = told <= 0
        if not ((bad & rest).any() or self._apart(place, lens, group.at(place), rest)):
            return frozenset()
        # One more cell among them: that to which fewest came, or one that was not printed then.
        if (lens.together and (bad & (told < 0)).any()) or not labels:
            return frozenset([min(lens.together or shown)])
        return frozenset([labels[int(np.argmin(arrived[1:]))]])

    def _apart(self, place: int, lens: Lens, group: Sequence[Lens], rest: Flags) -> bool:
        """Whether cells that were told together could be told apart by one who knows which got few.

        `rest` are the records that came in to cells without new numbers. Cells that got few may be 0 to k-1
        each, those that got many at least k, and all together are known.
        """
        came, k = self.growth.since[place], self.growth.k
        whole = came.by_class(group)
        fine = numbered([whole, came.asking.through(Lens(lens.columns))])
        rows = came.asking.records.codes[came.new][rest]
        records = np.bincount(whole[rows])
        some = np.flatnonzero(np.bincount(fine[rows]))
        many = np.setdiff1d(some, np.flatnonzero(few(fine[rows], came.asking.persons[came.new][rest], k)))
        pairs = np.unique(np.stack([fine, whole], axis=1), axis=0)[:, 1]
        whole_of = np.zeros(int(fine.max(initial=-1)) + 1, np.int64)
        whole_of[fine] = whole
        size = len(records)
        cells, got, got_many = (
            np.bincount(part[part < size], minlength=size) for part in (pairs, whole_of[some], whole_of[many])
        )
        alike = got_many == (got if self.zeros else cells)
        enough = np.where(got_many > 0, records - k * got_many >= k - 1, records <= (cells - 1) * (k - 1))
        return bool(((records > 0) & ~alike & ~enough).any())
