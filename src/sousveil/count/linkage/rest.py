"""What is left after the known persons took theirs: records linked among themselves, and persons of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.count.linkage.facts import Facts, Rows
from sousveil.count.linkage.forest import Links
from sousveil.count.linkage.persons import among, components
from sousveil.count.linkage.weights import Bits, Weights
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


def linked(
    facts: Facts, weights: Weights, rows: Rows, left: Rows, bars: Sequence[float], *, size: int = 0
) -> tuple[list[Rows], Links]:
    """The clusters of `rows`, of which only `left` are linked, by the lowest place; for each bar.

    They are linked as if they were `size` records, if that is more.
    """
    apart = weights.among(max(size, len(left)))
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
    return labels, Links(
        np.append(one, bare[0]), np.append(other, bare[1]), np.append(likely, np.ones(len(bare[0])))
    )


def _likely(bits: Bits) -> Bits:
    likely: Bits = 1 / (1 + np.exp2(-np.clip(bits, -60, 60)))
    return likely


def formed(
    facts: Facts, weights: Weights, rows: Rows, left: Rows, somebody: Bits, order: npt.NDArray[np.uint64]
) -> tuple[Formed, Links]:
    """Link what is left among itself. `somebody` is how likely each of `rows` is somebody's who is known."""
    (label,), links = linked(facts, weights, rows, left, (SURE,))
    firm = np.zeros(len(rows), np.bool_)
    firm[left] = (somebody[left] <= 1 - SURE) & _tells(facts, rows[left])
    one, other = label[links.one], label[links.other]
    doubt = (links.likely < SURE) & (links.likely > 1 - SURE) & (one != other)
    firm &= ~_doubled(order, label, one[doubt], other[doubt])
    return Formed(label, _of_cluster(label, firm)), links


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
