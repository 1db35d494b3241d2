"""From whom the records belong to, to how many people there are: an estimate, its range, and the bracket.

People with a key are counted. Of the records without one, ghosts say how likely each is of somebody who is
counted already (`mixture.py`); what is left are people, by their clusters (`steorts.py`). The bracket around
it needs no model. There is no level: no share of such intervals is known to hold the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.evidence import TIERS, Evidence, Side
from sousveil.count.linkage.facts import Rows
from sousveil.count.mixture import DRAWS, Mixture, mixture
from sousveil.count.records import NONE
from sousveil.count.rules import Assigned
from sousveil.count.steorts import entities_of

ENOUGH = 200
"""Ghosts of one kind below which those of other tables, then of other patterns, stand in."""
_WAYS = 3
_RECALL_OFF = 0.05
"""How far the recall among records that never have a key may be from what ghosts say."""


@dataclass(frozen=True)
class Estimate:
    """How many people a set of records is about."""

    records: int
    keyed: int
    """People whom a key names."""
    sure: int
    """Those of them whom a valid strong identifier names that nothing speaks against."""
    vouched: int
    """Records with a valid strong identifier."""
    keyless: int
    """Distinct records without a key."""
    more: float
    """People whom no key names, estimated."""
    likely: tuple[float, float]
    """The range of `more`."""
    ghosts: int
    """Records with a hidden number that it was calibrated by."""

    @property
    def estimate(self) -> int:
        """The best estimate."""
        return round(self.keyed + self.more)

    @property
    def low(self) -> int:
        """Certainly so many: distinct valid strong identifiers, and somebody where there are none."""
        return max(self.sure, min(self.estimate, 1))

    @property
    def high(self) -> int:
        """Certainly no more: every record without a valid strong identifier is about somebody new."""
        return max(self.keyed + self.keyless, self.estimate)


def estimates(assigned: Assigned, parts: dict[int, slice]) -> tuple[dict[int, Estimate], Estimate]:
    """The estimate of each table, by its number, and of the whole case. `parts` are the tables' records."""
    evidence = assigned.evidence
    found = {}
    for tid, part in parts.items():
        here = evidence.table == tid
        found[tid] = _estimate(assigned, part, evidence, here, tid)
    every = np.ones(len(evidence.rows), np.bool_)
    return found, _estimate(assigned, slice(None), evidence, every, None)


def _estimate(
    assigned: Assigned, part: slice, evidence: Evidence, here: npt.NDArray[np.bool_], table: int | None
) -> Estimate:
    person, sure, keyed = assigned.person[part], assigned.sure[part], assigned.keyed[part]
    never, ghosts = _out(evidence, evidence.whole, here)
    out = never if table is None else _out(evidence, evidence.own, here)[0]
    more, draws = _people(evidence, here, (never, out), table)
    if not here.any():
        more, draws = 0.0, np.zeros(1)
    return Estimate(
        len(person),
        _distinct(person[keyed & (person != NONE)]),
        _distinct(person[sure]),
        int(sure.sum()),
        int(here.sum()),
        more,
        (float(np.quantile(draws, 0.01)), float(np.quantile(draws, 0.99))),
        ghosts,
    )


def _out(evidence: Evidence, side: Side, here: npt.NDArray[np.bool_]) -> tuple[Mixture, int]:
    """For each record here, the probability that it is of nobody whom a key names, and its draws."""
    rows = np.flatnonzero(here)
    out, draws = np.ones(len(rows)), np.ones((DRAWS, len(rows)))
    if not len(side.ghosts):
        return Mixture(out, draws), 0
    used = np.zeros(len(side.ghosts), np.bool_)
    tables = np.unique(evidence.table[rows])
    for pattern in np.unique(evidence.pattern[rows]):
        mine = np.flatnonzero(evidence.pattern[rows] == pattern)
        ghosts = _stand_ins(evidence, side, int(pattern), tables)
        used |= ghosts
        solved = mixture(
            _tally(side.seen[rows[mine]]),
            _tally(side.ghosts[ghosts & side.known]),
            _tally(side.without[ghosts]),
        )
        tier = side.seen[rows[mine]]
        out[mine] = solved.out[tier]
        draws[:, mine] = solved.draws[:, tier]
    return Mixture(out, draws), int(used.sum())


