"""People with a number, entered once more with all of their numbers hidden.

Linked among themselves they say into how many clusters one person falls who never has a number: more where a
table shares no fact with another, fewer where people are alike. No recall of single pairs can say that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import pack
from sousveil.count.grouping import distinct
from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.facts import Facts, Rows
from sousveil.count.records import NO_DAY, NONE, Coded
from sousveil.count.sizes import SIZES, size_class

Hashes = npt.NDArray[np.uint64]
Sizes = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Never = Mapping[tuple[int, int], float]
"""Records of people who never have a number, by table and `ghosts.pattern`."""

_ROWS = (2_000, 20_000)
"""Records that are hidden: as many as there are to be linked, within these bounds."""
_FEW = 30
_PLAINLY = 0.93
"""What is stated less often than so, by this much less often than by others, is not chance."""
_THIRD = np.uint64(0x5555555555555555)
_UNSEEN_AT_MOST = 0.9
"""However likely people are to be missed, nobody known stands for more than ten."""


@dataclass(frozen=True)
class Like:
    """People of one kind, as means over those who were hidden."""

    people: float
    """So many of them for each person known."""
    rows: float
    """Records of each."""
    clusters: float
    """Clusters of each."""


@dataclass(frozen=True)
class Fragments:
    """Into how many clusters people fall whose numbers are all hidden."""

    people: int
    """How many were hidden."""
    everybody: Like
    fewer: Like
    """The same people if a third of the records were not there."""
    by_chance: Like
    """People none of whose records has a number although each might have had one: mostly people of few."""
    apart: float
    """Clusters that a record makes which was not linked to most of its person's others."""
    spread: float
    """The standard error of clusters a person, as a share of it."""
    sizes: tuple[Sizes, Sizes]
    """How the records are shared out over classes of the size of their clusters: all; those left apart."""


@dataclass(frozen=True)
class Hidden:
    """One place a record of a person who is hidden."""

    table: Rows
    person: Rows
    cluster: Rows
    order: Hashes
    """A hash of each record's content."""

    def fragments(self, table: int | None, lost: Mapping[int, float]) -> Fragments:
        """What becomes of the people of one table, or of all.

        `lost` is the share of the records of known people that lack their number, by table: what it says of
        how likely somebody is known at all weighs the people, after Horvitz and Thompson (1952).
        """
        here = np.arange(len(self.table)) if table is None else np.flatnonzero(self.table == table)
        fewer = here[self.order[here] > _THIRD]
        unseen = self._unseen(lost)
        person, rows, clusters = self._each(here)
        missed = unseen[person]
        fewer_person, fewer_rows, fewer_clusters = self._each(fewer)
        apart, sizes = self._apart(here)
        return Fragments(
            len(person),
            _like(1 / (1 - missed), rows, clusters),
            _like(1 / (1 - unseen[fewer_person]), fewer_rows, fewer_clusters),
            _like(missed / (1 - missed), rows, clusters),
            apart,
            float(clusters.std() / clusters.mean() / np.sqrt(len(person))) if len(person) else 0.0,
            sizes,
        )

    def _each(self, here: Rows) -> tuple[Rows, Sizes, Sizes]:
        """The people of these records; how many records each has, and clusters.

        Two people in one cluster are one cluster less than the clusters of each.
        """
        pairs = distinct(pack(self.person[here], self.cluster[here]))
        merged = len(distinct(self.cluster[here])) / max(len(pairs), 1)
        person, clusters = np.unique(pairs >> 32, return_counts=True)
        return person, np.bincount(self.person[here], minlength=1)[person], clusters * merged

    def _apart(self, here: Rows) -> tuple[float, tuple[Sizes, Sizes]]:
        """Clusters a record that was not linked to most of its person's others; the sizes of clusters."""
        pairs, pair, records = np.unique(
            pack(self.person[here], self.cluster[here]), return_inverse=True, return_counts=True
        )
        largest = _largest(pairs >> 32, records)
        outside = ~largest[pair]
        _, place, size = np.unique(self.cluster[here], return_inverse=True, return_counts=True)
        of_size = size_class(size)[place]
        return float((~largest).sum()) / max(int(outside.sum()), 1), (
            np.bincount(of_size, minlength=SIZES),
            np.bincount(of_size[outside], minlength=SIZES),
        )

    def _unseen(self, lost: Mapping[int, float]) -> Sizes:
        """For each person, how likely it is that none of the records would have had a number."""
        tables, place = np.unique(self.table, return_inverse=True)
        share = np.array([lost.get(int(table), 0.0) for table in tables])
        logs = np.log(np.clip(share, 1e-9, 1))
        return np.asarray(np.minimum(np.exp(np.bincount(self.person, weights=logs[place])), _UNSEEN_AT_MOST))


