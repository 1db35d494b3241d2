"""The records without a key, summed by what the estimate tells apart in them: it needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.evidence import TIERS, Evidence
from sousveil.count.linkage.facts import Rows
from sousveil.count.sizes import size_class

Flags = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]

_BASE = 64
"""Each part of a stratum but the table is less."""


@dataclass(frozen=True)
class Strata:
    """One place a stratum: records of one table and pattern, of the same tiers, in clusters of like size."""

    table: Rows
    pattern: Rows
    whole: Rows
    """The tier with regard to the whole case."""
    own: Rows
    """The tier with regard to the people of the records' own table."""
    size: Rows
    """The class of the size of their clusters."""
    given: Flags
    """Records that were given to a person known."""
    told: Flags
    """Records that state anything at all."""
    records: Sums
    clusters: Sums
    """A record of a cluster of `n` is the n-th part of it."""

    def kinds(self) -> Iterator[tuple[int, int, Flags]]:
        """Each table and pattern, and its strata."""
        for kind in np.unique(np.column_stack([self.table, self.pattern]), axis=0).tolist():
            yield (*kind, (self.table == kind[0]) & (self.pattern == kind[1]))

    def tally(self, tier: Rows, here: Flags) -> Sums:
        """How many of the records `here` are in each tier of a side."""
        found: Sums = np.bincount(tier[here], weights=self.records[here], minlength=TIERS).astype(np.float64)
        return found


def strata(evidence: Evidence, table: int | None) -> Strata:
    """The strata of one table, or of all. A cluster is made of its records there that say anything."""
    rows = np.arange(len(evidence.rows)) if table is None else np.flatnonzero(evidence.table == table)
    told, given = evidence.told[rows], evidence.given[rows]
    size = np.ones(len(rows), np.int64)
    _, place = np.unique(evidence.cluster[rows[told]], return_inverse=True)
    size[told] = np.bincount(place)[place] if len(place) else 0
    parts = (
        evidence.table[rows], evidence.pattern[rows], evidence.whole.seen[rows], evidence.own.seen[rows],
        size_class(size),
    )  # fmt: skip
    code = np.zeros(len(rows), np.int64)
    for part in (*parts, given, told):
        code = code * _BASE + part
    _, first, group = np.unique(code, return_index=True, return_inverse=True)
    records = np.bincount(group, minlength=len(first)).astype(np.float64)
    clusters = np.bincount(group, weights=1 / size, minlength=len(first)).astype(np.float64)
    of_table, pattern, whole, own, sizes = (part[first] for part in parts)
    return Strata(of_table, pattern, whole, own, sizes, given[first], told[first], records, clusters)
