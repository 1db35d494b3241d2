"""The repair: hide more, at the least cost, until a small cell can be 0 and k-1.

The counts are moved from the truth: the cell to the value that it must be able to take, others along, shown
ones at a cost. Those that the cheapest move (a linear program) changes are hidden; the move itself is then
the world that the audit wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from sousveil.gate.protection import wander
from sousveil.gate.protection.audit import Audit, Need
from sousveil.gate.protection.blocks import MOST, blocks
from sousveil.gate.protection.problem import Problem
from sousveil.gate.protection.solver import Program, Reals
from sousveil.gate.protection.system import Ints

FAR = (MOST // 4, MOST, 4 * MOST)
"""Unknowns among which a move is looked for, one after the other."""


def repair(audit: Audit, needs: Sequence[Need]) -> Need | None:
    """Hide what makes all needs possible; the first need for which nothing does."""
    audit.effort.told(f"gate, {' and '.join(audit.problem.units)}: what else must be hidden")
    if audit.walked.any():
        wander.hide(audit, needs)
    moves = _Moves(audit.problem)
    for unknown, value in needs:
        still_open = audit.low_open if value == 0 else audit.high_open
        if not still_open[unknown]:
            continue
        if audit.walked[unknown]:
            return unknown, value
        for most in FAR:
            moved = moves.to(unknown, value, most)
            if moved is not None and _done(audit, moved, (unknown, value)):
                break
        else:
            return unknown, value
    return None


def _done(audit: Audit, moved: Reals, need: Need) -> bool:
    """Hide what a move changes; whether the need is then shown to be possible.

    With three columns or more a move may be in fractions. Then what it changes is hidden all the same, and a
    world in whole numbers is looked for among what is hidden.
    """
    problem, system = audit.problem, audit.problem.system
    before = system.hidden.copy()
    changed = problem.node[np.abs(moved - problem.values) > 1e-6]
    system.hide(changed[~before[changed]].tolist())
    world = np.rint(moved).astype(np.int64)
    if not problem.is_world(world, problem.bounds()):
        found = Audit(problem, effort=audit.effort).world(*need)
        if found is None:
            system.hidden[:] = before
            return False
        world = found
    audit.witness(world)
    return True


class _Moves:
    """Programs of the cheapest move: unknowns near by, the rise and fall of those that could be hidden."""

    def __init__(self, problem: Problem) -> None:
        system, node = problem.system, problem.node
        self.problem, self.values = problem, problem.values
        self.low, self.high = problem.bounds()
        self.unknowns = np.flatnonzero((system.hidden | ~system.fixed)[node])
        self.matrix = problem.matrix.tocsc()
        self.blocks = blocks(system.label[node[self.unknowns]], self.values[self.unknowns])
        free = (~system.hidden & ~system.fixed)[node]
        ceilings = np.concatenate([system.ceilings(unit) for unit in problem.units])
        self.rise = np.where(free, np.maximum(ceilings - self.values, 0), 0)
        self.fall = np.where(free, np.maximum(self.values - system.k, 0), 0)

    def to(self, unknown: int, value: int, most: int) -> Reals | None:
        """The counts after the cheapest move among about `most` unknowns that gives this one this value."""
        place = np.searchsorted(self.unknowns, unknown)
        some = self.unknowns[self.blocks.around(np.array([place]), np.random.default_rng(unknown), most)]
        free = some[(self.rise[some] > 0) | (self.fall[some] > 0)]
        part, columns = self.matrix[:, some].tocsr(), self.matrix[:, free].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        low, high = self.low[some].copy(), self.high[some].copy()
        low[some == unknown] = high[some == unknown] = value
        nothing = np.zeros(2 * len(free), dtype=np.int64)
        goal = part[rows] @ self.values[some]
        fall, rise = (room[rows] for room in self.problem.room(self.values))
        program = Program(
            sparse.hstack([part[rows], columns[rows], -columns[rows]], format="csr"),
            goal + fall,
            np.concatenate([low, nothing]),
            np.concatenate([high, self.rise[free], self.fall[free]]),
            goal + rise,
        )
        solution = program.minimise(np.concatenate([np.zeros(len(some)), *(2 * [self._price(free)])]))
        if solution is None:
            return None
        world: Reals = self.values.astype(np.float64)
        world[some] = solution[: len(some)]
        risen, fallen = np.split(solution[len(some) :], 2)
        world[free] += risen - fallen
        return world

    def _price(self, free: Ints) -> Reals:
        system, node = self.problem.system, self.problem.node[free]
        return np.where(system.hidden[node], 0.0, system.cost[node])
