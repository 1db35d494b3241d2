"""The audit: for each hidden small cell a world in which it is 0 and one in which it is k-1.

A world is a whole number for every count that agrees with everything shown and with all that the attacker
knows (`System.bounds`). Convexity does the rest: between two worlds every value is possible. A few programs
with random objectives, block by block (`blocks`), make worlds that clear most cells at once; the others are
tried one by one. Each world is checked in whole numbers, so that a proof does not depend on the solver
(M. Fischetti, J. J. Salazar, 2001, for the programs; the design page for the order of the steps).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sousveil.gate.blocks import MOST, blocks
from sousveil.gate.effort import Effort
from sousveil.gate.solver import Program, Reals
from sousveil.gate.suppression import View
from sousveil.gate.system import Flags, Ints, System

ROUNDS = 400
"""Programs with random objectives, at most."""

VAIN = 3
"""Rounds in a row that show next to nothing new, after which cells are tried one by one."""
WORTH = 0.005
"""The share of what is open that a round must show, and more than one node a block, or it was in vain."""

ASIDE = 0.03
"""How much a node that nobody asked for weighs beside a cell."""

NEAR = MOST // 4
"""Nodes among which a world for a single cell is looked for; the repair looks further."""

Need = tuple[int, int]
"""A node and a value that it must be able to take."""


@dataclass
class Audit:
    """The audit of one system in one view: what is still to be shown possible."""

    system: System
    view: View
    stricter: Audit | None = None
    """The audit of the same unit against one who knows more: its worlds count here, too."""
    told: Callable[[str], None] = Effort().told
    nodes: Ints = field(init=False)
    """Hidden nodes in more than one equation with others: elsewhere the line rule has the last word."""
    low_open: Flags = field(init=False)
    """For each node of the system: whether no world with 0 was found yet."""
    high_open: Flags = field(init=False)
    concerned: Flags = field(init=False)
    """The nodes that this audit is about."""

    def __post_init__(self) -> None:
        """Find the part of the system that needs programs."""
        system = self.system
        self._bounds = system.bounds(self.view.unit, self.view.zeros_known)
        self.nodes, rows = _entangled(system)
        self._matrix = system.matrix[rows][:, self.nodes].tocsc()
        values = system.values[self.view.unit]
        self._blocks = blocks(system.label[self.nodes], values[self.nodes])
        concerned = np.zeros(len(values), dtype=np.bool_)
        concerned[self.nodes] = True
        concerned &= system.low | system.high
        if self.view.zeros_known:
            concerned &= (values > 0) | system.loose
        self.low_open = concerned & system.low & (values != 0)
        self.high_open = concerned & system.high & (values < system.top)
        if self.stricter:
            self.low_open &= ~self.stricter.concerned | self.stricter.low_open
            self.high_open &= ~self.stricter.concerned | self.stricter.high_open
        self.concerned = concerned

    def run(self) -> list[Need]:
        """What could not be shown to be possible, as nodes and values."""
        if not (self.low_open.any() or self.high_open.any()):
            return []
        self._at_random()
        return self._one_by_one()

    def _program(self, places: Ints, world: Ints) -> Program:
        """The program over some of the audit's nodes, by their places; the others stay as in a world."""
        low, high = self._bounds
        nodes = self.nodes[places]
        part = self._matrix[:, places].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        part = part[rows]
        goal = part @ world[nodes]
        return Program(part, goal, low[nodes], high[nodes])

    def _at_random(self) -> None:
        chance = np.random.default_rng(len(self.nodes))
        truth = self.system.values[self.view.unit]
        whole = self._program(np.arange(len(self.nodes)), truth) if self._blocks.undivided else None
        vain = 0
        for number in range(ROUNDS):
            self.told(f"gate, {self.view.unit}: other worlds, round {number + 1}")
            if vain == VAIN or not (self.low_open.any() or self.high_open.any()):
                return
            world = truth.copy()
            wanted = np.flatnonzero((self.low_open | self.high_open)[self.nodes])
            packed = self._blocks.packed(wanted, chance)
            for places in packed:
                cost = self._cost(places, chance, vain)
                solution = (whole or self._program(places, world)).minimise(cost)
                self._move(world, places, solution)
            before = self._left
            if self._holds(world):
                self.witness(world)
            vain = 0 if before - self._left > max(WORTH * before, len(packed) - 1) else vain + 1

    @property
    def _left(self) -> int:
        return int(self.low_open.sum() + self.high_open.sum())

    def _cost(self, places: Ints, chance: np.random.Generator, vain: int) -> Reals:
        """An objective that draws open nodes to where they were not seen yet."""
        low, high = self.low_open[self.nodes[places]], self.high_open[self.nodes[places]]
        weight = chance.uniform(0.5, 1.5, len(places))
        # After a round in vain only some of them: the others were in their way.
        weight *= chance.random(len(places)) < 0.5**vain
        # Cells first: groups that nobody asked for must not stand in the way of those that were.
        weight *= np.where(self.system.loose[self.nodes[places]], ASIDE, 1.0)
        upward = np.where(low & high, chance.random(len(places)) < 0.5, high)
        return np.where(low | high, np.where(upward, -weight, weight), 0.0)

    def _move(self, world: Ints, places: Ints, solution: Reals | None) -> None:
        """Take a block's solution into a world, if it is in whole numbers that keep the sums."""
        if solution is None:
            return
        nodes = self.nodes[places]
        moved = np.rint(solution).astype(np.int64) - world[nodes]
        if not (self._matrix[:, places] @ moved).any():
            world[nodes] += moved

    def _one_by_one(self) -> list[Need]:
        impossible = []
        chance = np.random.default_rng(len(self.nodes))
        self.told(f"gate, {self.view.unit}: other worlds, cell by cell")
        for place, node in enumerate(self.nodes.tolist()):
            for still_open, value in ((self.low_open, 0), (self.high_open, int(self.system.top[node]))):
                if still_open[node] and not self._alone(place, value, chance):
                    impossible.append((node, value))
        return impossible

    def _alone(self, place: int, value: int, chance: np.random.Generator) -> bool:
        """Whether a world near by was found in which one node has a value."""
        node = int(self.nodes[place])
        still_open = self.high_open if value else self.low_open
        places = self._blocks.around(np.array([place]), chance, NEAR)
        program = self._program(places, self.system.values[self.view.unit])
        cost = np.zeros(len(places))
        cost[int(np.searchsorted(places, place))] = -1.0 if value else 1.0
        self._take(program.minimise(cost), places)
        if still_open[node] and self._fractional:
            world = self._whole(program, places, place, value)
            if world is not None:
                self.witness(world)
        return not still_open[node]

    def world(self, node: int, value: int) -> Ints | None:
        """A world in which a node has this value, looked for in whole numbers; None if none was found."""
        place = np.flatnonzero(self.nodes == node)
        if not len(place):
            return None
        places = self._blocks.around(place, np.random.default_rng(node))
        program = self._program(places, self.system.values[self.view.unit])
        return self._whole(program, places, int(place[0]), value)

    def _whole(self, program: Program, places: Ints, place: int, value: int) -> Ints | None:
        column, node = int(np.searchsorted(places, place)), int(self.nodes[place])
        program.fix(column, value, value)
        solution = program.minimise(np.zeros(program.size), whole=True)
        program.fix(column, int(self._bounds[0][node]), int(self._bounds[1][node]))
        return None if solution is None else self._checked(solution, places)

    def _checked(self, solution: Reals, places: Ints) -> Ints | None:
        """The world that a solution is, if it is one."""
        world = self.system.values[self.view.unit].copy()
        world[self.nodes[places]] = np.rint(solution).astype(np.int64)
        return world if self._holds(world) else None

    def _holds(self, world: Ints) -> bool:
        return is_world(self.system, self.view, world, self._bounds)

    _fractional: bool = False
    """Whether the last solution was no world, since it was not in whole numbers."""

    def _take(self, solution: Reals | None, places: Ints) -> bool:
        """Strike out what a solution shows to be possible; whether it showed anything new."""
        world = None if solution is None else self._checked(solution, places)
        self._fractional = solution is not None and world is None
        return world is not None and self.witness(world)

    def witness(self, world: Ints) -> bool:
        """Strike out what a world shows to be possible; whether it showed anything new."""
        zero, top = self.low_open & (world == 0), self.high_open & (world >= self.system.top)
        self.low_open &= ~zero
        self.high_open &= ~top
        return bool(zero.any() or top.any())


def is_world(system: System, view: View, world: Ints, bounds: tuple[Ints, Ints]) -> bool:
    """Whether these whole numbers agree with all that is shown and known, exactly."""
    low, high = bounds
    within = bool(((low <= world) & (world <= high)).all())
    sums = within and bool((system.matrix @ world == system.excess[view.unit]).all())
    return sums and all(one.carries(system, view, world) for one in system.circles)


def _entangled(system: System) -> tuple[Ints, Ints]:
    """Hidden nodes and equations of every cluster that is held together by more than one equation."""
    part = system.matrix[:, np.flatnonzero(system.hidden)]
    hidden = np.flatnonzero(system.hidden)
    equations = part.shape[0]
    graph = sparse.block_array([[None, abs(part)], [abs(part).T, None]], format="csr")
    _, cluster = csgraph.connected_components(graph, directed=False)
    sizes = np.bincount(cluster[:equations], minlength=cluster.max(initial=0) + 1)
    tangled = sizes[cluster] > 1
    return hidden[tangled[equations:]], np.flatnonzero(tangled[:equations])
