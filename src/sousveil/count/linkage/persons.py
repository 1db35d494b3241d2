"""Records that carry no key, against the persons known by keys, and against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.attach import pack
from sousveil.count.grouping import distinct, grouped
from sousveil.count.linkage.blocks import pairs
from sousveil.count.linkage.facts import Facts, Levels, Rows, levels
from sousveil.count.linkage.weights import Bits, Weights
from sousveil.count.records import NONE

Flags = npt.NDArray[np.bool_]
_CLIP = 60.0
_LEADS = float(np.log2(0.1 / 0.9))
"""The odds from which one known record alone makes it worth a thought that its person is meant."""


@dataclass(frozen=True)
class Candidates:
    """Pairs of a wanted record and a person, each once; with their log2 odds.

    `apart` are those odds if the person whose record a ghost is were not known at all.
    """

    wanted: Rows
    """Places in the list of wanted records."""
    person: Rows
    bits: Bits
    apart: Bits
    agreeing: tuple[Rows, Rows]
    """Of wanted records with a source: their places, and the known records that each of them agrees with."""

    def part(self, first: int, last: int) -> Candidates:
        """Those of the wanted records from one place to another, which begin anew at 0."""
        here = (self.wanted >= first) & (self.wanted < last)
        place, other = self.agreeing
        there = (place >= first) & (place < last)
        return Candidates(
            self.wanted[here] - first, self.person[here], self.bits[here], self.apart[here],
            (place[there] - first, other[there]),
        )  # fmt: skip


@dataclass(frozen=True)
class Belief:
    """What the candidates of each wanted record say together."""

    owner: Rows
    """The likeliest person, or `NONE`."""
    best: Bits
    """The probability that it is that person's."""
    somebody: Bits
    """The probability that it is one of the candidates' at all."""


@dataclass(frozen=True)
class Wanted:
    """Records whose persons are asked for; one may stand here twice."""

    rows: Rows
    spare: Rows
    """One known record that must not speak for each (itself), or `NONE`."""
    source: Rows
    """The source whose records must not speak for each (a document), or 0."""


def candidates(
    facts: Facts, weights: Weights, wanted: Wanted, known: Rows, person: Rows, source: Rows
) -> Candidates:
    """The candidates of each wanted record among the persons of the known records.

    `person` and `source` are those of each record of the case: a wanted one that has a person is a ghost.
    """
    place, other = _pairs(facts, wanted, known)
    mine = wanted.rows[place]
    kept = (other != wanted.spare[place]) & (
        (wanted.source[place] == 0) | (wanted.source[place] != source[other])
    )
    place, mine, other = place[kept], mine[kept], other[kept]
    found = levels(facts, mine, other)
    bits = weights.bits(facts, mine, found)
    apart = bits.copy()
    ghost = np.flatnonzero(person[mine] != NONE)
    apart[ghost] = weights.bits(facts, mine[ghost], found[:, ghost], uncounted=True)
    key = pack(place, person[other])
    group, first = grouped(key)
    best = np.full((2, len(first)), -np.inf)
    for made, odds in zip(best, (bits, apart), strict=True):
        np.maximum.at(made, group, odds)
    agree = (wanted.source[place] > 0) & (bits >= _LEADS)
    return Candidates(
        key[first] >> 32, key[first] & 0xFFFFFFFF, best[0], best[1], (place[agree], other[agree])
    )


def _pairs(facts: Facts, wanted: Wanted, known: Rows) -> tuple[Rows, Rows]:
    """Pairs of a place in `wanted` and a known record."""
    order = np.argsort(wanted.rows, kind="stable")
    ordered = wanted.rows[order]
    mine, other = pairs(facts, distinct(wanted.rows), known)
    start = np.searchsorted(ordered, mine, "left")
    count = np.searchsorted(ordered, mine, "right") - start
    pair = np.repeat(np.arange(len(mine)), count)
    inner = np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count)
    return order[start[pair] + inner], other[pair]


def believed(found: Candidates, size: int, kept: Flags | None = None, *, apart: bool = False) -> Belief:
    """Weigh the candidates of each of `size` wanted records against each other and against nobody known."""
    wanted, person, bits = found.wanted, found.person, found.apart if apart else found.bits
    if kept is not None:
        wanted, person, bits = wanted[kept], person[kept], bits[kept]
    odds = np.exp2(np.clip(bits, -_CLIP, _CLIP))
    total = np.bincount(wanted, weights=odds, minlength=size)
    best = np.zeros(size)
    np.maximum.at(best, wanted, odds)
    owner = np.full(size, NONE, np.int64)
    top = np.flatnonzero(odds == best[wanted])
    # Of equals the lowest number; they share the probability, so that none of them is believed.
    owner[wanted[top][::-1]] = person[top][::-1]
    return Belief(owner, best / (1 + total), total / (1 + total))


def among(facts: Facts, rows: Rows) -> tuple[Rows, Rows, Levels]:
    """Candidate pairs among records, each pair once, and their levels.

    The record that comes first in `rows` comes first in a pair: a number says more of the one that is looked
    for than of the one that is looked at, so that which is which must not follow from where they stand.
    """
    place = np.zeros(len(facts), np.int64)
    place[rows] = np.arange(len(rows))
    both = np.sort(place[np.stack(pairs(facts, rows, rows))], axis=0)
    packed = distinct(pack(*both[:, both[0] != both[1]]))
    one, other = rows[packed >> 32], rows[packed & 0xFFFFFFFF]
    return one, other, levels(facts, one, other)


def components(size: int, one: Rows, other: Rows) -> Rows:
    """The connected component of each of `size` things under these links, by its lowest member."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=(size, size))
    count, labels = connected_components(graph.tocsr(), directed=False)
    lowest = np.full(count, size, np.int64)
    np.minimum.at(lowest, labels, np.arange(size))
    found: Rows = lowest[labels]
    return found
