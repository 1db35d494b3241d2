"""What is left after the known persons took theirs: records linked among themselves, and persons of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.grouping import distinct
from sousveil.count.linkage.facts import Facts, Rows, levels
from sousveil.count.linkage.hidden import without_numbers
from sousveil.count.linkage.persons import among, components
from sousveil.count.linkage.weights import BACKGROUND, Bits, Weights
from sousveil.count.records import NO_DAY, NONE

Flags = npt.NDArray[np.bool_]

SURE = 0.9
"""A record is given to a person, or linked to another record, where this is more likely than so."""
STRICT = 0.99


@dataclass(frozen=True)
class Formed:
    """Persons made of records without a key."""

    label: Rows
    """For each record, the lowest place of a record of its cluster."""
    firm: Flags
    """Whether it is certain enough that this is somebody apart from all others known."""
    loose: float
    """How many clusters there would be if every doubtful link held, as a share of those that there are."""
    strict: float
    """The same if none did."""


@dataclass(frozen=True)
class Links:
    """Candidate pairs, as places in a list of records, and how likely each is one person's."""

    one: Rows
    other: Rows
    likely: Bits


def linked(
    facts: Facts, weights: Weights, rows: Rows, left: Rows, bars: Sequence[float], *, size: int = 0
) -> tuple[list[Rows], Links]:
    """The clusters of `rows`, of which only `left` are linked, by the lowest place; for each bar.

    They are linked as if they were `size` records, if that is more.
    """
    apart = _apart(weights, max(size, len(left)))
    one, other, found = among(facts, rows[left])
    likely = _likely(apart.bits(facts, one, found))
    place = np.full(len(facts), NONE, np.int64)
    place[rows] = np.arange(len(rows))
    one, other = place[one], place[other]
    bare = _bare(facts, rows, left)
    labels = [
        components(
            len(rows), np.append(one[likely >= bar], bare[0]), np.append(other[likely >= bar], bare[1])
        )
        for bar in bars
    ]
    return labels, Links(one, other, likely)


def _apart(weights: Weights, size: int) -> Weights:
    """The weights for pairs among so many records: any of them may be the same person as another."""
    return Weights(weights.m, weights.shares, weights.bags, weights.days, size + BACKGROUND)


def _likely(bits: Bits) -> Bits:
    likely: Bits = 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))
    return likely


def formed(
    facts: Facts, weights: Weights, rows: Rows, left: Rows, somebody: Bits, order: npt.NDArray[np.uint64]
) -> tuple[Formed, Links]:
    """Link what is left among itself. `somebody` is how likely each of `rows` is somebody's who is known."""
    (label, loose, strict), links = linked(facts, weights, rows, left, (SURE, 1 - SURE, STRICT))
    clusters, *others = (max(len(distinct(made[left])), 1) for made in (label, loose, strict))
    firm = np.zeros(len(rows), np.bool_)
    firm[left] = (somebody[left] <= 1 - SURE) & _tells(facts, rows[left])
    one, other = label[links.one], label[links.other]
    doubt = (links.likely < SURE) & (links.likely > 1 - SURE) & (one != other)
    firm &= ~_doubled(order, label, one[doubt], other[doubt])
    return Formed(label, _of_cluster(label, firm), others[0] / clusters, others[1] / clusters), links


def _bare(facts: Facts, rows: Rows, left: Rows) -> tuple[Rows, Rows]:
    """Records with a bare name, tied to the first of that name: nobody can tell how many people they are."""
    bare = left[~_tells(facts, rows[left]) & (facts.name[rows[left]] >= 0)]
    names = facts.name[rows[bare]]
    _, first, back = np.unique(names, return_index=True, return_inverse=True)
    return bare, bare[first][back]


def told(facts: Facts, rows: Rows) -> Flags:
    """Records that state anything at all about their person."""
    told = _tells(facts, rows) | (facts.name[rows] >= 0)
    return np.asarray(told)


def _tells(facts: Facts, rows: Rows) -> Flags:
    """Records that say enough to make a person of: a name and one more fact, or a mistyped number."""
    more = (facts.born[rows] != NO_DAY) | (facts.phone.codes[rows] >= 0)
    for text in facts.texts.values():
        more |= text.codes[rows] >= 0
    told = (facts.name[rows] >= 0) & more
    for failed in facts.failed.values():
        told |= failed.codes[rows] >= 0
    return np.asarray(told)


def _doubled(order: npt.NDArray[np.uint64], label: Rows, one: Rows, other: Rows) -> Flags:
    """Records of clusters that may well be the same as another: of each such set all but one."""
    size = len(label)
    if not len(one):
        return np.zeros(size, np.bool_)
    joint = components(size, one, other)
    heads, count = np.unique(label, return_counts=True)
    # The largest cluster stays; of equals the one whose records come first by their content.
    content = np.full(size, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(content, label, order)
    ordered = np.lexsort((content[heads], -count, joint[heads]))
    first = np.append(True, np.diff(joint[heads][ordered]) != 0)
    kept = np.zeros(size, np.bool_)
    kept[heads[ordered[first]]] = True
    return ~kept[label]


def _of_cluster(label: Rows, firm: Flags) -> Flags:
    """A cluster is firm where all of its records are."""
    weak = np.zeros(len(label), np.bool_)
    weak[label[~firm]] = True
    return ~weak[label]


def recall(facts: Facts, weights: Weights, proved: tuple[Rows, Rows], links: Links, left: int) -> float:
    """The share of the pairs of one person's records that are linked.

    Measured on pairs that a number proves to be one person's, with the number hidden; else by belief.
    """
    one, other = proved
    if len(one):
        bare = without_numbers(facts)
        bits = _apart(weights, left).bits(bare, one, levels(bare, one, other))
        return float((_likely(bits) >= SURE).mean())
    total = float(links.likely.sum())
    return float(links.likely[links.likely >= SURE].sum()) / total if total else 1.0
