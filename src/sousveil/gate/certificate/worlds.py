"""Other worlds: fillings of what is hidden that agree with every printed number, made from these alone.

Each program (HiGHS) asks for a world in which many of the hidden cells that are still open are nobody, and
many others have k; which, is drawn from a generator that is seeded by the printed numbers. What is left is
tried cell by cell. Each world is checked in whole numbers here, and once more by the reader's own verifier.
The work is bounded by counts of steps, never by the clock: the same print has the same worlds everywhere.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.certificate.glue import Glue, World, between_pieces
from sousveil.gate.certificate.pieces import Layout
from sousveil.gate.certificate.printed import Printed
from sousveil.gate.certificate.rows import Rows
from sousveil.gate.certificate.search import WORK, Search
from sousveil.gate.effort import Effort, Work
from sousveil.gate.protection.solver import Reals
from sousveil.gate.protection.system import Flags, Ints

MOST_WORLDS = 400
MOST_ROWS = 3_000_000
"""Rows of all worlds together: a reader's verifier holds them in memory."""
VAIN = 4
"""Worlds in a row that show nothing new, after which cells are tried one by one."""
NEAR = 1e-6
STEADY = 0.01
"""What it costs that a cell changes, beside one that is asked to."""
MOST_SINGLE = 4_000
"""Programs about a single cell, at most."""
UNKNOWN = -1


@dataclass
class Worlds:
    """The worlds of one system of printed tables."""

    tables: Sequence[Printed]
    k: int
    told: Callable[[str], None] = Effort().told
    """Hears what is being done."""
    found: list[World] = field(default_factory=list)
    values: list[Ints] = field(default_factory=list)
    """For each world the number of each hidden cell."""

    def __post_init__(self) -> None:
        """Look for worlds."""
        self.layout = Layout(self.tables)
        self.work = Work(WORK)
        self.people = any(table.unit == "people" for table in self.tables)
        large = self.layout.too_large
        self.rows = None if large else Rows(self.layout, self.k, apart=self.people)
        count = len(self.rows.targets) if self.rows else 0
        self.zero, self.top = np.ones(count, dtype=np.bool_), np.ones(count, dtype=np.bool_)
        """Which cells no world has shown to be nobody yet, and which none to be k."""
        self.least, self.most = np.full(count, UNKNOWN), np.full(count, UNKNOWN)
        """What the printed numbers allow, where it was looked for."""
        if self.rows and count:
            self.glue = Glue(self.rows, self.work)
            self._look(self.rows)

    def _look(self, rows: Rows) -> None:
        seed = json.dumps([table.as_json(self.k) for table in self.tables], sort_keys=True)
        chance = np.random.default_rng(int(hashlib.sha256(seed.encode("utf-8")).hexdigest()[:16], 16))
        if self.people:
            # At first nobody is in two cells: that convinces a reader, too, who takes it for granted.
            if rows.sound:
                self._at_random(Search(rows, self.work), chance)
            if self.found and not self._open().any():
                return
            rows = Rows(self.layout, self.k)
        if rows.sound:
            search = Search(rows, self.work)
            self._at_random(search, chance)
            self._one_by_one(search)

    def _open(self) -> Flags:
        return self.zero | self.top

    def _at_random(self, search: Search, chance: np.random.Generator) -> None:
        vain = 0
        while self._has_room() and vain < VAIN and not self.work.is_done:
            if self.found and not self._open().any():
                return
            self.told(f"certificate: other worlds, round {len(self.found) + 1}")
            cost = self._cost(search, chance, 0.5**vain)
            solution = search.minimise(cost)
            vain = 0 if solution is not None and self._use(search, cost, solution) else vain + 1

    def _one_by_one(self, search: Search) -> None:
        if not self._open().any():
            return
        self.told("certificate: other worlds, cell by cell")
        self._together(search)
        left = MOST_SINGLE
        for place in np.flatnonzero(self._open()).tolist():
            for sign in (1.0, -1.0):
                is_open = self.zero[place] if sign > 0 else self.top[place] and self.most[place] == UNKNOWN
                if is_open and left and not self.work.is_done:
                    left -= 1
                    self._bound(search, place, sign)

    def _together(self, search: Search) -> None:
        """Find the cells that must be empty: those of which not even all together can hold anybody."""
        news = True
        while news and self.top.any() and self._has_room():
            empty = np.flatnonzero(self.top)
            cost = search.rows.cost(-self.top.astype(np.float64), np.zeros(len(self.top)))
            solution = search.minimise(cost)
            if solution is None:
                return
            if -float(cost @ solution) < NEAR:
                self.most[empty] = 0
                return
            news = self._use(search, cost, solution)

    def _bound(self, search: Search, place: int, sign: float) -> None:
        """Look for a world with as few as can be in a cell, or as many: what the printed numbers allow."""
        alone = np.zeros(len(self.zero))
        alone[place] = sign
        cost = search.rows.cost(alone, np.zeros(len(alone)))
        solution = search.minimise(cost)
        if solution is None:
            return
        bound = float(cost @ solution) * sign
        if sign > 0:
            self.least[place] = math.ceil(bound - NEAR)
        else:
            self.most[place] = math.floor(bound + NEAR)
        if self._has_room():
            self._use(search, cost, solution)

    def _has_room(self) -> bool:
        """Whether there may be more worlds."""
        rows = sum(len(one.people) + len(one.more) for one in self.found)
        return len(self.found) < MOST_WORLDS and rows < MOST_ROWS

    def _cost(self, search: Search, chance: np.random.Generator, share: float) -> Reals:
        """A cost by which some open cells tend to nobody and others to k."""
        count = len(self.zero)
        weights, ups = chance.uniform(0.5, 1.5, count), chance.random(count) < 0.5
        taking_part = self._open() & (chance.random(count) < share)
        up = taking_part & self.top & (ups | ~self.zero)
        low, near = np.where(taking_part & ~up, weights, 0.0), np.where(up, -2 * weights, 0.0)
        return search.rows.cost(*self._steady(low, near, ~taking_part))

    def _steady(self, low: Reals, near: Reals, rest: Flags) -> tuple[Reals, Reals]:
        """Costs by which the rest of the cells tends to stay as in the world before, where there are circles.

        Else all that is hidden might come to lie in a few cells, which no circle may have room for.
        """
        if not any(one.is_circle for one in self.layout.clusters):
            return low, near
        full = self.values[-1] > 0 if self.values else np.ones(len(rest), dtype=np.bool_)
        return low + STEADY * (rest & ~full), near - STEADY * (rest & full)

    def _shows_new(self, values: Ints) -> bool:
        """Whether a cell is nobody, or k, that was not so yet."""
        return bool((self.zero & (values == 0)).any() or (self.top & (values >= self.k)).any())

    def _use(self, search: Search, cost: Reals, solution: Reals) -> bool:
        """Keep the world of a solution if it shows something new; whether it does."""
        filling = search.whole(cost, solution)
        if filling is None:
            return False
        if not self._shows_new(search.rows.values(filling)):
            return False
        made = self.glue.glued(filling, self.found[-1] if self.found else None)
        if made is None or not search.rows.holds(made[1]):
            return False
        world, values = made[0], search.rows.values(made[1])
        if not self._shows_new(values) or not (search.rows.apart or between_pieces(self.layout, world)):
            return False
        self.glue.keep()
        self.zero, self.top = self.zero & (values > 0), self.top & (values < self.k)
        self.found.append(world)
        self.values.append(values)
        return True
