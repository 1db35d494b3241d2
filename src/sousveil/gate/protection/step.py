"""Moves from one world to another: some nodes, by the same amount in each of some units.

Where a world holds both units, all counts move together first, records alone after that: people stay at most
records, and each step is a program about one unit, whose solutions are whole numbers as a rule. A program
over both units at once finds more worlds, but hardly ever in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from sousveil.gate.protection.problem import Problem, Reals
from sousveil.gate.protection.solver import Program
from sousveil.gate.protection.system import Ints

TRIES = 4
"""Programs of one step."""
LITTLE = 0.02
"""What it costs to move by one where moves are kept few, beside about one for a node that is asked for."""
FRACTION = 1e-6
"""What is no whole number to the solver."""


def steps(units: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The units that move in each step."""
    return (units, ("records",)) if len(units) > 1 else (units,)


@dataclass
class Step:
    """The moves that some nodes can make from a world, while all others stay."""

    problem: Problem
    units: tuple[str, ...]
    nodes: Ints
    world: Ints
    bounds: tuple[Ints, Ints]

    program: Program = field(init=False)

    def __post_init__(self) -> None:
        """Set up the program: an unknown for the move of each node."""
        part = self.problem.moving(self.units)[:, self.nodes].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        self._part = part[rows]
        self._fall, self._rise = (room[rows] for room in self.problem.room(self.world))
        low, high = self.bounds
        self._own = [self.nodes + self.problem.start(unit) for unit in self.units]
        self._low = np.max([low[own] - self.world[own] for own in self._own], axis=0)
        self._high = np.min([high[own] - self.world[own] for own in self._own], axis=0)
        self._near = any(one.has_failed for one in self.problem.system.circles)
        part, low, high = self._part, self._low, self._high
        if self._near:
            # A world in which all has moved is hard to bring down to the atoms of a circle: so there is an
            # unknown for the rise of each node and one for its fall, and both cost a little.
            part = sparse.hstack([part, -part], format="csr")
            low, high = np.zeros(2 * len(low), dtype=np.int64), np.concatenate([high, -low])
        self.program = Program(part, self._fall, low, high, self._rise)

    def take(self, cost: Reals) -> None:
        """Move the world at the least cost that is found in whole numbers.

        Nodes that would move by a fraction stay where they are, and the others are asked again.
        """
        for _ in range(TRIES):
            solution = self._solution(cost)
            if solution is None:
                return
            moved = np.rint(solution).astype(np.int64)
            torn = np.flatnonzero(np.abs(solution - moved) > FRACTION)
            if not len(torn):
                break
            for column in torn.tolist():
                self.program.fix(column, 0, 0)
                if self._near:
                    self.program.fix(len(self.nodes) + column, 0, 0)
        else:
            return
        change = self._part @ moved
        within = ((self._low <= moved) & (moved <= self._high)).all()
        if within and ((self._fall <= change) & (change <= self._rise)).all():
            for own in self._own:
                self.world[own] += moved

    def _solution(self, cost: Reals) -> Reals | None:
        """How far each node moves."""
        if not self._near:
            return self.program.minimise(cost)
        found = self.program.minimise(np.concatenate([LITTLE + cost, LITTLE - cost]))
        return None if found is None else found[: len(self.nodes)] - found[len(self.nodes) :]