def _stand_ins(evidence: Evidence, side: Side, pattern: int, tables: Rows) -> npt.NDArray[np.bool_]:
    """The ghosts that stand in for records of a pattern: of the same tables and pattern if they suffice."""
    alike = evidence.ghost_pattern == pattern
    near = np.isin(evidence.ghost_table, tables)
    for chosen in (alike & near, alike, near):
        if (chosen & side.known).sum() >= ENOUGH:
            return chosen
    return np.ones(len(alike), np.bool_)


def _tally(tier: Rows) -> npt.NDArray[np.float64]:
    return np.bincount(tier, minlength=TIERS).astype(np.float64)


def _people(
    evidence: Evidence, here: npt.NDArray[np.bool_], solved: tuple[Mixture, Mixture], table: int | None
) -> tuple[float, npt.NDArray[np.float64]]:
    """How many people not counted yet the records here are about, and as many for each draw.

    `solved` says for each record how likely it is of nobody whom any key names, and of nobody whom a key in
    this table names. Who has a key elsewhere lost it here by chance: such records stand alone.
    """
    told = evidence.told[here]
    _, place = np.unique(evidence.cluster[here][told], return_inverse=True)
    size = np.maximum(np.bincount(place, minlength=1), 1)
    given = np.bincount(place, weights=evidence.given[here][told], minlength=1) > 0

    def shares(never: npt.NDArray[np.float64], out: npt.NDArray[np.float64]) -> tuple[Any, Any]:
        of_never, of_out = (
            np.bincount(place, weights=part[told], minlength=1) / size for part in (never, out)
        )
        of_never = np.where(given, 0.0, np.minimum(of_never, of_out))
        return of_never, of_out - of_never

    def people(never: npt.NDArray[np.float64], out: npt.NDArray[np.float64], way: int) -> float:
        of_never, lost = shares(never, out)
        return float(lost.sum() + _worth(evidence, of_never, size, table, way))

    never, out = solved
    draws = [
        people(n, o, 1 + at % _WAYS) for at, (n, o) in enumerate(zip(never.draws, out.draws, strict=True))
    ]
    return people(never.out, out.out, 0), np.array(draws)


def _worth(
    evidence: Evidence, share: npt.NDArray[np.float64], size: Rows, table: int | None, way: int
) -> float:
    """How many people clusters stand for, of which these shares are people who never have a key.

    `way` 0 is the best answer, the others what it might be too.
    """
    clusters, rows, people = evidence.hidden.fragments(table)
    if people < ENOUGH:
        clusters, rows, people = evidence.hidden.fragments(table := None)
    if people < ENOUGH:
        shift, spread = ((0, 1.0), (-1, evidence.loose), (1, evidence.strict), (0, 1.0))[way]
        return float((share * entities_of(size, evidence.recall + shift * _RECALL_OFF)).sum()) * spread
    # Whoever never has a number may have fewer records than others, and then falls into fewer clusters.
    found = float(share.sum())
    seen, usual = float((share * size).sum()) / max(found, 1e-9) - 1, rows / clusters - 1
    alike = float(np.clip(seen / usual, 0, 1)) if usual > 0 else 1.0
    off = 2 * evidence.hidden.spread(table)
    parts = (1 + (clusters - 1) * alike, clusters * (1 + off), 1 + (clusters * (1 - off) - 1) * alike)
    return float((share * size).sum()) / rows if way == _WAYS else found / parts[way]


def _distinct(person: Rows) -> int:
    seen = np.zeros(int(person.max(initial=0)) + 1, np.bool_)
    seen[person] = True
    return int(seen.sum())
