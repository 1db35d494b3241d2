"""Cells of one table of the dump held against the populations of other ones.

Each shown cell is the size of a set of people, and so is what it leaves of its total. Sizes prove how much
larger a set is than others together: of 117 with a visa and 116 with a pass at least one has the one and not
the other. Beside the whole case they prove, too, who must be in both of two sets, or in neither. Who is
proven to be there must not be few. A cell is held against two populations at once, at most.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.findings.model import Question
from sousveil.gate.protection.system import Flags, Ints

AT_ONCE = 1_000
"""Pairs of populations that are looked at together, so that they take little memory."""
FAR = 1 << 60
"""Beyond every number of people: what is not known of a set."""


@dataclass(frozen=True)
class Printed:
    """A question on people of which numbers are printed, or are to be."""

    question: Question
    shown: Collection[tuple[str, ...]]
    """The labels of its cells that are shown, in the order of `by`."""
    is_new: bool
    """Whether nothing of it was printed before."""


@dataclass(frozen=True)
class Populations:
    """The populations whose sizes are printed, by the regions that lie in them (rows)."""

    within: Flags
    people: Ints
    """By region."""
    everybody: int | None
    """The people of the whole case, where they are printed."""

    def compounds(self, some: Iterable[tuple[int, int]]) -> Iterator[Compounds]:
        """Unions, differences and intersections of pairs of populations (a population twice is itself)."""
        left = iter(some)
        while batch := list(itertools.islice(left, AT_ONCE)):
            yield self._compounds(np.array(batch, dtype=np.int64))

    def _compounds(self, pairs: Ints) -> Compounds:
        first, second = self.within[:, pairs[:, 0]], self.within[:, pairs[:, 1]]
        sizes = self.people @ self.within
        one, other = sizes[pairs[:, 0]], sizes[pairs[:, 1]]
        alone = pairs[:, 0] == pairs[:, 1]
        none = np.full(len(pairs), -FAR)
        both = none if self.everybody is None else one + other - self.everybody
        return Compounds(
            np.column_stack([first | second, first & ~second, ~first & second, first & second]),
            np.concatenate(
                [np.where(alone, one, none), one - other, other - one, np.where(alone, one, both)]
            ),
            np.concatenate([np.where(alone, one, one + other), -none, -none, -none]),
            np.tile(pairs, (4, 1)),
        )


@dataclass(frozen=True)
class Compounds:
    """Sets of people made of two populations, and what sizes say of how many they are."""

    within: Flags
    low: Ints
    """At least so many are in it."""
    high: Ints
    """At most so many are."""
    pairs: Ints
    """The two populations of each."""

    def telling(self, cells: Ints, of: Populations, k: int) -> Iterator[tuple[int, int, bool]]:
        """Which cells (people by region) tell of few: cell, compound, and whether beside everybody only."""
        sizes = cells.sum(axis=1)[:, None]
        larger, smaller = sizes - self.high, self.low - sizes
        near = _few(larger, k) | _few(smaller, k)
        if of.everybody is not None:
            more, fewer = sizes + self.low - of.everybody, of.everybody - sizes - self.high
            near |= _few(more, k) | _few(fewer, k)
        for column in np.flatnonzero(near.any(axis=0)).tolist():
            inside = self.within[:, column]
            both, there = cells[:, inside].sum(axis=1), int(of.people[inside].sum())
            alone = (larger[:, column] > 0) & (sizes[:, 0] - both < k)
            alone |= (smaller[:, column] > 0) & (there - both < k)
            beside = np.zeros_like(alone)
            if of.everybody is not None:
                beside = (more[:, column] > 0) & (both < k)
                beside |= (fewer[:, column] > 0) & (of.everybody - sizes[:, 0] - there + both < k)
            for cell in np.flatnonzero(alone | beside).tolist():
                yield cell, column, not alone[cell]


def _few(number: Ints, k: int) -> Flags:
    return np.asarray((number > 0) & (number < k), dtype=np.bool_)


def pairs_of(tables: Sequence[str], table: str) -> Iterator[tuple[int, int]]:
    """The pairs of populations (by the tables that they are of), not both of one table."""
    for pair in itertools.combinations_with_replacement(range(len(tables)), 2):
        if any(tables[place] != table for place in pair):
            yield pair


def refused(
    asked: Sequence[Printed], found: Iterable[tuple[Sequence[int], bool]], whole: int | None
) -> dict[int, int]:
    """Which questions can't stay, with the one that stands against each, by their places.

    `found` has the questions that tell of few together, and whether the whole case is among them, whose place
    is `whole`. What is new gives way: of that the whole case first, then tables with cells, the later one.
    """
    gone: dict[int, int] = {}
    for places, beside in found:
        every = [*places, *([whole] if beside and whole is not None else [])]
        new = [place for place in every if asked[place].is_new]
        if new and not gone.keys() & set(every):
            away = max(new, key=lambda one: (one == whole, bool(asked[one].question.by), one))
            gone[away] = next(place for place in every if place != away)
    return gone
