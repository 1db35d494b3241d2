"""Thrift: cells that were hidden for others, and need not be, are shown again.

The line rule looks at one equation after the other, the repair at one cell after the other; what the later
ones hide often does the work of the earlier. So each such cell is shown for a trial, the dearest first, and
stays shown where the whole audit holds without it. Only small systems are tried: there each cell counts. And
only where each record is of another person: elsewhere a reader may hold records against people, which the
audit of either alone does not see.
"""

from __future__ import annotations

import numpy as np

from sousveil.gate.protection import suppression
from sousveil.gate.protection.audit import Audit
from sousveil.gate.protection.problem import problems
from sousveil.gate.protection.system import System

WORK = 2_000
"""Trials times hidden nodes, at most: a second or two."""


def spare(system: System) -> None:
    """Show what is hidden without need, in a system of which everything is proven."""
    spared = np.flatnonzero(system.hidden & ~system.fixed & ~system.small & ~system.loose)
    if system.circles or not system.counts_alike or len(spared) * int(system.hidden.sum()) > WORK:
        return
    for node in spared[np.argsort(-system.cost[spared], kind="stable")].tolist():
        system.hidden[node] = False
        system.hidden[node] = not _holds(system)


def _holds(system: System) -> bool:
    """Whether nothing is given away as it stands."""
    if suppression.gives_away(system):
        return False
    for chain in problems(system):
        audit = None
        for problem in chain:
            audit = Audit(problem, audit)
            if audit.run(1):
                return False
    return True
