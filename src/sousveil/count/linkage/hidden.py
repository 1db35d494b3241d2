"""People with a number, entered once more with all of their numbers hidden.

Linked among themselves they say into how many clusters one person falls who never has a number: more where a
table shares no fact with another, fewer where people are alike. No recall of single pairs can say that.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from sousveil.count.attach import pack
from sousveil.count.linkage.facts import Facts, Rows
from sousveil.count.linkage.ghosts import Known
from sousveil.count.records import NO_DAY

_ROWS = (2_000, 20_000)
"""Records that are hidden: as many as there are to be linked, within these bounds."""


@dataclass(frozen=True)
class Hidden:
    """One place a record of a person who is hidden."""

    table: Rows
    person: Rows
    cluster: Rows

    def fragments(self, table: int | None) -> tuple[float, float, int]:
        """Clusters a person, records a person, and how many people: in one table, or in all."""
        here = slice(None) if table is None else self.table == table
        person, cluster = self.person[here], self.cluster[here]
        people = len(np.unique(person))
        return len(np.unique(cluster)) / max(people, 1), len(person) / max(people, 1), people

    def spread(self, table: int | None) -> float:
        """The standard error of clusters a person, as a share of it."""
        here = slice(None) if table is None else self.table == table
        pairs = np.unique(pack(self.person[here], self.cluster[here]))
        clusters = np.unique(pairs >> 32, return_counts=True)[1]
        return float(clusters.std() / max(clusters.mean(), 1) / np.sqrt(max(len(clusters), 1)))


def without_numbers(facts: Facts) -> Facts:
    """The facts of records as if none had a valid number."""
    return dataclasses.replace(facts, inside=np.full_like(facts.inside, NO_DAY), valid={})


def hidden_rows(known: Known, order: np.ndarray[tuple[int], np.dtype[np.uint64]], wanted: int) -> Rows:
    """Places in `known` of all records of people taken by `order` until there are about so many records."""
    if not len(known.rows):
        return np.zeros(0, np.int64)
    least = np.full(int(known.person.max()) + 1, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, known.person, order)
    # The people of this share of all hashes have about this share of all records.
    share = float(np.clip(wanted, *_ROWS)) / len(known.rows)
    if share < 1:
        bar = np.quantile(least[np.unique(known.person)].astype(np.float64), share)
        return np.flatnonzero(least[known.person].astype(np.float64) <= bar)
    return np.arange(len(known.rows))
