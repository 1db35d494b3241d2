"""Worlds of the tables of a circle brought down to one database: a filling of all its atoms.

By a and b, by b and c, by c and a: what fits table by table need not fit one database. A filling is found for
the first world from its tables' sums (`spread`), and for each one after that from the one before, by moves
(`shift`, `swap`). It is believed only if every sum is right and nothing is below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sousveil.gate.certificate.moves import Free
from sousveil.gate.certificate.shift import Shift, Sums, rows_of
from sousveil.gate.certificate.spread import spread
from sousveil.gate.certificate.swap import Swap
from sousveil.gate.circles.circle import Axes, Grid
from sousveil.gate.effort import Work
from sousveil.gate.protection.system import Ints

A_STEP = 1_000
"""Atoms that are filled in the time of one step of a program."""


def can_be_filled(tables: Sequence[Axes]) -> bool:
    """Whether there are moves for a circle of tables by these axes."""
    return all(len(axes) == 1 or rows_of([*tables], axes) for axes in tables)


@dataclass
class Fill:
    """The fillings of one circle for one unit, from one world to the next."""

    shape: tuple[int, ...]
    work: Work
    """What is left of all work on the certificate of a system."""
    free: Free
    """Which sums need not be those that are wanted."""
    last: Ints | None = None
    """The filling of the world before."""
    _next: Ints | None = None
    _grid: Grid = field(init=False)

    def __post_init__(self) -> None:
        """Set up the moves."""
        self._grid = Grid(self.shape)
        self._shift, self._swap = Shift(self._grid), Swap(self._grid, self.free)

    def filled(self, wanted: Sums) -> Ints | None:
        """A filling with these sums, much like the one before; None where none is found.

        Some of the free sums may be others, where these can't be had together.
        """
        self.work.left -= self._grid.size(self._shift.every) // A_STEP
        atoms = spread(self._grid, wanted) if self.last is None else self.last.copy()
        self._shift.run(atoms, wanted)
        if not self._swap.mend(atoms, self.work) or not self._fits(atoms, wanted):
            return None
        self._next = atoms
        return atoms

    def keep(self) -> None:
        """The world of the last filling is kept."""
        self.last = self._next

    def _fits(self, atoms: Ints, wanted: Sums) -> bool:
        sums = ((axes, self._grid.summed(atoms, axes), goal) for axes, goal in wanted.items())
        return bool((atoms >= 0).all()) and all(
            (now == goal)[self.free[axes] == 0].all() for axes, now, goal in sums
        )
