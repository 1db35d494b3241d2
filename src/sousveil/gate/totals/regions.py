"""What sizes of populations prove of the people who stand in some of them and not in others.

Nothing is ever printed about two tables together, but sizes bound each other (M. Fréchet, 1935): of 117
people in one table and 116 in another at least one is not in the other. A region is one way to stand in
populations (in these, not in those); its people are an unknown, and each printed size is a sum of regions.
Every union of regions with fewer than k people must be able to be empty: there must be another world, a whole
number of people for each region, with the same sizes and nobody there. Since a union is no smaller for the
regions of nobody that are added to it, worlds have people in regions of somebody alone. A region of nobody
must be able to hold somebody, since nobody and a few are refused alike.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sousveil.gate.effort import Work
from sousveil.gate.protection.solver import Program
from sousveil.gate.protection.system import Flags, Ints

WIDE = 3
"""Populations of a region of nobody that is looked at, at most."""


@dataclass(frozen=True)
class Regions:
    """The people of a case by where they stand."""

    within: Flags
    """For each region (rows) whether it lies in each population whose size is printed (columns)."""
    people: Ints
    """How many people stand there."""

    def by(self, columns: Ints | list[int]) -> Regions:
        """The people by some of the populations, those left out who are in none: of them no size tells."""
        chosen, back = np.unique(self.within[:, columns], axis=0, return_inverse=True)
        people = np.bincount(back.ravel(), self.people, len(chosen)).astype(np.int64)
        inside = chosen.any(axis=1)
        return Regions(chosen[inside], people[inside])

    def emptied(self, empty: Ints | list[int]) -> Ints | None:
        """A world of the same sizes (people by region) with nobody in some regions; None if none is found.

        In whole numbers, and checked: the proof does not rest on the solver.
        """
        sums, sizes = self._sums()
        most = np.full(len(self.people), int(self.people.sum()), dtype=np.int64)
        most[empty] = 0
        program = Program(sums, sizes, np.zeros_like(most), most)
        for whole in (False, True):
            found = program.minimise(np.zeros(len(most)), whole)
            if found is None:
                return None
            world = np.rint(found).astype(np.int64)
            if (sums @ world == sizes).all() and ((world >= 0) & (world <= most)).all():
                return world
        return None

    def _sums(self) -> tuple[sparse.csr_array, Ints]:
        """The equations of all worlds: which regions each population adds up, and to how many people."""
        sums = sparse.csr_array(self.within.T.astype(np.int64))
        return sums, np.asarray(sums @ self.people)

    def can_be_empty(self, k: int, work: Work) -> bool:
        """Whether each union of regions with fewer than k people was shown to be possibly empty.

        All small regions at once, if that goes; else a largest one of them either belongs to the union or
        does not. Raises `TooLong`.
        """
        small = np.flatnonzero(self.people < k)
        ordered = small[np.argsort(-self.people[small], kind="stable")].tolist()
        return not ordered or self._can_be_empty([], ordered, k, work)

    def _can_be_empty(self, some: list[int], more: list[int], k: int, work: Work) -> bool:
        """The same of the small unions of `some` and any of `more`."""
        work.spend(1)
        if self.emptied([*some, *more]) is not None:
            return True
        if int(self.people[[*some, *more]].sum()) < k:
            return False
        first, *rest = more
        left = k - int(self.people[[*some, first]].sum())
        fitting = [one for one in rest if self.people[one] < left]
        return self._can_be_empty([*some, first], fitting, k, work) and (
            not rest or self._can_be_empty(some, rest, k, work)
        )

    def can_hold_somebody(self, empty: Flags, work: Work) -> bool:
        """Whether each of these regions of nobody (rows as in `within`) may hold somebody.

        In fractions of people: here nobody is proven to be anywhere. Raises `TooLong`.
        """
        nobody = np.zeros(len(empty), dtype=np.int64)
        wider = Regions(np.vstack([self.within, empty]), np.concatenate([self.people, nobody]))
        sums, sizes = wider._sums()
        first, most = len(self.people), np.full_like(wider.people, int(self.people.sum()))
        still_open = np.ones(len(empty), dtype=np.bool_)
        while still_open.any():
            work.spend(1)
            low = np.zeros_like(wider.people)
            low[first + np.flatnonzero(still_open)[0]] = 1
            cost = np.append(np.zeros(first), np.where(still_open, -1.0, 0.0))
            found = Program(sums, sizes, low, most).minimise(cost)
            if found is None:
                return False
            still_open &= found[first:] < 1
        return True

    def empty_ones(self, fewest: int) -> Flags:
        """The regions of nobody in at least so many populations and in no other; see `WIDE`."""
        populations = self.within.shape[1]
        there = set(map(tuple, self.within.tolist()))
        found = [
            row
            for size in range(fewest, min(WIDE, populations) + 1)
            for some in itertools.combinations(range(populations), size)
            if (row := tuple(place in some for place in range(populations))) not in there
        ]
        return np.array(found, dtype=np.bool_).reshape(len(found), populations)
