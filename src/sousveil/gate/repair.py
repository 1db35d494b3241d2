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
from sousveil.gate.blocks import MOST, blocks
from sousveil.gate.solver import Program, Reals
from sousveil.gate.suppression import View
from sousveil.gate.system import System

FAR = (MOST // 4, MOST, 4 * MOST)
"""Nodes among which a move is looked for, one after the other."""


def repair(audit: Audit, needs: Sequence[Need]) -> list[Need]:
    """Hide what makes all needs possible; the needs for which nothing does."""
    moves = _Moves(audit.system, audit.view) if needs else None
    hopeless = []
    audit.told(f"gate, {audit.view.unit}: what else must be hidden")
    for node, value in needs:
        still_open = audit.low_open if value == 0 else audit.high_open
        if not still_open[node] or moves is None:
            continue
        for most in FAR:
            moved = moves.to(node, value, most)
            if moved is not None and _done(audit, moved, (node, value)):
                break
        else:
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
    if not is_world(system, view, world, system.bounds(view.unit, view.zeros_known)):
        found = Audit(system, view).world(*need)
        if found is None:
            system.hidden[:] = before
            return False
        world = found
    audit.witness(world)
    return True


class _Moves:
    """Programs of the cheapest move: nodes near by, and the rise and fall of those that could be hidden."""

    def __init__(self, system: System, view: View) -> None:
        self.system = system
        self.values = system.values[view.unit]
        self.low, self.high = system.bounds(view.unit, view.zeros_known)
        self.nodes = np.flatnonzero(system.hidden | ~system.fixed)
        self.matrix = system.matrix.tocsc()
        self.blocks = blocks(system.label[self.nodes], self.values[self.nodes])
        free = ~system.hidden & ~system.fixed
        self.rise = np.where(free, np.maximum(system.ceilings(view.unit) - self.values, 0), 0)
        self.fall = np.where(free, np.maximum(self.values - system.k, 0), 0)

    def to(self, node: int, value: int, most: int) -> Reals | None:
        """The counts after the cheapest move among about `most` nodes that gives this node this value."""
        place = np.searchsorted(self.nodes, node)
        nodes = self.nodes[self.blocks.around(np.array([place]), np.random.default_rng(node), most)]
        free = nodes[(self.rise[nodes] > 0) | (self.fall[nodes] > 0)]
        part, columns = self.matrix[:, nodes].tocsr(), self.matrix[:, free].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        low, high = self.low[nodes].copy(), self.high[nodes].copy()
        low[nodes == node] = high[nodes == node] = value
        nothing = np.zeros(2 * len(free), dtype=np.int64)
        program = Program(
            sparse.hstack([part[rows], columns[rows], -columns[rows]], format="csr"),
            part[rows] @ self.values[nodes],
            np.concatenate([low, nothing]),
            np.concatenate([high, self.rise[free], self.fall[free]]),
        )
        price = np.where(self.system.hidden[free], 0.0, self.system.cost[free])
        solution = program.minimise(np.concatenate([np.zeros(len(nodes)), price, price]))
        if solution is None:
            return None
        world: Reals = self.values.astype(np.float64)
        world[nodes] = solution[: len(nodes)]
        rise, fall = np.split(solution[len(nodes) :], 2)
        world[free] += rise - fall
        return world
