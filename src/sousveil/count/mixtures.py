"""The mixtures of a case: whose the records without a key are likely to be, by table and stated facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.evidence import TIERS, Evidence, Side
from sousveil.count.linkage.facts import Rows
from sousveil.count.mixture import DRAWS, Mixture, mixture
from sousveil.count.strata import Strata, strata

Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

_OF_A_KIND = 50
"""Ghosts of one table and pattern below which those of other tables, then of other patterns, stand in."""


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

    def never(self) -> dict[tuple[int, int], float]:
        """How many records are of nobody whom any key names, by table and pattern."""
        made, shares = self.of(None).strata, self.of(None).never[0]
        return {
            (table, pattern): float(made.records[here] @ shares[here])
            for table, pattern, here in made.kinds()
        }

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
