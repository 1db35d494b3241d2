"""The audit: for each hidden small cell a world in which it is 0 and one in which it is k-1.

A world is a whole number for every count that agrees with everything shown and with all that the attacker
knows (`System.bounds`). Convexity does the rest: between two worlds every value is possible. A few programs
with random objectives make worlds that clear most cells at once; the others are tried one by one. Each world
is checked in whole numbers, so that a proof does not depend on the solver (M. Fischetti, J. J. Salazar, 2001,
for the programs; the design page for the order of the steps).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from sousveil.gate.solver import Program, Reals
from sousveil.gate.suppression import View
from sousveil.gate.system import Flags, Ints, System

ROUNDS = 400
"""Programs with random objectives, at most."""

VAIN = 3
"""Rounds in a row that show nothing new, after which cells are tried one by one."""

Need = tuple[int, int]
"""A node and a value that it must be able to take."""


@dataclass
class Audit:
    """The audit of one system in one view: what is still to be shown possible."""

    system: System
    view: View
    stricter: Audit | None = None
    """The audit of the same unit against one who knows more: its worlds count here, too."""
    nodes: Ints = field(init=False)
    """Hidden nodes in more than one equation with others: elsewhere the line rule has the last word."""
    rows: Ints = field(init=False)
    low_open: Flags = field(init=False)
    """For each node of the system: whether no world with 0 was found yet."""
    high_open: Flags = field(init=False)
    concerned: Flags = field(init=False)
    """The nodes that this audit is about."""

    def __post_init__(self) -> None:
        """Find the part of the system that needs programs."""
        system = self.system
        self._bounds = system.bounds(self.view.unit, self.view.zeros_known)
        self.nodes, self.rows = _entangled(system)
        values = system.values[self.view.unit]
        concerned = np.zeros(len(values), dtype=np.bool_)
        concerned[self.nodes] = True
        concerned &= system.low | system.high
        if self.view.zeros_known:
            concerned &= (values > 0) | system.loose
        self.low_open = concerned & system.low & (values != 0)
        self.high_open = concerned & system.high & (values < system.k - 1)
        if self.stricter:
            self.low_open &= ~self.stricter.concerned | self.stricter.low_open
            self.high_open &= ~self.stricter.concerned | self.stricter.high_open
        self.concerned = concerned

    def run(self) -> list[Need]:
        """What could not be shown to be possible, as nodes and values."""
        if not (self.low_open.any() or self.high_open.any()):
            return []
        program = self._program()
        self._at_random(program)
        return self._one_by_one(program)

    def _program(self) -> Program:
        system, unit = self.system, self.view.unit
        low, high = self._bounds
        known = np.where(system.hidden, 0, system.values[unit])
        goal = system.excess[unit] - system.matrix @ known
        return Program(
            system.matrix[self.rows][:, self.nodes], goal[self.rows], low[self.nodes], high[self.nodes]
        )

    def _at_random(self, program: Program) -> None:
        chance = np.random.default_rng(len(self.nodes))
        vain = 0
        for _ in range(ROUNDS):
            low, high = self.low_open[self.nodes], self.high_open[self.nodes]
            if vain == VAIN or not (low.any() or high.any()):
                return
            weight = chance.uniform(0.5, 1.5, len(self.nodes))
            # After a round in vain only some of them: the others were in their way.
            weight *= chance.random(len(self.nodes)) < 0.5**vain
            upward = np.where(low & high, chance.random(len(self.nodes)) < 0.5, high)
            cost = np.where(low | high, np.where(upward, -weight, weight), 0.0)
            vain = 0 if self._take(program.minimise(cost)) else vain + 1

    def _one_by_one(self, program: Program) -> list[Need]:
        impossible = []
        for place, node in enumerate(self.nodes.tolist()):
            for still_open, sign, value in (
                (self.low_open, 1.0, 0),
                (self.high_open, -1.0, self.system.k - 1),
            ):
                if not still_open[node]:
                    continue
                cost = np.zeros(program.size)
                cost[place] = sign
                self._take(program.minimise(cost))
                if still_open[node] and self._fractional:
                    world = self.world(node, value, program)
                    if world is not None:
                        self.witness(world)
                if still_open[node]:
                    impossible.append((node, value))
        return impossible

    def world(self, node: int, value: int, program: Program | None = None) -> Ints | None:
        """A world in which a node has this value, looked for in whole numbers; None if none was found."""
        places = np.flatnonzero(self.nodes == node)
        if not len(places):
            return None
        program = program or self._program()
        program.fix(int(places[0]), value, value)
        solution = program.minimise(np.zeros(program.size), whole=True)
        program.fix(int(places[0]), int(self._bounds[0][node]), int(self._bounds[1][node]))
        return None if solution is None else self._checked(solution)

    def _checked(self, solution: Reals) -> Ints | None:
        """The world that a solution is, if it is one."""
        world = self.system.values[self.view.unit].copy()
        world[self.nodes] = np.rint(solution).astype(np.int64)
        return world if is_world(self.system, self.view.unit, world, self._bounds) else None

    _fractional: bool = False
    """Whether the last solution was no world, since it was not in whole numbers."""

    def _take(self, solution: Reals | None) -> bool:
        """Strike out what a solution shows to be possible; whether it showed anything new."""
        world = None if solution is None else self._checked(solution)
        self._fractional = solution is not None and world is None
        return world is not None and self.witness(world)

    def witness(self, world: Ints) -> bool:
        """Strike out what a world shows to be possible; whether it showed anything new."""
        zero, top = self.low_open & (world == 0), self.high_open & (world >= self.system.k - 1)
        self.low_open &= ~zero
        self.high_open &= ~top
        return bool(zero.any() or top.any())


def is_world(system: System, unit: str, world: Ints, bounds: tuple[Ints, Ints]) -> bool:
    """Whether these whole numbers agree with all that is shown and known, exactly."""
    low, high = bounds
    within = bool(((low <= world) & (world <= high)).all())
    return within and bool((system.matrix @ world == system.excess[unit]).all())


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
