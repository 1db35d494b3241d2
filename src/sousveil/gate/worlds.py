"""Other worlds: fillings of what is hidden that agree with every printed number, made from these alone.

Each program (HiGHS) asks for a world in which many of the hidden cells that are still open are nobody, and
many others have k; which, is drawn from a generator that is seeded by the printed numbers. What is left is
tried cell by cell. Each world is checked in whole numbers here, and once more by the reader's own verifier.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.pieces import Layout
from sousveil.gate.printed import Printed
from sousveil.gate.rows import Rows, Target
from sousveil.gate.solver import Program, Reals
from sousveil.gate.system import Ints

MOST_WORLDS = 400
VAIN = 4
"""Worlds in a row that show nothing new, after which cells are tried one by one."""
NEAR = 1e-6
MOST_SINGLE, LEAST_SINGLE = 4_000, 40
"""Programs about a single cell, at most, and however large they are."""
WORK = 2_000_000
"""Unknowns of all programs about a single cell, taken together."""


@dataclass
class Worlds:
    """The worlds of one system of printed tables."""

    tables: Sequence[Printed]
    k: int
    found: list[Ints] = field(default_factory=list)
    """The unknowns of each world."""

    def __post_init__(self) -> None:
        """Look for worlds."""
        self.layout = Layout(self.tables)
        self.targets: list[Target] = []
        if self.layout.too_large:
            return
        seed = json.dumps([table.as_json(self.k) for table in self.tables], sort_keys=True)
        chance = np.random.default_rng(int(hashlib.sha256(seed.encode("utf-8")).hexdigest()[:16], 16))
        if any(table.unit == "people" for table in self.tables):
            # At first nobody is in two cells: that convinces a reader, too, who takes it for granted.
            self._over(Rows(self.layout, self.k, apart=True))
            if self.rows.sound:
                self._at_random(self.rows.program(), chance)
            if self.found and not self._open():
                return
        self._over(Rows(self.layout, self.k))
        if self.rows.sound:
            program = self.rows.program()
            self._at_random(program, chance)
            self._one_by_one(program)

    def _over(self, rows: Rows) -> None:
        """Go on with other rows; what was shown to be possible stays so."""
        for before, now in zip(self.targets, rows.targets, strict=False):
            now.zero, now.top = before.zero, before.top
        self.rows, self.targets = rows, rows.targets

    def _at_random(self, program: Program, chance: np.random.Generator) -> None:
        vain = 0
        while len(self.found) < MOST_WORLDS and vain < VAIN:
            if self.found and not self._open():
                return
            vain = 0 if self._solve(program, self._cost(chance, 0.5**vain)) else vain + 1

    def _open(self) -> list[Target]:
        return [one for one in self.targets if one.zero or one.top]

    def _one_by_one(self, program: Program) -> None:
        self._together(program)
        left = min(MOST_SINGLE, max(LEAST_SINGLE, WORK // self.rows.unknowns))
        for target in self.targets:
            for sign in (1.0, -1.0):
                if (target.zero if sign > 0 else target.top and target.most is None) and left:
                    left -= 1
                    self._bound(program, target, sign)

    def _together(self, program: Program) -> None:
        """Find the cells that must be empty: those of which not even all together can hold anybody."""
        news = True
        while news and len(self.found) < MOST_WORLDS:
            empty = [one for one in self.targets if one.top]
            cost = np.zeros(self.rows.unknowns + len(self.targets))
            for target in empty:
                cost[target.unknowns] = -1.0
            solution = program.minimise(cost) if empty else None
            if solution is None:
                return
            if -float(cost @ solution) < NEAR:
                for target in empty:
                    target.most = 0
                return
            news = self._use(program, cost, solution)

    def _bound(self, program: Program, target: Target, sign: float) -> None:
        """Look for a world with as few as can be in a cell, or as many: what the printed numbers allow."""
        cost = self._single(target, sign)
        solution = program.minimise(cost)
        if solution is None:
            return
        bound = float(cost @ solution) * sign
        if sign > 0:
            target.least = math.ceil(bound - NEAR)
        else:
            target.most = math.floor(bound + NEAR)
        if len(self.found) < MOST_WORLDS:
            self._use(program, cost, solution)

    def _cost(self, chance: np.random.Generator, share: float) -> Reals:
        """A cost by which some open cells tend to nobody and others to k."""
        rows = self.rows
        cost = np.zeros(rows.unknowns + len(self.targets))
        for place, target in enumerate(self.targets):
            weight, up, along = chance.uniform(0.5, 1.5), chance.random() < 0.5, chance.random() < share
            if along and (target.zero or target.top):
                if target.top and (up or not target.zero):
                    cost[rows.unknowns + place] = -2 * weight
                else:
                    cost[target.unknowns] += weight
        return cost

    def _single(self, target: Target, sign: float) -> Reals:
        """The cost by which one cell is as low as can be, or as high."""
        cost = np.zeros(self.rows.unknowns + len(self.targets))
        cost[target.unknowns] = sign
        return cost

    def _solve(self, program: Program, cost: Reals) -> bool:
        """Look for a world of little cost; whether it showed anything new."""
        solution = program.minimise(cost)
        return solution is not None and self._use(program, cost, solution)

    def _use(self, program: Program, cost: Reals, solution: Reals) -> bool:
        """Make a world of a solution, in whole numbers if need be by another program; whether it is new."""
        world = np.rint(solution[: self.rows.unknowns]).astype(np.int64)
        if not self.rows.holds(world):
            whole = program.minimise(cost, whole=True)
            if whole is None:
                return False
            world = np.rint(whole[: self.rows.unknowns]).astype(np.int64)
        return self.rows.holds(world) and self._take(world)

    def _take(self, world: Ints) -> bool:
        """Keep a world if it shows something new."""
        news = not self.found
        for target in self.targets:
            value = int(world[target.unknowns].sum())
            zero, top = target.zero and value == 0, target.top and value >= self.k
            target.zero, target.top = target.zero and not zero, target.top and not top
            news = news or zero or top
        if news:
            self.found.append(world)
        return news
