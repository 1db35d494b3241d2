"""How many people clusters stand for whose people never have a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.hidden import Fragments, Like
from sousveil.count.sizes import SIZES
from sousveil.count.steorts import entities_of
from sousveil.count.strata import Strata, Sums

Shares = npt.NDArray[np.float64]
"""By draw and stratum: the share of its records whose people never have a number."""

_ROUNDS = 40
_RECALL_OFF = 0.05
"""How far the recall among records that never have a key may be from what ghosts say."""


class Worth(Protocol):
    """A way to say how many people clusters stand for."""

    def people(self, never: Shares, strata: Strata) -> Shares:
        """By way (the first is the best answer, the others what it might be too) and draw."""


@dataclass(frozen=True)
class Measured:
    """By what becomes of people with a number when it is hidden.

    Records without a number are first those of people who might have been known and by chance are not: as
    many as the shares of lost numbers let expect, mostly people of few records. The others never have one.
    How many there are of these follows from their clusters, if they fall apart as others do, and from their
    records, if they have as many as others: the best answer is half way.
    """

    fragments: Fragments
    known: int
    """People known by a key who have records here."""
    missing: float
    """Records of each of them that are not among those that were hidden: nobody knows whose they are."""

    def people(self, never: Shares, strata: Strata) -> Shares:
        """See `Worth`."""
        never = self._shifted(never, strata)
        by_clusters = self._number(never @ strata.clusters, self._clusters)
        by_rows = self._number(never @ strata.records, self._rows)
        off = 2 * self.fragments.spread
        return np.vstack(
            [
                (by_clusters + by_rows) / 2,
                by_clusters,
                by_rows,
                by_clusters / (1 + off),
                by_clusters / max(1 - off, 0.5),
            ]
        )

    def _number(self, amount: Sums, each: Callable[[Like], float]) -> Sums:
        """How many people so many clusters or records are of, if one person has `each`."""
        chance, usual = self.fragments.by_chance, self.fragments.everybody
        part = np.minimum(amount, chance.people * self.known * each(chance))
        return part / each(chance) + (amount - part) / each(usual)

    def _clusters(self, of: Like) -> float:
        return of.clusters + self._unfound(of) * self.fragments.apart

    def _rows(self, of: Like) -> float:
        return of.rows + self._unfound(of)

    def _unfound(self, of: Like) -> float:
        """Records of a person that are not among the hidden ones."""
        return self.missing * of.rows / self.fragments.everybody.rows

    def _shifted(self, never: Shares, strata: Strata) -> Shares:
        """The shares after what the size of a cluster says, by Bayes' rule; their sum stays.

        Records of known people that the linkage could not give to them mostly stand alone.
        """
        every, apart = ((sizes + 1.0) / (sizes.sum() + SIZES) for sizes in self.fragments.sizes)
        ratio = (every / apart)[strata.size]
        odds = never / np.maximum(1 - never, 1e-9) * ratio
        target = never @ strata.records
        low, high = np.full(len(never), -30.0), np.full(len(never), 30.0)
        for _ in range(_ROUNDS):
            middle = (low + high) / 2
            raised = odds * np.exp(middle)[:, None]
            less = (raised / (1 + raised)) @ strata.records < target
            low, high = np.where(less, middle, low), np.where(less, high, middle)
        raised = odds * np.exp(low)[:, None]
        return np.asarray(raised / (1 + raised), np.float64)


@dataclass(frozen=True)
class Corrected:
    """By the recall of single pairs, where too few people have a number to be hidden."""

    recall: float
    loose: float
    strict: float

    def people(self, never: Shares, strata: Strata) -> Shares:
        """See `Worth`."""
        found = []
        for shift, spread in ((0, 1.0), (-1, self.loose), (1, self.strict)):
            worth = entities_of(np.arange(1, SIZES + 1), self.recall + shift * _RECALL_OFF) * spread
            found.append(never @ (strata.clusters * worth[strata.size]))
        return np.vstack(found)
