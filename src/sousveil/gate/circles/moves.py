"""Steps from one filling of a circle to another: two records exchange labels, or one takes on labels.

A step has a first record and a second, as labels (their places along the axes), and the axes along which the
first takes on the second's labels; in an exchange the second takes on the first's there. All columns keep
their sums in an exchange; each table does whose axes lie all on one side, or in which both say the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.gate.circles.circle import Axes, Circle, Filling, Link
from sousveil.gate.protection.system import Flags, Ints

Reals = npt.NDArray[np.float64]

BATCH = 320
"""About how many steps are looked at to choose some."""
FIRSTS = 3
"""First records by one way, at most."""
LONE = 2
"""Ways by which one record takes on labels, tried at a time."""
POOL = 6
"""Seconds by chance for each that is chosen among them."""
NEAR = 1.6
"""How much chance counts, beside one for each label that records have in common, in the choice of seconds."""


@dataclass(frozen=True)
class Steps:
    """Possible steps: arrays of labels (axes by steps) of the first and of the second record."""

    first: Ints
    second: Ints
    taken: Flags
    """Axes by steps: where the first takes on the label of the second."""
    exchanged: Flags
    """Whether the second record takes on the first's labels in turn."""

    def only(self, place: int) -> Steps:
        """One of them."""
        some = slice(place, place + 1)
        return Steps(self.first[:, some], self.second[:, some], self.taken[:, some], self.exchanged[some])

    def after(self) -> tuple[Ints, Ints]:
        """The labels of both records after the step."""
        given = self.taken & self.exchanged
        return np.where(self.taken, self.second, self.first), np.where(given, self.first, self.second)


@dataclass(frozen=True)
class Change:
    """What a step did: atoms and nodes, and by how much."""

    atoms: Ints
    by: Ints
    nodes: Ints
    nodes_by: Ints


@dataclass(frozen=True)
class Way:
    """Axes along which a step changes labels."""

    axes: Axes
    exchanged: bool

    def changes(self, axes: Axes) -> bool:
        """Whether it changes how many have a combination of some axes."""
        comes = {*self.axes} & {*axes}
        return bool(comes) and not (self.exchanged and comes == {*axes})


@dataclass(frozen=True)
class _Among:
    """Of each atom whether somebody is there, whether it is inside; the labels of one combination inside."""

    there: Flags
    now: Flags
    goal: Ints
    most: int
    """Steps by one way."""