def _like(weight: Sizes, rows: Sizes, clusters: Sizes) -> Like:
    total = max(float(weight.sum()), 1e-9)
    of_rows, of_clusters = (max(float((weight * part).sum()) / total, 1.0) for part in (rows, clusters))
    return Like(total / max(len(weight), 1), of_rows, of_clusters)


def _largest(person: Rows, records: Rows) -> npt.NDArray[np.bool_]:
    """For pairs of a person and a cluster: whether it has most of the person's records."""
    order = np.lexsort((-records, person))
    found = np.zeros(len(person), np.bool_)
    found[order[np.append(True, np.diff(person[order]) != 0)[: len(order)]]] = True
    return found


def without_numbers(facts: Facts) -> Facts:
    """The facts of records as if none had a valid number."""
    return dataclasses.replace(facts, inside=np.full_like(facts.inside, NO_DAY), valid={})


def without_any_number(facts: Facts) -> Facts:
    """The facts of records as if none had a number, not even a mistyped one."""
    return dataclasses.replace(without_numbers(facts), failed={})


def bared(facts: Facts, rows: Rows, table: Rows, order: Hashes, keyed: Flags, never: Never) -> Facts:
    """The facts, of which `rows` state as little as records of people who never have a number do, by table.

    Whoever has no number is often written down with less care. What the records state shows it.
    """
    born, phone = facts.born.copy(), facts.phone.codes.copy()
    texts = {kind: Coded(text.codes.copy(), text.texts) for kind, text in facts.texts.items()}
    stated = [(born, int(NO_DAY)), (phone, NONE), *((text.codes, NONE) for text in texts.values())]
    for bit, (codes, nothing) in enumerate(stated, start=1):
        lot = mixed(order.view(np.int64), np.full(len(rows), bit)).astype(np.float64) / 2.0**64
        for tid in np.unique(table).tolist():
            here = np.flatnonzero(table == tid)
            usual = here[keyed[here]] if keyed[here].any() else here
            there = float((codes[rows[usual]] != nothing).mean())
            kept = _stating(never, tid, bit) / max(there, 1e-9)
            if kept < _PLAINLY:
                codes[rows[here[lot[here] > kept]]] = nothing
    return dataclasses.replace(facts, born=born, phone=Coded(phone, facts.phone.texts), texts=texts)


def _stating(never: Never, table: int, bit: int) -> float:
    """The share of a table's records of people without a number that state a fact; 1 where they are few."""
    of_table = {pattern: count for (tid, pattern), count in never.items() if tid == table}
    total = sum(of_table.values())
    if total < _FEW:
        return 1.0
    return sum(count for pattern, count in of_table.items() if pattern >> bit & 1) / total


def hidden_rows(person: Rows, order: Hashes, wanted: int) -> Rows:
    """Places of all records of people taken by lot until there are about so many records.

    `order` is a hash of each record's content: whom the lot takes depends on no order of the records.
    """
    if not len(person):
        return np.zeros(0, np.int64)
    least = np.full(int(person.max()) + 1, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, person, order)
    # Mixed once more: the least of many hashes is a small one, and people of many records come no sooner.
    lot = mixed(least.view(np.int64))
    share = float(np.clip(wanted, *_ROWS)) / len(person)
    if share >= 1:
        return np.arange(len(person))
    there = np.zeros(len(lot), np.bool_)
    there[person] = True
    bar = np.quantile(lot[there].astype(np.float64), share)
    return np.flatnonzero(lot[person].astype(np.float64) <= bar)
