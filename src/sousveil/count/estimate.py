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
    likely_more: tuple[float, float]
    """The range of `more`."""
    ghosts: int
    """Records with a hidden number that it was calibrated by."""
    papers: int
    """People known by travel documents alone, some of whom may be among those with a national number."""
    certain: int
    """People whom valid strong identifiers tell apart even if all of those are."""
    told_apart: int
    """People to whom records were given, with a key or without: those that findings count."""
    twice: float = 0.0
    """People who are among those with a key more than once, estimated."""
    likely_twice: tuple[float, float] = (0.0, 0.0)
    """The range of `twice`."""
    bare: bool = False
    """Whether most records say nothing but a name, so that any number of people may stand behind them."""

    @property
    def estimate(self) -> int:
        """The best estimate."""
        return max(round(self.keyed - self.twice + self.more), self.certain)

    @property
    def low(self) -> int:
        """Certainly so many: distinct valid strong identifiers, and somebody where there are none."""
        return max(self.certain, min(self.estimate, 1))

    @property
    def likely(self) -> tuple[int, int]:
        """The range that the estimate lies in, as far as what it is made of does."""
        ends = (
            self.keyed - self.likely_twice[1] + self.likely_more[0],
            self.keyed - self.likely_twice[0] + self.likely_more[1],
        )
        low, high = (int(np.clip(round(people), self.low, self.high)) for people in ends)
        return min(low, self.estimate), max(high, self.estimate)

    @property
    def high(self) -> int:
        """Certainly no more: every record without a valid strong identifier is about somebody new."""
        return max(self.keyed + self.keyless, self.estimate)


def estimates(assigned: Assigned, parts: dict[int, slice]) -> tuple[dict[int, Estimate], Estimate]:
    """The estimate of each table, by its number, and of the whole case. `parts` are the tables' records."""
    evidence, mixtures = assigned.evidence, assigned.mixtures
    tables = {tid: mixtures.of(tid) for tid in parts if tid not in assigned.copies}
    lost = {
        tid: made.known / max(made.known + evidence.keyed.get(tid, 0), 1.0) for tid, made in tables.items()
    }
    by_key = np.zeros(int(assigned.person.max(initial=0)) + 1, np.bool_)
    by_key[assigned.person[assigned.keyed]] = True

    def of(made: Solved, part: slice) -> Estimate:
        person = assigned.person[part]
        known = _distinct(person[by_key[person] & (person != NONE)])
        more = people_of(evidence, assigned.hidden, made, lost, known)
        return _estimate(assigned, part, more, made.table)

    found = {tid: of(made, parts[tid]) for tid, made in tables.items()}
    found |= {tid: found[first] for tid, first in assigned.copies.items()}
    return {tid: found[tid] for tid in parts}, of(mixtures.of(None), slice(None))


def _estimate(assigned: Assigned, part: slice, more: More, table: int | None) -> Estimate:
    person, sure, keyed = assigned.person[part], assigned.sure[part], assigned.keyed[part]
    # In a table where everybody is known by documents alone, nobody is counted twice.
    papers = assigned.papers[part] & bool((keyed & ~assigned.papers[part]).any())
    twice, likely_twice = _twice(assigned, part, table, _distinct(person[papers]))
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
        twice,
        likely_twice,
        more.bare,
    )


def _twice(
    assigned: Assigned, part: slice, table: int | None, papers: int
) -> tuple[float, tuple[float, float]]:
    """How many people are among those with a key more than once, and the range of that.

    Those of `papers` may all be, where nothing says how many are.
    """
    person, known = assigned.person[part], assigned.keyed[part] & (assigned.person[part] != NONE)
    new = assigned.compared.new(table)
    if new is None:
        return 0.0, (0.0, float(papers))
    by_documents = assigned.documents[part]
    twice = _distinct(person[known]) - _distinct(person[known & ~by_documents]) - new
    low, high = np.quantile(twice[1:], (0.01, 0.99))
    return float(twice[0]), (float(low), float(high))


def _distinct(person: Rows) -> int:
    seen = np.zeros(int(person.max(initial=0)) + 1, np.bool_)
    seen[person] = True
    return int(seen.sum())
