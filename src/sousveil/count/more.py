"""How many people stand behind the records without a key, besides those whom keys name.

Ghosts say how likely each record is of somebody counted already (`mixture.py`). What is left are people who
never have a key: their clusters, over the clusters that one person falls into (`linkage/hidden.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sousveil.count.grouping import distinct
from sousveil.count.linkage.evidence import Evidence
from sousveil.count.linkage.ghosts import NAMED
from sousveil.count.linkage.hidden import Hidden
from sousveil.count.mixtures import Solved
from sousveil.count.worth import Expected, Measured, Worth

ENOUGH = 40
"""Ghosts, or people whose numbers are hidden, below which nothing is calibrated by them."""


@dataclass(frozen=True)
class More:
    """People whom no key names."""

    records: int
    """Distinct records without a key."""
    best: float
    likely: tuple[float, float]
    ghosts: int
    """Records with a hidden number that it was calibrated by."""
    bare: bool = False
    """Whether most records say nothing but a name, and nothing tells what that is worth: then any number of
    people may stand behind them."""


def people_of(
    evidence: Evidence, hidden: Hidden, mine: Solved, lost: Mapping[int, float], known: int
) -> More:
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
    worth = _worth(evidence, hidden, mine, lost, known)
    ways = gone + worth.people(never, mine.strata)
    best = float(ways[0, 0])
    names = mine.strata.records[told & (mine.strata.pattern == NAMED)].sum()
    if isinstance(worth, Expected) and 2 * names > mine.strata.records[told].sum():
        return More(records, best, (0.0, float(records)), mine.ghosts, bare=True)
    likely = np.quantile(ways[1:, 1:], (0.01, 0.99))
    return More(records, best, (float(likely[0]), float(likely[1])), mine.ghosts)


def _worth(evidence: Evidence, hidden: Hidden, mine: Solved, lost: Mapping[int, float], known: int) -> Worth:
    made = mine.strata
    open_ = made.told & ~made.given
    missing = float((made.records * (1 - mine.never[0]))[open_].sum()) / max(known, 1)
    for table in dict.fromkeys((mine.table, None)):
        fragments = hidden.fragments(table, lost)
        if fragments.people >= ENOUGH:
            return Measured(fragments, known, missing)
    apart = evidence.told & ~evidence.given
    if mine.table is not None:
        apart &= evidence.table == mine.table
    return Expected(evidence.links, apart, len(distinct(evidence.cluster[apart])))
