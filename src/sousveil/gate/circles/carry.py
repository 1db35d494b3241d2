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
    walking: bool = False
    """Whether its atoms are where a walk (`walk`) left them: they hold the world, or it is not believed."""
    _lifts: dict[str, Lift] = field(default_factory=dict)

    def carries(self, system: System, view: View, world: Ints) -> bool:
        """Whether the atoms can be filled so that they add up to this world of the system.

        What such a filling leaves empty is struck out, where it holds against one who knows the zeros, too.
        """
        unit = view.unit
        moved, most = world - system.values[unit], known(system, unit)
        if not (self.circle.fits(unit, moved, most) if self.walking else self._lifted(unit, moved, most)):
            return False
        if view.zeros_known:
            self.circle.strike_out(unit)
        return True

    def _lifted(self, unit: str, moved: Ints, most: Ints) -> bool:
        if unit not in self._lifts:
            self._lifts[unit] = Lift(self.circle, unit)
        lift = self._lifts[unit]
        if any(lift.run(moved, seed) and self.circle.fits(unit, moved, most) for seed in range(TRIES)):
            return True
        self.has_failed = True
        return False

    def exchange(self, system: System, unit: str, told: Callable[[], None]) -> None:
        """Empty unlisted groups, many at a time, while every table stays as it is."""
        most, nothing = known(system, unit), np.zeros(len(system.values[unit]), dtype=np.int64)

        def believed() -> int:
            return self.circle.strike_out(unit) if self.circle.fits(unit, nothing, most) else 0

        if self.circle.left(unit):
            Exchanger(self.circle, unit, believed).run(told)

    def open_nodes(self, unit: str) -> Ints:
        """The cells of the tables that the unlisted groups that stay open are about."""
        axes = {axis for one in self.circle.unlisted if one.open[unit].any() for axis in one.axes}
        links = [
            link.nodes for link in self.circle.links if len(link.axes) > 1 and axes.issuperset(link.axes)
        ]
        nodes = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *links]))
        return nodes[nodes >= 0]


def known(system: System, unit: str) -> Ints:
    """What is shown of each node; of the others the most that a number can be."""
    return np.where(system.hidden, np.iinfo(np.int64).max, system.values[unit])
