"""Cells of one table of the dump held against totals of another one, two by two.

Each printed number is the size of a set of people, and so is what it leaves of its total. Of two sets in two
tables sizes prove only how much larger the one is: then at least so many people are in it and not in the
other (the theorem of P. Hall, 1935, for what two tables tell of each other). Beside the whole case also those
who are in both of two sets that come to more than it, or in neither of two that come to less. Who is proven
to be there must not be few.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sousveil.findings.model import Populations, Question
from sousveil.gate.protection.system import Flags, Ints

AT_ONCE = 4_000_000
"""Pairs of sets that are looked at together."""


@dataclass(frozen=True)
class Printed:
    """A question on people of which numbers are printed, or are to be."""

    question: Question
    shown: Collection[tuple[str, ...]]
    """The labels of its cells that are shown, in the order of `by`."""
    is_new: bool
    """Whether nothing of it was printed before."""


@dataclass(frozen=True)
class Sets:
    """Sets of people of one table of the dump whose sizes are printed, or follow."""

    people: sparse.csr_array
    """Who is in each population and cell (rows); columns are people by their places among everybody."""
    row: Ints
    """For each set a row of `people`."""
    less: Ints
    """A row that is taken off it; -1 where none is."""
    sizes: Ints
    owner: Ints
    """The place of the question that prints a set, among all that are looked at."""
    is_cell: Flags
    """Whether a set is a cell, or all but a cell, and no population."""

    def only(self, kept: Flags) -> Sets:
        """Some of the sets."""
        row, less, sizes, owner = (one[kept] for one in (self.row, self.less, self.sizes, self.owner))
        return Sets(self.people, row, less, sizes, owner, self.is_cell[kept])

    def shared(self, other: Sets) -> Ints:
        """How many people are in each set and in each of another table."""
        rows, signs = self._signed()
        columns, others = other._signed()
        both = (self.people[rows] @ other.people[columns].T).toarray()
        return np.asarray((others @ (signs @ both).T).T, dtype=np.int64)

    def _signed(self) -> tuple[Ints, sparse.csr_array]:
        """The rows that the sets are made of, and how: each a row, or a row less another."""
        rest = np.flatnonzero(self.less >= 0)
        rows = np.unique(np.concatenate([self.row, self.less[rest]]))
        sets = np.concatenate([np.arange(len(self.row)), rest])
        columns = np.searchsorted(rows, np.concatenate([self.row, self.less[rest]]))
        signs = np.ones(len(sets), dtype=np.int64)
        signs[len(self.row) :] = -1
        return rows, sparse.csr_array((signs, (sets, columns)), shape=(len(self.row), len(rows)))


def sets_of(asked: Mapping[int, Printed], populations: Populations, everybody: Ints, k: int) -> Sets:
    """The sets of at least k people that questions on one table print, by the places of the questions.

    A population is taken once, from the first question about it, those without conditions first.
    """
    rows: list[sparse.csr_array] = []
    count = 0
    made: list[tuple[int, int, int, bool]] = []
    totals: dict[str, int] = {}
    for place, one in sorted(asked.items(), key=lambda pair: (pair[1].question.where != "", pair[0])):
        where = one.question.where
        if where not in totals:
            numbers = populations.numbers(one.question)
            made += [(count, -1, place, False)]
            made += [(totals[""], count, place, False)] if where and "" in totals else []
            totals[where], count = count, count + 1
            rows.append(_rows(np.zeros_like(numbers), numbers, 1, everybody))
        if one.question.by and one.shown:
            labels, code, numbers = populations.labelled(one.question)
            for number in (n for n, each in enumerate(labels) if each in one.shown):
                made += [(count + number, -1, place, True), (totals[where], count + number, place, True)]
            rows.append(_rows(code, numbers, len(labels), everybody))
            count += len(labels)
    people = sparse.vstack(rows, format="csr")
    row, less, owner, is_cell = np.array(made, dtype=np.int64).T
    counted = np.asarray(people.sum(axis=1), dtype=np.int64).ravel()
    sizes = np.where(less < 0, counted[row], counted[row] - counted[less])
    return Sets(people, row, less, sizes, owner, is_cell > 0).only(sizes >= k)


def _rows(code: Ints, numbers: Ints, size: int, everybody: Ints) -> sparse.csr_array:
    places = np.searchsorted(everybody, numbers)
    shape = (size, len(everybody))
    return sparse.csr_array((np.ones(len(code), dtype=np.int64), (code, places)), shape=shape)


def telling(one: Sets, other: Sets, everybody: int | None, k: int) -> Iterator[tuple[int, int, bool]]:
    """Which sets of two tables tell of a few: the owners of both, and whether only beside everybody.

    `everybody` is the number of people of the whole case, where it is printed.
    """
    step = max(1, AT_ONCE // max(1, len(other.sizes)))
    for start in range(0, len(one.sizes), step):
        rows = np.arange(len(one.sizes)) // step == start // step
        near = _near(one.sizes[rows], other.sizes, everybody, k)
        near &= one.is_cell[rows][:, None] != other.is_cell
        some = one.only(rows).only(np.asarray(near.any(axis=1)))
        others = other.only(np.asarray(near.any(axis=0)))
        if not near.any():
            continue
        both, mixed = some.shared(others), some.is_cell[:, None] != others.is_cell
        few = _few(some.sizes, others.sizes, both, k) & mixed
        beside = np.zeros_like(few)
        if everybody is not None:
            beside = _few_beside(some.sizes, others.sizes, both, everybody, k) & mixed & ~few
        for found, is_beside in ((few, False), (beside, True)):
            owners = np.argwhere(found)
            pairs = zip(some.owner[owners[:, 0]].tolist(), others.owner[owners[:, 1]].tolist(), strict=True)
            yield from ((first, second, is_beside) for first, second in dict.fromkeys(pairs))


def _near(one: Ints, other: Ints, everybody: int | None, k: int) -> Flags:
    """Which sizes differ, or fill the whole case, by 1 … k-1 or nearly so."""
    apart = np.abs(one[:, None] - other[None, :])
    near: Flags = (apart > 0) & (apart < k)
    if everybody is not None:
        left = np.abs(everybody - one[:, None] - other[None, :])
        near |= (left > 0) & (left < k)
    return near


def _few(one: Ints, other: Ints, both: Ints, k: int) -> Flags:
    """Where fewer than k people are in the larger set and not in the other."""
    larger = np.maximum(one[:, None], other[None, :])
    unequal = one[:, None] != other[None, :]
    return np.asarray(unequal & (larger - both < k), dtype=np.bool_)


def _few_beside(one: Ints, other: Ints, both: Ints, everybody: int, k: int) -> Flags:
    """Where fewer than k people are in both though they must be, or in neither."""
    over = one[:, None] + other[None, :] - everybody
    neither = both - over
    return np.asarray(((over > 0) & (both < k)) | ((over < 0) & (neither < k)), dtype=np.bool_)


def refused(
    asked: Sequence[Printed], found: Sequence[tuple[int, int, bool]], whole: int | None
) -> dict[int, int]:
    """Which questions can't stay, with the one that stands against each, by their places.

    `whole` is the place of the whole case. What is new gives way: of that the whole case first, then tables
    with cells, the later one.
    """
    gone: dict[int, int] = {}
    for first, second, beside in found:
        pair = [first, second, *([whole] if beside and whole is not None else [])]
        if gone.keys() & set(pair):
            continue
        new = [place for place in pair if asked[place].is_new]
        if new:
            away = max(new, key=lambda one: (one == whole, bool(asked[one].question.by), one))
            gone[away] = next(place for place in pair if place != away)
    return gone