class Moves:
    """Steps by chance among the records of a circle, in units that move together."""

    def __init__(self, circle: Circle, units: Sequence[str], chance: np.random.Generator) -> None:
        self.grid, self.chance = circle.grid, chance
        self.fillings: list[Filling] = [circle.fillings[unit] for unit in units]
        self._truth = circle.truth[units[0]]
        self.every: Axes = tuple(range(len(self.grid.shape)))
        self._places, self._nodes = self._every_cell([link for link in circle.links if link.axes])
        self._strides = np.array(self.grid.strides, dtype=np.int64)
        self._atoms = np.flatnonzero(np.min([one.atoms for one in self.fillings], axis=0)).astype(np.int64)
        self._known = {*self._atoms.tolist()}
        self._labels = self._apart(self._atoms)
        self._exchanges, self._lone = self._ways()

    def _every_cell(self, links: Sequence[Link]) -> tuple[Ints, Ints]:
        """The cells of all links in a row: how far each axis and each link is along it, and their nodes."""
        places = np.zeros((len(links), len(self.every) + 1), dtype=np.int64)
        start = 0
        for number, link in enumerate(links):
            step = 1
            for axis in reversed(link.axes):
                places[number, axis], step = step, step * self.grid.shape[axis]
            places[number, -1], start = start, start + step
        return places, np.concatenate([link.nodes for link in links])

    def _cells(self, labels: Ints) -> Ints:
        """The nodes of labels, links by labels."""
        found: Ints = self._nodes[self._places[:, :-1] @ labels + self._places[:, -1:]]
        return found

    def _apart(self, atoms: Ints) -> Ints:
        """The labels of atoms, axes by atoms."""
        shape = np.array(self.grid.shape, dtype=np.int64)
        return atoms // self._strides[:, None] % shape[:, None]

    def _ways(self) -> tuple[list[Way], list[Way]]:
        some = [axes for size in self.every for axes in itertools.combinations(self.every, size + 1)]
        # An exchange along some axes is one along all others.
        return [Way(axes, True) for axes in some if self.every[-1] not in axes], [
            Way(axes, False) for axes in some
        ]

    def _combinations(self, labels: Ints, axes: Axes) -> Ints:
        """The combination of some axes that labels have."""
        number = np.zeros(labels.shape[1], dtype=np.int64)
        for axis in axes:
            number = number * self.grid.shape[axis] + labels[axis]
        return number

    def some(self, axes: Axes, inside: Flags, upward: bool) -> Steps | None:
        """Steps that add one to the combinations of some axes that are `inside`, or take one off."""
        ways = [way for way in self._exchanges if way.changes(axes)]
        lone = [way for way in self._lone if way.changes(axes)]
        ways += [lone[place] for place in self.chance.permutation(len(lone))[:LONE].tolist()]
        among = _Among(
            np.min([one.atoms[self._atoms] for one in self.fillings], axis=0) > 0,
            inside[self._combinations(self._labels, axes)],
            self._goal(axes, inside),
            max(BATCH // len(ways), FIRSTS),
        )
        parts = [one for way in ways if (one := self._by(way, axes, among, upward)) is not None]
        if not parts:
            return None
        first, second, taken = (
            np.concatenate([getattr(one, name) for one in parts], axis=1)
            for name in ("first", "second", "taken")
        )
        return Steps(first, second, taken, np.concatenate([one.exchanged for one in parts]))

    def _by(self, way: Way, axes: Axes, among: _Among, upward: bool) -> Steps | None:
        """Steps along some axes that change how many are inside."""
        firsts, seconds = among.there & among.now, among.there & ~among.now
        comes = [axis for axis in axes if axis in way.axes]
        if upward:
            firsts = seconds & self._agree(among.goal, [axis for axis in axes if axis not in way.axes])
            seconds = (seconds if way.exchanged else among.there) & self._agree(among.goal, comes)
        is_new = upward and not way.exchanged and not seconds.any()
        pairs = self._paired(firsts, among.there if is_new else seconds, among.most)
        if not len(pairs[0]):
            return None
        first, second = self._labels[:, pairs[0]], self._labels[:, pairs[1]]
        if is_new:
            # Nobody has these labels together: they are put together for it.
            second[comes] = among.goal[comes][:, None]
        taken = np.zeros(first.shape, dtype=np.bool_)
        taken[list(way.axes)] = True
        return Steps(first, second, taken, np.full(first.shape[1], way.exchanged))

    def _goal(self, axes: Axes, inside: Flags) -> Ints:
        """The labels of one of the combinations inside; -1 along other axes."""
        combination = int(self._picked(np.flatnonzero(inside), 1)[0])
        goal = np.full(len(self.every), -1, dtype=np.int64)
        for axis in reversed(axes):
            combination, goal[axis] = divmod(combination, self.grid.shape[axis])
        return goal

    def _agree(self, goal: Ints, axes: Sequence[int]) -> Flags:
        agree = np.ones(len(self._atoms), dtype=np.bool_)
        for axis in axes:
            agree &= self._labels[axis] == goal[axis]
        return agree

    def _picked(self, places: Ints, most: int) -> Ints:
        """So many by chance, one perhaps several times; all where they are no more."""
        return places if len(places) <= most else places[self.chance.integers(0, len(places), most)]

    def _paired(self, firsts: Flags, seconds: Flags, most: int) -> tuple[Ints, Ints]:
        """Pairs of atoms by chance, those with labels in common likelier."""
        ones = self._picked(np.flatnonzero(firsts), FIRSTS)
        others = self._picked(np.flatnonzero(seconds), POOL * most)
        each = min(most // max(len(ones), 1), len(others))
        if not each:
            return others[:0], others[:0]
        worth = NEAR * self.chance.random((len(ones), len(others)), dtype=np.float32)
        for labels in self._labels:
            worth += labels[ones][:, None] == labels[others]
        chosen = np.argpartition(-worth, each - 1, axis=1)[:, :each]
        one, other = np.repeat(ones, each), others[chosen].reshape(-1)
        return one[one != other], other[one != other]

    def price(self, some: Steps, plus: Reals, minus: Reals) -> Reals:
        """What steps cost, where `plus` and `minus` say what one more or less costs in each node."""
        first, second = some.after()
        old, new, other, others = map(self._cells, (some.first, first, some.second, second))
        alike = (old == new) | some.exchanged & (old == others)
        cost = minus[old] + plus[new]
        cost += np.where(some.exchanged, minus[other] + plus[others], 0.0)
        total: Reals = np.where(alike, 0.0, cost).sum(axis=0)
        return total

    def gain(self, some: Steps, axes: Axes, inside: Flags) -> Ints:
        """How many more are inside after each step."""
        labels = (some.first, some.second, *some.after())
        old, other, new, others = (inside[self._combinations(part, axes)].astype(np.int64) for part in labels)
        return new - old + np.where(some.exchanged, others - other, 0)

    def moved(self, axes: Axes, inside: Flags) -> int:
        """How many more are inside than in truth, in the first unit."""
        some = self._atoms[inside[self._combinations(self._labels, axes)]]
        return int(self.fillings[0].atoms[some].sum()) - int(self._truth[some].sum())

    def can(self, step: Steps) -> bool:
        """Whether one step takes nobody who is not there."""
        labels = [step.first, step.second] if step.exchanged[0] else [step.first]
        atoms = [int(one[:, 0] @ self._strides) for one in labels]
        return all(one.atoms[atom] > 0 for one in self.fillings for atom in atoms)

    def take(self, step: Steps) -> Change:
        """Take one step."""
        first, second = step.after()
        pairs = [(step.first, -1), (first, 1)]
        if step.exchanged[0]:
            pairs += [(step.second, -1), (second, 1)]
        atoms = np.array([int(labels[:, 0] @ self._strides) for labels, _ in pairs], dtype=np.int64)
        by = np.array([sign for _, sign in pairs], dtype=np.int64)
        for filling in self.fillings:
            filling.add(atoms, by)
        self._meet(atoms[1::2])
        nodes = np.concatenate([self._cells(labels)[:, 0] for labels, _ in pairs])
        return Change(atoms, by, nodes, np.repeat(by, len(self._places)))

    def _meet(self, atoms: Ints) -> None:
        """Atoms that had nobody join the others."""
        new = np.array([atom for atom in {*atoms.tolist()} if atom not in self._known], dtype=np.int64)
        if len(new):
            self._known |= {*new.tolist()}
            self._atoms = np.append(self._atoms, new)
            self._labels = np.concatenate([self._labels, self._apart(new)], axis=1)
