"""How many people clusters stand for whose people never have a number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.forest import Links
from sousveil.count.linkage.hidden import Fragments, Like
from sousveil.count.sizes import SIZES
from sousveil.count.strata import Strata, Sums

Shares = npt.NDArray[np.float64]
"""By draw and stratum: the share of its records whose people never have a number."""

_RECORDS_OFF = 0.3
_APART_OFF = 0.1
"""How far records and clusters a person may be from those of others: standard deviations of logarithms."""
_AT_MOST = 0.9
_LEAST_MORE = 0.05
_BEYOND = 0.25
"""How far the range goes beyond the answers, as a share of what lies between them."""
_EITHER_WAY = 0.1
_ROUNDS = 40
_BITS_OFF = 3.0
"""How far off, in bits, the weight of evidence may be where nobody has a number to learn it from."""


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
    records, if they have as many as others. What is between these two answers bounds how far people without
    a number are from others (a sensitivity analysis to the assumption that numbers are missing at random).
    """

    fragments: Fragments
    known: int
    """People known by a key who have records here."""
    missing: float
    """Records of each of them that are not among those that were hidden: nobody knows whose they are."""

    def people(self, never: Shares, strata: Strata) -> Shares:
        """See `Worth`."""
        never = self._shifted(never, strata)
        of_clusters = self._number(never @ strata.clusters, self._clusters)
        of_rows = self._number(never @ strata.records, self._rows)
        chance = (of_clusters[0] + of_rows[0]) / 2
        clusters, rows = of_clusters[1], of_rows[1]
        best, otherwise = self._both(clusters, rows)
        ways = np.vstack([clusters, rows, otherwise])
        low, high = ways.min(axis=0), ways.max(axis=0)
        off = _BEYOND * (high - low)
        return np.vstack(
            [
                chance + best,
                (chance + low - off) * (1 - _EITHER_WAY),
                (chance + high + off) * (1 + _EITHER_WAY),
            ]
        )

    def _both(self, clusters: Sums, rows: Sums) -> tuple[Sums, Sums]:
        """The number of people from their clusters and from their records, which should be one.

        Where they are not, people without a number have more or fewer records than others (which bears on
        both, as it does where some records of others are left out), or fall apart more or less than others.
        The best answer is the likeliest mean of the two, taken as independent; then, all by the first.
        """
        usual, fewer, step = self.fragments.everybody, self.fragments.fewer, np.log(1.5)
        by_rows = float(np.log(usual.rows / fewer.rows) / step)
        more = max(by_rows - float(np.log(usual.clusters / fewer.clusters) / step), _LEAST_MORE)
        apart = np.log((rows + 1) / (clusters + 1))
        likeliest = apart * more * _RECORDS_OFF**2 / ((more * _RECORDS_OFF) ** 2 + _APART_OFF**2)
        best, otherwise = (
            rows * np.exp(-by_rows * np.clip(size, -_AT_MOST, _AT_MOST)) for size in (likeliest, apart / more)
        )
        return best, otherwise

    def _number(self, amount: Sums, each: Callable[[Like], float]) -> tuple[Sums, Sums]:
        """How many people so many clusters or records are of, if one person has `each`."""
        chance, usual = self.fragments.by_chance, self.fragments.everybody
        part = np.minimum(amount, chance.people * self.known * each(chance))
        return part / each(chance), (amount - part) / each(usual)

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
class Expected:
    """By how likely each link is, where too few people have a number to be hidden."""

    links: Links
    apart: npt.NDArray[np.bool_]
    """The records that say something and were given to nobody."""
    clusters: int
    """Into how many clusters these fall."""

    def people(self, never: Shares, strata: Strata) -> Shares:
        """See `Worth`."""
        found = never @ strata.clusters / max(self.clusters, 1)
        return np.vstack([found * self.links.people(self.apart, off) for off in (0.0, -_BITS_OFF, _BITS_OFF)])
