"""How many people stand behind the records without a key, besides those whom keys name.

Ghosts say how likely each record is of somebody counted already (`mixture.py`). What is left are people who
never have a key: their clusters, over the clusters that one person falls into (`linkage/hidden.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.evidence import TIERS, Evidence, Side
from sousveil.count.linkage.facts import Rows
from sousveil.count.mixture import DRAWS, Mixture, mixture
from sousveil.count.strata import Strata, strata
from sousveil.count.worth import Corrected, Measured, Worth

Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

ENOUGH = 200
"""Ghosts, or people whose numbers are hidden, below which nothing is calibrated by them."""
_OF_A_KIND = 50
"""Ghosts of one table and pattern below which those of other tables, then of other patterns, stand in."""


@dataclass(frozen=True)
class More:
    """People whom no key names."""

    records: int
    """Distinct records without a key."""
    best: float
    likely: tuple[float, float]
    ghosts: int
    """Records with a hidden number that it was calibrated by."""


@dataclass(frozen=True)
class Solved:
    """The records without a key of one table, or of all, and for each stratum whose they are likely to be."""

    table: int | None
    strata: Strata
    never: Mixture
    """Of nobody whom any key names; by draw and stratum."""
    out: Mixture
    """Of nobody whom a key in the same table names."""
    ghosts: int

    @property
    def known(self) -> float:
        """How many of the records are somebody's who is known by a key."""
        return float(self.strata.records @ (1 - self.never[0]))


class Mixtures:
    """The mixtures of a case, each solved once: by side, table and pattern."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.every = strata(evidence, None)
        self._solved: dict[tuple[bool, int, int], tuple[Mixture, Flags]] = {}

    def of(self, table: int | None) -> Solved:
        """Those of one table, or of the whole case."""
        made = self.every if table is None else strata(self.evidence, table)
        never, ghosts = self._shares(made, own=False)
        return Solved(table, made, never, never if table is None else self._shares(made, own=True)[0], ghosts)

    def _shares(self, made: Strata, *, own: bool) -> tuple[Mixture, int]:
        tier = made.own if own else made.whole
        out = np.ones((DRAWS + 1, len(tier)))
        used = np.zeros(len(self.evidence.ghost_table), np.bool_)
        for table, pattern, here in made.kinds() if len(used) else ():
            found, ghosts = self._kind(made, tier, here, (own, table, pattern))
            out[:, here] = found[:, tier[here]]
            used |= ghosts
        return out, int(used.sum())

    def _kind(
        self, made: Strata, tier: Rows, here: Flags, kind: tuple[bool, int, int]
    ) -> tuple[Mixture, Flags]:
        if kind not in self._solved:
            side = self.evidence.own if kind[0] else self.evidence.whole
            ghosts = _stand_ins(self.evidence, side, *kind[1:])
            found = mixture(
                made.tally(tier, here), _tally(side.ghosts[ghosts & side.known]), _tally(side.without[ghosts])
            )
            self._solved[kind] = found, ghosts
        return self._solved[kind]


def people_of(evidence: Evidence, mine: Solved, lost: Mapping[int, float], known: int) -> More:
    """How many people not named by a key the records of a table, or of all, are about.

    `lost` is the share of the records of known people that lack their number, by table; `known` is how many
    people known by keys have records here. A record of somebody whom a key names elsewhere lost it here by
    chance: such records stand alone. What is left are people who never have a key.
    """
    records = int(mine.strata.records.sum())
    if not records:
        return More(0, 0.0, (0.0, 0.0), mine.ghosts)
    told, given, clusters = mine.strata.told, mine.strata.given, mine.strata.clusters
    never = np.where(told & ~given, np.minimum(mine.never, mine.out), 0.0)
    gone = np.where(told, mine.out - never, 0.0) @ clusters
    ways = gone + _worth(evidence, mine, lost, known).people(never, mine.strata)
    likely = np.quantile(ways[1:, 1:], (0.01, 0.99))
    return More(records, float(ways[0, 0]), (float(likely[0]), float(likely[1])), mine.ghosts)


def _worth(evidence: Evidence, mine: Solved, lost: Mapping[int, float], known: int) -> Worth:
    made = mine.strata
    open_ = made.told & ~made.given
    missing = float((made.records * (1 - mine.never[0]))[open_].sum()) / max(known, 1)
    for table in dict.fromkeys((mine.table, None)):
        fragments = evidence.hidden.fragments(table, lost)
        if fragments.people >= ENOUGH:
            return Measured(fragments, known, missing)
    return Corrected(evidence.recall, evidence.loose, evidence.strict)


def _stand_ins(evidence: Evidence, side: Side, table: int, pattern: int) -> Flags:
    """The ghosts that stand in for records of a pattern: of the same table and pattern if they suffice."""
    alike = evidence.ghost_pattern == pattern
    near = evidence.ghost_table == table
    chosen: Flags
    for chosen in (alike & near, alike, near):
        if (chosen & side.known).sum() >= _OF_A_KIND:
            return chosen
    return np.ones(len(alike), np.bool_)


def _tally(tier: Rows) -> Sums:
    return np.bincount(tier, minlength=TIERS).astype(np.float64)
