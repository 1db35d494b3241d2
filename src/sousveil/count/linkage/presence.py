"""Who is known where, by a number or by which documents, so that what is known before a document can be said.

Documents are taken in the order of a lot: each may be of somebody with a number, or of somebody whom a
document before it names. So of two that are one person's, one is of somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.blocks import mixed
from sousveil.count.linkage.facts import Rows
from sousveil.count.records import NONE

Flags = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Sums = npt.NDArray[np.float64]

_MOST = 40_000
"""Records that are compared; of more, those of documents drawn by lot."""


@dataclass(frozen=True)
class Presence:
    """One place a distinct record of a person known by a key."""

    person: Rows
    table: Rows
    rank: Rows
    """The place in the lot of the document that names the record's person, from 1; 0 for a number."""
    pattern: Rows
    shown: Rows
    """The record that stands for all records of the person and document with the same facts."""

    def of(self, table: int | None) -> Presence:
        """Those of one table, or all."""
        here = np.ones(len(self.table), np.bool_) if table is None else self.table == table
        return Presence(
            self.person[here], self.table[here], self.rank[here], self.pattern[here], self.shown[here]
        )

    def first(self, size: int) -> Rows:
        """By person: the first rank; more than any where they are not known."""
        found = np.full(size, np.iinfo(np.int64).max)
        np.minimum.at(found, self.person, self.rank)
        return found

    def known_by(self, document: Rows, rank: Rows, owner: Rows) -> tuple[Rows, Rows]:
        """Pairs of a document and the place of a record that makes its owner known before."""
        order = np.argsort(self.person, kind="stable")
        ordered = self.person[order]
        start = np.searchsorted(ordered, owner, "left")
        count = np.searchsorted(ordered, owner, "right") - start
        pair = np.repeat(np.arange(len(owner)), count)
        inner = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
        record = order[start[pair] + inner]
        before = self.rank[record] < rank[pair]
        return document[pair[before]], record[before]

    def unreached(self, missed: Sums) -> float:
        """The share of those known by a number, or else by a document, all of whose records are missed."""
        who = np.where(self.rank == 0, self.person, self.person.max(initial=0) + self.rank)
        if (self.rank == 0).any():
            who, missed = who[self.rank == 0], missed[self.rank == 0]
        _, place = np.unique(who, return_inverse=True)
        return float(np.exp(np.bincount(place, np.log(missed))).mean()) if len(who) else 0.0


def ranks(document: Rows, order: Hashes) -> Rows:
    """For each record the place in the lot of its document, from 1; 0 for none.

    `order` is a hash of each record's content: the lot hangs on no order of the records.
    """
    size = int(document.max(initial=NONE)) + 1
    there = document >= 0
    least = np.full(size, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(least, document[there], order[there])
    place = np.zeros(size + 1, np.int64)
    place[np.argsort(mixed(least.view(np.int64)), kind="stable")] = np.arange(1, size + 1)
    place[NONE] = 0
    return place[document]


def compared(rank: Rows, joined: Flags) -> Flags:
    """Which records are compared: all that have a rank, or those of documents drawn by lot.

    As many of those that were joined to somebody as of the others, if there are.
    """
    taken = rank > 0
    for side in (joined, ~joined):
        here = taken & side
        if here.sum() > _MOST // 2:
            lot = mixed(rank, np.full(len(rank), 7)).astype(np.float64) / 2.0**64
            taken &= ~side | (lot < _MOST / 2 / here.sum())
    return taken
