"""Walks through the circles of a system, for what moves of whole tables did not show to be possible.

A walk (`sousveil.gate.circles.walk`) looks for one world at a time: a small cell is 0 or k-1 in it, or a
group that no table is about is empty. Where there is none among what is hidden, it may hide more, as the
repair does. Cells stay as they are that are tied to what the circle does not tell.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sousveil.gate.circles.carry import Carrier
from sousveil.gate.circles.walk import Room, Target, Walk
from sousveil.gate.protection.problem import Problem
from sousveil.gate.protection.system import Flags, Ints, System

if TYPE_CHECKING:
    from sousveil.gate.protection.audit import Audit, Need

ROUNDS = 40
"""How far a walk goes for one cell or group."""
AGAIN = 4
"""How often what stays open is tried again, twice as long each time, before its table is refused."""
WISH = 0.5
"""What it is worth to bring another open cell to where it was not seen yet."""
DEAREST = 8.0
"""The most that a cell costs that can be hidden, beside the price of one that can't be."""
GROUPS = 1_000
"""Groups of a circle that are looked at one by one, at most."""
MOST = 60_000
"""Occupied atoms of a circle through which walks go, at most."""


class Wander:
    """Walks through one circle for one unit of a problem."""

    def __init__(self, problem: Problem, one: Carrier, unit: str, again: int, hiding: bool) -> None:
        self.problem, self.one, self.unit, self.hiding = problem, one, unit, hiding
        self._rounds = ROUNDS << again
        self._frozen = frozen(problem.system, one)
        values = problem.system.values[unit]
        self.walk = Walk(one.circle, (unit,), (values,), (self._room(),), again)

    def _room(self) -> Room:
        """What each node may be, and could be were it hidden."""
        system, values = self.problem.system, self.problem.system.values[self.unit]
        low, high = system.bounds(self.unit, self.problem.zeros_known)
        low, high = np.where(self._frozen, values, low), np.where(self._frozen, values, high)
        free = ~system.hidden & ~system.fixed & ~self._frozen
        return Room(
            low,
            high,
            np.where(free, np.minimum(system.k, values), low),
            np.where(free, np.maximum(system.ceilings(self.unit), values), high),
            np.where(free, np.minimum(system.cost, DEAREST), 0.0),
        )

    def wish(self, audit: Audit) -> None:
        """Let steps lead other open cells, too, to where they were not seen yet: the nearest first."""
        values, start = self.walk.values[0], self.problem.start(self.unit)
        here = slice(start, start + len(values))
        left = self.problem.system.top - values
        up, down = audit.high_open[here] & (left > 0), audit.low_open[here] & (values > 0)
        self.walk.wished_up[:-1] = np.where(up, WISH / np.maximum(left, 1), 0)
        self.walk.wished_down[:-1] = np.where(down, WISH / np.maximum(values, 1), 0)

    def world_with(self, target: Target) -> Ints | None:
        """A world of the problem's unknowns with the target; it may hide cells for it."""
        if not self._reached(target):
            return None
        world, start = self.problem.values.copy(), self.problem.start(self.unit)
        world[start : start + len(self.walk.values[0])] = self.walk.values[0]
        self.one.walking = True
        holds = self.problem.is_world(world, self.problem.bounds())
        self.one.walking = False
        if holds:
            return world
        self.walk.back()
        return None

    def _reached(self, target: Target) -> bool:
        if self.walk.to(target, self._rounds):
            return True
        if not (self.hiding and self.walk.out):
            self.walk.back()
            return False
        self.problem.system.hide(sorted(self.walk.out))
        self.walk.renew((self._room(),))
        if not self.walk.out:
            return True
        self.walk.back()
        return False


def small(one: Carrier) -> bool:
    """Whether a circle has few enough atoms with somebody to walk through them."""
    return bool((one.circle.truth["records"] > 0).sum() <= MOST)


def frozen(system: System, one: Carrier) -> Flags:
    """The nodes of a circle that other nodes hang on: those stay as they are."""
    own = one.circle.covers(len(system.hidden))
    tied = np.zeros(len(own), dtype=np.bool_)
    for other in system.circles:
        if other is not one:
            tied |= other.circle.covers(len(own))
    equation, node, _ = system.entries
    mixed = np.zeros(system.matrix.shape[0], dtype=np.bool_)
    mixed[equation[~own[node]]] = True
    tied[node[mixed[equation]]] = True
    return tied & own


def cells(audit: Audit) -> Flags:
    """Look for worlds for the open cells of circles, and strike out what they show; all their unknowns."""
    walked = np.zeros(len(audit.problem.node), dtype=np.bool_)
    for one in filter(small, audit.problem.system.circles):
        covered = np.flatnonzero(one.circle.covers(len(audit.problem.system.hidden)))
        for unit in audit.problem.units:
            walked[covered + audit.problem.start(unit)] = True
            _each(audit, one, unit, covered, 0, hiding=False)
    return walked


def hide(audit: Audit, needs: Sequence[Need]) -> None:
    """The same for cells for which no world was found, hiding what it takes."""
    unknowns = np.array([unknown for unknown, _ in needs], dtype=np.int64)
    for one in filter(small, audit.problem.system.circles):
        covered = one.circle.covers(len(audit.problem.system.hidden))
        for unit, again in itertools.product(audit.problem.units, range(AGAIN)):
            nodes = np.unique(unknowns) - audit.problem.start(unit)
            nodes = nodes[(nodes >= 0) & (nodes < len(covered))]
            _each(audit, one, unit, nodes[covered[nodes]], again, hiding=True)


def _each(audit: Audit, one: Carrier, unit: str, nodes: Ints, again: int, hiding: bool) -> None:
    """Look for worlds for the open cells among some nodes."""
    start, top = audit.problem.start(unit), audit.problem.system.top
    wander = None
    for still_open, most in ((audit.low_open, np.zeros_like(top)), (audit.high_open, top)):
        for node in nodes[still_open[nodes + start]].tolist():
            if still_open[node + start]:
                wander = wander or Wander(audit.problem, one, unit, again, hiding)
                wander.wish(audit)
                world = wander.world_with(wander.walk.cell(node, int(most[node])))
                if world is not None:
                    audit.witness(world)


def groups(problem: Problem, one: Carrier, unit: str, hiding: bool) -> None:
    """Look for worlds in which the open small groups of a circle are empty; they are struck out there."""
    for again in range(AGAIN if hiding else 1):
        if not 0 < one.circle.left(unit) <= GROUPS or not small(one):
            return
        wander = Wander(problem, one, unit, again, hiding)
        for some in one.circle.unlisted:
            for number in np.flatnonzero(some.open[unit]).tolist():
                if some.open[unit][number]:
                    there = int(some.sums[unit][number])
                    wander.world_with(wander.walk.emptied(some.axes, number, there))
