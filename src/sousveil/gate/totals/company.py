"""What totals of several tables, and of the whole case, tell of people who stand in some of them only.

Only sizes are printed, but sizes bound each other: of 117 people in one table and 116 in another at least one
is not in the other; where tables come to more than the whole case, people stand in several (the bounds of
M. Fréchet, 1935). What they prove to be there must not be few.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sousveil.findings.model import Populations, Question
from sousveil.gate.protection.system import Flags, Ints

MOST = 10
"""Populations that are held against each other, the largest."""


@dataclass
class _Ways:
    """In which populations people stand."""

    within: Flags
    """For each way to stand in them (rows) whether that is in each population."""
    people: Ints
    """How many stand so."""
    whole: bool
    """Whether the number of people of the whole case is known."""
    parts: int
    """How many tables the whole case consists of."""
    k: int

    @property
    def sizes(self) -> Ints:
        """The people of each population."""
        return np.asarray(self.people @ self.within, dtype=np.int64)

    def count(self, ways: Flags) -> int:
        """How many people stand in one of these ways."""
        return int(self.people[ways].sum())

    def tells(self, some: tuple[int, ...]) -> bool:
        """Whether the sizes of some populations prove something of a few people."""
        inside = self.within[:, some].sum(axis=1)
        total = int(self.sizes[list(some)].sum())
        if self.whole and self._tells_beside_the_whole(inside, total, len(some)):
            return True
        return any(
            total < size and self.count(self.within[:, place] & (inside == 0)) < self.k
            for place, size in enumerate(self.sizes.tolist())
            if place not in some
        )

    def _tells_beside_the_whole(self, inside: Ints, total: int, size: int) -> bool:
        over = total - int(self.people.sum())
        if size == self.parts:
            return self.count(inside > 1) < self.k
        return (over > 0 and self.count(inside > 1) < self.k) or (
            over < 0 and self.count(inside == 0) < self.k
        )


def tells_of_few(
    populations: Populations, known: Sequence[Question], new: Question | None, whole: bool, k: int
) -> bool:
    """Whether the numbers of people of these populations, `new` among them, prove that a few are somewhere.

    `known` and `new` are about single tables; `whole` says that the whole case's number is known, too (it is
    what is new where `new` is None). In some tables and not in others, or in several: who is proven to be
    there must be at least k. Nobody in several tables is refused like a few, where that could be told.
    """
    asked = [*([new] if new else []), *known][:MOST]
    found = populations.ways(asked)
    ways = _Ways(
        np.array(list(found), dtype=np.bool_).reshape(len(found), len(asked)),
        np.array(list(found.values()), dtype=np.int64),
        whole,
        len(populations.parts()),
        k,
    )
    sizes = ways.sizes.tolist()
    return any(
        ways.tells(some)
        for size in range(1, len(asked) + 1)
        for some in itertools.combinations(range(len(asked)), size)
        if _near(some, sizes, int(ways.people.sum()), k)
    )


def _near(some: tuple[int, ...], sizes: list[int], people: int, k: int) -> bool:
    """Whether some populations come so near to another one, or to the whole, that the rest could be few."""
    total = sum(sizes[place] for place in some)
    return -k < total - people < k * len(some) or any(
        -k < total - size < 0 for place, size in enumerate(sizes) if place not in some
    )
