"""From whom the records belong to, to how many people there are: an estimate, its range, and the bracket.

People with a key are counted. Of the records without one, ghosts say how likely each is of somebody who is
counted already (`mixture.py`); what is left are people (`more.py`, `worth.py`). The bracket around
it needs no model. There is no level: no share of such intervals is known to hold the truth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sousveil.count.linkage.facts import Rows
from sousveil.count.mixtures import Solved
from sousveil.count.more import More, people_of
from sousveil.count.records import NONE
from sousveil.count.rules import Assigned


@dataclass(frozen=True)
class Estimate:
    """How many people a set of records is about."""

    records: int
    keyed: int
    """People whom a key names."""
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
    papers: int
    """People known by travel documents alone, some of whom may be among those with a national number."""
    certain: int
    """People whom valid strong identifiers tell apart even if all of those are."""
    told_apart: int
    """People to whom records were given, with a key or without: those that findings count."""

    @property
    def estimate(self) -> int:
        """The best estimate."""
        return round(self.keyed + self.more)

    @property
    def low(self) -> int:
        """Certainly so many: distinct valid strong identifiers, and somebody where there are none."""
        return max(self.certain, min(self.estimate, 1))

    @property
    def high(self) -> int:
        """Certainly no more: every record without a valid strong identifier is about somebody new."""
        return max(self.keyed + self.keyless, self.estimate)


def estimates(assigned: Assigned, parts: dict[int, slice]) -> tuple[dict[int, Estimate], Estimate]:
    """The estimate of each table, by its number, and of the whole case. `parts` are the tables' records."""
    evidence, mixtures = assigned.evidence, assigned.mixtures
    tables = {tid: mixtures.of(tid) for tid in parts}
    lost = {
        tid: made.known / max(made.known + evidence.keyed.get(tid, 0), 1.0) for tid, made in tables.items()
    }
    by_key = np.zeros(int(assigned.person.max(initial=0)) + 1, np.bool_)
    by_key[assigned.person[assigned.keyed]] = True

    def of(made: Solved, part: slice) -> Estimate:
        person = assigned.person[part]
        known = _distinct(person[by_key[person] & (person != NONE)])
        return _estimate(assigned, part, people_of(evidence, assigned.hidden, made, lost, known))

    return {tid: of(tables[tid], part) for tid, part in parts.items()}, of(mixtures.of(None), slice(None))


def _estimate(assigned: Assigned, part: slice, more: More) -> Estimate:
    person, sure, keyed = assigned.person[part], assigned.sure[part], assigned.keyed[part]
    # In a table where everybody is known by documents alone, nobody is counted twice.
    papers = assigned.papers[part] & bool((keyed & ~assigned.papers[part]).any())
    return Estimate(
        len(person),
        _distinct(person[keyed & (person != NONE)]),
        int(sure.sum()),
        more.records,
        more.best,
        more.likely,
        more.ghosts,
        _distinct(person[papers]),
        max(_distinct(person[sure & ~papers]), _distinct(person[sure & papers])),
        _distinct(person[person != NONE]),
    )


def _distinct(person: Rows) -> int:
    seen = np.zeros(int(person.max(initial=0)) + 1, np.bool_)
    seen[person] = True
    return int(seen.sum())
