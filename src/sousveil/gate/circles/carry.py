"""Whether worlds of the tables hold for the atoms of a circle, too, and which of its groups are open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sousveil.gate.circles.circle import Circle
from sousveil.gate.circles.exchange import Exchanger
from sousveil.gate.circles.lift import Lift
from sousveil.gate.protection.suppression import View
from sousveil.gate.protection.system import Ints, System

TRIES = 3
"""How often the atoms are chosen anew for a world."""


@dataclass
class Carrier:
    """A circle and the ways to move its atoms."""

    circle: Circle
    has_failed: bool = False
    """Whether there was a world that it could not carry: those that move less may do."""
    _lifts: dict[str, Lift] = field(default_factory=dict)

    def carries(self, system: System, view: View, world: Ints) -> bool:
        """Whether the atoms can be filled so that they add up to this world of the system.

        What such a filling leaves empty is struck out, where it holds against one who knows the zeros, too.
        """
        unit = view.unit
        if unit not in self._lifts:
            self._lifts[unit] = Lift(self.circle, unit)
        moved = world - system.values[unit]
        known, lift = _known(system, unit), self._lifts[unit]
        if not any(lift.run(moved, seed) and self.circle.fits(unit, moved, known) for seed in range(TRIES)):
            self.has_failed = True
            return False
        if view.zeros_known:
            self.circle.strike_out(unit)
        return True

    def open_after(self, system: System, unit: str, told: Callable[[], None]) -> Ints:
        """Empty unlisted groups; where some stay open, the cells of the tables that they are about."""
        known, nothing = _known(system, unit), np.zeros(len(system.values[unit]), dtype=np.int64)

        def believed() -> int:
            return self.circle.strike_out(unit) if self.circle.fits(unit, nothing, known) else 0

        if self.circle.left(unit):
            Exchanger(self.circle, unit, believed).run(told)
        if not self.circle.left(unit):
            return np.zeros(0, dtype=np.int64)
        nodes = np.concatenate([link.nodes for link in self.circle.links if len(link.axes) > 1])
        return np.unique(nodes[nodes >= 0])


def _known(system: System, unit: str) -> Ints:
    """What is shown of each node; of the others the most that a number can be."""
    return np.where(system.hidden, np.iinfo(np.int64).max, system.values[unit])
