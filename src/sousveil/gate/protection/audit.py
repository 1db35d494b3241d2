"""The audit: for each hidden small cell a world in which it is 0 and one in which it is k-1.

A world is a whole number for every count that agrees with everything shown and with all that the attacker
knows (`System.bounds`). Convexity does the rest: between two worlds every value is possible. A few programs
with random objectives, block by block (`blocks`), make worlds that clear most cells at once; the others are
tried one by one. Each world is checked in whole numbers, so that a proof does not depend on the solver
(M. Fischetti, J. J. Salazar, 2001, for the programs; the design page for the order of the steps).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.effort import Effort
from sousveil.gate.protection import wander
from sousveil.gate.protection.blocks import MOST, blocks
from sousveil.gate.protection.problem import Problem, Reals
from sousveil.gate.protection.solver import Program
from sousveil.gate.protection.step import Step, steps
from sousveil.gate.protection.system import Flags, Ints

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

EXACT = 40
"""Programs in whole numbers of one audit, at most: one may take seconds."""

WHOLE = 10
"""How much more work a program in whole numbers is."""

WALKS = 3_000
"""Cells of circles for which walks are tried before programs, at most: they take longer, and find more."""

Need = tuple[int, int]
"""An unknown and a value that it must be able to take."""


@dataclass
class Audit:
    """The audit of one problem: what is still to be shown possible."""

    problem: Problem
    stricter: Audit | None = None
    """The audit of the same units against one who knows more: its worlds count here, too."""
    effort: Effort = field(default_factory=Effort)
    """Bounds the work, and hears of it."""
    nodes: Ints = field(init=False)
    """Hidden nodes in more than one row with others: elsewhere the line rule has the last word."""
    low_open: Flags = field(init=False)
    """For each unknown of the problem: whether no world with 0 was found yet."""
    high_open: Flags = field(init=False)
    concerned: Flags = field(init=False)
    """The unknowns that this audit is about."""
    walked: Flags = field(init=False)
    """The unknowns for which walks have the last word (`wander`)."""

    def __post_init__(self) -> None:
        """Find the part of the problem that needs programs."""
        problem, system, node = self.problem, self.problem.system, self.problem.node
        self._bounds = problem.bounds()
        self.nodes = problem.entangled()
        self._blocks = blocks(system.label[self.nodes], problem.values[self.nodes])
        tangled = np.zeros(len(system.hidden), dtype=np.bool_)
        tangled[self.nodes] = True
        concerned: Flags = np.asarray((tangled & (system.low | system.high))[node], dtype=np.bool_)
        if problem.zeros_known:
            concerned &= (problem.values > 0) | system.loose[node]
            concerned &= ~system.nobody[node]
        self._top = system.top[node]
        self.low_open = concerned & system.low[node] & (problem.values != 0)
        self.high_open = concerned & system.high[node] & (problem.values < self._top)
        if self.stricter:
            self.low_open &= ~self.stricter.concerned | self.stricter.low_open
            self.high_open &= ~self.stricter.concerned | self.stricter.high_open
        self.concerned = concerned
        self.walked = np.zeros(len(node), dtype=np.bool_)

    def run(self, most: int | None = None) -> list[Need]:
        """What could not be shown to be possible, as unknowns and values; the first so many of them.

        If anything is impossible even in fractions, that alone: what is left open may follow from its repair.
        """
        if not (self.low_open.any() or self.high_open.any()):
            return []
        self._at_random()
        if self._left <= WALKS:
            self.walked |= wander.cells(self)
            most = None if self.walked.any() else most
        self.effort.told(f"gate, {' and '.join(self.problem.units)}: other worlds, cell by cell")
        return list(itertools.islice(self._one_by_one(whole=False), most)) or list(
            itertools.islice(self._one_by_one(whole=True), most)
        )

    def _at_random(self) -> None:
        chance = np.random.default_rng(len(self.nodes))
        vain = 0
        for number in range(ROUNDS):
            self.effort.told(f"gate, {' and '.join(self.problem.units)}: other worlds, round {number + 1}")
            if vain == VAIN or not (self.low_open.any() or self.high_open.any()):
                return
            world = self.problem.values.copy()
            low, high = self._wanted(self.low_open), self._wanted(self.high_open)
            packed = self._blocks.packed(np.flatnonzero(low | high), chance)
            for places in packed:
                self._move(world, places, self._cost(places, (low[places], high[places]), chance, vain))
            before = self._left
            if self._holds(world):
                self.witness(world)
            vain = 0 if before - self._left > max(WORTH * before, len(packed) - 1) else vain + 1

    @property
    def _left(self) -> int:
        return int(self.low_open.sum() + self.high_open.sum())

    def _wanted(self, still_open: Flags) -> Flags:
        """Which nodes of the audit are open in any unit."""
        by_unit = still_open.reshape(len(self.problem.units), -1)[:, self.nodes]
        return np.asarray(by_unit.any(axis=0), dtype=np.bool_)

    def _cost(
        self, places: Ints, still_open: tuple[Flags, Flags], chance: np.random.Generator, vain: int
    ) -> Reals:
        """An objective that draws open nodes to where they were not seen yet."""
        low, high = still_open
        weight = chance.uniform(0.5, 1.5, len(places))
        # After a round in vain only some of them: the others were in their way.
        weight *= chance.random(len(places)) < 0.5**vain
        # Cells first: groups that nobody asked for must not stand in the way of those that were.
        weight *= np.where(self.problem.system.loose[self.nodes[places]], ASIDE, 1.0)
        upward = np.where(low & high, chance.random(len(places)) < 0.5, high)
        return np.where(low | high, np.where(upward, -weight, weight), 0.0)

    def _move(self, world: Ints, places: Ints, cost: Reals) -> None:
        """Move a block in a world at the least cost, step by step, where that goes in whole numbers."""
        self.effort.spend(len(places))
        for units in steps(self.problem.units):
            Step(self.problem, units, self.nodes[places], world, self._bounds).take(cost)

    def _one_by_one(self, *, whole: bool) -> Iterator[Need]:
        chance = np.random.default_rng(len(self.nodes))
        for place, node in enumerate(self.nodes.tolist()):
            for unit in self.problem.units:
                unknown = node + self.problem.start(unit)
                for still_open, value in ((self.low_open, 0), (self.high_open, int(self._top[unknown]))):
                    if still_open[unknown] and not self._alone(place, (unknown, value), chance, whole):
                        yield unknown, value

    def _alone(self, place: int, need: Need, chance: np.random.Generator, whole: bool) -> bool:
        """Whether a world near by was found in which one unknown has a value; or, in fractions, might be."""
        unknown, value = need
        if self.walked[unknown]:
            return False
        still_open = self.high_open if value else self.low_open
        places = self._blocks.around(np.array([place]), chance, NEAR)
        if not whole:
            self._stepped(place, need, places)
        if not still_open[unknown]:
            return True
        possible, exact = self._exact(places, need, whole)
        if exact is not None:
            self.witness(exact)
        return possible

    def _stepped(self, place: int, need: Need, places: Ints) -> Ints | None:
        """The world to which steps lead that draw one unknown towards a value, if it is reached."""
        unknown, value = need
        world = self.problem.values.copy()
        self._move(world, places, np.where(places == place, -1.0 if value else 1.0, 0.0))
        if not self._holds(world):
            return None
        self.witness(world)
        return world if (world[unknown] >= value if value else world[unknown] == 0) else None

    def world(self, unknown: int, value: int) -> Ints | None:
        """A world in which an unknown has this value, in whole numbers; None if none was found."""
        found = np.flatnonzero(self.nodes == self.problem.node[unknown])
        if not len(found):
            return None
        place, need = int(found[0]), (unknown, value)
        places = self._blocks.around(found, np.random.default_rng(unknown))
        world = self._stepped(place, need, places)
        return self._exact(places, need, whole=True)[1] if world is None else world

    def _exact(self, places: Ints, need: Need, whole: bool) -> tuple[bool, Ints | None]:
        """Whether an unknown may have a value, all units of a block moving as they like; such a world."""
        self._exact_ones += whole
        if self._exact_ones > EXACT:
            return False, None
        starts = [self.problem.start(unit) for unit in self.problem.units]
        self.effort.spend(WHOLE * len(places) if whole else len(places))
        some = np.concatenate([self.nodes[places] + start for start in starts])
        part = self.problem.matrix[:, some]
        rows = np.flatnonzero(np.diff(part.indptr))
        fall, rise = (room[rows] for room in self.problem.room(self.problem.values))
        low, high = (bound[some].copy() for bound in self._bounds)
        low[some == need[0]] = high[some == need[0]] = need[1]
        here = part[rows] @ self.problem.values[some]
        program = Program(part[rows], here + fall, low, high, here + rise)
        solution = program.minimise(np.zeros(program.size), whole)
        if solution is None:
            return False, None
        world = self.problem.values.copy()
        world[some] = np.rint(solution).astype(np.int64)
        holds = self._holds(world)
        return holds or not whole, world if holds else None

    _exact_ones: int = 0
    """Programs in whole numbers so far."""

    def _holds(self, world: Ints) -> bool:
        return self.problem.is_world(world, self._bounds)

    def witness(self, world: Ints) -> bool:
        """Strike out what a world shows to be possible; whether it showed anything new."""
        zero, top = self.low_open & (world == 0), self.high_open & (world >= self._top)
        self.low_open &= ~zero
        self.high_open &= ~top
        return bool(zero.any() or top.any())
