"""The repair: hide more, at the least cost, until a small cell can be 0 and k-1.

The counts are moved from the truth: the cell to the value that it must be able to take, others along, shown
ones at a cost. Those that the cheapest move (a linear program) changes are hidden; the move itself is then
the world that the audit wanted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from sousveil.gate.audit import Audit, Need, is_world
from sousveil.gate.solver import Program, Reals
from sousveil.gate.suppression import View
from sousveil.gate.system import System


def repair(audit: Audit, needs: Sequence[Need]) -> list[Need]:
    """Hide what makes all needs possible; the needs for which nothing does."""
    move = _Move(audit.system, audit.view) if needs else None
    hopeless = []
    for node, value in needs:
        still_open = audit.low_open if value == 0 else audit.high_open
        if not still_open[node] or move is None:
            continue
        moved = move.to(node, value)
        if moved is None or not _done(audit, moved, (node, value)):
            hopeless.append((node, value))
    return hopeless


def _done(audit: Audit, moved: Reals, need: Need) -> bool:
    """Hide what a move changes; whether the need is then shown to be possible.

    With three columns or more a move may be in fractions. Then what it changes is hidden all the same, and a
    world in whole numbers is looked for among what is hidden.
    """
    system, view = audit.system, audit.view
    before = system.hidden.copy()
    changed = np.abs(moved - system.values[view.unit]) > 1e-6
    system.hide(np.flatnonzero(~before & changed).tolist())
    world = np.rint(moved).astype(np.int64)
    if not is_world(system, view.unit, world, system.bounds(view.unit, view.zeros_known)):
        found = Audit(system, view).world(*need)
        if found is None:
            system.hidden[:] = before
            return False
        world = found
    audit.witness(world)
    return True


class _Move:
    """The program of the cheapest move: every node, and the rise and fall of those that could be hidden."""

    def __init__(self, system: System, view: View) -> None:
        self.system = system
        values = system.values[view.unit]
        low, high = system.bounds(view.unit, view.zeros_known)
        self.count = len(values)
        self.free = np.flatnonzero(~system.hidden & ~system.fixed)
        rise = np.maximum(system.ceilings(view.unit)[self.free] - values[self.free], 0)
        fall = np.maximum(values[self.free] - system.k, 0)
        self.low, self.high, self.values = low, high, values
        columns = system.matrix[:, self.free]
        matrix = sparse.hstack([system.matrix, columns, -columns], format="csr")
        nothing = np.zeros(2 * len(self.free), dtype=np.int64)
        self.program = Program(
            matrix,
            system.excess[view.unit],
            np.concatenate([low, nothing]),
            np.concatenate([high, rise, fall]),
        )

    def to(self, node: int, value: int) -> Reals | None:
        """The counts after the cheapest move that gives this node this value; None where there is none."""
        cost = np.zeros(self.count + 2 * len(self.free))
        price = np.where(self.system.hidden[self.free], 0.0, self.system.cost[self.free])
        cost[self.count :] = np.tile(price, 2)
        self.program.fix(node, value, value)
        solution = self.program.minimise(cost)
        self.program.fix(node, int(self.low[node]), int(self.high[node]))
        if solution is None:
            return None
        world: Reals = solution[: self.count].copy()
        moved = solution[self.count :]
        world[self.free] += moved[: len(self.free)] - moved[len(self.free) :]
        return world
