"""Worlds of a circle by a walk: one or two records at a time take on other labels, until a group is empty.

What each cell may be is known (`System.bounds`); how far all of them are out of that is the price of where
the walk stands. It looks at some hundred steps by chance that mend one of the cells that are out, and takes
the best (min-conflicts: S. Minton and others, 1992). Where it comes back to a price of nothing there is a
world, in whole numbers, with a filling of the atoms beside it. Cells that are shown and may still be hidden
are cheaper to be out of it: where the walk does not come back, those that it was left with may be hidden.

Nothing here is believed: `Problem.is_world` and `Circle.fits` have the last word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sousveil.gate.circles.circle import Axes, Circle, Filling
from sousveil.gate.circles.moves import Change, Moves, Steps
from sousveil.gate.protection.system import Flags, Ints

Reals = npt.NDArray[np.float64]

TARGET, HARD = 100.0, 20.0
"""What it costs to be out by one: the group or cell that is asked for, and a cell that can't be hidden."""
UPHILL = 60.0
"""No step makes the price higher by more."""


@dataclass(frozen=True)
class Target:
    """Combinations of some axes, and by how much they are to change together."""

    axes: Axes
    inside: Flags
    by: int


@dataclass(frozen=True)
class Room:
    """What each node may be; where it could be hidden, what it may be then, and what that costs."""

    low: Ints
    high: Ints
    wide_low: Ints
    wide_high: Ints
    cost: Reals

    def price(self, nodes: Ints, values: Ints) -> tuple[Reals, Flags]:
        """What nodes cost at some values, and whether it would do to hide them."""
        out = np.maximum(np.maximum(self.low[nodes] - values, values - self.high[nodes]), 0)
        far = np.maximum(np.maximum(self.wide_low[nodes] - values, values - self.wide_high[nodes]), 0)
        return self.cost[nodes] * out + HARD * far, far == 0


class Walk:
    """A walk over the fillings of one circle in some units, which move together."""

    def __init__(
        self, circle: Circle, units: Sequence[str], values: Sequence[Ints], rooms: Sequence[Room], seed: int
    ) -> None:
        self.circle, self.rooms = circle, rooms
        self.fillings: list[Filling] = [circle.fillings[unit] for unit in units]
        for filling in self.fillings:
            filling.undo()
        self.values = [one.copy() for one in values]
        """By unit, where the nodes are."""
        self.out: set[int] = set()
        """Nodes that are out of what they may be."""
        self._hard: set[int] = set()
        self._chance = np.random.default_rng([len(values[0]), seed])
        self._moves = Moves(circle, units, self._chance)
        self._plus, self._minus, self._now = (np.zeros(len(values[0]) + 1) for _ in range(3))
        self._plus[-1] = self._minus[-1] = np.inf
        self.wished_up, self.wished_down = (np.zeros(len(values[0]) + 1) for _ in range(2))
        """What it is worth beside all else to move a node by one."""
        self._cells: dict[int, tuple[Axes, Flags]] = {}
        self._log: list[Change] = []
        self.renew(rooms)

    def renew(self, rooms: Sequence[Room]) -> None:
        """Work out all prices, as what is hidden has changed."""
        self.rooms = rooms
        self._price(np.arange(len(self.values[0])))

    def _price(self, nodes: Ints) -> None:
        """Work out anew what it costs to move nodes by one."""
        now, plus, minus = (np.zeros(len(nodes)) for _ in range(3))
        soft = np.ones(len(nodes), dtype=np.bool_)
        for room, values in zip(self.rooms, self.values, strict=True):
            here, enough = room.price(nodes, values[nodes])
            now += here
            plus += room.price(nodes, values[nodes] + 1)[0] - here
            minus += room.price(nodes, values[nodes] - 1)[0] - here
            soft &= enough
        self._plus[nodes], self._minus[nodes], self._now[nodes] = plus, minus, now
        for found, flags in ((self.out, now > 0), (self._hard, ~soft)):
            found.difference_update(nodes[~flags].tolist())
            found.update(nodes[flags].tolist())

    def to(self, target: Target, most: int) -> bool:
        """Walk at most so many rounds until the target is reached and no cell is out; whether that is so.

        Where it is not, the walk goes back to where the target was reached at the least cost (`out` are what
        would have to be hidden), or to where it began.
        """
        self._log.clear()
        best, cheapest = 0, np.inf
        missing = target.by
        for _ in range(most):
            if not missing and not self._hard:
                cost = float(self._now[list(self.out)].sum())
                best, cheapest = (len(self._log), cost) if cost < cheapest else (best, cheapest)
                if not self.out:
                    return True
            missing -= self._round(target, missing)
        self.back(best)
        return False

    def _round(self, target: Target, missing: int) -> int:
        """Take the best of some steps that mend what is out; how far they lead to the target."""
        out = sorted(self.out)
        mended, upward = target, missing > 0
        if not missing or (out and self._chance.random() < 0.5):
            node = out[int(self._chance.integers(len(out)))]
            mended, upward = self.cell(node), bool(self._plus[node] < 0)
        some = self._moves.some(mended.axes, mended.inside, upward)
        if some is None:
            return 0
        price = self._priced(some, target, missing)
        order = np.argsort(price + 0.1 * self._chance.random(len(price)))
        if price[order[0]] > UPHILL:
            return 0
        gained = self._take(some.only(int(order[0])), target)
        worth = price[order[0]]
        for place in order[1:].tolist():
            if mended is not target or missing == gained or price[place] > min(worth, 0) + 1:
                break
            step = some.only(place)
            if self._moves.can(step) and self._priced(step, target, missing - gained)[0] <= min(worth, 0) + 1:
                gained += self._take(step, target)
        return gained

    def _priced(self, some: Steps, target: Target, missing: int) -> Reals:
        gain = self._moves.gain(some, target.axes, target.inside)
        farther: Ints = np.abs(missing - gain) - abs(missing)
        plus, minus = self._plus - self.wished_up, self._minus - self.wished_down
        return self._moves.price(some, plus, minus) + TARGET * farther

    def cell(self, node: int, value: int = 0) -> Target:
        """That a node has a value."""
        if node not in self._cells:
            link = next(one for one in self.circle.links if (one.nodes == node).any())
            self._cells[node] = link.axes, link.nodes == node
        return Target(*self._cells[node], value - int(self.values[0][node]))

    def emptied(self, axes: Axes, combination: int, number: int) -> Target:
        """That a group, in which so many are in truth, has nobody."""
        inside = np.zeros(self.circle.grid.size(axes), dtype=np.bool_)
        inside[combination] = True
        return Target(axes, inside, -number - self._moves.moved(axes, inside))

    def _take(self, step: Steps, target: Target) -> int:
        gain = int(self._moves.gain(step, target.axes, target.inside)[0])
        done = self._moves.take(step)
        self._log.append(done)
        self._move(done.nodes, done.nodes_by)
        return gain

    def _move(self, nodes: Ints, by: Ints) -> None:
        for values in self.values:
            np.add.at(values, nodes, by)
        self._price(np.unique(nodes))

    def back(self, steps: int = 0) -> None:
        """Undo what was done for the last target, but for so many steps."""
        while len(self._log) > steps:
            done = self._log.pop()
            for filling in self.fillings:
                filling.add(done.atoms, -done.by)
            self._move(done.nodes, -done.nodes_by)
